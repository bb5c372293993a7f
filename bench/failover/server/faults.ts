import { chatAnswer, chunk, streamChat, type StreamFault } from './chat.ts'
import type { Exchange } from './exchange.ts'
import { messagesAnswer, streamMessages } from './messages.ts'
import { saidTo, type GoingOn } from './said.ts'

/** What the server does with a request to one model. */
export type Fault = (exchange: Exchange) => Promise<void> | void

/** Answers as a healthy model does, but for what goes wrong in the stream. */
function answers(fault: StreamFault = {}, goingOn: GoingOn = 'exact'): Fault {
  return (exchange) => {
    const { seen } = exchange
    const said = saidTo(seen, goingOn)
    const isMessages = seen.path.endsWith('/messages')
    if (seen.isStream) return isMessages ? streamMessages(exchange, said) : streamChat(exchange, said, fault)
    seen.did = '200'
    seen.wordsSent = said.pieces.length
    exchange.json(200, isMessages ? messagesAnswer(exchange, said) : chatAnswer(exchange, said))
  }
}

const ok = answers()

/** Misbehaves the first time, or as many times as `times` says. */
function first(fault: Fault, times: number = 1): Fault {
  return (exchange) => (exchange.seen.attempt <= times ? fault : ok)(exchange)
}

function refuses(status: number, code: string | null, headers?: (exchange: Exchange) => Record<string, string>): Fault {
  return (exchange) => {
    const sent = headers?.(exchange) ?? {}
    exchange.seen.did = [status, code, ...Object.entries(sent).map(([name, value]) => `${name}: ${value}`)]
      .filter(Boolean)
      .join(' ')
    exchange.refuse(status, { message: texts[status] ?? 'No.', type: types[status] ?? 'server_error', code }, sent)
  }
}

const texts: Readonly<Record<number, string>> = {
  400: 'This request cannot be answered as it is.',
  401: 'The key is not valid.',
  429: 'Too many requests.',
  500: 'Something broke while the answer was made.',
  503: 'All engines are busy.',
}

const types: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  429: 'rate_limit_error',
  500: 'server_error',
  503: 'overloaded_error',
}

const limited = refuses(429, 'rate_limit_exceeded')
const overloaded = refuses(503, 'overloaded')
/** Takes its time to refuse, as who is overloaded does: whoever asks meanwhile does not know yet. */
const overloadedLate: Fault = async (exchange) => {
  await exchange.sleep(200)
  return overloaded(exchange)
}
const limitedFor = (seconds: number): Fault =>
  refuses(429, 'rate_limit_exceeded', () => ({ 'retry-after': String(seconds) }))

/** Refuses for so many seconds from the first request on, and says each time how many are left. */
function limitedUntil(seconds: number): Fault {
  let endsAtMs = 0
  return (exchange) => {
    endsAtMs ||= exchange.elapsedMs + seconds * 1000
    const leftMs = endsAtMs - exchange.elapsedMs
    return (leftMs <= 0 ? ok : limitedFor(Math.ceil(leftMs / 1000)))(exchange)
  }
}

/** Refuses until a whole second at least so far ahead, and names it as an HTTP date. */
function limitedUntilDate(ms: number): Fault {
  let endsAtMs = 0
  return (exchange) => {
    endsAtMs ||= Math.ceil((Date.now() + ms) / 1000) * 1000
    if (Date.now() >= endsAtMs) return ok(exchange)
    return refuses(429, 'rate_limit_exceeded', () => ({ 'retry-after': new Date(endsAtMs).toUTCString() }))(exchange)
  }
}

/** A stream that reports an error inside HTTP 200 before it has said anything. */
function errorInStream(afterPreamble: boolean): Fault {
  return async (exchange) => {
    exchange.seen.did = afterPreamble ? '200 stream, error after the role' : '200 stream, error as first event'
    exchange.begin()
    if (afterPreamble) chunk(exchange, { role: 'assistant', content: '' })
    exchange.frame(
      JSON.stringify({
        error: { message: 'All engines are busy.', type: 'server_error', code: 'overloaded', param: null },
      }),
    )
    exchange.finish()
  }
}

/** A tool call that breaks off: in a stream in its middle, else in the middle of the body. */
const brokenTool: Fault = (exchange) => {
  const { seen } = exchange
  if (seen.isStream) return answers({ cutAfter: 3 })(exchange)
  seen.did = '200, body cut after 60 %'
  return exchange.cutWhole(chatAnswer(exchange, saidTo(seen)), 0.6)
}

const silent: Fault = async (exchange) => {
  const { silentMs } = exchange.timings
  exchange.seen.did = `silent for ${silentMs} ms`
  await exchange.sleep(silentMs)
  if (!exchange.isLeft) exchange.reset()
}

const resets: Fault = (exchange) => {
  exchange.seen.did = 'TCP reset'
  exchange.reset()
}

const flapping: Fault = (exchange) => (exchange.elapsedMs < exchange.timings.downMs ? overloaded : ok)(exchange)

/** Goes on with nothing: the last message must be the user's. */
const withoutPrefill: Fault = (exchange) =>
  (exchange.seen.lastRole === 'assistant' ? refuses(400, 'invalid_prefill') : ok)(exchange)

/** What each model of one server does, by its name. Made anew for each server: some faults remember when they began. */
export function faultsOf(): Readonly<Record<string, Fault>> {
  return {
    ok,
    'ok-no-prefill': withoutPrefill,
    'ok-prefill': ok,
    'ok-prefill-repeats': answers({}, 'repeat'),
    'ok-otherwise': answers({}, 'otherwise'),
    'ok-slow-words': answers({ wordMs: 100 }),
    'claude-ok': ok,
    '429-once': first((exchange) => limitedFor(exchange.timings.retryAfterS)(exchange)),
    '429-always': limited,
    '500-once': first(refuses(500, null)),
    '503-always': overloaded,
    '503-late': overloadedLate,
    '503-late-2': overloadedLate,
    'reset-once': first(resets),
    silent,
    slow: (exchange) => answers({ firstAfterMs: exchange.timings.slowMs })(exchange),
    cut: answers({ cutAfter: 40 }),
    'cut-1': answers({ cutAfter: 1 }),
    'cut-23': answers({ cutAfter: 23 }),
    'cut-59': answers({ cutAfter: 59 }),
    stall: answers({ stallAfter: 20 }),
    malformed: answers({ malformedAfter: 10 }),
    'no-done': answers({ lacksDone: true }),
    'too-long': refuses(400, 'context_length_exceeded'),
    filtered: refuses(400, 'content_policy_violation'),
    flapping,
    'error-in-200': (exchange) => {
      const { attempt } = exchange.seen
      return (attempt <= 2 ? errorInStream(attempt === 2) : ok)(exchange)
    },
    'broken-tool-once': first(brokenTool),
    '429-for-90-s': limitedUntil(90),
    '429-until-date': limitedUntilDate(3_000),
    '429-for-20-s': limitedFor(20),
    '429-for-20-s-2': limitedFor(20),
    '401-always': refuses(401, 'invalid_api_key'),
  }
}
