import { fakeProvider } from '@sluice/core/testing'
import type { TextPart } from '@sluice/core'
import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { bare, foundIn, judged, verdictOf } from '../testing/check.ts'
import { growth } from '../testing/growth.ts'
import { namePattern } from './claims.ts'
import { datePatterns } from './dates.ts'
import { grounded, type GroundedOptions } from './grounded.ts'
import { numberPattern } from './numbers.ts'
import { patternStatus } from '../testing/pattern-status.ts'

const source = [
  'Acme Corp was founded on 5 March 1998 in Rotterdam by Ada van Dyke. Revenue in 2025 was $1,234,567 and it employs',
  'twelve people; 37.5 % of them work from home. "We never meant to grow this fast," she said. Its rival Globex has 4.2',
  'million users. Costs were 0.154 of revenue.',
].join(' ')
const detector = grounded({ sources: [source] })

describe('grounded', () => {
  it.each([
    'Acme was founded in March 1998, on 1998-03-05 (05/03/1998 or March 5th, 1998).',
    'Revenue was about $1.2 million, or 1\u00a0234\u00a0567 exactly (1.234.567 elsewhere).',
    'It has 12 people, of whom 38% work from home, and costs of 15.4%.',
    'Globex has 4,200,000 users. Ada van Dyke said: “We never meant to grow this fast.”',
    'The company is small. However, Rotterdam is not. There are 3 reasons.',
    'In "plain words": no claim here.',
  ])('supports %j', (answer) => {
    expect(foundIn(detector, answer)).toEqual([])
  })

  it.each([
    ['It was founded on 6 March 1998.', ['date: 6 March 1998']],
    ['It was founded in May 1998, or 2025-03-05.', ['date: May 1998', 'date: 2025-03-05']],
    ['Revenue was $1,334,567, or 1.3 million.', ['number: 1,334,567', 'number: 1.3 million']],
    ['It employs 13 people, 45 % remote.', ['number: 13', 'number: 45']],
    ['Its founder John Smith moved to Berlin.', ['name: John Smith', 'name: Berlin']],
    ['She said "we always wanted to grow this fast" then.', ['quote: "we always wanted to grow this fast"']],
  ])('doubts %j', (answer, expected) => {
    expect(foundIn(detector, answer)).toEqual(expected)
  })

  it('warns, blocks or redacts, and looks up what it is told to', () => {
    const wrong = 'It has 99 people, said Bob.'
    expect(verdictOf(detector, wrong)).toMatchObject({ action: 'warn', rules: ['name', 'number'] })
    expect(judged(grounded({ sources: [source], mode: 'block', claims: ['number'] }), wrong)).toBe('block number')
    expect(grounded({ sources: [source], mode: 'redact' }).actions).toEqual(['redact'])
  })

  it('takes the request for its sources, but not what an assistant said', () => {
    const part = (role: TextPart['role'], text: string, kind: TextPart['kind'] = 'text'): TextPart => ({
      path: [],
      role,
      kind,
      text,
    })
    const prompt = [
      part('user', 'Look at 4711'),
      part('assistant', 'I saw 4712'),
      part('tool', 'It is 4713', 'tool_result'),
    ]
    expect(foundIn(grounded(), '4711, 4712, 4713', { prompt })).toEqual(['number: 4712'])
    expect(judged(grounded(), '4711')).toBe('allow')
    expect(
      foundIn(grounded({ sources: ({ stage }) => [stage === 'output' ? '55' : '66'] }), '55', { stage: 'output' }),
    ).toEqual([])
  })

  describe('with a judge', () => {
    const setUp = (unsupported: (mark: string) => unknown) => {
      const provider = fakeProvider()
      provider.on(
        () => true,
        ({ messages }) => {
          const all = messages.map(({ text }) => text).join('\n')
          return JSON.stringify(unsupported(/Repeat the mark ([\w-]{36})/.exec(all)?.[1] ?? ''))
        },
      )
      const client = new OpenAI({ apiKey: 'test', fetch: provider.fetch, maxRetries: 0 })
      return {
        provider,
        judgeOptions: { client, model: 'gpt-5-nano', price: { inputUsdPerMillion: 1, outputUsdPerMillion: 1 } },
      }
    }
    const answer = 'Acme is small. It has 99 people. It is Bob who runs it. Globex has 4.2 million users.'

    it('asks about the sentences in doubt only, and drops what it supports', async () => {
      const { provider, judgeOptions } = setUp((mark) => ({ mark, unsupported: [2] }))
      const judging = grounded({ sources: [source], judge: judgeOptions })
      const verdict = await judging.check(answer, bare)
      expect(verdict.spans.map(({ start, end }) => answer.slice(start, end))).toEqual(['Bob'])
      expect(verdict.costNanoUsd).toBeGreaterThan(0)
      const body = JSON.stringify(provider.lastCall?.body)
      expect(body).toContain('1. It has 99 people.')
      expect(body).not.toContain('. Acme is small.')
      expect(judging.effort).toBe('model')
    })

    it('does not ask where nothing is in doubt, and fails where there is no verdict', async () => {
      const { provider, judgeOptions } = setUp(() => ({ mark: 'x', unsupported: [] }))
      const judging = grounded({ sources: [source], judge: judgeOptions })
      expect(judged(judging, 'Acme is small.')).toBe('allow')
      provider.expectCalls(0)
      await expect(judging.check(answer, bare)).rejects.toMatchObject({ code: 'guard.no_verdict' })
    })
  })

  it('has patterns that are proven safe', () => {
    for (const pattern of [numberPattern, namePattern, ...datePatterns])
      expect(patternStatus(pattern.source, pattern.flags), pattern.source).toBe('safe')
  })

  it.each(['12 ', '1,', '1', 'A', 'Aa ', 'Aa of ', '"a', '“', '5 March ', '2025-01-', '1/', 'a. '])(
    'takes twice as long for twice as much %j',
    (seed) => {
      expect(growth((text) => detector.check(text, bare), seed, 50_000)).toBeLessThan(3)
    },
  )

  it.each<[unknown]>([
    [{ sources: 'text' }],
    [{ sources: [5] }],
    [{ sources: [] }],
    [{ sources: null }],
    [[]],
    [{ claims: [] }],
    [{ claims: ['opinion'] }],
    [{ mode: 'x' }],
    [{ judge: { model: 'm' } }],
    [{ judge: { client: new OpenAI({ apiKey: 'x' }), model: '' } }],
    [{ source: [] }],
  ])('refuses %j', (options) => {
    expect(() => grounded(options as GroundedOptions)).toThrow(expect.objectContaining({ code: 'config.option' }))
  })
})
