import { sluice, sluiceErrorOf, withReport } from '@sluice/core'
import { fakeProvider } from '@sluice/core/testing'
import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import type { Detector } from './detector.ts'
import { guards, type GuardsOptions } from './guards.ts'
import { wordDetector } from './testing/tiny-detectors.ts'

const text = 'a fool'
const span = { start: 2, end: 6, rule: 'fool', replacement: '[FOOL]' }
const verdict = { action: 'redact', score: 1, spans: [span], rules: ['fool'], explanation: 'fool' }

const broken: readonly [string, unknown][] = [
  ['nothing', undefined],
  ['a text', text],
  ['an unknown action', { ...verdict, action: 'deny' }],
  ['an action in capitals', { ...verdict, action: 'BLOCK' }],
  ['a score that is no number', { ...verdict, score: Number.NaN }],
  ['a score in percent', { ...verdict, score: 99 }],
  ['no spans', { ...verdict, spans: undefined }],
  ['no rules', { ...verdict, rules: undefined }],
  ['rules that are no texts', { ...verdict, rules: [/fool/] }],
  ['nothing to redact', { ...verdict, spans: [] }],
  ['a span that is none', { ...verdict, spans: [null] }],
  ['a span without a place', { ...verdict, spans: [{ ...span, start: Number.NaN, end: Number.NaN }] }],
  ['a span before the text', { ...verdict, spans: [{ ...span, start: -5 }] }],
  ['a span behind the text', { ...verdict, spans: [{ ...span, end: 9_999 }] }],
  ['a span from its end to its beginning', { ...verdict, spans: [{ ...span, start: 6, end: 2 }] }],
  ['a span without a rule', { ...verdict, spans: [{ ...span, rule: undefined }] }],
  ['no replacement', { ...verdict, spans: [{ ...span, replacement: undefined }] }],
]

function setUp(options: GuardsOptions) {
  const provider = fakeProvider()
  const openai = sluice(new OpenAI({ apiKey: 'test', fetch: provider.fetch }), [guards(options)])
  const ask = () => openai.chat.completions.create({ model: 'm', messages: [{ role: 'user', content: text }] })
  return { provider, openai, ask }
}

describe('what is no verdict is a failure of the detector', () => {
  it.each(broken)('%s', async (_, given) => {
    const detector: Detector = { name: 'broken', check: () => given as never }
    const { ask, provider } = setUp({ input: [detector] })
    const error = sluiceErrorOf(await ask().catch((reason: unknown) => reason))
    expect(error).toMatchObject({ code: 'guard.failed', cause: { code: 'guard.verdict' } })
    expect(`${String(error)} ${String(error?.cause)}`).not.toContain('fool')
    provider.expectCalls(0)

    const open = setUp({ input: [detector, wordDetector('foo')], onError: 'open' })
    const { report } = await withReport(() => open.ask())
    expect(report?.decisions[0]).toMatchObject({ action: 'allow', reason: 'failed', details: { guard: 'broken' } })
    expect(JSON.stringify(open.provider.lastCall?.body)).toContain('a [FOO]')
  })

  it('where it does not tell on a stream how much is open', async () => {
    const { stream: _, ...detector } = wordDetector('foo')
    const { openai, provider } = setUp({
      output: [{ ...detector, stream: { maxMatch: 9, couldGrow: () => Number.NaN } }],
    })
    provider.enqueue({ chunks: ['a fo', 'ol'] })
    const shown: string[] = []
    const read = async (): Promise<void> => {
      const messages = [{ role: 'user' as const, content: 'Hi' }]
      for await (const { choices } of await openai.chat.completions.create({ model: 'm', messages, stream: true }))
        shown.push(choices[0]?.delta.content ?? '')
    }
    await expect(read()).rejects.toMatchObject({ code: 'guard.failed' })
    expect(shown.join('')).toBe('')
  })
})
