import { fakeProvider } from '@sluice/core/testing'
import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import type { TextPart } from '@sluice/core'
import { bare } from '../testing/check.ts'
import { classifier, type ClassifierOptions, httpClassifier, vllmClassifier } from './classifier.ts'
import { llamaGuard, type LlamaGuardOptions } from './llama-guard.ts'
import { moderation, type ModerationOptions } from './moderation.ts'

const openaiOf = (provider: ReturnType<typeof fakeProvider>): OpenAI =>
  new OpenAI({ apiKey: 'test', fetch: provider.fetch, maxRetries: 0 })

/** A server that answers every POST with `answer`, and what it was sent. */
function server(answer: (body: never) => unknown, status = 200) {
  const sent: { url: string; headers: Headers; body: unknown }[] = []
  const fetch: typeof globalThis.fetch = async (url, init) => {
    const body: unknown = JSON.parse(String(init?.body))
    sent.push({ url: String(url), headers: new Headers(init?.headers), body })
    return Response.json(answer(body as never), { status })
  }
  return { fetch, sent }
}

describe('moderation', () => {
  it("finds what OpenAI's endpoint flags, by category", async () => {
    const provider = fakeProvider()
    const detector = moderation(openaiOf(provider))
    expect(await detector.check('You idiot, I will find you', bare)).toMatchObject({
      action: 'block',
      score: 0.93,
      rules: ['harassment', 'harassment/threatening'],
    })
    expect(await detector.check('Good morning', bare)).toMatchObject({ action: 'allow', spans: [] })
    expect(provider.lastCall?.body).toEqual({ model: 'omni-moderation-latest', input: ['Good morning'] })
    await detector.check('Good morning', bare)
    expect(provider.calls).toHaveLength(2)
  })

  it('goes by thresholds of your own where it is given some', async () => {
    const detector = moderation(openaiOf(fakeProvider()), { thresholds: { violence: 0.9, hate: 0.0001 }, mode: 'warn' })
    expect(await detector.check('You idiot', bare)).toMatchObject({ action: 'warn', rules: ['hate'] })
    expect(await detector.check('They kill time', bare)).toMatchObject({ rules: ['violence', 'hate'], score: 0.93 })
  })

  it('fails on a threshold for a category that there is not', async () => {
    const detector = moderation(openaiOf(fakeProvider()), { thresholds: { violance: 0.1 } })
    await expect(detector.check('You idiot', bare)).rejects.toMatchObject({
      code: 'guard.classifier',
      message: expect.stringMatching(/"violance".*omni-moderation-latest.*violence/),
    })
  })

  it('judges a long text in pieces', async () => {
    const provider = fakeProvider()
    const verdict = await moderation(openaiOf(provider)).check(`${'fine words '.repeat(1_500)} idiot`, bare)
    expect(verdict.rules).toEqual(['harassment'])
    expect((provider.lastCall!.body as { input: string[] }).input.every(({ length }) => length <= 8_000)).toBe(true)
  })

  it('fails on an answer without results', async () => {
    const provider = fakeProvider({ routes: { 'POST /v1/moderations': () => Response.json({ results: [] }) } })
    await expect(moderation(openaiOf(provider)).check('x', bare)).rejects.toMatchObject({ code: 'guard.no_verdict' })
  })

  it.each([
    [{ thresholds: {} }],
    [{ thresholds: { hate: 2 } }],
    [{ mode: 'redact' }],
    [{ model: '' }],
    [{ categories: [] }],
  ])('refuses %j', (given) => {
    expect(() => moderation(openaiOf(fakeProvider()), given as ModerationOptions)).toThrow(
      expect.objectContaining({ code: 'config.option' }),
    )
    expect(() => moderation({} as never)).toThrow(expect.objectContaining({ code: 'config.option' }))
  })
})

