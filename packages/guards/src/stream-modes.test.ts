import { sluice, sluiceErrorOf, withReport } from '@sluice/core'
import { fakeProvider } from '@sluice/core/testing'
import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { guards, type GuardsOptions } from './guards.ts'
import type { Detector } from './detector.ts'
import { wholeDetector, wordDetector } from './testing/tiny-detectors.ts'

const asked = { model: 'm', messages: [{ role: 'user' as const, content: 'Hi' }] }

function setUp(options: GuardsOptions) {
  const provider = fakeProvider()
  const openai = sluice(new OpenAI({ apiKey: 'test', fetch: provider.fetch }), [guards(options)])
  const whole = async (text: string): Promise<unknown> => {
    provider.enqueue(text)
    return (await openai.chat.completions.create(asked)).choices[0]?.message.content
  }
  const streamed = async (chunks: readonly string[]): Promise<string> => {
    provider.enqueue({ chunks })
    let shown = ''
    for await (const { choices } of await openai.chat.completions.create({ ...asked, stream: true }))
      shown += choices[0]?.delta.content ?? ''
    return shown
  }
  return { whole, streamed }
}

describe('stream modes', () => {
  it('are for streams: a whole answer is redacted whatever the mode', async () => {
    for (const stream of ['buffer', 'sentence', 'after-disclosure'] as const) {
      const { whole } = setUp({ output: [wholeDetector('bar', 'redact'), wordDetector('foo')], stream })
      expect(await whole('A bar of fools. A bar.')).toMatch(/^A \[BAR\] of \[FOO\]\. A (bar|\[BAR\])\.$/)
    }
    const { streamed } = setUp({ output: [wholeDetector('bar', 'redact')], stream: 'after-disclosure' })
    await expect(streamed(['A bar', ' of fools.'])).rejects.toMatchObject({ code: 'guard.blocked' })
  })

  it('do not let one that can only warn end anything when it fails', async () => {
    const broken: Detector = {
      name: 'broken',
      actions: ['warn'],
      check() {
        throw new RangeError('x')
      },
    }
    const { whole, streamed } = setUp({ input: [broken], output: [broken, wordDetector('foo')] })
    const results = [await withReport(() => whole('a fool')), await withReport(() => streamed(['a fo', 'ol']))]
    for (const { value, report } of results) {
      expect(value).toBe('a [FOO]')
      expect(report?.decisions.filter(({ reason }) => reason === 'failed')).toMatchObject([
        { action: 'allow', details: { side: 'input', guard: 'broken' } },
        { action: 'allow', details: { side: 'output', guard: 'broken' } },
      ])
    }
    const strict = setUp({ output: [{ ...broken, onError: 'closed' }] })
    expect(sluiceErrorOf(await strict.whole('x').catch((error: unknown) => error))?.code).toBe('guard.failed')
  })
})
