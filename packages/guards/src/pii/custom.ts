import { createRequire } from 'node:module'
import { SluiceError } from '@sluice/core'
import type * as Re2 from 're2js'
import { cues } from '../context-words.ts'
import { refuse, shown } from '../option-checks.ts'
import { isWordAt } from './characters.ts'
import { entityNames } from './entities.ts'
import { rank } from './findings.ts'
import type { Recogniser } from './recogniser.ts'

/** An entity of your own: `{ entity: 'employee_id', pattern: 'EMP-\\d{6}', maxLength: 10 }`. */
export interface CustomEntity {
  /** Its name in lower case letters, digits and `_`; the placeholder is the same in upper case. */
  readonly entity: string
  /**
   * What it looks like, from the start of a word to the end of one. A pattern in RE2's syntax, run on `re2js`: linear in
   * the text whatever it is, and without look-around and back-references. Of a `RegExp` the source and the flags `i`, `m`
   * and `s` are taken.
   */
  readonly pattern: string | RegExp
  /** Its length at most, in code units, up to 256; what a stream holds back for it. @default 64 */
  readonly maxLength?: number
  /** Words and phrases in lower case, one of which must be among the five words before it or after it. @default none needed */
  readonly context?: readonly string[]
  /** Whether a match is one, by its check digit for instance. @default all are */
  readonly validate?: (value: string) => boolean
  /** How sure a match is, 0..1. @default 0.8 */
  readonly score?: number
}

const mostLength = 256
const commonLength = 64
const commonScore = 0.8
/** How far words around a match decide about it. */
const contextReach = 64
const optionNames = 'entity, pattern, maxLength, context, validate, score'

interface Pattern {
  /** Where the match ends that begins at the beginning of a piece of text and ends with a word; 0 for none. */
  (piece: string): number
}

/** Compiles a pattern for `re2js`, which is loaded by this. */
function compile(entity: string, pattern: string | RegExp): Pattern {
  const { RE2JS } = createRequire(import.meta.url)('re2js') as typeof Re2
  const flags = pattern instanceof RegExp ? pattern.flags : ''
  const used =
    (flags.includes('i') ? RE2JS.CASE_INSENSITIVE : 0) |
    (flags.includes('s') ? RE2JS.DOTALL : 0) |
    (flags.includes('m') ? RE2JS.MULTILINE : 0)
  try {
    const source = RE2JS.translateRegExp(pattern)
    const regex = RE2JS.compile(`(${source})(?:\\z|[^\\p{L}\\p{N}_])`, used)
    return (piece) => {
      const matcher = regex.matcher(piece)
      return matcher.lookingAt() ? matcher.end(1) : 0
    }
  } catch (cause) {
    throw new SluiceError({
      code: 'config.option',
      message: `The pattern of the entity "${entity}" of pii() is none that RE2 takes (${cause instanceof Error ? cause.message : String(cause)}). Look-around and back-references are not in it: use context and validate.`,
      cause,
    })
  }
}

export function customEntity(custom: CustomEntity): Recogniser {
  const { entity, pattern, maxLength = commonLength, context, validate, score = commonScore } = custom
  const match = compile(entity, pattern)
  const named = context && cues(context)
  return {
    reach: maxLength + contextReach,
    text(into) {
      const { original: text } = into
      for (let start = 0; start < text.length; start += 1) {
        if (text.charCodeAt(start) <= 0x20 || isWordAt(text, start - 1)) continue
        // One more, so that a match of the greatest length is seen to end there.
        const length = match(text.slice(start, start + maxLength + 1))
        if (length === 0 || length > maxLength) continue
        const end = start + length
        if (named && !into.hasCue(start, end, named)) continue
        if (validate === undefined || validate(text.slice(start, end)))
          into.add(start, end, entity, score, rank.checked)
      }
    },
    tail(into) {
      const { original: text } = into
      // What a pattern may yet become, only its end tells.
      let start = Math.max(0, text.length - maxLength)
      while (start < text.length && (text.charCodeAt(start) <= 0x20 || isWordAt(text, start - 1))) start += 1
      if (start < text.length) into.touch(start)
    },
  }
}

/** @throws {SluiceError} `config.option` naming the value and what it may be. */
export function checkedCustom(custom: readonly CustomEntity[]): readonly CustomEntity[] {
  if (!Array.isArray(custom)) return refuse('custom of pii() must be a list of entities.')
  const names = new Set<string>(entityNames)
  for (const each of custom as readonly CustomEntity[]) {
    const { entity, pattern, maxLength = commonLength, context, validate, score = commonScore, ...unknown } = each ?? {}
    if (!(typeof entity === 'string' && /^[a-z][a-z\d_]{0,31}$/.test(entity)))
      refuse(`An entity of pii() is named in lower case letters, digits and "_", got ${shown(entity)}.`)
    const of = `of the entity "${entity}" of pii()`
    if (names.has(entity)) refuse(`There are two entities of pii() by the name "${entity}". Choose another name.`)
    names.add(entity)
    for (const name of Object.keys(unknown))
      refuse(`There is no option ${shown(name)} ${of}. The options are ${optionNames}.`)
    if (!(pattern instanceof RegExp || (typeof pattern === 'string' && pattern !== '')))
      refuse(`The pattern ${of} must be a RegExp or a string in RE2's syntax.`)
    if (!(Number.isSafeInteger(maxLength) && maxLength >= 1 && maxLength <= mostLength))
      refuse(`maxLength ${of} must be a whole number from 1 to ${mostLength}, got ${shown(maxLength)}.`)
    if (context !== undefined && !(Array.isArray(context) && context.length > 0 && context.every(isPhrase)))
      refuse(
        `The context ${of} must be a list of words or phrases in lower case, such as ["employee", "staff number"].`,
      )
    if (validate !== undefined && typeof validate !== 'function') refuse(`validate ${of} must be a function.`)
    if (!(typeof score === 'number' && score >= 0 && score <= 1))
      refuse(`The score ${of} must be a number from 0 to 1, got ${shown(score)}.`)
  }
  return custom
}

function isPhrase(phrase: unknown): boolean {
  return (
    typeof phrase === 'string' &&
    /^[\p{L}\p{M}\p{N}]+(?: [\p{L}\p{M}\p{N}]+){0,4}$/u.test(phrase) &&
    phrase === phrase.toLowerCase()
  )
}
