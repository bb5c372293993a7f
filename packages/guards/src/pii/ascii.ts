/** Zeros of scripts in which numbers are written in this day: Arabic, Persian, Devanagari, Bengali, Thai. */
const zeros = [0x660, 0x6f0, 0x966, 0x9e6, 0xe50]
const firstZero = 0x660
const [ideographicSpace, fullwidthFirst, fullwidthLast, fullwidthBy] = [0x3000, 0xff01, 0xff5e, 0xfee0]

/** The ASCII character that a code unit stands for: a fullwidth form, or a digit of another script; itself for any other. */
export function asciiOf(code: number): number {
  if (code < firstZero) return code
  if (code >= fullwidthFirst) return code <= fullwidthLast ? code - fullwidthBy : code
  if (code === ideographicSpace) return 0x20
  if (code > 0xe59) return code
  for (const zero of zeros) if (code >= zero && code < zero + 10) return code - zero + 0x30
  return code
}

/** The text with these characters as ASCII: one code unit for each, so that every place stays where it is. */
export function inAscii(text: string): string {
  const codes = new Uint16Array(text.length)
  for (let index = 0; index < text.length; index += 1) codes[index] = asciiOf(text.charCodeAt(index))
  return Buffer.from(codes.buffer).toString('utf16le')
}
