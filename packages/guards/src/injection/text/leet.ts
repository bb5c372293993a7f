const letters: Readonly<Record<string, string>> = {
  '0': 'o',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '6': 'g',
  '7': 't',
  '8': 'b',
  '9': 'g',
  '@': 'a',
  $: 's',
}

/** Code units of a word at the most. */
const longest = 28
const [letterKind, digitKind, signKind, markKind] = [1, 2, 3, 4]
/** What an ASCII character is here: a letter, a digit, `@`, `$` and `|`, or `!`, which passes for a letter before one only. */
const kinds = new Uint8Array(128)
for (const [characters, kind] of [
  ['abcdefghijklmnopqrstuvwxyz', letterKind],
  ['0123456789', digitKind],
  ['@$|', signKind],
  ['!', markKind],
] as const)
  for (const character of characters) kinds[character.charCodeAt(0)] = kind

/**
 * Writes words of a plain text that stand in leetspeak in letters, where that makes known words of them: `1gn0r3` is
 * `ignore`. Every sign becomes one letter, so that places stay where they are.
 */
export function foldLeet(text: string, isKnown: (word: string) => boolean): string {
  let written = ''
  let from = 0
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    // Without a sign beside a letter there is nothing to fold, and most characters are no signs.
    if ((code > 0x40 && code !== 0x7c) || code <= 0x20 || !isBesideLetter(text, at)) continue
    let start = at
    while (start > from && kindAt(text, start - 1) !== 0) start -= 1
    let end = at + 1
    while (kindAt(text, end) !== 0) end += 1
    written += text.slice(from, start)
    for (; start < end; start += longest) written += folded(text.slice(start, Math.min(end, start + longest)), isKnown)
    from = end
    at = end
  }
  return from === 0 ? text : written + text.slice(from)
}

function kindAt(text: string, index: number): number {
  const code = text.charCodeAt(index)
  return code < 128 ? (kinds[code] as number) : 0
}

/** Whether what stands at `index` passes for a letter and is next to one. */
function isBesideLetter(text: string, index: number): boolean {
  const kind = kindAt(text, index)
  if (kind === 0) return false
  return kindAt(text, index + 1) === letterKind || (kind !== markKind && kindAt(text, index - 1) === letterKind)
}

function folded(word: string, isKnown: (word: string) => boolean): string {
  // A mark at the end of a word is most often just that.
  let end = word.length
  while (end > 0 && '!|'.includes(word.charAt(end - 1))) end -= 1
  const body = word.slice(0, end)
  const known = [unleet(body, 'i'), unleet(body, 'l')].find((each) => each !== body && isKnown(each))
  return known === undefined ? word : known + word.slice(end)
}

function unleet(word: string, one: string): string {
  return word.replace(/[^a-z]/g, (sign) => letters[sign] ?? (/[1!|]/.test(sign) ? one : sign))
}