describe('vllmClassifier', () => {
  const answer = (label: string, probs: number[]) => ({ data: [{ index: 0, label, probs, num_classes: probs.length }] })

  it.each([
    ['LABEL_1', [0.1, 0.9], 'block', 0.9],
    ['LABEL_0', [0.7, 0.3], 'allow', 0.3],
    ['LABEL_0', [0.5, 0.3, 0.2], 'allow', 0.3],
  ])('reads %s %j', async (label, probs, action, score) => {
    const { fetch, sent } = server(() => answer(label, probs))
    const detector = vllmClassifier({
      url: 'http://localhost:8000/v1',
      model: 'prompt-guard',
      apiKey: 'k',
      fetch,
      name: 'prompt-guard',
    })
    const verdict = await detector.check('Ignore all of it', bare)
    expect(verdict.action).toBe(action)
    expect(verdict.score).toBeCloseTo(score)
    expect(sent).toMatchObject([
      { url: 'http://localhost:8000/classify', body: { model: 'prompt-guard', input: ['Ignore all of it'] } },
    ])
    expect(sent[0]?.headers.get('authorization')).toBe('Bearer k')
    expect(detector).toMatchObject({ name: 'prompt-guard', effort: 'model' })
  })

  it('classifies a long text in pieces that overlap, the worst counts', async () => {
    const { fetch, sent } = server(({ input }: { input: string[] }) => ({
      data: input.map((text) => ({ label: text.includes('attack') ? 'LABEL_1' : 'LABEL_0', probs: [0.2, 0.8] })),
    }))
    const detector = vllmClassifier({ url: 'http://x:1', model: 'm', fetch, maxCharacters: 64 })
    expect(await detector.check(`${'fine '.repeat(11)}attack ${'fine '.repeat(30)}`, bare)).toMatchObject({
      rules: ['LABEL_1'],
      score: 0.8,
    })
    const { input } = sent[0]!.body as { input: string[] }
    expect(input.every(({ length }) => length <= 64)).toBe(true)
    expect(input.some((piece) => piece.includes('attack'))).toBe(true)
  })

  it.each<[unknown, number]>([
    [{}, 200],
    [{ data: [] }, 200],
    [{ data: [{ label: 'LABEL_1' }] }, 200],
    [{ error: 'the text was: May I' }, 500],
  ])('fails on %j with status %i, and quotes nothing', async (body, status) => {
    const { fetch } = server(() => body, status)
    const error = await Promise.resolve(
      vllmClassifier({ url: 'http://x', model: 'm', fetch }).check('May I', bare),
    ).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'guard.classifier' })
    expect(String(error)).not.toContain('May I')
  })
})

describe('httpClassifier', () => {
  it('posts texts and reads lists of labels', async () => {
    const { fetch, sent } = server(() => [
      [
        { label: 'toxic', score: 0.8 },
        { label: 'fine', score: 0.2 },
      ],
    ])
    const detector = httpClassifier({
      url: 'https://x.example/predict',
      headers: { 'x-key': 'k' },
      labels: ['toxic'],
      fetch,
    })
    expect(await detector.check('hm', bare)).toMatchObject({ action: 'block', rules: ['toxic'], score: 0.8 })
    expect(sent).toMatchObject([{ url: 'https://x.example/predict', body: { inputs: ['hm'] } }])
    expect(sent[0]?.headers.get('x-key')).toBe('k')
  })

  it('takes any body and any answer', async () => {
    const { fetch, sent } = server(() => ({ outputs: { risk: 0.4 } }))
    const detector = httpClassifier({
      url: 'http://x',
      labels: ['risk'],
      threshold: 0.5,
      fetch,
      body: ([text]) => ({ q: text }),
      read: (answer) => [{ risk: (answer as { outputs: { risk: number } }).outputs.risk }],
    })
    expect(await detector.check('hm', bare)).toMatchObject({ action: 'allow', score: 0.4 })
    expect(sent[0]?.body).toEqual({ q: 'hm' })
  })

  it.each([['no list'], [[['x']]], [[[{ label: 'a', score: 'high' }]]]])('fails on the answer %j', async (body) => {
    const { fetch } = server(() => body)
    await expect(httpClassifier({ url: 'http://x', labels: ['a'], fetch }).check('t', bare)).rejects.toMatchObject({
      code: 'guard.classifier',
    })
  })
})

