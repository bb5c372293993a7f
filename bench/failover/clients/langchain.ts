import { HumanMessage, type AIMessageChunk } from '@langchain/core/messages'
import { ChatOpenAI } from '@langchain/openai'
import { prompt, toolCall } from '../answer.ts'
import { hear, requestMs, toolSchema, type Ask, type Client, type Told } from './client.ts'

export const langchain: Client = {
  name: 'langchain',
  hasFallback: true,
  notes:
    '@langchain/openai 1.6: ChatOpenAI with maxRetries 2 (its default is 6), timeout 30 s, .withFallbacks([…]). ' +
    'A fallback at Anthropic would take another package.',
  connect(origin, scale) {
    const made = new Map<string, ReturnType<typeof chain>>()
    const model = (name: string): ChatOpenAI =>
      new ChatOpenAI({
        model: name,
        apiKey: 'key',
        maxRetries: 2,
        timeout: requestMs / scale,
        configuration: { baseURL: `${origin}/v1`, logLevel: 'off' },
      })
    const chain = ({ model: name, fallback, withTool }: Ask) => {
      const ready = (each: string) => (withTool ? model(each).bindTools([tool]) : model(each))
      return fallback === undefined ? ready(name) : ready(name).withFallbacks([ready(fallback)])
    }
    return {
      async ask(ask, told) {
        const key = `${ask.model} ${ask.fallback} ${ask.withTool}`
        const runnable = made.get(key) ?? chain(ask)
        made.set(key, runnable)
        const options = ask.signal ? { signal: ask.signal } : {}
        const messages = [new HumanMessage(prompt)]
        if (ask.isStream === false) {
          const message = (await runnable.invoke(messages, options)) as AIMessageChunk
          return void take(ask, told, message)
        }
        let all: AIMessageChunk | undefined
        for await (const piece of await runnable.stream(messages, options)) {
          const chunk = piece as AIMessageChunk
          all = all ? all.concat(chunk) : chunk
          if (take(ask, told, chunk, all)) break
        }
      },
    }
  },
}

const tool = { type: 'function' as const, function: { name: toolCall.name, parameters: toolSchema } }

/** Notes a message or a piece of one; `all` are the pieces so far. */
function take(ask: Ask, told: Told, message: AIMessageChunk, all: AIMessageChunk = message): boolean {
  const { id, response_metadata: about, usage_metadata: usage } = message
  if (id && !told.ids.includes(id)) told.ids.push(id)
  told.model = (about['model_name'] as string | undefined) ?? told.model
  told.usage = usage ?? told.usage
  if (typeof about['finish_reason'] === 'string') told.finishes.push(about['finish_reason'])
  told.toolCalls = (all.tool_calls ?? []).map((call) => ({
    id: call.id ?? '',
    name: call.name,
    arguments: JSON.stringify(call.args),
  }))
  const text = typeof message.content === 'string' ? message.content : ''
  return text !== '' && hear(ask, told, text)
}
