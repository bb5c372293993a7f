/** JSON text, also inside one Markdown fence; values that are no text are what they are. `undefined` for other text. */
export function parseJson(value: unknown): { readonly value: unknown } | undefined {
  if (typeof value !== 'string') return { value }
  const text = value.trim()
  const fenced = /^```[\w-]*[ \t]*\r?\n([\s\S]*)```$/.exec(text)?.[1] ?? text
  try {
    return { value: JSON.parse(fenced) as unknown }
  } catch {
    return undefined
  }
}
