import { routes } from '../api/routes.ts'
import { isObject } from '../json.ts'
import { onReport } from '../report.ts'
import { sluice, type WrappableClient } from '../sluice.ts'
import { fakeClock } from '../testing/fake-clock.ts'
import { fakeProvider, type FakeProvider } from '../testing/fake-provider/fake-provider.ts'
import type { FakeCall } from '../testing/fake-provider/journal.ts'
import { approximateTokenizer } from '../testing/fake-provider/model/tokens.ts'
import type { FakeRoute } from '../testing/fake-provider/options.ts'
import type { ClientCase } from './clients.ts'
import { portrait, steady } from './portrait.ts'
import { recordingFetch, type SentRequest } from './requests.ts'
import type { Transport, Variant } from './variants.ts'

/** Where a behaviour plays. */
export interface Scene<C, Sdk> {
  readonly provider: FakeProvider
  /** Routes of the provider's own, by method and path; filled by the behaviour. */
  readonly routes: Record<string, FakeRoute>
  readonly origin: string
  /** The `fetch` of every client here. */
  readonly fetch: typeof globalThis.fetch
  /** Helper functions of the package that the client is from. */
  readonly sdk: Sdk
  readonly transport: Transport
  /** Another client, made and wrapped like the first one, with options of its own. */
  open(options: object): C
}

/** Does something with a client and gives back everything that it saw. What it throws fails the test. */
export type Behaviour<C, Sdk> = (client: C, scene: Scene<C, Sdk>) => Promise<unknown>

/** What there is to see of one behaviour, from both ends. */
export interface Observation {
  readonly result: unknown
  /** What was handed to `fetch`. */
  readonly sent: readonly SentRequest[]
  /** What reached the provider and became of it. */
  readonly received: readonly object[]
}

/** One behaviour of one client; `variant` left out is the bare client. */
export async function observe<C, Sdk>(
  made: ClientCase<C, Sdk>,
  transport: Transport,
  behaviour: Behaviour<C, Sdk>,
  variant?: Variant,
): Promise<{ observation: Observation; callsSeen: number }> {
  const routes: Record<string, FakeRoute> = {}
  const provider = fakeProvider({ routes, clock: fakeClock(), tokenizer: approximateTokenizer })
  const server = transport === 'over HTTP' ? await provider.listen() : undefined
  const { fetch, sent } = recordingFetch(server ? globalThis.fetch : provider.fetch)
  const origin = server?.url ?? 'http://provider.test'
  let callsSeen = 0
  const open = (options: object): C => {
    const init = { origin, fetch, options }
    if (!variant) return made.create(init)
    const middleware = variant.pipeline(() => void (callsSeen += 1))
    if (made.under) return made.under(init, middleware, variant.options ?? {})
    return sluice(made.create(init) as C & WrappableClient, middleware, variant.options)
  }
  const stop = variant?.isReported && onReport(() => {})
  try {
    const scene = { provider, routes, origin, fetch, sdk: made.sdk, transport, open }
    const result = portrait(await behaviour(open({ maxRetries: 0 }), scene))
    await provider.settled()
    // Whether a request that was given up had reached a socket's other end is chance.
    const received = server
      ? provider.calls.filter(({ status }) => status !== undefined).map(arrived)
      : provider.calls.map(served)
    return { observation: { result, sent, received }, callsSeen }
  } finally {
    stop?.()
    await server?.close()
  }
}

/** How often a pipeline should have run for these requests. */
export function callsIn(sent: readonly SentRequest[]): number {
  return sent.filter(
    ({ method, url }) => method === 'POST' && Object.values(routes).some((match) => match(new URL(url).pathname)),
  ).length
}

function arrived({ method, path, headers, body, status }: FakeCall): object {
  return { method, path, headers: portrait(new Headers(headers)), body, status }
}

function served(call: FakeCall): object {
  const { fault, outcome, answerText, chunksSent, usage, status = 0 } = call
  // The body of a refusal is read by whoever looks into it: an SDK that retries does not.
  const progress = status < 400 && { outcome, answerText, chunksSent, usage }
  return { ...arrived(call), fault, ...progress }
}

/**
 * An observation made while reports were on, less the one difference that is meant: streams that did not ask for token
 * usage do so on the wire. Where the bare client asked itself, nothing is taken away.
 */
export function withoutAddedUsage(observed: Observation, bare: Observation): Observation {
  const sent = observed.sent.map((request, index) => {
    const { body } = request
    const before = bare.sent[index]?.body
    if (typeof body !== 'string' || typeof before !== 'string' || before.includes('include_usage')) return request
    return { ...request, body: stripped(body) }
  })
  const received = observed.received.map((call, index) => {
    const before = { ...bare.received[index] } as Record<string, unknown>
    const { body } = call as Record<string, unknown>
    if (
      !isObject(body) ||
      !isObject(before['body']) ||
      'stream_options' in before['body'] ||
      !('stream_options' in body)
    )
      return call
    const same = { ...call, body: JSON.parse(stripped(JSON.stringify(body))) as unknown }
    // The usage chunk is one more piece of the body.
    return 'chunksSent' in call ? { ...same, chunksSent: before['chunksSent'] } : same
  })
  return { ...observed, sent, received }
}

function stripped(body: string): string {
  return steady(body).replace(/,"stream_options":\{"include_usage":true\}/, '')
}
