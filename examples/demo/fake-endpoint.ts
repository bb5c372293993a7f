import type { Pricer } from '@sluice/core'
import { fakeModels, fakeProvider, type FakeFaultRule, type FakeProvider, type FakeRequest } from '@sluice/core/testing'
import OpenAI from 'openai'
import { loadAnswers } from './messages.ts'
import { UsageError, type DemoOptions, type RealEndpoint } from './options.ts'
import { randomOf } from './random.ts'
import type { Conversation } from './traffic.ts'

/** What answers the calls. */
export interface Endpoint {
  readonly openai: OpenAI
  readonly model: string
  /** One line for the screen. */
  readonly label: string
  readonly isFake: boolean
  /** `undefined`: nobody here knows the prices. */
  readonly price: Pricer | undefined
  /** Headers to send along with a call. */
  headersOf(call: number): Record<string, string>
  close(): Promise<void>
}

/** The header by which the fake provider knows which call of the traffic it answers. */
const callHeader = 'x-demo-call'

/** How much faster than its catalogue the fake provider is, so that the demo is over in seconds. */
const speedUp = 4
const model = 'gpt-5-mini'

/** The faults, each with its share of the requests. */
const faults: readonly { readonly share: number; readonly rule: Omit<FakeFaultRule, 'when'> }[] = [
  { share: 0.03, rule: { fault: 'http-503' } },
  { share: 0.02, rule: { fault: 'http-429', retryAfterS: 1 } },
  { share: 0.015, rule: { fault: 'reset-before-headers' } },
  { share: 0.015, rule: { fault: 'error-in-stream' } },
  { share: 0.01, rule: { fault: 'truncated' } },
  { share: 0.01, rule: { fault: 'cut' } },
  { share: 0.005, rule: { fault: 'late-error-in-stream' } },
]
/** Share of the calls that no retry can save: the provider is down for them. */
const outageShare = 0.004

/** An embedded provider on a real socket of this machine, which knows the right answers and fails as real ones do. */
export async function fakeEndpoint(
  { seed, faults: isFaulty }: DemoOptions,
  traffic: readonly Conversation[],
): Promise<Endpoint> {
  const answers = await loadAnswers()
  const groups = new Map(
    traffic.flatMap(({ turns }) => turns.map(({ call, message }) => [String(call), message.group])),
  )
  const planned = faultPlan(seed)
  const models = fakeModels.map((each) => ({
    ...each,
    ttftMs: each.ttftMs / speedUp,
    tokensPerSecond: each.tokensPerSecond * speedUp,
  }))
  const provider = fakeProvider({
    seed,
    models,
    pace: 'realistic',
    faults: isFaulty ? faults.map(({ rule }) => ({ ...rule, when: (request) => planned(request) === rule.fault })) : [],
  })
  provider.on(
    () => true,
    ({ headers }) => {
      const text = answers.get(groups.get(headers[callHeader] ?? '') ?? '')
      return text === undefined ? {} : { text }
    },
  )
  const server = await provider.listen()
  await warmUp(provider)
  return {
    openai: new OpenAI({ apiKey: 'none', baseURL: `${server.url}/v1` }),
    model,
    label: `embedded fake provider, ${model} at ${speedUp} times its speed, faults ${isFaulty ? 'on' : 'off'}`,
    isFake: true,
    price,
    headersOf: (call) => ({ [callHeader]: String(call) }),
    close: () => server.close(),
  }
}

/** The provider's tokenizer takes a while to load: none of the calls that are measured shall wait for it. */
async function warmUp(provider: FakeProvider): Promise<void> {
  const body = JSON.stringify({ model, max_tokens: 1, messages: [{ role: 'user', content: 'Hello' }] })
  await provider.fetch('http://localhost/v1/chat/completions', { method: 'POST', body }).catch(() => undefined)
  provider.clear()
}

/**
 * Which fault a request meets. It depends on the call and on how often it was tried, not on when it arrives, so that a run
 * can be repeated.
 */
function faultPlan(seed: number): (request: FakeRequest) => string | undefined {
  const tries = new Map<string, number>()
  const known = new Map<number, string | undefined>()
  return ({ call: arrival, headers }) => {
    if (known.has(arrival)) return known.get(arrival)
    const call = headers[callHeader] ?? ''
    const attempt = (tries.get(call) ?? 0) + 1
    tries.set(call, attempt)
    const isOut = randomOf(seed, `outage ${call}`)() < outageShare
    let left = randomOf(seed, `fault ${call} ${attempt}`)()
    const struck = faults.find(({ share }) => (left -= share) < 0)
    const fault = isOut ? 'http-503' : struck?.rule.fault
    known.set(arrival, fault)
    return fault
  }
}

/** Prices by the fake provider's catalogue, which are made up. */
const price: Pricer = (usage, of) => {
  const priced = fakeModels.find(({ id }) => id === of.model)
  if (!priced) return { unpriced: `no price for ${of.model}` }
  // A dollar a million tokens is a thousand nano-dollars a token.
  const byMeter = {
    fresh: Math.round(usage.fresh * priced.inputUsdPerMTok * 1_000),
    cacheRead: Math.round(usage.cacheRead * priced.inputUsdPerMTok * 100),
    output: Math.round(usage.output * priced.outputUsdPerMTok * 1_000),
  }
  return { nanoUsd: byMeter.fresh + byMeter.cacheRead + byMeter.output, byMeter }
}

/** The endpoint that the environment names. */
export async function realEndpoint({ baseURL, apiKey, model: wanted }: RealEndpoint): Promise<Endpoint> {
  const openai = new OpenAI({ apiKey, ...(baseURL !== undefined && { baseURL }) })
  const named = wanted ?? (await firstModel(openai))
  if (named === undefined) throw new UsageError(`${openai.baseURL} lists no model. Name one with SLUICE_MODEL.`)
  const label = `REAL endpoint ${new URL(openai.baseURL).host}, ${named}: these calls cost real money`
  return {
    openai,
    model: named,
    label,
    isFake: false,
    price: undefined,
    headersOf: () => ({}),
    close: async () => undefined,
  }
}

async function firstModel(openai: OpenAI): Promise<string | undefined> {
  try {
    return (await openai.models.list()).data[0]?.id
  } catch (error) {
    throw new UsageError(
      `${openai.baseURL} does not list its models (${(error as Error).message}). Name one with SLUICE_MODEL.`,
    )
  }
}
