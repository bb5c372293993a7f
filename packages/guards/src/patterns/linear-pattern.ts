import { createRequire } from 'node:module'
import { SluiceError } from '@sluice/core'
import type * as Re2 from 're2js'

/** A pattern whose time is linear in the text, whoever wrote it. */
export interface LinearPattern {
  /** Where it matches, one after the other, empty matches left out. */
  matches(text: string): Iterable<{ readonly start: number; readonly end: number }>
  /** Whether it matches the text as a whole. */
  fits(text: string): boolean
}

/** Which flags of `RegExp` RE2 has; `g` and `d` say how to search, and `u` is how RE2 reads anyway. */
const flagNames = { i: 'CASE_INSENSITIVE', m: 'MULTILINE', s: 'DOTALL' } as const

/**
 * Compiles a pattern of the caller's for RE2 (`re2js`), which has no look-around and no back-references, and so no way to
 * take longer than linear time.
 *
 * @param wayOut what else the caller could do, for the error
 * @throws {SluiceError} `config.pattern` for what RE2 cannot run.
 */
export function linearPattern(where: string, pattern: RegExp | string, wayOut = ''): LinearPattern {
  refuseSticky(where, pattern)
  const { RE2JS } = createRequire(import.meta.url)('re2js') as typeof Re2
  let compiled: Re2.RE2JS
  try {
    const flags = typeof pattern === 'string' ? '' : pattern.flags
    if (flags.includes('v')) throw new Error('the flag v is not supported')
    const source = typeof pattern === 'string' ? pattern : RE2JS.translateRegExp(pattern.source)
    compiled = RE2JS.compile(source, flagBits(RE2JS, flags))
  } catch (cause) {
    throw new SluiceError({
      code: 'config.pattern',
      message:
        `A pattern of ${where} cannot be run in linear time: ${cause instanceof Error ? cause.message : String(cause)}. ` +
        `Leave out look-around and back-references${wayOut}.`,
      details: { pattern: String(pattern) },
      cause,
    })
  }
  return {
    *matches(text) {
      for (const match of compiled.matchAll(text)) {
        const [found] = match
        const start = match.index as number
        if (found !== '') yield { start, end: start + found.length }
      }
    },
    fits: (text) => compiled.testExact(text),
  }
}

/** A pattern on the engine of JavaScript, which can take for ever on a text made for it. */
export function nativePattern(where: string, pattern: RegExp | string): LinearPattern {
  refuseSticky(where, pattern)
  let search: RegExp
  let whole: RegExp
  try {
    const [source, given] = typeof pattern === 'string' ? [pattern, 'u'] : [pattern.source, pattern.flags]
    const flags = given.replaceAll(/[gd]/g, '')
    search = new RegExp(source, `${flags}g`)
    whole = new RegExp(`^(?:${source})$`, flags.replace('m', ''))
  } catch (cause) {
    throw new SluiceError({
      code: 'config.pattern',
      message: `A pattern of ${where} is no regular expression: ${String(cause)}.`,
      details: { pattern: String(pattern) },
      cause,
    })
  }
  return {
    *matches(text) {
      for (const match of text.matchAll(search))
        if (match[0] !== '') yield { start: match.index, end: match.index + match[0].length }
    },
    fits: (text) => whole.test(text),
  }
}

/** Where a match may begin is not for a pattern to say: it would match at the beginning of a text and nowhere else. */
function refuseSticky(where: string, pattern: RegExp | string): void {
  if (typeof pattern === 'string' || !pattern.sticky) return
  throw new SluiceError({
    code: 'config.pattern',
    message: `A pattern of ${where} has the flag y, which is not taken: texts are searched from their beginning to their end. Leave it out.`,
    details: { pattern: String(pattern) },
  })
}

function flagBits(engine: typeof Re2.RE2JS, flags: string): number {
  let bits = 0
  for (const [flag, name] of Object.entries(flagNames)) if (flags.includes(flag)) bits |= engine[name]
  return bits
}
