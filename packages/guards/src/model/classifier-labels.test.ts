import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { bare } from '../testing/check.ts'
import { classifier, httpClassifier, vllmClassifier } from './classifier.ts'

const answering =
  (body: unknown): typeof fetch =>
  async () =>
    Response.json(body)
const failure = (check: unknown): Promise<Error> =>
  Promise.resolve(check).then(
    () => expect.fail('It did not fail'),
    (reason: unknown) => reason as Error,
  )

describe('the labels of vllmClassifier', () => {
  const asked = (label: string, probs: readonly number[], more: object = {}) =>
    vllmClassifier({ url: 'http://x', model: 'm', fetch: answering({ data: [{ label, probs }] }), ...more }).check(
      't',
      bare,
    )

  it.each([
    // Prompt Guard 1
    ['BENIGN', [0.9, 0.06, 0.04], 'allow', 0.06],
    ['INJECTION', [0.1, 0.6, 0.3], 'block', 0.6],
    ['JAILBREAK', [0.1, 0.1, 0.8], 'block', 0.8],
    // Prompt Guard 2, with names and without
    ['BENIGN', [0.98, 0.02], 'allow', 0.02],
    ['MALICIOUS', [0.02, 0.98], 'block', 0.98],
    ['LABEL_0', [0.7, 0.3], 'allow', 0.3],
    ['LABEL_1', [0.02, 0.98], 'block', 0.98],
    // Others of its kind
    ['Injection', [0.02, 0.98], 'block', 0.98],
    ['injection', [0.02, 0.98], 'block', 0.98],
    ['unsafe', [0.3, 0.7], 'block', 0.7],
    ['legit', [0.7, 0.3], 'allow', 0.3],
  ])('reads %s %j', async (label, probs, action, score) => {
    const verdict = await asked(label, probs)
    expect(verdict.action).toBe(action)
    expect(verdict.score).toBeCloseTo(score)
  })

  it('names the rule as the options do', async () => {
    expect(await asked('malicious', [0.1, 0.9])).toMatchObject({ rules: ['MALICIOUS'] })
    expect(await asked('Phish', [0.1, 0.9], { labels: ['phish'] })).toMatchObject({ rules: ['phish'] })
  })

  it.each([
    ['SPAM', {}],
    ['BENIGN', { harmless: ['ok'] }],
    ['LABEL_2', {}],
  ])('fails on %s with %j, which is neither bad nor harmless, and names it', async (label, more) => {
    const error = await failure(asked(label, [0.02, 0.98], more))
    expect(error).toMatchObject({ code: 'guard.classifier' })
    expect(error.message).toContain(`"${label}"`)
    expect(error.message).toContain('labels (MALICIOUS, INJECTION, JAILBREAK, UNSAFE, LABEL_1)')
  })

  it('shows nothing as a label that could be a text', async () => {
    const { message } = await failure(asked('you wrote: my secret is lovelace, and more of it', [0.02, 0.98]))
    expect(message).toContain('the label of 48 characters')
    expect(message).not.toContain('lovelace')
  })

  it('takes a label for bad that is harmless by default, where it is told to', async () => {
    expect(await asked('LABEL_0', [0.9, 0.1], { labels: ['LABEL_0'] })).toMatchObject({
      action: 'block',
      rules: ['LABEL_0'],
    })
    expect(() => asked('x', [], { labels: ['a'], harmless: ['A'] })).toThrow(/"A" is in labels and in harmless/)
  })
})

describe('the labels of other classifiers', () => {
  const asked = (list: readonly object[], more: object = {}) =>
    httpClassifier({ url: 'http://x', labels: ['toxicity'], fetch: answering([list]), ...more }).check('t', bare)

  it('compares without case', async () => {
    expect(await asked([{ label: 'Toxicity', score: 0.9 }])).toMatchObject({ action: 'block', rules: ['toxicity'] })
  })

  it('fails where the answer knows none of the labels', async () => {
    const error = await failure(asked([{ label: 'toxic', score: 0.99 }]))
    expect(error).toMatchObject({ code: 'guard.classifier' })
    expect(error.message).toContain('"toxic", which is neither in labels (toxicity) nor in harmless (none)')
  })

  it('takes an answer of harmless labels only for one, where they are named', async () => {
    expect(await asked([{ label: 'Neutral', score: 0.99 }], { harmless: ['neutral'] })).toMatchObject({
      action: 'allow',
      score: 0,
    })
    await expect(
      asked([
        { label: 'toxicity', score: 0.1 },
        { label: 'insult', score: 0.9 },
      ]),
    ).resolves.toMatchObject({
      action: 'allow',
      score: 0.1,
    })
  })

  it('lets a function of yours name nothing, but nothing unknown', async () => {
    const of = (scores: object) =>
      classifier({ labels: ['bad'], classify: async (texts) => texts.map(() => scores as never) }).check('t', bare)
    expect(await of({})).toMatchObject({ action: 'allow' })
    expect(await of({ BAD: 0.7 })).toMatchObject({ action: 'block', rules: ['bad'] })
    expect(await failure(of({ evil: 0.7 }))).toMatchObject({ code: 'guard.classifier' })
  })

  it.each<[string, typeof fetch]>([
    ['HTML', async () => new Response('<html>lovelace</html>')],
    [
      'no connection',
      async () => {
        throw new TypeError('fetch failed: lovelace', {
          cause: Object.assign(new Error('lovelace'), { code: 'ECONNREFUSED' }),
        })
      },
    ],
    ['an error', async () => new Response('lovelace', { status: 500 })],
  ])('fails on %s, and quotes nothing of it', async (what, fetch) => {
    const error = await failure(httpClassifier({ url: 'http://x', labels: ['a'], fetch }).check('lovelace', bare))
    expect(error).toMatchObject({ code: 'guard.classifier' })
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('lovelace')
    if (what === 'no connection') expect(error.message).toContain('ECONNREFUSED')
  })
})
