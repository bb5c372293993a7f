/** Characters of one kind, so many of them. */
export interface Part {
  /** As in a regular expression's class: `A-Za-z0-9`. */
  readonly of: string
  readonly min: number
  readonly max: number
}

/** What a secret of one issuer looks like. */
export interface Format {
  /** `github_token` */
  readonly rule: string
  /** What it begins with; one that none of these begins is another format. */
  readonly prefixes: readonly string[]
  /** Characters that it begins with and that stay: the name of a parameter. @default 0 */
  readonly kept?: number
  /** What follows, all of it. */
  readonly body: readonly (Part | string)[]
  /** Judges the whole by its checksum or structure. */
  readonly check?: (secret: string) => boolean
  /** What a failed check means: `drop` it, or believe it less, where a form this special is a secret all the same. */
  readonly failed?: 'doubt' | 'drop'
}

type Count = readonly [min: number, max?: number]
const part =
  (of: string) =>
  (...[min, max = min]: Count): Part => ({ of, min, max })

export const alnum: (...count: Count) => Part = part('A-Za-z0-9')
/** Base64url, and the names that are made of it. */
export const url: (...count: Count) => Part = part('A-Za-z0-9_-')
export const word: (...count: Count) => Part = part('A-Za-z0-9_')
export const hex: (...count: Count) => Part = part('a-f0-9')
export const anyHex: (...count: Count) => Part = part('A-Fa-f0-9')
export const lower: (...count: Count) => Part = part('a-z0-9')
export const upper: (...count: Count) => Part = part('A-Z0-9')
export const base32: (...count: Count) => Part = part('A-Z2-7')
export const base64: (...count: Count) => Part = part('A-Za-z0-9+/')
export const digits: (...count: Count) => Part = part('0-9')
export const uuid: readonly (Part | string)[] = [hex(8), '-', hex(4), '-', hex(4), '-', hex(4), '-', hex(12)]

/** The most characters of a secret of this format. */
export function longestOf({ prefixes, body }: Format): number {
  const prefix = Math.max(...prefixes.map(({ length }) => length))
  return body.reduce((sum, each) => sum + (typeof each === 'string' ? each.length : each.max), prefix)
}

/** The fewest. */
export function shortestOf({ prefixes, body }: Format): number {
  const prefix = Math.min(...prefixes.map(({ length }) => length))
  return body.reduce((sum, each) => sum + (typeof each === 'string' ? each.length : each.min), prefix)
}

/** Longer parts are not counted by the pattern, but by the length of the whole: counting takes states. */
const mostCounted = 1_000

/** Matches the body where it begins, up to where no letter or digit follows (nor a dash, where it may have dashes). */
export function bodyPattern({ body }: Format): RegExp {
  const source = body.map((each) =>
    typeof each === 'string'
      ? each.replaceAll(/[$.*+?^()[\]{}|\\]/g, String.raw`\$&`)
      : `[${each.of}]{${each.min === each.max ? each.min : `${each.min},${each.max > mostCounted ? '' : each.max}`}}`,
  )
  const last = body.at(-1)
  const more = typeof last === 'object' && last.of.endsWith('-') ? 'A-Za-z0-9-' : 'A-Za-z0-9'
  return new RegExp(`${source.join('')}(?![${more}])`, 'y')
}
