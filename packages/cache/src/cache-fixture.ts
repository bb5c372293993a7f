import Anthropic from '@anthropic-ai/sdk'
import {
  sluice,
  withReport,
  type CallContext,
  type CallReport,
  type JsonObject,
  type Middleware,
  type RequestOf,
  type SluiceOptions,
} from '@sluice/core'
import { openaiChat } from '@sluice/core/apis'
import { fakeClock, fakeProvider, type FakeClock, type FakeProvider } from '@sluice/core/testing'
import OpenAI from 'openai'
import type { CacheOptions } from './cache-options.ts'
import { cache } from './cache.ts'
import { createCache, type Cache } from './create-cache.ts'
import type { CacheQuery } from './key/query.ts'

type Chat = 'openai.chat'

/** Whom the queries below are of. */
export const acme: CallContext = { tenant: 'acme' }

/** A request of Chat Completions with some fields of its own. */
export function chatQuery(change: JsonObject = {}): CacheQuery<Chat> {
  const request: RequestOf<Chat> = {
    model: 'gpt-5-mini',
    messages: [{ role: 'user', content: 'Hi' }],
    temperature: 0.5,
    ...change,
  }
  return { api: openaiChat, request }
}

export function choiceOf(change: JsonObject = {}, message: JsonObject = {}): JsonObject {
  return { index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'Hello', ...message }, ...change }
}

/** A chat completion of these choices; of one that says hello when there are none. */
export function chatAnswer(...choices: JsonObject[]): never {
  const usage = { prompt_tokens: 9, completion_tokens: 2, total_tokens: 11 }
  return { id: 'c1', model: 'gpt-5-mini', choices: choices.length > 0 ? choices : [choiceOf()], usage } as never
}

export interface PlainWorld {
  readonly clock: FakeClock
  readonly answers: Cache
}

/** A cache without a client, on a clock that stands still, for the tenant of the context; nothing in it is random. */
export function plainCache(options: Partial<CacheOptions> = {}): PlainWorld {
  const clock = fakeClock()
  const answers = createCache({ ttlMs: 60_000, tenant: 'context', ttlJitter: 0, clock, ...options })
  return { clock, answers }
}

/** `hit exact`, `miss absent`, `bypass no_tenant`. */
export async function outcomeOf(
  answers: Cache,
  query: CacheQuery<Chat> = chatQuery(),
  context: CallContext = acme,
): Promise<string> {
  const { outcome, reason } = await answers.lookup(query, context)
  return `${outcome} ${reason}`
}

export interface ClientWorld {
  readonly clock: FakeClock
  readonly provider: FakeProvider
  readonly answers: Cache
  readonly openai: OpenAI
  readonly anthropic: Anthropic
}

export interface ClientWorldOptions {
  readonly cache?: Partial<CacheOptions>
  readonly answers?: Cache
  readonly inner?: readonly Middleware[]
  readonly outer?: readonly Middleware[]
  readonly sluice?: SluiceOptions
  readonly fetch?: typeof fetch
  readonly clock?: FakeClock
}

/** Real clients with a cache in them, over a provider in memory. What fails is not tried again. */
export function cachedClients(options: ClientWorldOptions = {}): ClientWorld {
  const { clock = fakeClock() } = options
  const provider = fakeProvider({ clock })
  const answers =
    options.answers ?? createCache({ ttlMs: 60_000, tenant: 'shared', ttlJitter: 0, clock, ...options.cache })
  const middleware = [...(options.outer ?? []), cache(answers), ...(options.inner ?? [])]
  const settings = { apiKey: 'test', fetch: options.fetch ?? provider.fetch, maxRetries: 0 }
  return {
    clock,
    provider,
    answers,
    openai: sluice(new OpenAI(settings), middleware, { clock, ...options.sluice }),
    anthropic: sluice(new Anthropic(settings), middleware, { clock, ...options.sluice }),
  }
}

export const chat: { model: string; messages: { role: 'user'; content: string }[] } = {
  model: 'gpt-5-mini',
  messages: [{ role: 'user', content: 'How long does a card take?' }],
}

/** All that comes of a stream. */
export async function eventsOf<T>(stream: PromiseLike<AsyncIterable<T>>): Promise<T[]> {
  const events: T[] = []
  for await (const event of await stream) events.push(event)
  return events
}

/** What the cache did in the calls inside `run`: `miss absent`, `store exact`. */
export async function decisionsOf(run: () => PromiseLike<unknown>): Promise<string[]> {
  const reports = await reportsOf(run)
  return reports.flatMap(({ decisions }) => decisions.map(({ action, reason }) => `${action} ${reason}`))
}

export async function reportsOf(run: () => PromiseLike<unknown>): Promise<readonly CallReport[]> {
  const { settled } = await withReport(async () => void (await run()))
  return settled
}
