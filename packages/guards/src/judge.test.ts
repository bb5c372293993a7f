import { sluice, sluiceErrorOf, withReport } from '@sluice/core'
import { fakeClock, fakeProvider } from '@sluice/core/testing'
import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { checkText } from './check-text.ts'
import type { Detector, GuardAction } from './detector.ts'
import { guards, type GuardsOptions } from './guards.ts'
import { judge } from './judge.ts'
import { wordDetector } from './testing/tiny-detectors.ts'

const detector = (name: string, action: GuardAction, more: Partial<Detector> & { score?: number } = {}): Detector => {
  const { score = action === 'allow' ? 0 : 1, ...rest } = more
  return {
    name,
    check: () => ({ action, score, spans: [], rules: [name], explanation: name, costNanoUsd: 7 }),
    ...rest,
  }
}
const asked = async (...detectors: Detector[]): Promise<string[]> =>
  (await checkText('x', detectors)).timings.map(({ guard }) => guard)

describe('detectors that ask a model', () => {
  const model = detector('model', 'allow', { effort: 'model' })

  it('come after the local ones', async () => {
    expect(await asked(model, detector('local', 'warn'))).toEqual(['local', 'model'])
  })

  it('are not asked where a local one has blocked', async () => {
    expect(await asked(model, detector('local', 'block'))).toEqual(['local'])
  })

  it.each([
    [0.1, ['local']],
    [0.3, ['local', 'model']],
    [0.8, ['local', 'model']],
    [0.9, ['local']],
  ])('are asked only in doubt: at a score of %d %j are', async (score, expected) => {
    const doubting = { ...model, doubt: { guard: 'local', from: 0.3, to: 0.8 } }
    expect(await asked(detector('local', 'allow', { score }), doubting)).toEqual(expected)
  })

  it('are asked where the guard that they look after is not there', async () => {
    expect(await asked({ ...model, doubt: { guard: 'other', from: 0.3, to: 0.8 } })).toEqual(['model'])
  })
})

it('answers at once where no detector has to wait', () => {
  const runs = judge('x', [detector('local', 'warn')], { stage: 'input', signal: undefined }, { onError: 'closed' })
  expect(runs).toMatchObject([{ verdict: { action: 'warn' } }])
})

function setUp(options: GuardsOptions) {
  const provider = fakeProvider()
  const openai = sluice(new OpenAI({ apiKey: 'test', fetch: provider.fetch }), [guards(options)])
  const ask = (content = 'a fool') =>
    openai.chat.completions.create({ model: 'gpt-5-mini', messages: [{ role: 'user', content }] })
  return { provider, openai, ask }
}

describe('failures', () => {
  const failing = (more: Partial<Detector> = {}): Detector => ({
    name: 'failing',
    check: () => Promise.reject(new RangeError('a fool')),
    ...more,
  })

  it.each<[string, GuardsOptions, 'closed' | 'open']>([
    ['closed by default', { input: [failing()] }, 'closed'],
    ['as the guard is told', { input: [failing()], onError: 'open' }, 'open'],
    ['as the detector says', { input: [failing({ onError: 'open' })] }, 'open'],
    ['as the detector says, and not the guard', { input: [failing({ onError: 'closed' })], onError: 'open' }, 'closed'],
    ['closed where it redacts', { input: [failing({ actions: ['redact'] })], onError: 'open' }, 'closed'],
    ['open where it redacts and says so', { input: [failing({ actions: ['redact'], onError: 'open' })] }, 'open'],
    ['closed with a verdict that is none', { input: [{ name: 'failing', check: () => undefined as never }] }, 'closed'],
    ['closed in the output', { output: [failing({ stream: wordDetector('x').stream as never })] }, 'closed'],
  ])('are taken %s', async (_, options, expected) => {
    const { ask } = setUp(options)
    const { value, report } = await withReport(() => ask().catch((error: unknown) => sluiceErrorOf(error)))
    if (expected === 'open')
      expect(report?.decisions[0]).toMatchObject({ action: 'allow', reason: 'failed', details: { guard: 'failing' } })
    else {
      expect(value).toMatchObject({ code: 'guard.failed', details: { guard: 'failing' } })
      expect(`${String(value)}`).not.toContain('fool')
    }
  })

  it('of several detectors are one failure, and none goes unheard', async () => {
    const unheard: unknown[] = []
    const hear = (reason: unknown): void => void unheard.push(reason)
    process.on('unhandledRejection', hear)
    const { promise: slow, reject } = Promise.withResolvers<never>()
    const throwing = failing({
      name: 'throwing',
      check() {
        throw new RangeError('x')
      },
    })
    const { ask } = setUp({ input: [failing({ check: () => slow }), throwing] })
    expect(sluiceErrorOf(await ask().catch((reason: unknown) => reason))).toMatchObject({
      code: 'guard.failed',
      details: { guard: 'throwing' },
    })
    reject(new RangeError('too late'))
    // The process tells of what nobody has heard once a turn is over.
    await new Promise((resolve) => setImmediate(resolve))
    process.off('unhandledRejection', hear)
    expect(unheard).toEqual([])
  })

  it('of time: a detector that does not answer within the budget has failed, and is told so', async () => {
    const clock = fakeClock()
    let reason: unknown
    const slow: Detector = {
      name: 'slow',
      effort: 'model',
      check: (_, { signal }) =>
        new Promise(() => signal?.addEventListener('abort', () => void (reason = signal.reason))),
    }
    const { ask, provider } = setUp({ input: [slow], budgetMs: 200, clock })
    const answer = ask().catch((error: unknown) => sluiceErrorOf(error))
    await clock.advance(199)
    provider.expectCalls(0)
    expect(reason).toBeUndefined()
    await clock.advance(1)
    expect(await answer).toMatchObject({ code: 'guard.failed', message: expect.stringContaining('guard.timeout') })
    expect(reason).toMatchObject({ code: 'guard.timeout', details: { budgetMs: 200 } })

    const open = setUp({ input: [slow, wordDetector('foo')], budgetMs: 200, clock, onError: 'open' })
    const passed = open.ask()
    await clock.advance(200)
    await passed
    expect(JSON.stringify(open.provider.lastCall?.body)).toContain('[FOO]')
  })

  it("of time: what a stream takes to come is not the detectors'", async () => {
    const clock = fakeClock()
    const judge: Detector = {
      name: 'judge',
      check: async () => ({ action: 'allow', score: 0, spans: [], rules: [], explanation: '' }),
    }
    const { openai, provider } = setUp({ output: [judge], stream: 'sentence', budgetMs: 100, clock })
    provider.enqueue({ chunks: ['One. ', 'Two. ', 'Three.'] })
    let shown = ''
    for await (const { choices } of await openai.chat.completions.create({
      model: 'm',
      messages: [{ role: 'user', content: 'x' }],
      stream: true,
    })) {
      shown += choices[0]?.delta.content ?? ''
      await clock.advance(90)
    }
    expect(shown).toBe('One. Two. Three.')
  })
})

