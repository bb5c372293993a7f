import { onReport } from '@sluice/core'
import { afterEach, expect, it } from 'vitest'
import { monitored, scorerOf, type Monitored } from '../../fixtures/monitored.ts'
import type { DraftCase, FeedbackLabel } from './feedback.ts'
import type { MonitorOptions } from './monitor.ts'

const stops: (() => void)[] = []
afterEach(() => {
  for (const stop of stops.splice(0)) stop()
})

/** A monitor that takes feedback, and the ids of calls, as an application learns them. */
function desk(more: Partial<NonNullable<MonitorOptions['feedback']>> = {}): Monitored & {
  readonly drafts: DraftCase[]
  readonly labels: FeedbackLabel[]
  askForId(content: string): Promise<string>
} {
  const [drafts, labels, ids]: [DraftCase[], FeedbackLabel[], string[]] = [[], [], []]
  const made = monitored({
    scorers: [scorerOf(({ text }) => (text.includes('days') ? 1 : 0))],
    feedback: { onDraft: (draft) => void drafts.push(draft), onLabel: (label) => void labels.push(label), ...more },
  })
  stops.push(onReport(({ id }) => void ids.push(id)))
  made.provider.on(/refund/, 'Thirty days.')
  return {
    ...made,
    drafts,
    labels,
    async askForId(content) {
      await made.ask(content)
      await made.watch.idle()
      return ids.at(-1) as string
    },
  }
}

it('makes a draft of a case of what people did not like, and a label of every score', async () => {
  const { watch, askForId, drafts, labels } = desk()
  const callId = await askForId('How long is a refund?')
  watch.feedback({ callId, rating: 0.2, correction: 'Fourteen days.', by: 'ann' })
  expect(drafts).toEqual([
    {
      id: expect.stringMatching(/^[\da-f]{16}$/),
      status: 'draft',
      input: { model: 'gpt-5-mini', messages: [{ role: 'user', content: 'How long is a refund?' }] },
      expected: 'Fourteen days.',
      output: 'Thirty days.',
      from: { callId, model: 'gpt-5-mini', by: 'ann' },
    },
  ])
  expect(labels).toEqual([{ callId, label: 0.2, scores: { good: 1 } }])
  const other = await askForId('Is a refund in cash?')
  watch.feedback({ callId: other, thumbs: 'up' })
  expect(drafts).toHaveLength(1)
  expect(labels.at(-1)).toEqual({ callId: other, label: 1, scores: { good: 1 } })
})

it('makes one case of one input, and one more when somebody says what is right', async () => {
  const { watch, askForId, drafts, labels } = desk()
  for (let person = 0; person < 3; person += 1)
    watch.feedback({ callId: await askForId('How long is a refund?'), thumbs: 'down' })
  expect(drafts).toHaveLength(1)
  expect(drafts[0]?.expected).toBeUndefined()
  expect(labels).toHaveLength(3)
  for (let person = 0; person < 3; person += 1)
    watch.feedback({ callId: await askForId('How long is a refund?'), correction: `Fourteen days, ${person}.` })
  expect(drafts.map(({ expected }) => expected)).toEqual([undefined, 'Fourteen days, 0.'])
  expect(drafts[1]?.id).toBe(drafts[0]?.id)
  watch.feedback({ callId: await askForId('Another refund?'), thumbs: 'down' })
  expect(drafts).toHaveLength(3)
})

it('keeps no text that has not been redacted', async () => {
  const { watch, askForId, drafts, provider } = desk({ redact: (text) => text.replaceAll(/\d{4,}/g, '<number>') })
  provider.on(/refund/, 'Order 123456 takes thirty days.')
  watch.feedback({ callId: await askForId('My order 123456, a refund?'), thumbs: 'down', correction: 'Not 123456.' })
  expect(JSON.stringify(drafts)).toContain('My order <number>, a refund?')
  expect(JSON.stringify({ ...drafts[0], from: undefined })).not.toContain('123456')
})

it('refuses what it cannot use', async () => {
  const { watch, askForId } = desk({ remember: 2 })
  const callId = await askForId('a refund')
  const code = (of: string): unknown => expect.objectContaining({ code: of })
  expect(() => watch.feedback({ callId })).toThrow(code('eval.empty_feedback'))
  expect(() => watch.feedback({ callId, rating: 5 })).toThrow(code('config.option'))
  expect(() => watch.feedback({ callId: 'nobody', thumbs: 'up' })).toThrow(code('eval.unknown_call'))
  watch.feedback({ callId, thumbs: 'up' })
  await askForId('another refund')
  await askForId('a third refund')
  expect(() => watch.feedback({ callId, thumbs: 'up' })).toThrow('the last 2 are')
  const { watch: without } = monitored({ scorers: [scorerOf(() => 1)] })
  expect(() => without.feedback({ callId, thumbs: 'up' })).toThrow(code('config.option'))
})

it('lets a listener fail without failing who gives feedback', async () => {
  const { watch, askForId } = desk({
    onLabel() {
      throw new Error('mine')
    },
  })
  watch.feedback({ callId: await askForId('a refund'), thumbs: 'up' })
  expect(watch.stats().listenerFailures).toBe(1)
})
