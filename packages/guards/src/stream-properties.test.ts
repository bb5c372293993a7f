import Anthropic from '@anthropic-ai/sdk'
import { sluice, type Middleware } from '@sluice/core'
import fc from 'fast-check'
import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { guards } from './guards.ts'
import { pii } from './pii/pii.ts'
import { answering, chat, messages, responses, streamOf, type Dialect, type Said } from './testing/answers.ts'
import { wordDetector } from './testing/tiny-detectors.ts'

const model = 'gpt-5-mini'
const asked = [{ role: 'user' as const, content: 'Hello' }]

const clients = (fetch: typeof globalThis.fetch, middleware: Middleware) => ({
  openai: sluice(new OpenAI({ apiKey: 'test', fetch }), [middleware]),
  anthropic: sluice(new Anthropic({ apiKey: 'test', fetch }), [middleware]),
})
type Clients = ReturnType<typeof clients>

/** The same three texts, however they were asked for. */
interface Heard {
  readonly text: string
  /** `undefined` where the SDK's helper does not gather it. */
  readonly reasoning: string | undefined
  readonly tool: string
}

const heard = (text: unknown, reasoning: unknown, tool: unknown): Heard => ({
  text: String(text ?? ''),
  reasoning: String(reasoning ?? ''),
  tool: tool === undefined || tool === '' ? '' : JSON.stringify(typeof tool === 'string' ? JSON.parse(tool) : tool),
})

/** Every way to hear a stream of a dialect out, and the way to hear it whole. */
const ways: {
  dialect: Dialect
  whole: (c: Clients) => Promise<Heard>
  streams: Record<string, (c: Clients) => Promise<Heard>>
}[] = [
  {
    dialect: chat as unknown as Dialect,
    whole: async ({ openai }) =>
      ofMessage((await openai.chat.completions.create({ model, messages: asked })).choices[0]?.message),
    streams: {
      async create({ openai }) {
        const sum = { text: '', reasoning: '', tool: '' }
        for await (const { choices } of await openai.chat.completions.create({
          model,
          messages: asked,
          stream: true,
        })) {
          const delta = choices[0]?.delta as {
            content?: string
            reasoning_content?: string
          } & OpenAI.ChatCompletionChunk.Choice.Delta
          sum.text += delta?.content ?? ''
          sum.reasoning += delta?.reasoning_content ?? ''
          sum.tool += delta?.tool_calls?.[0]?.function?.arguments ?? ''
        }
        return heard(sum.text, sum.reasoning, sum.tool)
      },
      async stream({ openai }) {
        const stream = openai.chat.completions.stream({ model, messages: asked })
        return { ...ofMessage((await stream.finalChatCompletion()).choices[0]?.message), reasoning: undefined }
      },
    },
  },
  {
    dialect: responses as unknown as Dialect,
    whole: async ({ openai }) => ofOutput((await openai.responses.create({ model, input: 'Hello' })).output),
    streams: {
      async create({ openai }) {
        const sum = { text: '', reasoning: '', tool: '' }
        let last: OpenAI.Responses.Response | undefined
        let number = -1
        for await (const event of await openai.responses.create({ model, input: 'Hello', stream: true })) {
          expect(event.sequence_number).toBe(++number)
          if (event.type === 'response.output_text.delta') sum.text += event.delta
          if (event.type === 'response.reasoning_summary_text.delta') sum.reasoning += event.delta
          if (event.type === 'response.function_call_arguments.delta') sum.tool += event.delta
          if (event.type === 'response.completed') last = event.response
        }
        const told = heard(sum.text, sum.reasoning, sum.tool)
        expect(ofOutput(last?.output ?? [])).toEqual(told)
        return told
      },
      async stream({ openai }) {
        return ofOutput((await openai.responses.stream({ model, input: 'Hello' }).finalResponse()).output)
      },
    },
  },
  {
    dialect: messages as unknown as Dialect,
    whole: async ({ anthropic }) =>
      ofContent((await anthropic.messages.create({ model, max_tokens: 9, messages: asked })).content),
    streams: {
      async create({ anthropic }) {
        const sum = { text: '', reasoning: '', tool: '' }
        for await (const event of await anthropic.messages.create({
          model,
          max_tokens: 9,
          messages: asked,
          stream: true,
        })) {
          if (event.type !== 'content_block_delta') continue
          const { delta } = event
          if (delta.type === 'text_delta') sum.text += delta.text
          if (delta.type === 'thinking_delta') sum.reasoning += delta.thinking
          if (delta.type === 'input_json_delta') sum.tool += delta.partial_json
        }
        return heard(sum.text, sum.reasoning, sum.tool)
      },
      async stream({ anthropic }) {
        return ofContent(
          (await anthropic.messages.stream({ model, max_tokens: 9, messages: asked }).finalMessage()).content,
        )
      },
    },
  },
]

