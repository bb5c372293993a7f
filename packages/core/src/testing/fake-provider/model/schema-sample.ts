import { isObject, type JsonObject } from '../../../json.ts'
import { cities, firstNames, lastNames, nouns } from './phrases.ts'
import { samplePattern } from './pattern-sample.ts'
import type { Random } from './random.ts'

/** The schema asks for something that the generator does not know. The message names it. */
export class SchemaSampleError extends Error {}

/** From this depth on, optional parts are left out, so that recursive schemas end. */
const leanDepth = 4
const maxDepth = 40
const unsupported = ['not', 'if', 'patternProperties', 'dependentSchemas', 'contains', 'unevaluatedProperties']

/**
 * A JSON value that conforms to the schema, the same for the same random source. It knows `type`, `enum`, `const`, the
 * keywords of objects, arrays, strings and numbers, `anyOf`, `oneOf` (it takes one branch and does not see to it that
 * the others do not fit), `allOf` (merged), `$ref` inside the document, common `format`s and simple `pattern`s.
 *
 * @throws {SchemaSampleError} on a keyword or pattern it does not know
 */
export function sampleSchema(schema: unknown, random: Random): unknown {
  return sampler(schema, random)(schema, 0, '')
}

function sampler(root: unknown, random: Random): (schema: unknown, depth: number, name: string) => unknown {
  return sample

  function sample(given: unknown, depth: number, name: string): unknown {
    if (given === true || given === undefined) return text({}, name)
    if (!isObject(given)) throw new SchemaSampleError(`a schema must be an object, not ${JSON.stringify(given)}`)
    if (depth > maxDepth) throw new SchemaSampleError('the schema requires an endless value')
    const schema = resolved(given, 0)
    for (const keyword of unsupported) {
      if (keyword in schema && schema[keyword] !== false) throw new SchemaSampleError(`the keyword "${keyword}"`)
    }
    if ('const' in schema) return schema.const
    if (Array.isArray(schema.enum)) return random.pick(schema.enum)
    const branches = schema.anyOf ?? schema.oneOf
    if (Array.isArray(branches)) {
      const { anyOf: _any, oneOf: _one, ...rest } = schema
      const branch: unknown = depth < leanDepth ? random.pick(branches) : leanest(branches)
      return sample(isObject(branch) ? merged(rest, branch) : branch, depth + 1, name)
    }
    switch (typeOf(schema, depth)) {
      case 'object':
        return object(schema, depth)
      case 'array':
        return array(schema, depth, name)
      case 'integer':
        return number(schema, true)
      case 'number':
        return number(schema, false)
      case 'boolean':
        return random.next() < 0.5
      case 'null':
        return null
      case 'string':
        return text(schema, name)
      default:
        throw new SchemaSampleError(`the type ${JSON.stringify(schema.type)}`)
    }
  }

  /** The schema with `$ref` and `allOf` folded in. */
  function resolved(schema: JsonObject, depth: number): JsonObject {
    if (depth > maxDepth) throw new SchemaSampleError('a $ref leads to itself')
    if (typeof schema.$ref === 'string') {
      const { $ref, ...rest } = schema
      return resolved(merged(pointed(root, $ref as string), rest), depth + 1)
    }
    if (!Array.isArray(schema.allOf)) return schema
    const { allOf, ...rest } = schema
    return (allOf as unknown[]).reduce<JsonObject>(
      (all, part) => (isObject(part) ? merged(all, resolved(part, depth + 1)) : all),
      rest,
    )
  }

  function typeOf(schema: JsonObject, depth: number): unknown {
    const type = schema.type
    if (Array.isArray(type)) return depth >= leanDepth && type.includes('null') ? 'null' : random.pick(type)
    if (type !== undefined) return type
    if ('properties' in schema || 'required' in schema || 'additionalProperties' in schema) return 'object'
    if ('items' in schema || 'prefixItems' in schema) return 'array'
    return 'minimum' in schema || 'maximum' in schema || 'multipleOf' in schema ? 'number' : 'string'
  }

  function object(schema: JsonObject, depth: number): JsonObject {
    const properties = isObject(schema.properties) ? schema.properties : {}
    const required = new Set(Array.isArray(schema.required) ? (schema.required as string[]) : [])
    const value: Record<string, unknown> = {}
    for (const key of new Set([...Object.keys(properties), ...required])) {
      if (!required.has(key) && (depth >= leanDepth || random.next() < 0.3)) continue
      value[key] = sample(properties[key], depth + 1, key)
    }
    const extra = schema.additionalProperties
    const least = numberOr(schema.minProperties, isObject(extra) && depth < leanDepth ? 1 : 0)
    if (extra !== false) {
      const names = isObject(schema.propertyNames) ? schema.propertyNames : undefined
      for (let i = 0; Object.keys(value).length < least && i < 50; i++) {
        const key = names ? String(sample(names, depth + 1, 'key')) : `${random.pick(nouns)}${i || ''}`
        value[key] = sample(extra === undefined ? true : extra, depth + 1, key)
      }
    }
    return value
  }

  function array(schema: JsonObject, depth: number, name: string): unknown[] {
    const tuple = Array.isArray(schema.prefixItems) ? schema.prefixItems : []
    const items = tuple.map((item: unknown) => sample(item, depth + 1, name))
    const least = numberOr(schema.minItems, 0)
    const most = numberOr(schema.maxItems, Math.max(least, 3))
    if (schema.items === false) return items
    const length = depth >= leanDepth ? least : Math.max(least, random.int(Math.min(1, most), most))
    const seen = new Set(items.map((item) => JSON.stringify(item)))
    for (let tries = 0; items.length < length && tries < 200; tries++) {
      const item = sample(schema.items, depth + 1, name.replace(/s$/, ''))
      const key = JSON.stringify(item)
      if (schema.uniqueItems === true && seen.has(key)) continue
      seen.add(key)
      items.push(item)
    }
    if (items.length < least) throw new SchemaSampleError(`${least} different items`)
    return items
  }

  function number(schema: JsonObject, whole: boolean): number {
    const [min, openMin] = bound(schema, 'minimum', 'exclusiveMinimum', Math.max)
    const [max, openMax] = bound(schema, 'maximum', 'exclusiveMaximum', Math.min)
    const step = stepOf(numberOr(schema.multipleOf, whole ? 1 : 0), whole)
    const unit = step || 0.01
    const from = min ?? (max === undefined ? 0 : max - 100 * unit)
    const to = max ?? from + 100 * unit
    if (step > 0) {
      const first = Math.ceil(round(from / step)) + Number(openMin && Number.isInteger(round(from / step)))
      const last = Math.floor(round(to / step)) - Number(openMax && Number.isInteger(round(to / step)))
      if (last >= first) return round(random.int(first, Math.min(last, first + 1000)) * step)
    } else if (from < to) {
      const exact = from + ((to - from) * random.int(1, 99)) / 100
      const short = Math.round(exact * 100) / 100
      return short > from && short < to ? short : exact
    } else if (from === to && !openMin && !openMax) return from
    throw new SchemaSampleError(`a number between ${from} and ${to}`)
  }

  function text(schema: JsonObject, name: string): string {
    const least = numberOr(schema.minLength, 0)
    const most = numberOr(schema.maxLength, Number.POSITIVE_INFINITY)
    if (typeof schema.pattern === 'string') {
      for (let i = 0; i < 50; i++) {
        const drawn = samplePattern(schema.pattern, random)
        if (drawn === undefined) throw new SchemaSampleError(`the pattern ${schema.pattern}`)
        if (drawn.length >= least && drawn.length <= most) return drawn
      }
      throw new SchemaSampleError(`the pattern ${schema.pattern} with this length`)
    }
    let drawn = typeof schema.format === 'string' ? formatted(schema.format, random) : named(name, random)
    while (drawn.length < least) drawn += ` ${random.pick(nouns)}`
    return drawn.length > most ? drawn.slice(0, most) : drawn
  }
}

