/**
 * JSON with the fields of every object in code-unit order and without `undefined` ones: values that mean the same JSON,
 * whatever order their fields were written in, give equal text, and different values different text. Text is kept as it
 * is: two Unicode spellings of a letter are different tokens to a model. −0 is 0.
 *
 * @throws {TypeError} for what has no JSON: NaN, an infinity, a BigInt. @throws {RangeError} for endless nesting.
 */
export function canonicalJson(value: unknown): string {
  return written(value) ?? 'null'
}

/** `undefined` for what JSON leaves out. */
function written(value: unknown): string | undefined {
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'object') return value === null ? 'null' : container(value)
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError(`A request must be JSON, and ${value} has none.`)
    return String(value)
  }
  if (typeof value === 'boolean') return value ? 'true' : 'false'
  if (typeof value === 'bigint') throw new TypeError('A request must be JSON, and a BigInt has none.')
  return undefined
}

function container(value: object): string {
  if (Array.isArray(value)) return list(value)
  // Dates and the like: what they are sent as.
  if ('toJSON' in value && typeof value.toJSON === 'function') return written(value.toJSON()) ?? 'null'
  let text = ''
  for (const name of sortedNames(value)) {
    const field = written((value as Readonly<Record<string, unknown>>)[name])
    if (field !== undefined) text += `${text === '' ? '' : ','}${JSON.stringify(name)}:${field}`
  }
  return `{${text}}`
}

function list(items: readonly unknown[]): string {
  let text = ''
  for (let at = 0; at < items.length; at += 1) text += `${at === 0 ? '' : ','}${written(items[at]) ?? 'null'}`
  return `[${text}]`
}

function sortedNames(value: object): string[] {
  const names = Object.keys(value)
  // Most objects of a request have few fields, and many have them in order: looking is cheaper than sorting.
  for (let at = 1; at < names.length; at += 1)
    if ((names[at - 1] as string) > (names[at] as string)) return names.sort()
  return names
}
