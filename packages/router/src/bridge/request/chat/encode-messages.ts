import type { JsonObject } from '@sluice/core'
import type { Losses } from '../../lossy.ts'
import { withResultsAtCalls } from '../conversation.ts'
import { unnamedFile, urlOfMedia } from '../media.ts'
import type { NeutralCall, NeutralFile, NeutralImage, NeutralMessage, NeutralPart, NeutralText } from '../neutral.ts'

/** Writes the `messages` of Chat Completions. */
export function chatMessages(messages: readonly NeutralMessage[], losses: Losses): JsonObject[] {
  return withResultsAtCalls(messages, losses).flatMap((message) => {
    if (message.role === 'tool') return toolMessages(message, losses)
    if (message.role === 'assistant') return [assistantMessage(message, losses)]
    const { role } = message
    const parts = message.parts.flatMap((part) => contentPart(part, role === 'user', losses))
    if (role === 'user' && parts.length === 0)
      for (const { path } of message.parts)
        losses.fatal(path, 'Left out: nothing of what the user says here could be carried.')
    return [{ role, content: contentOf(parts) }]
  })
}

/** Results hold text only here: what else a tool gave follows in a message of the user. */
function toolMessages(message: NeutralMessage, losses: Losses): JsonObject[] {
  const attached: JsonObject[] = []
  const results = message.parts.flatMap((result): JsonObject[] => {
    if (result.type !== 'result') return []
    const texts = result.parts.flatMap((part) => {
      if (part.type === 'text') return [textPart(part)]
      const written = contentPart(part, true, losses)
      if (written.length > 0) losses.change(part.path, 'Moved to a user message: tool messages hold text only.')
      attached.push(...written)
      return []
    })
    return [{ role: 'tool', tool_call_id: result.id, content: contentOf(texts) }]
  })
  return attached.length > 0 ? [...results, { role: 'user', content: attached }] : results
}

function assistantMessage({ parts }: NeutralMessage, losses: Losses): JsonObject {
  const calls: JsonObject[] = []
  const said = parts.flatMap((part): JsonObject[] => {
    if (part.type === 'call') {
      calls.push(chatCall(part))
      return []
    }
    if (part.type === 'text' && part.text === '' && parts.length > 1) return []
    const written = part.type === 'refusal' ? [refusalPart(part.text)] : contentPart(part, false, losses)
    if (calls.length > 0 && written.length > 0)
      losses.change(part.path, 'Moved before the calls: a message of Chat Completions has its calls last.')
    return written
  })
  const [only] = said
  const refused = said.length === 1 && only?.['type'] === 'refusal' ? only['refusal'] : undefined
  return {
    role: 'assistant',
    content: refused !== undefined || (said.length === 0 && calls.length > 0) ? null : contentOf(said),
    ...(refused !== undefined && { refusal: refused }),
    ...(calls.length > 0 && { tool_calls: calls }),
  }
}

function chatCall({ id, name, input, custom }: NeutralCall): JsonObject {
  if (custom) return { id, type: 'custom', custom: { name, input } }
  return { id, type: 'function', function: { name, arguments: input } }
}

/** A single text is a string, as most callers and servers write it. */
function contentOf(parts: readonly JsonObject[]): unknown {
  const [only] = parts
  if (!only) return ''
  const plain = parts.length === 1 && only['type'] === 'text' && Object.keys(only).length === 2
  return plain ? only['text'] : parts
}

function contentPart(part: NeutralPart, isUser: boolean, losses: Losses): JsonObject[] {
  if (part.type === 'text') return [textPart(part)]
  if (isUser && part.type === 'image') return imagePart(part, losses)
  if (isUser && part.type === 'file') return filePart(part, losses)
  losses.drop(part.path, 'Left out: such a message of Chat Completions holds text only.')
  return []
}

function textPart({ text, cache }: NeutralText): JsonObject {
  return { type: 'text', text, ...(cache && { prompt_cache_breakpoint: cache.value }) }
}

function refusalPart(refusal: string): JsonObject {
  return { type: 'refusal', refusal }
}

function imagePart({ media, detail, path, cache }: NeutralImage, losses: Losses): JsonObject[] {
  const url = urlOfMedia(media)
  if (url === undefined)
    losses.fatal(path, 'Left out: Chat Completions takes no stored images; send its bytes or a URL.')
  if (url === undefined) return []
  const image_url = { url, ...(detail !== undefined && { detail }) }
  return [{ type: 'image_url', image_url, ...(cache && { prompt_cache_breakpoint: cache.value }) }]
}

function filePart({ media, name, path, cache }: NeutralFile, losses: Losses): JsonObject[] {
  const marked = cache && { prompt_cache_breakpoint: cache.value }
  const named = name !== undefined && { filename: name }
  if (media.kind === 'id') return [{ type: 'file', file: { file_id: media.id, ...named }, ...marked }]
  if (media.kind === 'url') {
    losses.drop(path, 'Left out: Chat Completions takes the bytes of a file, not its URL.')
    return []
  }
  return [{ type: 'file', file: { file_data: urlOfMedia(media), filename: name ?? unnamedFile }, ...marked }]
}
