import { AssertionError } from 'node:assert'
import type { JsonObject } from '../../json.ts'
import type { FakeFaultName } from './faults.ts'
import type { FakeApi } from './request.ts'
import type { FakeUsage } from './script.ts'
import type { Frame } from './wire.ts'

/**
 * How a call ended. `finished`: the whole answer was handed out. `failed`: an error answer, a broken or incomplete one.
 * `cancelled`: the caller aborted, cancelled the body or closed the connection before the end. Over HTTP a short answer
 * may be on its way as a whole before the provider learns that the caller left: it has finished then.
 */
export type FakeOutcome = 'pending' | 'finished' | 'cancelled' | 'failed'

/** One request that reached the provider. It is live: fields change until `outcome` is no longer `pending`. */
export interface FakeCall {
  /** The request id in the answer's headers. */
  readonly id: string
  readonly api: FakeApi
  readonly method: string
  /** Path without query. */
  readonly path: string
  /** Lower-case names; `authorization`, `api-key`, `x-api-key` and `cookie` are masked. */
  readonly headers: Readonly<Record<string, string>>
  /** The JSON body as it came; `undefined` when there was none, or none of JSON. */
  readonly body: JsonObject | undefined
  readonly model: string | undefined
  readonly stream: boolean
  readonly startedAtMs: number
  /** Status of the answer; `undefined` before there is one, or when the connection was reset. */
  readonly status: number | undefined
  readonly fault: FakeFaultName | undefined
  /** Visible text of the first choice, as far as it was handed out. */
  readonly answerText: string
  /** Pieces of the body handed out: SSE frames of a stream, 1 for a whole answer. */
  readonly chunksSent: number
  readonly outcome: FakeOutcome
  /** Tokens; while a stream runs or when it broke off, `outputTokens` are those handed out. */
  readonly usage: FakeUsage | undefined
}

/** A call that is being served. */
export interface OpenCall extends FakeCall {
  body: JsonObject | undefined
  model: string | undefined
  api: FakeApi
  stream: boolean
  status: number | undefined
  fault: FakeFaultName | undefined
  answerText: string
  usage: FakeUsage | undefined
  /** Books a piece of the body and returns it. */
  sent(frame: Frame): Frame
  /** Ends the call; the first end counts. */
  settle(outcome: Exclude<FakeOutcome, 'pending'>): void
}

export interface Journal {
  readonly calls: readonly OpenCall[]
  readonly pending: readonly OpenCall[]
  /** Calls since the clock's last full minute. */
  readonly callsThisMinute: number
  open(init: Pick<FakeCall, 'id' | 'method' | 'path' | 'headers' | 'startedAtMs'>, signal: AbortSignal): OpenCall
  /** Resolves as soon as no call is pending. */
  settled(): Promise<void>
  clear(): void
}

export function createJournal(): Journal {
  let calls: OpenCall[] = []
  let waiting: (() => void)[] = []
  const pending = new Set<OpenCall>()
  let minute = { atMs: 0, calls: 0 }
  const settle = (call?: OpenCall): void => {
    if (call) pending.delete(call)
    if (pending.size > 0) return
    for (const wake of waiting) wake()
    waiting = []
  }
  return {
    get calls() {
      return calls
    },
    get pending() {
      return [...pending]
    },
    get callsThisMinute() {
      return minute.calls
    },
    open(init, signal) {
      const call = openCall(init, settle)
      calls.push(call)
      pending.add(call)
      const atMs = init.startedAtMs - (init.startedAtMs % 60_000)
      if (minute.atMs !== atMs) minute = { atMs, calls: 0 }
      minute.calls++
      if (signal.aborted) call.settle('cancelled')
      else signal.addEventListener('abort', () => call.settle('cancelled'), { once: true })
      return call
    },
    settled: () =>
      new Promise((resolve) => {
        waiting.push(resolve)
        settle()
      }),
    clear() {
      calls = []
      pending.clear()
      settle()
    },
  }
}

function openCall(
  init: Pick<FakeCall, 'id' | 'method' | 'path' | 'headers' | 'startedAtMs'>,
  ended: (call: OpenCall) => void,
): OpenCall {
  let outcome: FakeOutcome = 'pending'
  let chunksSent = 0
  const call: OpenCall = {
    ...init,
    headers: masked(init.headers),
    api: 'other',
    body: undefined,
    model: undefined,
    stream: false,
    status: undefined,
    fault: undefined,
    answerText: '',
    usage: undefined,
    get outcome() {
      return outcome
    },
    get chunksSent() {
      return chunksSent
    },
    sent(frame) {
      chunksSent++
      if (frame.text !== undefined) call.answerText += frame.text
      if (call.stream && call.usage && frame.tokens) {
        call.usage = { ...call.usage, outputTokens: call.usage.outputTokens + frame.tokens }
      }
      return frame
    },
    settle(end) {
      if (outcome !== 'pending') return
      outcome = end
      ended(call)
    },
  }
  return call
}

const secret: ReadonlySet<string> = new Set(['authorization', 'proxy-authorization', 'api-key', 'x-api-key', 'cookie'])

function masked(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, secret.has(name) ? value.replace(/\S+$/, '***') : value]),
  )
}

/**
 * Asserts how many calls there were.
 *
 * @throws {AssertionError} listing the calls when there were more or fewer
 */
export function expectCallCount(calls: readonly FakeCall[], count: number, of: string): void {
  if (calls.length === count) return
  throw new AssertionError({
    message: `Expected ${count} call(s)${of}, but there were ${calls.length}:\n${describeCalls(calls)}`,
    actual: calls.length,
    expected: count,
    operator: 'expectCalls',
  })
}

/** One line a call, for messages. */
export function describeCalls(calls: readonly FakeCall[]): string {
  if (calls.length === 0) return '  (none)'
  return calls
    .map((call, i) => {
      const answer = call.status === undefined ? 'no status' : `status ${call.status}`
      const fault = call.fault ? `, fault ${call.fault}` : ''
      return `  ${i + 1}. ${call.method} ${call.path} ${call.model ?? ''} → ${answer}, ${call.outcome}${fault}`
    })
    .join('\n')
}
