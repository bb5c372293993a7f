/** Pieces of a text of at most `size` characters, each beginning `overlap` before the end of the one before. */
export function windowsOf(text: string, size: number, overlap: number): string[] {
  if (text.length <= size) return [text]
  const windows: string[] = []
  for (let at = 0; at + overlap < text.length; at += size - overlap) windows.push(text.slice(at, at + size))
  return windows
}
