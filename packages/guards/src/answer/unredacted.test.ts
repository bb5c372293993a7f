import { withReport } from '@sluice/core'
import { anthropicMessages } from '@sluice/core/apis'
import { describe, expect, it } from 'vitest'
import { pii } from '../pii/pii.ts'
import { messagesAnswer, recorded } from '../testing/recorded.ts'
import { wordDetector } from '../testing/tiny-detectors.ts'
import type { GuardsOptions } from '../guards.ts'

const request = { model: 'claude-haiku-4-5', max_tokens: 9, messages: [{ role: 'user' as const, content: 'q' }] }
const thought = { type: 'thinking', thinking: 'The user is ada@example.com, a fool', signature: 'EqQB' }
const answer = messagesAnswer([thought, { type: 'text', text: 'Hello ada@example.com', citations: null }])

function asking(options: GuardsOptions) {
  const { anthropic } = recorded(options, (body) =>
    body['stream'] ? anthropicMessages.replay(answer as never) : answer,
  )
  return [() => anthropic.messages.create(request), () => anthropic.messages.stream(request).finalMessage()] as const
}

describe("Anthropic's signed thoughts", () => {
  it('are left as they are and warned of, whole and streamed: they must fit their signature', async () => {
    for (const ask of asking({ output: [pii()] })) {
      const { value, report } = await withReport(ask)
      expect(value.content[0]).toEqual(thought)
      expect(value.content[1]).toMatchObject({ text: 'Hello [EMAIL]' })
      expect(report?.decisions).toMatchObject([
        { action: 'warn', reason: 'pii', details: { rules: { email: 1 } } },
        { action: 'redact', reason: 'pii', details: { rules: { email: 1 } } },
        { action: 'check' },
      ])
    }
  })

  it('are blocked where they have to be', async () => {
    const blocking = { ...wordDetector('foo', 'block'), actions: ['redact', 'block'] as const }
    for (const ask of asking({ output: [blocking] })) await expect(ask()).rejects.toThrow(/foo/)
  })
})
