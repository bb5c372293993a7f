import type { CallReport } from '@sluice/core'
import { fakeProvider } from '@sluice/core/testing'
import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { evaluation, type EvaluationInit } from './evaluation.ts'
import { models } from './models.ts'
import { book } from './prices.ts'
import type { CallResult } from './run.ts'
import type { Turn } from './traffic.ts'

const right = (index: number): string => `The limit of plan ${index} is €${index * 10} a day.`
const question = (index: number): string => `What is the limit of plan ${index}?`

/** A run of so many questions, each of a group of its own, and what it answered. */
function runOf(count: number, answerOf: (index: number) => string): EvaluationInit {
  const indexes = Array.from({ length: count }, (_, index) => index)
  const provider = fakeProvider().on(models.strong, ({ lastUserText }) =>
    right(Number(/\d+/.exec(lastUserText)?.[0] ?? -1)),
  )
  const turns = indexes.map((index): Turn => {
    const message = { text: question(index), messages: undefined, group: `g${index}`, session: undefined }
    return { call: index, isStream: false, message: { ...message, turn: 1, isPersonal: false } }
  })
  return {
    results: indexes.map((call): CallResult => ({
      call,
      isStream: false,
      outcome: 'answered',
      answer: answerOf(call),
    })),
    reports: indexes.map(
      (call) =>
        ({
          context: { metadata: { call } },
          timings: { totalMs: 100 + call },
          cost: { nanoUsd: 1_000 },
          model: models.cheap,
          attempts: call === 0 ? [] : [{}],
        }) as unknown as CallReport,
    ),
    traffic: [{ customer: 'c', tenant: 't', turns }],
    openai: new OpenAI({ apiKey: 'none', fetch: provider.fetch }),
    headersOf: () => ({}),
    price: book.price,
    answerKey: new Map(indexes.map((index) => [`g${index}`, right(index)])),
    isColored: false,
  }
}

describe('evaluation', () => {
  it('finds a run that answers as the strong model does no worse, and says what it cost', async () => {
    const text = await evaluation(runOf(40, right))
    expect(text).toMatch(/40 cases {3}against gpt-5-mini alone {3}\$0\.0000\d+, 1 from cache/)
    expect(text).toMatch(/right +1\.000 \[1\.000, 1\.000\] +±0\.0 pts .*not worse \(margin 5\.0\)/)
    expect(text).toMatch(/cost of a request \$0\.0000\d+ → \$0\.00000100 +change −\$/)
    expect(text).toContain('verdict: not-worse')
  })

  it('finds a run that is often wrong to be worse', async () => {
    const text = await evaluation(runOf(40, (index) => (index % 3 === 0 ? 'Have a look at the app.' : right(index))))
    expect(text).toMatch(/right +0\.650 .* −35\.0 pts .*REGRESSED/)
    expect(text).toContain('verdict: REGRESSED')
  })

  it('says nothing of a handful of answers', async () => {
    expect(await evaluation(runOf(9, right))).toBeUndefined()
  })
})
