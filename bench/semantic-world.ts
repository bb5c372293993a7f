import { openaiChat } from '@sluice/core/apis'
import { createCache, type Cache } from '../packages/cache/src/create-cache.ts'
import type { CacheQuery } from '../packages/cache/src/key/query.ts'
import {
  flatIndex,
  semantic,
  type Embedder,
  type Policy,
  type SemanticOptions,
} from '../packages/cache/src/semantic/index.ts'
import type { Question } from './semantic-data.ts'

/** What answers questions by likeness, or does not. */
export interface Answerer {
  /** What is served; `undefined` for a miss. The right answer is for what compares answers in the background. */
  ask(question: Question): Promise<{ readonly said: string; readonly isExact: boolean } | undefined>
  /** Stores an answer. */
  tell(question: Question): Promise<void>
}

/** What came of some questions. Hits of the very same question are not counted among `hits`. */
export interface Served {
  readonly asked: number
  readonly exact: number
  readonly hits: number
  readonly wrong: number
}

/** Asks questions; with `learns` it stores the answers of misses, as a cache does. */
export async function askAll(answerer: Answerer, questions: readonly Question[], learns: boolean): Promise<Served> {
  const served = { asked: questions.length, exact: 0, hits: 0, wrong: 0 }
  for (const question of questions) {
    const found = await answerer.ask(question)
    if (!found) {
      if (learns) await answerer.tell(question)
    } else if (found.isExact) served.exact += 1
    else {
      served.hits += 1
      if (found.said !== question.answer) served.wrong += 1
    }
  }
  return served
}

export function sum(parts: readonly Served[]): Served {
  const total = { asked: 0, exact: 0, hits: 0, wrong: 0 }
  for (const part of parts) for (const name of Object.keys(total) as (keyof Served)[]) total[name] += part[name]
  return total
}

/** This package's cache with a semantic tier. */
export function ours(policy: Policy, options: Omit<SemanticOptions, 'policy'>): Answerer & { readonly cache: Cache } {
  const cache = createCache({
    ttlMs: 3_600_000,
    tenant: 'shared',
    maxBytes: 2 ** 30,
    semantic: semantic({ ...options, policy }),
  })
  return {
    cache,
    async ask({ text, answer, scope }) {
      const found = await cache.lookup(queryOf(text, scope))
      if (found.outcome !== 'hit') return undefined
      if (found.wantsAudit && found.hitId) await cache.audited(found.hitId, answerOf(answer))
      return {
        said: openaiChat.answer(found.entry.answer as ChatAnswer).choices[0]?.text ?? '',
        isExact: found.reason !== 'semantic',
      }
    },
    tell: async ({ text, answer, scope }) =>
      void (await cache.store(queryOf(text, scope), { answer: answerOf(answer) })),
  }
}

/** What caches with a fixed threshold do: the nearest question's answer from a cosine on. */
export function plainThreshold(minSimilarity: number, embedder: Embedder): Answerer {
  const index = flatIndex()
  const answers: string[] = []
  const exact = new Map<string, string>()
  const vectorOf = async (text: string): Promise<Float32Array> => (await embedder.embed([text]))[0] as Float32Array
  return {
    async ask({ text, scope = 'any' }) {
      const known = exact.get(`${scope} ${text}`)
      if (known !== undefined) return { said: known, isExact: true }
      const [nearest] = await index.search(scope, await vectorOf(text), 1)
      const said = nearest && nearest.similarity >= minSimilarity ? answers[Number(nearest.id)] : undefined
      return said === undefined ? undefined : { said, isExact: false }
    },
    async tell({ text, answer, scope = 'any' }) {
      exact.set(`${scope} ${text}`, answer)
      await index.add(scope, String(answers.push(answer) - 1), await vectorOf(text))
    },
  }
}

/** A question to a model; those to two models never share an answer. */
export function queryOf(text: string, model: string = 'any'): CacheQuery<'openai.chat'> {
  return { api: openaiChat, request: { model, messages: [{ role: 'user', content: text }] } }
}

type ChatAnswer = Parameters<typeof openaiChat.answer>[0]

export function answerOf(text: string): ChatAnswer {
  const message = { role: 'assistant', content: text, refusal: null } as const
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1,
    model: 'any',
    choices: [{ index: 0, message, finish_reason: 'stop', logprobs: null }],
    usage: { prompt_tokens: 20, completion_tokens: 10, total_tokens: 30 },
  }
}
