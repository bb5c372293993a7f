import { zodOutputFormat } from '@anthropic-ai/sdk/helpers/zod'
import type { JsonObject } from '@sluice/core'
import { anthropicMessages, openaiChat, openaiResponses } from '@sluice/core/apis'
import fc from 'fast-check'
import { zodResponseFormat, zodTextFormat } from 'openai/helpers/zod'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { patterns } from '../patterns/patterns.ts'
import { pii } from '../pii/pii.ts'
import { chatAnswer, messagesAnswer, recorded, responsesAnswer } from '../testing/recorded.ts'

const model = 'gpt-5-mini'
const messages = [{ role: 'user' as const, content: 'q' }]
const Card = z.object({ card: z.union([z.number(), z.string()]), mail: z.string() })
const said = '{"card": 4111111111111111, "mail":"a\\u0064a\\u0040example.com"}'
const message = (text: string): JsonObject => ({
  type: 'message',
  id: 'm',
  role: 'assistant',
  status: 'completed',
  content: [{ type: 'output_text', text, annotations: [], logprobs: [] }],
})

describe('an answer that was asked for as JSON', () => {
  it('is read with its escapes undone, and stays JSON, in every dialect', async () => {
    const { openai, anthropic } = recorded({ output: [pii()] }, (body) => {
      if (body['max_tokens']) return messagesAnswer([{ type: 'text', text: said }])
      return body['messages'] ? chatAnswer({ content: said }) : responsesAnswer([message(said)])
    })
    const chat = await openai.chat.completions.parse({
      model,
      messages,
      response_format: zodResponseFormat(Card, 'card'),
    })
    const response = await openai.responses.parse({ model, input: 'q', text: { format: zodTextFormat(Card, 'card') } })
    const parsed = await anthropic.messages.parse({
      model,
      max_tokens: 9,
      messages,
      output_config: { format: zodOutputFormat(Card) },
    })
    const expected = { card: '[CARD]', mail: '[EMAIL]' }
    expect([chat.choices[0]?.message.parsed, response.output_parsed, parsed.parsed_output]).toEqual([
      expected,
      expected,
      expected,
    ])
  })

  it('has restored values in it as JSON writes them, and is redacted again when it is sent back', async () => {
    const titles = patterns({ patterns: { title: /the "[^"]+" project/ }, maxMatch: 60 })
    const restoring = { ...titles, restore: true }
    const { openai, sent } = recorded({ input: [restoring], output: [restoring] }, (body) => {
      const [placeholder] = JSON.stringify(body).match(/\[TITLE_\w+\]/) ?? []
      return chatAnswer({ content: JSON.stringify({ of: placeholder }) })
    })
    const asked = [{ role: 'user' as const, content: 'It is the "Blue\\Sky" project' }]
    const format = { model, response_format: { type: 'json_object' as const } }
    const { choices } = await openai.chat.completions.create({ ...format, messages: asked })
    const content = choices[0]?.message.content ?? ''
    expect(JSON.parse(content)).toEqual({ of: 'the "Blue\\Sky" project' })
    await openai.chat.completions.create({
      ...format,
      messages: [...asked, { role: 'assistant', content }, ...messages],
    })
    expect(JSON.stringify(sent)).not.toContain('Blue')
    expect(JSON.stringify(sent[1]).match(/\[TITLE_\w+\]/g)).toHaveLength(2)
  })

  it('is text where nobody asked for it', async () => {
    const { openai } = recorded({ output: [pii()] }, () => chatAnswer({ content: '{"card": 4111111111111111}' }))
    const { choices } = await openai.chat.completions.create({ model, messages })
    expect(choices[0]?.message.content).toBe('{"card": [CARD]}')
  })

  it('is shown of a stream as it is shown of the whole, however it is cut', async () => {
    const text = `${said.slice(0, -1)}, "note": "to ada@example.com\\n"}`
    const expected = JSON.stringify({ card: '[CARD]', mail: '[EMAIL]', note: 'to [EMAIL]\n' })
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(fc.integer({ min: 1, max: 9 })), async (cuts) => {
        const cut = (part: string): [string, number][] =>
          Array.from({ length: text.length }, () => [part, cuts.next().value as number])
        const { openai, anthropic } = recorded({ output: [pii()] }, (body) => {
          if (body['max_tokens']) {
            const answer = messagesAnswer([{ type: 'text', text }]) as never
            return anthropicMessages.replay(answer, cut('content.0.text'))
          }
          if (body['messages'])
            return [...openaiChat.replay(chatAnswer({ content: text }) as never, cut('0.content')), '[DONE]']
          return openaiResponses.replay(responsesAnswer([message(text)]) as never, cut('output.0.content.0.text'))
        })
        const format = { type: 'json_object' as const }
        const chat = await openai.chat.completions
          .stream({ model, messages, response_format: format })
          .finalChatCompletion()
        const response = await openai.responses.stream({ model, input: 'q', text: { format } }).finalResponse()
        const output_config = { format: zodOutputFormat(Card) }
        const { content } = await anthropic.messages
          .stream({ model, max_tokens: 9, messages, output_config })
          .finalMessage()
        const shown = [
          chat.choices[0]?.message.content,
          response.output_text,
          content[0]?.type === 'text' && content[0].text,
        ]
        for (const each of shown) expect(JSON.stringify(JSON.parse(String(each)))).toBe(expected)
      }),
      { numRuns: 15 },
    )
  })
})

describe('what is written for a tool that takes plain text', () => {
  const free = '[x] write to bob@example.com {now}'
  const redacted = '[x] write to [EMAIL] {now}'

  it('is no JSON, whatever it begins with', async () => {
    const custom = { type: 'custom_tool_call', id: 'c', call_id: 'c', name: 'note', input: free }
    const code = {
      type: 'code_interpreter_call',
      id: 'i',
      code: `${free} \\u0041`,
      container_id: 'k',
      status: 'completed',
      outputs: [],
    }
    const { openai } = recorded({ output: [pii()] }, (body) => {
      const tool_calls = [{ id: 'c', type: 'custom', custom: { name: 'note', input: free } }]
      if (!body['messages']) return responsesAnswer([custom, code])
      const answer = chatAnswer({ content: null, tool_calls }) as never
      return body['stream']
        ? [
            ...openaiChat.replay(answer, [
              ['0.tool_calls.0', 3],
              ['0.tool_calls.0', 20],
            ]),
            '[DONE]',
          ]
        : answer
    })
    const whole = await openai.chat.completions.create({ model, messages })
    const streamed = await openai.chat.completions.stream({ model, messages }).finalChatCompletion()
    for (const { choices } of [whole, streamed]) {
      const [call] = choices[0]?.message.tool_calls ?? []
      expect((call as { custom?: unknown } | undefined)?.custom).toEqual({ name: 'note', input: redacted })
    }
    const { output } = await openai.responses.create({ model, input: 'q' })
    expect(output).toEqual([
      { ...custom, input: redacted },
      { ...code, code: `${redacted} \\u0041` },
    ])
  })

  it('is none when it is sent back', async () => {
    const { openai, sent } = recorded({ input: [pii()], output: [pii()] }, () => chatAnswer({ content: '' }))
    const tool_calls = [{ id: 'c', type: 'custom' as const, custom: { name: 'note', input: free } }]
    const answer = { role: 'tool' as const, tool_call_id: 'c', content: 'done' }
    await openai.chat.completions.create({ model, messages: [...messages, { role: 'assistant', tool_calls }, answer] })
    expect(JSON.stringify(sent)).toContain(JSON.stringify(redacted))
  })
})