/** The tighter of a bound and its exclusive form, which draft 4 wrote as a flag; and whether it is exclusive. */
function bound(
  schema: JsonObject,
  name: string,
  exclusive: string,
  tighter: (a: number, b: number) => number,
): [number | undefined, boolean] {
  const [plain, open] = [schema[name], schema[exclusive]]
  if (typeof open !== 'number') return [typeof plain === 'number' ? plain : undefined, open === true]
  if (typeof plain !== 'number' || plain === open) return [open, true]
  return [tighter(plain, open), tighter(plain, open) === open]
}

/** The least step that is a multiple of `multipleOf` and, for integers, whole. */
function stepOf(multipleOf: number, whole: boolean): number {
  for (let k = 1; whole && k < 1000; k++) if (Number.isInteger(round(multipleOf * k))) return round(multipleOf * k)
  return multipleOf
}

function named(name: string, random: Random): string {
  const key = name.toLowerCase()
  if (/e?mail/.test(key)) return formatted('email', random)
  if (/city|town|place|location/.test(key)) return random.pick(cities)
  if (/first|given/.test(key)) return random.pick(firstNames)
  if (/last|family|surname/.test(key)) return random.pick(lastNames)
  if (/name|author|person|customer/.test(key)) return `${random.pick(firstNames)} ${random.pick(lastNames)}`
  if (/date|day/.test(key)) return formatted('date', random)
  if (/url|link|href/.test(key)) return formatted('uri', random)
  return `${random.pick(nouns)} ${random.pick(nouns)}`
}

