import { SluiceError } from '@sluice/core'
import type { StreamMode } from './detector.ts'

/** Refuses an option at construction. */
export function refuse(message: string): never {
  throw new SluiceError({ code: 'config.option', message })
}

/** Refuses what is no plain object (in a list or a `Map` every option would be missing) and names that are no options. */
export function checkNames(where: string, options: unknown, names: readonly string[]): void {
  if (!isPlain(options)) refuse(`${where} takes an object of options: ${names.join(', ')}.`)
  for (const name of Object.keys(options))
    if (!names.includes(name)) refuse(`${where} has no option ${shown(name)}. The options are ${names.join(', ')}.`)
}

/** Whether a value is an object that was written as one, of whatever realm. */
export function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
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
  refuse(`${name} of ${where} must be a ${fraction ? '' : 'whole '}number ${bounds}, got ${shown(value)}.`)
}

/** Refuses what is no list of texts, an empty list unless `mayBeEmpty` is set, and empty texts. */
export function checkTexts(
  where: string,
  name: string,
  value: unknown,
  { mayBeEmpty = false }: { mayBeEmpty?: boolean } = {},
): void {
  if (!Array.isArray(value)) refuse(`${name} of ${where} must be a list of texts, got ${shown(value)}.`)
  if (value.length === 0 && !mayBeEmpty) refuse(`${name} of ${where} must be a list of texts, got an empty list.`)
  const wrong: unknown[] = value.filter((each) => typeof each !== 'string' || each.trim() === '')
  if (wrong.length > 0)
    refuse(
      `${name} of ${where} must be a list of texts, got one with ${wrong[0] === '' ? 'an empty text' : shown(wrong[0])}.`,
    )
}

/** Refuses an option that is given and no function. */
export function checkFunction(where: string, name: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'function')
    refuse(`${name} of ${where} must be a function, got ${shown(value)}.`)
}

const shortestSalt = 16

/** Refuses a salt that is none, fingerprints that no verdict tells, and fingerprints without the salt that they were made with. */
export function checkFingerprints(where: string, allow: unknown, salt: unknown): void {
  if (salt !== undefined && !(typeof salt === 'string' && salt.length >= shortestSalt))
    refuse(`salt of ${where} must be a text of at least ${shortestSalt} characters: it is the key of the fingerprints.`)
  if (allow === undefined) return
  if (!(Array.isArray(allow) && allow.every((each) => typeof each === 'string' && /^[\da-f]{16}$/.test(each))))
    refuse(`allow of ${where} must be a list of fingerprints (16 hex digits), as the spans of a verdict have them.`)
  if (allow.length > 0 && salt === undefined)
    refuse(
      `allow of ${where} needs the salt that the fingerprints were made with: without one they change with the process.`,
    )
}

const longestShown = 40

/** A value as a message may show it, whatever it is: nothing of what lists and objects hold, and no long text, which may be a secret. */
export function shown(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value.length > longestShown ? `a text of ${value.length} characters` : JSON.stringify(value)
    case 'number':
    case 'boolean':
    case 'undefined':
      return String(value)
    case 'object':
      if (value === null) return 'null'
      return Array.isArray(value) ? (value.length === 0 ? 'an empty list' : 'a list') : 'an object'
    default:
      return `a ${typeof value}`
  }
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
