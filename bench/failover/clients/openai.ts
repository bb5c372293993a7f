import OpenAI from 'openai'
import { prompt, toolCall } from '../answer.ts'
import { hear, requestMs, toolSchema, type Ask, type Client, type Told } from './client.ts'

export const openai: Client = {
  name: 'openai',
  hasFallback: false,
  notes: 'openai 7.57, bare: maxRetries 2 (its default), timeout 30 s. It has no fallback.',
  connect(origin, scale) {
    const client = new OpenAI({ baseURL: `${origin}/v1`, apiKey: 'key', logLevel: 'off', timeout: requestMs / scale })
    return { ask: (ask, told) => askOpenAI(client, ask, told) }
  },
}

/** Makes a call with a client of the OpenAI SDK, wrapped or not. */
export async function askOpenAI(client: OpenAI, ask: Ask, told: Told): Promise<void> {
  const { model, signal, isStream = true } = ask
  const messages = [{ role: 'user' as const, content: prompt }]
  const tools = ask.withTool && {
    tools: [{ type: 'function' as const, function: { name: toolCall.name, parameters: toolSchema } }],
  }
  const options = signal ? { signal } : {}
  if (!isStream) {
    const whole = await client.chat.completions.create({ model, messages, ...tools }, options)
    const message = whole.choices[0]?.message
    told.model = whole.model
    told.usage = whole.usage
    for (const call of message?.tool_calls ?? [])
      if (call.type === 'function') told.toolCalls.push({ id: call.id, ...call.function })
    if (message?.content) hear(ask, told, message.content)
    return
  }
  const stream = await client.chat.completions.create(
    { model, messages, ...tools, stream: true, stream_options: { include_usage: true } },
    options,
  )
  for await (const { id, model, usage, choices } of stream) {
    if (id && !told.ids.includes(id)) told.ids.push(id)
    told.model = model || told.model
    told.usage = usage ?? told.usage
    const [choice] = choices
    if (choice?.finish_reason) told.finishes.push(choice.finish_reason)
    for (const { id, function: said } of choice?.delta.tool_calls ?? []) {
      // What a consumer does: an id begins a call, all else goes on with the last.
      const last = id ? undefined : told.toolCalls.pop()
      const { name = '', arguments: text = '' } = said ?? {}
      told.toolCalls.push({
        id: id ?? last?.id ?? '',
        name: (last?.name ?? '') + name,
        arguments: (last?.arguments ?? '') + text,
      })
    }
    const text = choice?.delta.content
    if (text && hear(ask, told, text)) break
  }
}
