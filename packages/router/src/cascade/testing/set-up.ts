import Anthropic from '@anthropic-ai/sdk'
import { sluice, type Pricer, type Usage } from '@sluice/core'
import { fakeClock, fakeProvider, type FakeClock, type FakeProvider } from '@sluice/core/testing'
import OpenAI from 'openai'
import { anthropicTarget, openaiTarget, type OpenAITargetOptions } from '../../target/client-targets.ts'
import type { Target, TargetOptions } from '../../target/target.ts'
import { cascade } from '../cascade.ts'
import type { Estimator } from '../estimator.ts'
import type { CascadeOptions } from '../options.ts'

export const messages: { role: 'user'; content: string }[] = [{ role: 'user', content: 'What is 6 times 7?' }]

/** A nano-dollar for each input token of the cheap, a hundred for the strong; ten times that for output. */
const rates: Readonly<Record<string, number>> = { cheap: 1, peer: 2, strong: 100, 'claude-strong': 100, judge: 3 }

export const price: Pricer = (usage: Usage, { model }) => {
  const rate = rates[model]
  if (rate === undefined) return { unpriced: `no price for ${model}` }
  return { nanoUsd: rate * (usage.fresh + usage.cacheRead + 10 * usage.output), byMeter: {} }
}

/** A provider on a fake clock, and clients and targets before it. */
export interface World {
  readonly clock: FakeClock
  /** Of the wrapped client. */
  readonly home: FakeProvider
  readonly claude: FakeProvider
  readonly other: FakeProvider
  openai(options: Omit<CascadeOptions, 'clock'>): OpenAI
  anthropic(options: Omit<CascadeOptions, 'clock'>): Anthropic
  /** A model at another server that speaks OpenAI's dialects. */
  away(model: string, options?: OpenAITargetOptions): Target
  claudeTarget(model: string, options?: TargetOptions): Target
}

export function world(): World {
  const clock = fakeClock()
  const [home, claude, other] = [fakeProvider({ clock }), fakeProvider({ clock }), fakeProvider({ clock })]
  return {
    clock,
    home,
    claude,
    other,
    openai: (options) =>
      sluice(new OpenAI({ apiKey: 'home', fetch: home.fetch }), [cascade({ clock, ...options })], { clock, price }),
    anthropic: (options) =>
      sluice(new Anthropic({ apiKey: 'home', fetch: home.fetch }), [cascade({ clock, ...options })], { clock, price }),
    away: (model, options) =>
      openaiTarget(
        new OpenAI({ apiKey: 'other', fetch: other.fetch, baseURL: 'http://other.example/v1' }),
        model,
        options,
      ),
    claudeTarget: (model, options) =>
      anthropicTarget(new Anthropic({ apiKey: 'claude', fetch: claude.fetch }), model, options),
  }
}

/** An estimator that always says the same. */
export function says(score: number, more: Partial<Estimator> = {}): Estimator {
  return { name: 'says', ...more, estimate: async () => score }
}

/** How many listeners for aborts a signal has. */
export function countedSignal(): { readonly controller: AbortController; readonly listeners: () => number } {
  const controller = new AbortController()
  const { signal } = controller
  let listeners = 0
  const add = signal.addEventListener.bind(signal)
  const remove = signal.removeEventListener.bind(signal)
  const known = new Set<unknown>()
  signal.addEventListener = (...args: Parameters<typeof add>) => {
    if (!known.has(args[1])) listeners += 1
    known.add(args[1])
    add(...args)
  }
  signal.removeEventListener = (...args: Parameters<typeof remove>) => {
    if (known.delete(args[1])) listeners -= 1
    remove(...args)
  }
  return { controller, listeners: () => listeners }
}
