import { SluiceError } from '@sluice/core'
import type { StreamMode } from './detector.ts'

/** Refuses an option at construction. */
export function refuse(message: string): never {
  throw new SluiceError({ code: 'config.option', message })
}

/** Refuses what is no object and names that are no options. */
export function checkNames(where: string, options: unknown, names: readonly string[]): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    refuse(`${where} takes an object of options: ${names.join(', ')}.`)
  for (const name of Object.keys(options))
    if (!names.includes(name)) refuse(`${where} has no option "${name}". The options are ${names.join(', ')}.`)
}

/** Refuses a value that is not one of a few. */
export function checkOneOf(where: string, name: string, value: unknown, allowed: readonly string[]): void {
  if (!allowed.includes(value as string))
    refuse(`${name} of ${where} must be ${allowed.map((each) => `"${each}"`).join(' or ')}, got ${shown(value)}.`)
}

/** Refuses a text that is none. What it is instead is not shown: it may be what is to be guarded. */
export function checkIsText(where: string, text: unknown): void {
  if (typeof text !== 'string') refuse(`The text of ${where} must be a string, got ${typeof text}.`)
}

/** Refuses a number outside of its bounds, and a fraction unless `fraction` is set. */
export function checkNumber(
  where: string,
  name: string,
  value: unknown,
  { min, max = Infinity, fraction = false }: { min: number; max?: number; fraction?: boolean },
): void {
  if (typeof value === 'number' && value >= min && value <= max && (fraction || Number.isSafeInteger(value))) return
  const bounds = max === Infinity ? `of at least ${min}` : `from ${min} to ${max}`
  refuse(`${name} of ${where} must be a ${fraction ? '' : 'whole '}number ${bounds}, got ${quoted(value)}.`)
}

/** Refuses what is no list of texts, an empty list, and empty texts. */
export function checkTexts(where: string, name: string, value: unknown): void {
  if (!Array.isArray(value)) refuse(`${name} of ${where} must be a list of texts, got ${quoted(value)}.`)
  if (value.length === 0) refuse(`${name} of ${where} must be a list of texts, got an empty list.`)
  const wrong: unknown[] = value.filter((each) => typeof each !== 'string' || each.trim() === '')
  if (wrong.length > 0)
    refuse(
      `${name} of ${where} must be a list of texts, got one with ${wrong[0] === '' ? 'an empty text' : shown(wrong[0])}.`,
    )
}

/** With quotation marks round a text, where another type is asked for. */
function quoted(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : shown(value)
}

function shown(value: unknown): string {
  return typeof value === 'object' && value !== null ? (Array.isArray(value) ? 'a list' : 'an object') : String(value)
}

/** What detectors that act on what they find are asked to do. */
export type FindMode = 'block' | 'redact' | 'warn'
/** What detectors that judge a whole text are asked to do. */
export type JudgeMode = 'block' | 'warn'

export const findModes: readonly FindMode[] = ['block', 'redact', 'warn']
export const judgeModes: readonly JudgeMode[] = ['block', 'warn']

const streamModes: readonly StreamMode[] = ['buffer', 'sentence', 'after-disclosure']

/** Refuses a stream mode that there is not. */
export function checkStreamMode(where: string, mode: StreamMode | undefined): void {
  if (mode !== undefined) checkOneOf(where, 'streamMode', mode, streamModes)
}

/** The stream mode as a detector declares it, where one was chosen. */
export function streamModeOf(mode: StreamMode | undefined): { streamMode?: StreamMode } {
  return mode === undefined ? {} : { streamMode: mode }
}

/** Refuses bounds of doubt that are none. */
export function checkDoubt(
  where: string,
  doubt: { readonly guard: string; readonly from: number; readonly to: number },
): void {
  checkNames(`doubt of ${where}`, doubt, ['guard', 'from', 'to'])
  if (typeof doubt.guard !== 'string' || doubt.guard === '') refuse(`doubt of ${where} must name a guard.`)
  checkNumber(`doubt of ${where}`, 'from', doubt.from, { min: 0, max: 1, fraction: true })
  checkNumber(`doubt of ${where}`, 'to', doubt.to, { min: doubt.from, max: 1, fraction: true })
}
