import { describe, expect, it } from 'vitest'
import { pii } from './pii/pii.ts'
import { recorded } from './testing/recorded.ts'

const model = 'm'
const text = 'I am ada@example.com'
const messages = [{ role: 'user' as const, content: text }]

describe('counts of tokens and compactions', () => {
  const asking = (options: Parameters<typeof recorded>[0]) => {
    const { openai, anthropic, sent } = recorded(options, () => ({ input_tokens: 7, title: 'to bob@example.com' }))
    const ask = [
      () => openai.responses.inputTokens.count({ model, input: text }),
      () => openai.responses.compact({ model, input: text }),
      () => anthropic.messages.countTokens({ model, messages }),
      () => anthropic.beta.messages.countTokens({ model, messages }),
    ]
    return { ask, sent }
  }

  it('are redacted as the calls are that they are about, and their answers are left alone', async () => {
    const { ask, sent } = asking({ input: [pii()], output: [pii()] })
    for (const each of ask) expect(await each()).toMatchObject({ input_tokens: 7, title: 'to bob@example.com' })
    expect(sent).toHaveLength(4)
    expect(JSON.stringify(sent).match(/I am \[EMAIL\]/g)).toHaveLength(4)
  })

  it('are blocked before anything is sent', async () => {
    const { ask, sent } = asking({ input: [pii({ mode: 'block' })] })
    for (const each of ask) await expect(each()).rejects.toThrow(/guard|blocked/i)
    expect(sent).toEqual([])
  })
})