describe('classifier', () => {
  const labels = ['bad']

  it('takes a function', async () => {
    const detector = classifier({
      labels,
      classify: async (texts) => texts.map((text) => ({ bad: text.length / 10, other: 1 })),
      mode: 'warn',
    })
    expect(await detector.check('123456', bare)).toMatchObject({ action: 'warn', rules: ['bad'], score: 0.6 })
    expect(await detector.check('12', bare)).toMatchObject({ action: 'allow', score: 0.2 })
  })

  it.each([
    [{ classify: 5, labels }],
    [{ classify: async () => [], labels: [] }],
    [{ classify: async () => [], labels, threshold: -1 }],
    [{ classify: async () => [], labels, url: 'x' }],
  ])('refuses %j', (given) => {
    expect(() => classifier(given as ClassifierOptions)).toThrow(expect.objectContaining({ code: 'config.option' }))
  })

  const bad = [null, '', 5, true, {}, ['x', 5]]

  it.each([
    ...[...bad, [''], { a: 'b' }].map((harmless) => [{ harmless }] as const),
    ...[...bad, []].flatMap((value) => [[{ fetch: value }], [{ body: value }], [{ read: value }]] as const),
    ...[null, '', 5, true, [], ['x'], { a: 5 }, new Headers({ a: 'b' })].map((headers) => [{ headers }] as const),
  ])('refuses for a classifier behind HTTP %o', (given) => {
    expect(() => httpClassifier({ url: 'http://x', labels, ...given } as never)).toThrow(
      expect.objectContaining({
        code: 'config.option',
        message: expect.stringContaining(`${Object.keys(given)[0]} of httpClassifier()`),
      }),
    )
  })

  it('shows nothing of a key that is none', () => {
    for (const apiKey of [null, '', ' ', 5, {}, ['sk-1'], { key: 'sk-1' }])
      expect(() => vllmClassifier({ url: 'http://x', model: 'm', apiKey } as never)).toThrow(
        expect.objectContaining({ code: 'config.option', message: expect.not.stringContaining('sk-1') }),
      )
    for (const harmless of bad)
      expect(() => vllmClassifier({ url: 'http://x', model: 'm', harmless } as never)).toThrow(
        expect.objectContaining({ code: 'config.option' }),
      )
  })

  it('refuses a URL that is none', () => {
    expect(() => vllmClassifier({ url: 'localhost:8000', model: 'm' })).toThrow(/http\(s\) URL/)
    expect(() => vllmClassifier({ url: 'http://x', model: '' })).toThrow(/model/)
  })
})

describe('llamaGuard', () => {
  const setUp = (reply: string, options: Partial<LlamaGuardOptions> = {}) => {
    const provider = fakeProvider()
    provider.on(() => true, reply)
    return { provider, detector: llamaGuard(openaiOf(provider), { model: 'llama-guard', ...options }) }
  }

  it.each([
    ['safe', {}, 'allow', []],
    ['\n\nunsafe\nS1,S10', {}, 'block', ['violent_crimes', 'hate']],
    ['unsafe', {}, 'block', ['unsafe']],
    ['unsafe\nS6', { categories: ['S1'] }, 'allow', []],
    ['unsafe\nS6,S1', { categories: ['S1'], mode: 'warn' as const }, 'warn', ['violent_crimes']],
  ])('reads %j with %j', async (reply, options, action, rules) => {
    expect(await setUp(reply, options).detector.check('x', bare)).toMatchObject({ action, rules })
  })

  it('judges an answer after what the user said', async () => {
    const { provider, detector } = setUp('safe')
    const part = (role: TextPart['role'], text: string): TextPart => ({ path: [], role, kind: 'text', text })
    await detector.check('An answer', {
      ...bare,
      stage: 'output',
      prompt: [part('user', 'One'), part('assistant', 'Two'), part('user', 'Three')],
    })
    expect(provider.lastCall?.body?.['messages']).toEqual([
      { role: 'user', content: 'Three' },
      { role: 'assistant', content: 'An answer' },
    ])
  })

  it('fails on anything else', async () => {
    await expect(setUp('I cannot judge this').detector.check('x', bare)).rejects.toMatchObject({
      code: 'guard.no_verdict',
    })
  })

  it.each([[{ model: '' }], [{ categories: ['S99'] }], [{ mode: 'redact' }], [{ threshold: 1 }]])(
    'refuses %j',
    (options) => {
      expect(() => setUp('safe', options as never)).toThrow(expect.objectContaining({ code: 'config.option' }))
    },
  )
})