function ofMessage(message: OpenAI.ChatCompletionMessage | undefined): Heard {
  const call = message?.tool_calls?.[0]
  return heard(
    message?.content,
    (message as { reasoning_content?: string } | undefined)?.reasoning_content,
    call?.type === 'function' ? call.function.arguments : undefined,
  )
}

function ofOutput(output: readonly OpenAI.Responses.ResponseOutputItem[]): Heard {
  const of = <T extends string>(type: T) => output.find((item) => item.type === type) as never
  const message = of('message') as OpenAI.Responses.ResponseOutputMessage
  const reasoning = of('reasoning') as OpenAI.Responses.ResponseReasoningItem | undefined
  const call = of('function_call') as OpenAI.Responses.ResponseFunctionToolCall | undefined
  const [part] = message.content
  return heard(part?.type === 'output_text' ? part.text : '', reasoning?.summary[0]?.text, call?.arguments)
}

function ofContent(content: readonly Anthropic.ContentBlock[]): Heard {
  const sum: { text?: string; reasoning?: string; tool?: unknown } = {}
  for (const block of content) {
    if (block.type === 'text') sum.text = block.text
    if (block.type === 'thinking') sum.reasoning = block.thinking
    if (block.type === 'tool_use') sum.tool = block.input
  }
  return heard(sum.text, sum.reasoning, sum.tool)
}

const values = [
  'ada@example.com',
  'bob.smith+x@mail.example.co.uk',
  '4111 1111 1111 1111',
  '192.168.0.1',
  '+49 30 901820',
]
const nearly = [
  'ada@',
  '@example.com',
  'a.',
  '4111-1111-1111-111',
  '4111111111111112',
  'DE89 3704 0044 0532 0130 00',
  'de893',
]
const words = ['foo', 'foobar', 'fo', 'fofoo', 'and ', 'my card is ', 'é', '😀', 'x', '12']
const between = [' ', ', ', '\n', '"', '\\', '/', '-']
const piece = fc.constantFrom(...values, ...nearly, ...words, ...between)
const prose = fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join(''))
const filled = prose.map((text) => `.${text}`)

/** JSON with some of its characters escaped, as models write it and as they need not. */
const json = fc
  .tuple(
    fc.dictionary(
      fc.constantFrom('to', 'note', 'foo', 'n'),
      fc.oneof(prose, fc.integer(), fc.constant(4111111111111111), fc.array(prose, { maxLength: 2 })),
      { minKeys: 1 },
    ),
    fc.integer({ min: 2, max: 9 }),
  )
  .map(([value, every]) => {
    let index = 0
    return JSON.stringify(value).replaceAll(/[a-z0-9@.-](?=[^"\\]*"[,}\]])/g, (character) =>
      ++index % every === 0 && !/[0-9]/.test(character)
        ? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
        : character,
    )
  })
  .filter((text) => {
    try {
      return typeof JSON.parse(text) === 'object'
    } catch {
      return false
    }
  })

const guard = guards({ output: [pii(), wordDetector('foo')] })

describe.each(ways)('$dialect.api.id', ({ dialect, whole, streams }) => {
  it.each(Object.keys(streams))(
    'shows of a stream by %s what it shows of the whole, however it is cut',
    async (name) => {
      await fc.assert(
        fc.asyncProperty(
          fc.record({ text: filled, reasoning: filled, tool: json }),
          fc.infiniteStream(fc.integer({ min: 1, max: 9 })),
          fc.integer({ min: 1, max: 200 }),
          async (said: Said, cuts, bytesAtOnce) => {
            const expected = await whole(
              clients(answering(JSON.stringify(dialect.write(said)), 'application/json'), guard),
            )
            const body = streamOf(dialect, said, () => cuts.next().value as number)
            const fetch = answering(body, 'text/event-stream', bytesAtOnce)
            const run = streams[name] as (c: Clients) => Promise<Heard>
            const { reasoning, ...told } = await run(clients(fetch, guard))
            expect({ ...told, reasoning: reasoning ?? expected.reasoning }).toEqual(expected)
            // Anthropic's thoughts are signed.
            const checked = dialect.api.id === 'anthropic.messages' ? { ...expected, reasoning: undefined } : expected
            expect(JSON.stringify(checked)).not.toMatch(/foo|4111111111111111/)
            if (checked !== expected) expect(expected.reasoning).toBe(said.reasoning)
          },
        ),
        { numRuns: 25 },
      )
    },
  )
})
