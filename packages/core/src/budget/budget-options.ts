import { systemClock, type Clock } from '../clock.ts'
import type { CallContext } from '../context.ts'
import { configError } from '../errors.ts'
import { isObject } from '../json.ts'
import type { EstimateBound } from '../tokens/estimate.ts'
import type { BudgetPrices } from './call-price.ts'
import type { Ledger } from './ledger.ts'
import { OutputQuantiles } from './output-quantile.ts'
import { scopesOf, type Subject } from './subject.ts'

/**
 * What becomes of a call that its budget has no room for.
 *
 * - `reject`: it fails with `budget.exceeded`.
 * - `clamp`: its output limit is lowered to what is affordable, down to `leastOutputTokens`.
 * - `cut`: a stream begins with what is affordable, and ends where that ends.
 * - `downgrade`: it is sent to another model of the same client, by the map `downgradeTo`.
 */
export type OnExceeded = 'reject' | 'clamp' | 'cut' | 'downgrade'

export interface BudgetOptions {
  readonly ledger: Ledger
  /**
   * Whose money it is, widest scope first: fixed, or from the call's context. Scopes that are `undefined` are left out, but
   * the first must be there.
   */
  readonly subject: Subject | ((context: CallContext) => Readonly<Record<string, string | undefined>>)
  /** A price book: `createPriceBook({ ceiling })`. Without a `ceiling`, calls to models without a price are refused. */
  readonly price: BudgetPrices
  /** One, or several together: `downgrade` is tried before `clamp`, `cut` is for streams. @default 'reject' */
  readonly onExceeded?: OnExceeded | readonly OnExceeded[]
  /** For `downgrade`: the model to take in the place of another. The one it names may be named itself. */
  readonly downgradeTo?: Readonly<Record<string, string>>
  /**
   * How much output is reserved for. `expected`: what 95 of 100 answers of the model stayed within, and no more than the
   * request allows; a longer stream reserves more as it goes on, a longer whole answer is charged all the same and may
   * exceed the limit by the difference. `worst`: all that the request allows, so that nothing exceeds the limit.
   * @default 'expected'
   */
  readonly reserve?: 'expected' | 'worst'
  /**
   * The output limit, in tokens a choice, of requests that name none or a higher one. Needed for `reserve: 'worst'`.
   * @default what the request says
   */
  readonly maxOutputTokens?: number
  /** Output expected of a model before 20 answers of it are known, in tokens a choice. @default 1024 */
  readonly expectedOutputTokens?: number
  /** `clamp` and `cut` go no lower, in tokens a choice: a shorter answer is of no use. @default 16 */
  readonly leastOutputTokens?: number
  /** How input is estimated: see `EstimateBound` of `@sluice/core/tokens`. @default 'upper' */
  readonly inputBound?: EstimateBound
  /** How a stream is cut: with a finish reason, as at its output limit, or with the error `budget.exceeded`. @default 'finish' */
  readonly cutWith?: 'finish' | 'error'
  /** How long a reservation is held unless its stream goes on, in milliseconds, 1 s to 1 day. @default 120000 */
  readonly ttlMs?: number
  /** @default the system's clock */
  readonly clock?: Clock
}

export interface BudgetSettings {
  readonly ledger: Ledger
  readonly subjectOf: (context: CallContext) => Subject
  readonly prices: BudgetPrices
  readonly onExceeded: ReadonlySet<OnExceeded>
  readonly downgradeTo: ReadonlyMap<string, string>
  readonly reserve: 'expected' | 'worst'
  readonly maxOutputTokens: number | undefined
  readonly expectedOutputTokens: number
  readonly leastOutputTokens: number
  readonly inputBound: EstimateBound
  readonly cutWith: 'finish' | 'error'
  readonly ttlMs: number
  readonly clock: Clock
  readonly quantiles: OutputQuantiles
}

const names = [
  'ledger',
  'subject',
  'price',
  'onExceeded',
  'downgradeTo',
  'reserve',
  'maxOutputTokens',
  'expectedOutputTokens',
  'leastOutputTokens',
  'inputBound',
  'cutWith',
  'ttlMs',
  'clock',
]
const exceededModes: readonly unknown[] = ['reject', 'clamp', 'cut', 'downgrade'] satisfies OnExceeded[]