describe('shadows', () => {
  it('report what all guards would do, and do nothing', async () => {
    const { ask, provider } = setUp({
      input: [wordDetector('foo'), wordDetector('fool', 'block')],
      output: [wordDetector('bar', 'block')],
      shadow: true,
    })
    provider.enqueue('a bar')
    const { value, report } = await withReport(() => ask())
    expect(value.choices[0]?.message.content).toBe('a bar')
    expect(JSON.stringify(provider.lastCall?.body)).toContain('a fool')
    expect(report?.decisions.filter(({ action }) => action === 'shadow')).toMatchObject([
      { reason: 'foo', details: { stage: 'input', would: 'redact', did: 'allow' } },
      { reason: 'fool', details: { stage: 'input', would: 'block', did: 'allow' } },
      { reason: 'bar', details: { stage: 'output', would: 'block', did: 'allow' } },
    ])
  })

  it('run beside the others, and tell where they differ', async () => {
    const throwing: Detector = {
      name: 'throwing',
      check() {
        throw new Error('x')
      },
    }
    const { ask, provider, openai } = setUp({
      input: [wordDetector('foo', 'warn')],
      output: [],
      shadow: { input: [wordDetector('fool', 'block'), throwing], output: [wordDetector('bar')] },
    })
    provider.enqueue('a bar', { chunks: ['a b', 'ar'] })
    const first = await withReport(() => ask())
    expect(first.value.choices[0]?.message.content).toBe('a bar')
    const shadows = first.report?.decisions.filter(({ action }) => action === 'shadow')
    expect(shadows).toMatchObject([
      { reason: 'fool', details: { would: 'block', did: 'warn' } },
      { reason: 'bar', details: { stage: 'output', would: 'redact', did: 'allow' } },
    ])
    const shown: string[] = []
    const second = await withReport(async () => {
      const stream = await openai.chat.completions.create({
        model: 'm',
        messages: [{ role: 'user', content: 'x' }],
        stream: true,
      })
      for await (const { choices } of stream) shown.push(choices[0]?.delta.content ?? '')
    })
    expect(shown.filter(Boolean)).toEqual(['a b', 'ar'])
    expect(second.report?.decisions.some(({ action, reason }) => action === 'shadow' && reason === 'bar')).toBe(true)
  })
})

it('reports what each guard took, and what it paid', async () => {
  const { ask } = setUp({ input: [detector('cheap', 'allow'), detector('dear', 'allow', { effort: 'model' })] })
  const { report } = await withReport(() => ask())
  expect(report?.decisions.at(-1)).toMatchObject({
    action: 'check',
    details: {
      guards: { cheap: { checks: 1, ms: expect.any(Number), costNanoUsd: 7 }, dear: { checks: 1, costNanoUsd: 7 } },
    },
  })
})