function formatted(format: string, random: Random): string {
  const two = (min: number, max: number): string => String(random.int(min, max)).padStart(2, '0')
  const hex = (length: number): string => Array.from({ length }, () => random.int(0, 15).toString(16)).join('')
  const date = `20${two(20, 29)}-${two(1, 12)}-${two(1, 28)}`
  const time = `${two(0, 23)}:${two(0, 59)}:${two(0, 59)}Z`
  const host = `${random.pick(nouns)}.example.com`
  const person = `${random.pick(firstNames)}.${random.pick(lastNames)}`.toLowerCase()
  const formats: Readonly<Record<string, string>> = {
    date,
    time,
    'date-time': `${date}T${time}`,
    duration: `P${random.int(1, 9)}D`,
    email: `${person}@example.com`,
    'idn-email': `${person}@example.com`,
    hostname: host,
    ipv4: `192.0.2.${random.int(1, 254)}`,
    ipv6: `2001:db8::${hex(4)}`,
    uri: `https://${host}/${random.pick(nouns)}`,
    url: `https://${host}/${random.pick(nouns)}`,
    uuid: `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`,
  }
  // An unknown format is an annotation: any string conforms.
  return formats[format] ?? `${random.pick(nouns)} ${random.pick(nouns)}`
}

function pointed(root: unknown, ref: string): JsonObject {
  let at = root
  for (const raw of ref.replace(/^#\/?/, '').split('/')) {
    if (raw === '') continue
    const key = decodeURIComponent(raw).replaceAll('~1', '/').replaceAll('~0', '~')
    at = isObject(at) ? at[key] : undefined
  }
  if (!ref.startsWith('#') || !isObject(at)) throw new SchemaSampleError(`the reference ${ref}`)
  return at
}

function merged(a: JsonObject, b: JsonObject): JsonObject {
  const properties = { ...(a.properties as JsonObject | undefined), ...(b.properties as JsonObject | undefined) }
  const required = [...((a.required as string[] | undefined) ?? []), ...((b.required as string[] | undefined) ?? [])]
  return {
    ...a,
    ...b,
    ...(Object.keys(properties).length > 0 && { properties }),
    ...(required.length > 0 && { required }),
  }
}

function leanest(branches: readonly unknown[]): unknown {
  const rank = (branch: unknown): number => {
    if (!isObject(branch)) return 0
    if (branch.type === 'null' || 'const' in branch || 'enum' in branch) return 0
    return branch.type === 'object' || branch.type === 'array' || '$ref' in branch || !('type' in branch) ? 2 : 1
  }
  return [...branches].sort((a, b) => rank(a) - rank(b))[0]
}

function numberOr(value: unknown, fallback: number): number {
  return typeof value === 'number' ? value : fallback
}

/** Takes away what binary fractions add: 0.1 × 3. */
function round(value: number): number {
  return Number(value.toPrecision(12))
}
