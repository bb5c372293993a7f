import type { Clock } from '../../clock.ts'
import { configError } from '../../errors.ts'
import { seeded } from './model/random.ts'
import type { FakeRequest } from './request.ts'

/**
 * The ways in which a provider fails.
 *
 * Error answers, in the provider's own words:
 * - `http-500`, `http-503`, `http-529`, `http-429` (with Retry-After), `quota` (a 429 that no waiting helps)
 * - `unauthorized` (401), `payment-required` (402), `forbidden` (403), `not-found` (404), `bad-request` (400),
 *   `unprocessable` (422), `context-length` (400), `content-filter` (400)
 * - `html`: the 502 page of a proxy
 * - `flapping`: `http-503` in every down period, nothing in every up period
 *
 * The connection:
 * - `reset-before-headers`; `silence`: nothing comes until the caller gives up
 * - `cut`: it breaks in the midst of the answer; `stall`: nothing more comes, but it stays open
 * - `truncated`: the body ends cleanly in its midst, without its terminal event
 * - `empty-body`: status 200 and nothing; `slow-first-token`
 *
 * The content:
 * - `malformed-chunk`: one event is not JSON and then comes again whole; a whole answer is not JSON
 * - `missing-done`: a complete stream without its end mark `[DONE]` or `message_stop`; nothing changes elsewhere
 * - `error-in-stream`: status 200, and the first event is an error; a whole answer is an error body under status 200
 * - `late-error-in-stream`: the same in the midst of a stream
 * - `content-filter-finish`: the answer ends in its midst with the provider's finish reason for filtered content
 */
export type FakeFaultName =
  | 'http-500'
  | 'http-503'
  | 'http-529'
  | 'http-429'
  | 'quota'
  | 'unauthorized'
  | 'payment-required'
  | 'forbidden'
  | 'not-found'
  | 'bad-request'
  | 'unprocessable'
  | 'context-length'
  | 'content-filter'
  | 'html'
  | 'reset-before-headers'
  | 'silence'
  | 'cut'
  | 'truncated'
  | 'stall'
  | 'slow-first-token'
  | 'empty-body'
  | 'malformed-chunk'
  | 'missing-done'
  | 'error-in-stream'
  | 'late-error-in-stream'
  | 'content-filter-finish'
  | 'flapping'

/** Every fault by name. */
export const fakeFaults: readonly FakeFaultName[] = [
  'http-500',
  'http-503',
  'http-529',
  'http-429',
  'quota',
  'unauthorized',
  'payment-required',
  'forbidden',
  'not-found',
  'bad-request',
  'unprocessable',
  'context-length',
  'content-filter',
  'html',
  'reset-before-headers',
  'silence',
  'cut',
  'truncated',
  'stall',
  'slow-first-token',
  'empty-body',
  'malformed-chunk',
  'missing-done',
  'error-in-stream',
  'late-error-in-stream',
  'content-filter-finish',
  'flapping',
]

/** What a fault does, beside its name. Each figure matters to the faults named in its description only. */
export interface FakeFaultDetails {
  /** `http-429`: header `retry-after` in whole seconds. @default 1, unless another form is given */
  readonly retryAfterS?: number
  /** `http-429`: header `retry-after-ms` in milliseconds. */
  readonly retryAfterMs?: number
  /** `http-429`: header `retry-after` as an HTTP date; a number is Unix milliseconds. */
  readonly retryAfterDate?: Date | number
  /**
   * `cut`, `truncated`, `stall`, `malformed-chunk`, `late-error-in-stream`, `content-filter-finish`: how many tokens
   * come before it. @default half of the answer
   */
  readonly afterTokens?: number
  /** `slow-first-token`: additional milliseconds before the first token. @default 5000 */
  readonly delayMs?: number
  /** `flapping`: length of an up period in milliseconds; the first begins when the fault is set. @default 10_000 */
  readonly upMs?: number
  /** `flapping`: length of a down period in milliseconds. @default 10_000 */
  readonly downMs?: number
  /** The text of the error. @default the provider's own wording */
  readonly message?: string
}

/** A fault and the calls that it strikes: all model calls that pass every condition given. */
export interface FakeFaultRule extends FakeFaultDetails {
  readonly fault: FakeFaultName
  /** Share of the calls, 0..1, drawn from the provider's seed. @default 1 */
  readonly rate?: number
  readonly models?: readonly string[]
  /** It strikes so many times and is over. @default Infinity */
  readonly times?: number
  /** So many matching calls pass unharmed first. @default 0 */
  readonly after?: number
  readonly when?: (request: FakeRequest) => boolean
}

/** A fault that strikes one call. */
export interface Strike extends FakeFaultDetails {
  readonly fault: Exclude<FakeFaultName, 'flapping'>
}

export interface FaultBoard {
  add(rule: FakeFaultRule): void
  /** The fault for a call: the header's if any, else that of the latest rule that strikes. */
  strike(request: FakeRequest): Strike | undefined
  clear(): void
}

/**
 * Which faults are on.
 *
 * @throws {SluiceError} config.unknown_fault for a name that is not in {@link fakeFaults}, config.invalid_rate
 */
export function createFaultBoard(seed: number, clock: Clock): FaultBoard {
  const rules: { rule: FakeFaultRule; sinceMs: number; seen: number; struck: number }[] = []
  return {
    add(rule) {
      checkFault(rule.fault)
      if (rule.rate !== undefined && !(rule.rate >= 0 && rule.rate <= 1)) {
        throw configError('invalid_rate', `The rate of the fault "${rule.fault}" is ${rule.rate}; it must be 0..1.`)
      }
      rules.unshift({ rule, sinceMs: clock.now(), seen: 0, struck: 0 })
    },
    strike(request) {
      const named = request.headers['x-fake-fault']
      if (named !== undefined) return { fault: striking(checkFault(named)) }
      for (const [i, entry] of rules.entries()) {
        const { rule } = entry
        if (rule.models && !rule.models.includes(request.model)) continue
        if (rule.when && !rule.when(request)) continue
        if (entry.struck >= (rule.times ?? Number.POSITIVE_INFINITY)) continue
        if (entry.seen++ < (rule.after ?? 0)) continue
        // The rule's place from the end stays the same when later rules come before it.
        const draw = seeded(seed, 'fault', rules.length - i, request.call).next()
        if (draw >= (rule.rate ?? 1)) continue
        if (rule.fault === 'flapping' && !isDown(rule, clock.now() - entry.sinceMs)) continue
        entry.struck++
        return { ...rule, fault: striking(rule.fault) }
      }
      return undefined
    },
    clear: () => void (rules.length = 0),
  }
}

/** @throws {SluiceError} config.unknown_fault */
export function checkFault(name: string): FakeFaultName {
  if ((fakeFaults as readonly string[]).includes(name)) return name as FakeFaultName
  throw configError('unknown_fault', `There is no fault "${name}". Known faults: ${fakeFaults.join(', ')}.`)
}

/** A flapping provider that is down answers 503. */
export function striking(fault: FakeFaultName): Strike['fault'] {
  return fault === 'flapping' ? 'http-503' : fault
}

function isDown(rule: FakeFaultRule, sinceMs: number): boolean {
  const upMs = rule.upMs ?? 10_000
  return sinceMs % (upMs + (rule.downMs ?? 10_000)) >= upMs
}
