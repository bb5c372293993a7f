import type { JsonObject } from '@sluice/core'
import type { Losses } from '../../lossy.ts'
import { unnamedFile, urlOfMedia } from '../media.ts'
import type { ContentPart, NeutralFile, NeutralImage, NeutralMessage, NeutralPart, NeutralText } from '../neutral.ts'

/** Writes `instructions` and `input` of Responses. */
export function responsesInput(
  messages: readonly NeutralMessage[],
  losses: Losses,
): { readonly instructions?: string; readonly input: JsonObject[] } {
  const instructions = instructionsOf(messages[0])
  const customCalls = new Set<string>()
  const input: JsonObject[] = []
  for (const message of instructions === undefined ? messages : messages.slice(1)) {
    if (message.role === 'assistant' || message.role === 'tool') {
      for (const part of message.parts) {
        if (part.type === 'call' && part.custom) customCalls.add(part.id)
        input.push(...itemsOf(part, message, input.length, customCalls, losses))
      }
    } else {
      const content = message.parts.flatMap((part) => contentPart(part, losses))
      input.push({ role: message.role, content: contentOf(content) })
    }
  }
  return { ...(instructions !== undefined && { instructions }), input }
}

/** A system prompt of one text that opens the conversation. */
function instructionsOf(message: NeutralMessage | undefined): string | undefined {
  if (message?.role !== 'system') return undefined
  const [part, ...more] = message.parts
  return part?.type === 'text' && !part.cache && more.length === 0 ? part.text : undefined
}

function itemsOf(
  part: NeutralPart,
  { parts }: NeutralMessage,
  at: number,
  customCalls: ReadonlySet<string>,
  losses: Losses,
): JsonObject[] {
  if (part.type === 'call') {
    const { id, name, input, custom } = part
    if (custom) return [{ type: 'custom_tool_call', call_id: id, name, input }]
    return [{ type: 'function_call', call_id: id, name, arguments: input }]
  }
  if (part.type === 'result') {
    const type = customCalls.has(part.id) ? 'custom_tool_call_output' : 'function_call_output'
    return [{ type, call_id: part.id, output: outputOf(part.parts, losses) }]
  }
  if (part.type === 'refusal') {
    // Only a whole output message can hold a refusal, and such a message must have an id of its kind.
    const content = [{ type: 'refusal', refusal: part.text }]
    return [{ type: 'message', id: `msg_${at}`, role: 'assistant', status: 'completed', content }]
  }
  if (part.type !== 'text') {
    losses.drop(part.path, 'Left out: an assistant message of Responses holds text only.')
    return []
  }
  if (part.cache) losses.drop(part.cache.path, 'Left out: assistant messages of Responses have no prompt-cache marks.')
  return part.text === '' && parts.length > 1 ? [] : [{ role: 'assistant', content: part.text }]
}

function outputOf(parts: readonly ContentPart[], losses: Losses): unknown {
  return contentOf(parts.flatMap((part) => contentPart(part, losses)))
}

/** A single text is a string. */
function contentOf(parts: readonly JsonObject[]): unknown {
  const [only] = parts
  if (!only) return ''
  const plain = parts.length === 1 && only['type'] === 'input_text' && Object.keys(only).length === 2
  return plain ? only['text'] : parts
}

function contentPart(part: NeutralPart, losses: Losses): JsonObject[] {
  if (part.type === 'text') return [textPart(part)]
  if (part.type === 'image') return [imagePart(part)]
  if (part.type === 'file') return [filePart(part)]
  losses.drop(part.path, 'Left out: such a message of Responses does not hold this.')
  return []
}

function textPart({ text, cache }: NeutralText): JsonObject {
  return { type: 'input_text', text, ...(cache && { prompt_cache_breakpoint: cache.value }) }
}

function imagePart({ media, detail = 'auto', cache }: NeutralImage): JsonObject {
  const where = media.kind === 'id' ? { file_id: media.id } : { image_url: urlOfMedia(media) }
  return { type: 'input_image', detail, ...where, ...(cache && { prompt_cache_breakpoint: cache.value }) }
}

function filePart({ media, name, cache }: NeutralFile): JsonObject {
  const marked = cache && { prompt_cache_breakpoint: cache.value }
  const named = name !== undefined && { filename: name }
  if (media.kind === 'id') return { type: 'input_file', file_id: media.id, ...named, ...marked }
  if (media.kind === 'url') return { type: 'input_file', file_url: media.url, ...named, ...marked }
  return { type: 'input_file', file_data: urlOfMedia(media), filename: name ?? unnamedFile, ...marked }
}
