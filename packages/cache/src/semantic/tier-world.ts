import { fakeClock, type FakeClock } from '@sluice/core/testing'
import { openaiChat } from '@sluice/core/apis'
import type { Api, JsonObject } from '@sluice/core'
import type { Embedder } from '../embed/embedder.ts'
import { everything, type Store, type StoredEntry, type StoreKey } from '../store/store.ts'
import { memoryStore } from '../store/memory-store.ts'
import type { SemanticOptions } from './options.ts'
import { semantic } from './semantic.ts'
import type { SemanticFound, SemanticHost, SemanticQuery, SemanticTier } from './tier.ts'

/** A tier over a store in memory, for tests: asked with texts, answered with texts. */
export interface TierWorld {
  readonly tier: SemanticTier
  readonly clock: FakeClock
  readonly host: SemanticHost
  readonly store: Store
  query(text: string, change?: Partial<SemanticQuery>): SemanticQuery
  find(text: string): Promise<SemanticFound>
  /** As the cache does after a miss: the provider's answer is described, stored and learned. */
  answer(text: string, said: string): Promise<StoredEntry>
  /** Asks, and answers a miss with `said`. */
  ask(text: string, said: string): Promise<SemanticFound>
  /** The text of the answer that was found. */
  said(found: SemanticFound): string | undefined
}

/** An embedder whose vectors are told: texts that have none are at right angles to all others. */
export function toldEmbedder(vectors: Readonly<Record<string, readonly number[]>>, dimensions = 64): Embedder {
  const others = new Map<string, number>()
  return {
    id: 'told',
    dimensions,
    async embed(texts) {
      return texts.map((text) => {
        const vector = new Float32Array(dimensions)
        const told = vectors[text]
        if (told) vector.set(told)
        else {
          if (!others.has(text)) others.set(text, 8 + others.size)
          vector[others.get(text) as number] = 1
        }
        return vector
      })
    },
  }
}

/** A unit vector at such a cosine to the first axis; `axis` (1 to 7) tells several apart. */
export function at(cosine: number, axis = 1): readonly number[] {
  const vector = [cosine, 0, 0, 0, 0, 0, 0, 0]
  vector[axis] = Math.sqrt(1 - cosine * cosine)
  return vector
}

export function chatAnswer(text: string): JsonObject {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1,
    model: 'm',
    choices: [
      { index: 0, message: { role: 'assistant', content: text, refusal: null }, finish_reason: 'stop', logprobs: null },
    ],
    usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
  }
}

/** `of`: another world whose clock and store it shares, as another process does. */
export function tierWorld(options: SemanticOptions, of?: TierWorld): TierWorld {
  const clock = of?.clock ?? fakeClock()
  const store = of?.store ?? memoryStore({ clock })
  const host: SemanticHost = {
    clock,
    read: (key) => store.get(key, []),
    write: (key, entry) => store.set(key, entry),
  }
  const tier = semantic(options).open(host)
  const query: TierWorld['query'] = (text, change = {}) => ({
    api: openaiChat as unknown as Api,
    partition: 'p',
    key: keyOf(text),
    text,
    context: {},
    signal: undefined,
    ...change,
  })
  const answer: TierWorld['answer'] = async (text, said) => {
    const asked = query(text)
    const whole = chatAnswer(said)
    const part = await tier.describe(asked, whole)
    const entry: StoredEntry = {
      api: 'openai.chat',
      check: 'check',
      answer: whole,
      requestIds: {},
      tags: { [everything]: 0 },
      storedAtMs: clock.now(),
      freshUntilMs: clock.now() + 3_600_000,
      staleUntilMs: clock.now() + 3_600_000,
      errorUntilMs: clock.now() + 3_600_000,
      tookMs: 800,
      ...(part && { semantic: part }),
    }
    await store.set(asked.key, entry)
    if (part) await tier.learn(asked, entry)
    return entry
  }
  const find = (text: string): Promise<SemanticFound> => tier.find(query(text))
  return {
    tier,
    clock,
    host,
    store,
    query,
    find,
    answer,
    async ask(text, said) {
      const found = await find(text)
      if (found.outcome === 'miss') await answer(text, said)
      return found
    },
    said(found) {
      if (found.outcome === 'miss') return undefined
      const { entry } = found.found
      return entry && openaiChat.answer(entry.answer as never).choices[0]?.text
    },
  }
}

function keyOf(text: string): StoreKey {
  return { scope: 'scope', id: Buffer.from(text).toString('base64url') || '-' }
}
