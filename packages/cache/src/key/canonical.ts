/**
 * JSON with the fields of every object in code-unit order and without `undefined` ones: equal values, whatever order
 * their fields were written in, give equal text, and different values different text.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const object = value as Readonly<Record<string, unknown>>
  const fields = Object.keys(object).filter((name) => object[name] !== undefined)
  return `{${fields
    .toSorted()
    .map((name) => `${JSON.stringify(name)}:${canonicalJson(object[name])}`)
    .join(',')}}`
}
