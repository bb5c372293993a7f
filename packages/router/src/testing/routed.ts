import Anthropic from '@anthropic-ai/sdk'
import { sluice, withReport, type ApiId, type CallReport, type Pricer } from '@sluice/core'
import { approximateTokenizer, fakeClock, fakeProvider, type FakeClock, type FakeProvider } from '@sluice/core/testing'
import OpenAI from 'openai'
import type { RouterOptions } from '../route/options.ts'
import { createRouter, router, type Router } from '../router.ts'
import { anthropicTarget, openaiTarget, type OpenAITargetOptions } from '../target/client-targets.ts'
import type { Target } from '../target/target.ts'

/** Which SDK reaches a target, and what else is said of it. */
export interface TargetSpec extends OpenAITargetOptions {
  readonly sdk?: 'openai' | 'anthropic'
  readonly model?: string
}

/** What {@link routed} makes, beside the options of the router itself. */
export interface RoutedOptions extends Omit<RouterOptions, 'targets'> {
  /** Targets by id, each with a provider of its own. @default a, b and c, all of OpenAI's dialects */
  readonly places?: Readonly<Record<string, TargetSpec>>
  /** In the place of those made from `places`. */
  readonly targets?: (places: Readonly<Record<string, Target>>) => RouterOptions['targets']
  /** The wrapped client's retries; the SDK's own default when left out. */
  readonly maxRetries?: number
  /** The wrapped client's timeout in milliseconds. */
  readonly timeoutMs?: number
  /** The pricer of the pipeline. */
  readonly pipelinePrice?: Pricer
  readonly seed?: number
}

/** What came of a piece of work in virtual time. */
export interface Ran<T> {
  readonly value: T | undefined
  readonly error: unknown
  /** The final report of the last call in it. */
  readonly report: CallReport
  readonly reports: readonly CallReport[]
  /** Virtual milliseconds until `work` was over. */
  readonly tookMs: number
}

/** Both SDKs before a router, one fake provider a target, all on one clock. */
export interface Routed {
  readonly clock: FakeClock
  readonly routes: Router
  readonly openai: OpenAI
  readonly anthropic: Anthropic
  /** The provider behind the wrapped clients themselves. */
  readonly home: FakeProvider
  readonly targets: Readonly<Record<string, Target>>
  /** The provider of a target. */
  at(id: string): FakeProvider
  /** Requests that reached each target, in the order of `places`. */
  asked(): readonly number[]
  /** Runs `work` to its end in virtual time; what it throws comes back as `error`. Rejects when it never ends. */
  run<T>(work: () => Promise<T>): Promise<Ran<T>>
}

export const openaiDialects: readonly ApiId[] = [
  'openai.chat',
  'openai.responses',
  'openai.completions',
  'openai.embeddings',
]

/** No test lets more time pass: a call that does is stuck in a circle. */
const stuckAfterMs = 40 * 86_400_000
/** Real milliseconds without a sleep after which nothing is going to happen any more. */
const deadAfterMs = 3_000

export function routed(options: RoutedOptions = {}): Routed {
  const {
    places = { a: {}, b: {}, c: {} },
    targets: choose,
    maxRetries,
    timeoutMs,
    pipelinePrice,
    seed = 1,
    ...rest
  } = options
  const clock = (rest.clock as FakeClock | undefined) ?? fakeClock()
  // Each says something else, with ids of its own.
  const make = (place: number): FakeProvider =>
    fakeProvider({ clock, tokenizer: approximateTokenizer, seed: seed * 100 + place })
  const providers = new Map(Object.keys(places).map((id, place) => [id, make(place + 1)]))
  const at = (id: string): FakeProvider => {
    const provider = providers.get(id)
    if (!provider) throw new Error(`There is no place "${id}".`)
    return provider
  }
  const targets = Object.fromEntries(Object.entries(places).map(([id, spec]) => [id, targetAt(id, spec, at(id))]))
  const routes = createRouter({
    targets: choose?.(targets) ?? Object.values(targets),
    retry: { jitter: 'none' },
    random: () => 0.5,
    ...rest,
    clock,
  })
  const home = make(0)
  const settings = {
    apiKey: 'test',
    fetch: home.fetch,
    logLevel: 'off' as const,
    ...(maxRetries !== undefined && { maxRetries }),
    ...(timeoutMs !== undefined && { timeout: timeoutMs }),
  }
  const seam = { clock, ...(pipelinePrice && { price: pipelinePrice }) }
  return {
    clock,
    routes,
    home,
    targets,
    at,
    asked: () => [...providers.values()].map(({ calls }) => calls.length),
    openai: sluice(new OpenAI(settings), [router(routes)], seam),
    anthropic: sluice(new Anthropic(settings), [router(routes)], seam),
    run: (work) => runOn(clock, work),
  }
}

function targetAt(id: string, spec: TargetSpec, provider: FakeProvider): Target {
  const { sdk = 'openai', model = `model-${id}`, ...options } = spec
  const settings = {
    apiKey: 'test',
    baseURL: `http://${id}.example/v1`,
    fetch: provider.fetch,
    logLevel: 'off' as const,
  }
  if (sdk === 'anthropic') {
    const { apis: _, ...given } = options
    return anthropicTarget(new Anthropic({ ...settings, baseURL: `http://${id}.example` }), model, { id, ...given })
  }
  return openaiTarget(new OpenAI(settings), model, { id, apis: openaiDialects, ...options })
}

/** Runs `work` to its end in virtual time, with the reports of the calls in it. */
export async function runOn<T>(clock: FakeClock, work: () => Promise<T>): Promise<Ran<T>> {
  const startedAtMs = clock.now()
  let idleMs = 0
  const { promise: stuck, reject: isStuck } = Promise.withResolvers<never>()
  // A sleep on the clock would not do: the SDKs begin their streams in a timer of their own.
  const watch = setInterval(() => {
    idleMs = clock.pendingSleeps === 0 ? idleMs + 50 : 0
    if (idleMs > deadAfterMs) isStuck(new Error('The work never ends: nobody waits for time to pass.'))
    if (clock.now() - startedAtMs > stuckAfterMs) isStuck(new Error('The work goes round in circles.'))
  }, 50)
  const done = async (): Promise<Ran<T>> => {
    let endedAtMs = startedAtMs
    const { value, settled } = await withReport(async () => {
      try {
        return { value: await work(), error: undefined }
      } catch (error) {
        return { value: undefined, error }
      } finally {
        endedAtMs = clock.now()
      }
    })
    const reports = await settled
    return { ...value, reports, report: reports.at(-1) as CallReport, tookMs: endedAtMs - startedAtMs }
  }
  try {
    return await clock.run(Promise.race([done(), stuck]))
  } finally {
    clearInterval(watch)
  }
}

// What is loaded when it is first needed comes from the file system, for which a virtual clock does not wait.
const { openai, anthropic } = routed({ places: { a: {} } })
const messages = [{ role: 'user' as const, content: 'Hello' }]
await withReport(() => openai.chat.completions.create({ model: 'auto', messages }))
await withReport(() => openai.responses.create({ model: 'auto', input: 'Hello' }))
await withReport(() => anthropic.messages.create({ model: 'auto', max_tokens: 10, messages }))
