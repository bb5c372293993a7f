import { createOpenAI } from '@ai-sdk/openai'
import { generateText, jsonSchema, streamText, tool, type ToolSet } from 'ai'
import { prompt, toolCall } from '../answer.ts'
import { hear, requestMs, toolSchema, type Ask, type Client, type Told } from './client.ts'

/** Its own way to stop warnings on the console. */
;(globalThis as { AI_SDK_LOG_WARNINGS?: boolean }).AI_SDK_LOG_WARNINGS = false

export const ai: Client = {
  name: 'ai',
  hasFallback: false,
  notes:
    'ai 7.0 with @ai-sdk/openai 4.0: maxRetries 2 (its default), streamRetries 2, timeout { stepMs, chunkMs } 30 s (generateText: ' +
    '30 s; firstChunkMs does not end a request that gets no headers). It has no fallback to another model, so none is made for it.',
  connect(origin, scale) {
    const provider = createOpenAI({ baseURL: `${origin}/v1`, apiKey: 'key' })
    const ms = requestMs / scale
    return {
      async ask(ask, told) {
        const options = {
          model: provider.chat(ask.model),
          prompt,
          ...(ask.signal && { abortSignal: ask.signal }),
          tools: (ask.withTool ? { [toolCall.name]: tool({ inputSchema: jsonSchema(toolSchema) }) } : {}) as ToolSet,
        }
        if (ask.isStream !== false) {
          const timeout = { stepMs: ms, chunkMs: ms }
          return hearAll(ask, told, streamText({ ...options, streamRetries: 2, timeout, onError: () => undefined }))
        }
        const { text, response, totalUsage, toolCalls } = await generateText({ ...options, timeout: ms })
        told.model = response.modelId
        told.usage = totalUsage
        for (const call of toolCalls) keepCall(told, call)
        if (text) hear(ask, told, text)
      },
    }
  },
}

async function hearAll(ask: Ask, told: Told, { stream }: Pick<ReturnType<typeof streamText>, 'stream'>): Promise<void> {
  for await (const part of stream) {
    if (part.type === 'text-delta' && hear(ask, told, part.text)) return
    if (part.type === 'tool-call') keepCall(told, part)
    if (part.type === 'error') throw part.error
    if (part.type === 'abort') throw new DOMException('The call was aborted', 'AbortError')
    if (part.type === 'finish-step') {
      told.model = part.response.modelId
      told.finishes.push(part.finishReason)
    }
    if (part.type === 'finish') {
      told.usage = part.totalUsage
      // How it tells of an answer that broke off.
      if (part.finishReason === 'error') throw new Error('finishReason "error"')
    }
  }
}

function keepCall(told: Told, call: { toolCallId: string; toolName: string; input: unknown }): void {
  told.toolCalls.push({ id: call.toolCallId, name: call.toolName, arguments: JSON.stringify(call.input) })
}
