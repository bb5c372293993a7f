import Anthropic from '@anthropic-ai/sdk'
import { sluice, type Clock, type Middleware } from '@sluice/core'
import { fakeProvider, type FakeProvider } from '@sluice/core/testing'
import OpenAI from 'openai'
import { retry, type RetryOptions } from '../retry.ts'

export const model = 'gpt-5-mini'
export const messages: { role: 'user'; content: string }[] = [{ role: 'user', content: 'How long does a card take?' }]
export const params: { model: string; messages: typeof messages } = { model, messages }

/** A clock whose sleeps are over at once and written down. */
export interface QuickClock extends Clock {
  readonly sleeps: number[]
}

export function quickClock(): QuickClock {
  const sleeps: number[] = []
  let nowMs = Date.parse('2026-11-22T00:00:00Z')
  return {
    sleeps,
    now: () => nowMs,
    async sleep(ms, signal) {
      signal?.throwIfAborted()
      sleeps.push(ms)
      nowMs += ms
    },
  }
}

/** Both SDKs with `retry()` before a fake provider, on one quick clock. */
export interface SetUp {
  readonly clock: QuickClock
  readonly sleeps: number[]
  readonly provider: FakeProvider
  readonly openai: OpenAI
  readonly anthropic: Anthropic
}

export function setUp(options: RetryOptions = {}, ...inner: Middleware[]): SetUp {
  const clock = quickClock()
  const provider = fakeProvider({ clock })
  const middleware = [retry({ jitter: 'none', clock, ...options }), ...inner]
  const openai = sluice(new OpenAI({ apiKey: 'test', fetch: provider.fetch }), middleware)
  const anthropic = sluice(new Anthropic({ apiKey: 'test', fetch: provider.fetch }), middleware)
  return { clock, provider, openai, anthropic, sleeps: clock.sleeps }
}

/** What the provider said last. */
export function answered(provider: FakeProvider): string {
  return provider.lastCall?.answerText ?? ''
}
