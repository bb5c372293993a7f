import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lexicalEmbedder } from '../embed/lexical-embedder.ts'
import { normalised, spelled } from './normalised.ts'
import { consensus } from './policies/consensus.ts'
import { threshold } from './policies/threshold.ts'
import { isRespelled } from './spellings.ts'
import { tierWorld } from './tier-world.ts'
import { compareReadings, readText } from './veto/index.ts'

const embedder = lexicalEmbedder()
const words =
  'card app PIN refund fee limit branch account letter form 5 7 not before after Berlin Munich open close'.split(' ')
const question = fc
  .array(fc.constantFrom(...words), { minLength: 2, maxLength: 7 })
  .map((list) => `How does one ${list.join(' ')}?`)
const told = fc.record({ text: question, answer: fc.constantFrom('one', 'two', 'three') })

describe('laws of the tier', () => {
  it('serves only an answer that was stored, over no veto, and not once it was rejected', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(told, { minLength: 1, maxLength: 12 }), question, async (stored, asked) => {
        const world = tierWorld({ embedder, policy: threshold(0.1), auditShare: 0 })
        for (const { text, answer } of stored) await world.answer(text, answer)
        const rejected = new Set<string>()
        for (;;) {
          const found = await world.find(asked)
          if (found.outcome === 'miss') break
          const { entry } = found.found
          const text = entry?.semantic?.text ?? ''
          expect(stored.some((one) => one.text === text)).toBe(true)
          expect(compareReadings(readText(asked), readText(text)).vetoes).toEqual([])
          expect(rejected.has(found.hitId)).toBe(false)
          rejected.add(found.hitId)
          expect(await world.tier.reject(found.hitId)).toBe(true)
        }
      }),
      { numRuns: 60 },
    )
  })

  it('never finds what belongs to another partition or another scope', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(told, { minLength: 1, maxLength: 6 }), fc.boolean(), async (stored, isScope) => {
        const world = tierWorld({ embedder, policy: threshold(-1), auditShare: 0 })
        for (const { text, answer } of stored) await world.answer(text, answer)
        for (const { text } of stored) {
          const other = world.query(
            `${text} `,
            isScope ? { key: { scope: 'other', id: 'x' }, partition: 'p of other' } : { partition: 'q' },
          )
          expect((await world.tier.find(other)).outcome).toBe('miss')
        }
      }),
      { numRuns: 40 },
    )
  })

  it('explains what it does', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(told, { minLength: 1, maxLength: 8 }), question, async (stored, asked) => {
        const world = tierWorld({ embedder, policy: consensus({ k: 1, minShare: 0.3 }), auditShare: 0 })
        for (const { text, answer } of stored) await world.answer(text, answer)
        const explained = await world.tier.explain(world.query(asked))
        const found = await world.find(asked)
        expect(explained.outcome).toBe(found.outcome)
        const { vetoDetails: _, ...trace } = explained.trace
        expect(trace).toEqual(found.trace)
        if (found.outcome === 'miss' && explained.outcome === 'miss') expect(explained.reason).toBe(found.reason)
      }),
      { numRuns: 60 },
    )
  })
})

describe('the normal form of a text', () => {
  it('is its own normal form, and does not depend on white space, case or final punctuation', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.constantFrom('', ' ', '\n', '?', ' !'), (text, end) => {
        const form = normalised(text)
        expect(normalised(form)).toBe(form)
        if (/[\p{L}\p{N}]$/u.test(text)) expect(normalised(`  ${text}${end}`)).toBe(form)
        expect(spelled(spelled(text))).toBe(spelled(text))
      }),
    )
  })

  it('keeps what can change a question', () => {
    expect(normalised('Is it 5.0?')).not.toBe(normalised('Is it 50?'))
    expect(normalised('Is it on')).not.toBe(normalised('Is it not on'))
    expect(normalised('?!')).toBe('?!')
    expect([isRespelled('getUser()', 'getuser()', true), isRespelled('getUser()', 'getuser()', false)]).toEqual([
      false,
      true,
    ])
    expect(isRespelled(' getUser() ', 'getUser()', true)).toBe(true)
  })
})
