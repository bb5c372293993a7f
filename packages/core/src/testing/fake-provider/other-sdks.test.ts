import { createAnthropic } from '@ai-sdk/anthropic'
import { createOpenAI } from '@ai-sdk/openai'
import { ChatOpenAI } from '@langchain/openai'
import Anthropic0 from 'anthropic-sdk-0'
import { embed, generateText, streamText, tool } from 'ai'
import OpenAI6 from 'openai-6'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { fakeProvider } from './fake-provider.ts'

const prompt = 'Where is my refund?'
const messages = [{ role: 'user' as const, content: prompt }]

describe('other clients', () => {
  it('older openai', async () => {
    const openai = new OpenAI6({ apiKey: 'test', fetch: fakeProvider().fetch })
    const whole = await openai.chat.completions.create({ model: 'gpt-5', messages })
    const folded = await openai.chat.completions.stream({ model: 'gpt-5', messages }).finalChatCompletion()
    expect(folded.choices[0]?.message.content).toBe(whole.choices[0]?.message.content)
    expect((await openai.responses.create({ model: 'gpt-5', input: prompt })).output_text).toContain('refund')
  })

  it('older @anthropic-ai/sdk', async () => {
    const anthropic = new Anthropic0({ apiKey: 'test', fetch: fakeProvider({ apiKey: 'test' }).fetch })
    const params = { model: 'claude-haiku-4-5', max_tokens: 500, messages }
    const whole = await anthropic.messages.create(params)
    expect((await anthropic.messages.stream(params).finalMessage()).content).toEqual(whole.content)
  })

  it.each(['openai.chat', 'openai.responses', 'anthropic'])('the AI SDK: %s', async (kind) => {
    const provider = fakeProvider()
    const options = { apiKey: 'test', fetch: provider.fetch }
    const model =
      kind === 'anthropic'
        ? createAnthropic(options)('claude-haiku-4-5')
        : createOpenAI(options)[kind === 'openai.chat' ? 'chat' : 'responses']('gpt-5')
    const whole = await generateText({ model, prompt })
    expect(whole.text).toContain('refund')
    expect(whole.finishReason).toBe('stop')
    const streamed = streamText({ model, prompt })
    let text = ''
    for await (const part of streamed.textStream) text += part
    expect(text).toBe(whole.text)
    const usage = await streamed.usage
    expect(usage.outputTokens).toBe(whole.usage.outputTokens)
    const lookUp = tool({
      inputSchema: z.object({ id: z.int() }),
      execute: async ({ id }) => `order ${id} is on its way`,
    })
    const called = await generateText({ model, prompt, tools: { lookUp }, toolChoice: 'required' })
    expect(called.toolResults[0]?.output).toMatch(/^order -?\d+ is on its way$/)
    provider.expectSettled()
  })

  it('the AI SDK: embeddings', async () => {
    const provider = fakeProvider()
    const openai = createOpenAI({ apiKey: 'test', fetch: provider.fetch })
    const { embedding } = await embed({ model: openai.embedding('text-embedding-3-small'), value: prompt })
    expect(embedding).toHaveLength(1536)
  })

  it('LangChain', async () => {
    const provider = fakeProvider()
    const model = new ChatOpenAI({ model: 'gpt-5', apiKey: 'test', configuration: { fetch: provider.fetch } })
    const whole = await model.invoke(prompt)
    expect(whole.text).toContain('refund')
    let text = ''
    for await (const chunk of await model.stream(prompt)) text += chunk.text
    expect(text).toBe(whole.text)
    const { usage_metadata } = whole as unknown as { usage_metadata: { output_tokens: number } }
    expect(usage_metadata.output_tokens).toBe(provider.calls[0]?.usage?.outputTokens)
  })
})