/** @throws {SluiceError} `config.option`; `budget.subject` for a fixed subject that is none. */
export function checkBudget(options: BudgetOptions): BudgetSettings {
  if (!isObject(options)) refuse('The options of budget() must be an object', options)
  for (const name of Object.keys(options))
    if (!names.includes(name))
      throw configError('option', `budget() has no option "${name}". The options are ${names.join(', ')}.`)
  const { ledger, price, reserve = 'expected', inputBound = 'upper', cutWith = 'finish', clock = systemClock } = options
  const { maxOutputTokens, expectedOutputTokens = 1_024, leastOutputTokens = 16, ttlMs = 120_000 } = options
  if (typeof ledger?.reserve !== 'function') refuse('ledger of budget() must be made by createLedger()', ledger)
  if (typeof price?.costOf !== 'function' || typeof price.ceilingOf !== 'function')
    refuse('price of budget() must be a price book: createPriceBook()', price)
  if (reserve !== 'expected' && reserve !== 'worst')
    refuse('reserve of budget() must be "expected" or "worst"', reserve)
  if (reserve === 'worst' && maxOutputTokens === undefined)
    throw configError(
      'option',
      'budget() needs maxOutputTokens to reserve the worst: a request may name no limit of its own.',
    )
  if (!['expected', 'upper', 'certain'].includes(inputBound))
    refuse('inputBound of budget() must be "expected", "upper" or "certain"', inputBound)
  if (cutWith !== 'finish' && cutWith !== 'error') refuse('cutWith of budget() must be "finish" or "error"', cutWith)
  for (const [name, value] of Object.entries({ maxOutputTokens, expectedOutputTokens, leastOutputTokens }))
    if (value !== undefined && !(Number.isSafeInteger(value) && value >= 1))
      refuse(`${name} of budget() must be a whole number of tokens from 1`, value)
  if (!(Number.isSafeInteger(ttlMs) && ttlMs >= 1_000 && ttlMs <= 86_400_000))
    refuse('ttlMs of budget() must be whole milliseconds, 1 s to 1 day', ttlMs)
  if (!(typeof clock?.now === 'function' && typeof clock.sleep === 'function'))
    refuse('clock of budget() must have now() and sleep(ms, signal)', clock)
  const settings = {
    ledger,
    prices: price,
    reserve,
    maxOutputTokens,
    expectedOutputTokens,
    leastOutputTokens,
    inputBound,
    cutWith,
    ttlMs,
    clock,
  }
  return {
    ...settings,
    subjectOf: subjectFrom(options.subject),
    ...exceededFrom(options),
    quantiles: new OutputQuantiles(),
  }
}

function exceededFrom({
  onExceeded = 'reject',
  downgradeTo,
}: BudgetOptions): Pick<BudgetSettings, 'onExceeded' | 'downgradeTo'> {
  const modes: readonly OnExceeded[] = Array.isArray(onExceeded) ? onExceeded : [onExceeded as OnExceeded]
  if (modes.length === 0 || !modes.every((mode) => exceededModes.includes(mode)))
    refuse('onExceeded of budget() must be "reject", "clamp", "cut", "downgrade" or a list of them', onExceeded)
  if (modes.includes('reject') && modes.length > 1)
    throw configError(
      'option',
      'onExceeded of budget() rejects what nothing else helps anyway: leave "reject" out of the list.',
    )
  if (
    downgradeTo !== undefined &&
    !(isObject(downgradeTo) && Object.values(downgradeTo).every((model) => typeof model === 'string' && model !== ''))
  )
    refuse('downgradeTo of budget() must give model names by model names', downgradeTo)
  const map = new Map(Object.entries(downgradeTo ?? {}))
  if (modes.includes('downgrade') !== map.size > 0)
    throw configError(
      'option',
      `budget() takes onExceeded: 'downgrade' and downgradeTo together: { 'gpt-5': 'gpt-5-mini' }.`,
    )
  return { onExceeded: new Set(modes), downgradeTo: map }
}

function subjectFrom(subject: BudgetOptions['subject']): BudgetSettings['subjectOf'] {
  if (subject === undefined)
    throw configError(
      'option',
      'budget() needs a subject: { tenant: … }, or (context) => ({ tenant: context.tenant }).',
    )
  if (typeof subject !== 'function') {
    scopesOf(subject)
    return () => subject
  }
  return (context) => {
    const given = subject(context)
    if (!isObject(given)) return given as never
    const scopes = Object.entries(given)
    // Without its first scope a subject would be another one: the ledger refuses what is `undefined`.
    return Object.fromEntries(scopes.filter(([, id], index) => index === 0 || id !== undefined)) as Subject
  }
}

function refuse(what: string, got: unknown): never {
  const shown = typeof got === 'number' ? String(got) : (JSON.stringify(got)?.slice(0, 100) ?? typeof got)
  throw configError('option', `${what}, got ${shown}.`)
}
