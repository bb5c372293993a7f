/** Words parted by white space. */
export function wordSet(list: string): ReadonlySet<string> {
  return new Set(list.trim().split(/\s+/))
}

/** Lines of words that mean the same: every word to the first of its line. `_` stands for a space. */
export function firstOfLine(lines: string): ReadonlyMap<string, string> {
  const first = new Map<string, string>()
  for (const line of lines.trim().split(/[\n|]/)) {
    const [head = '', ...rest] = line.trim().split(/\s+/)
    for (const word of [head, ...rest]) if (!first.has(word)) first.set(word, head)
  }
  return first
}
