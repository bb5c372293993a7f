import type { JsonObject } from '@sluice/core'
import type { Losses } from '../../lossy.ts'
import { readChatMessages } from './decode-messages.ts'
import { Fields } from '../fields.ts'
import { Settings, type NeutralRequest, type NeutralTool } from '../neutral.ts'
import { isPlainFormat, readEffort, readFormatName, readSharedSettings, readToolChoice } from '../openai-settings.ts'

/** Reads a request of Chat Completions. */
export function fromChat(request: JsonObject, losses: Losses): NeutralRequest {
  const fields = new Fields(request, [], losses)
  const settings = new Settings()
  const model = fields.text('model')
  const messages = readChatMessages(fields)
  const tools = readTools(fields)
  readSharedSettings(fields, settings)
  readToolChoice(fields, settings)
  readLegacyChoice(fields, settings)
  readLimits(fields, settings)
  readFormat(fields, settings)
  readEffort(fields, 'reasoning_effort', settings)
  settings.put('verbosity', fields.text('verbosity'), fields.at('verbosity'))
  settings.put('store', fields.flag('store'), fields.at('store'))
  settings.put('logprobs', fields.flag('logprobs') || undefined, fields.at('logprobs'))
  const streaming = fields.object('stream_options')
  if (streaming) {
    // The other dialects always send the usage of a stream.
    streaming.flag('include_usage')
    settings.put('obfuscation', streaming.flag('include_obfuscation'), streaming.at('include_obfuscation'))
    streaming.close()
  }
  dropOwn(fields)
  fields.close()
  return { model, messages, tools, settings }
}

/** Names what no other dialect has. Values that ask for nothing are not worth a word. */
function dropOwn(fields: Fields): void {
  fields.drop('n', 'Left out: the other dialect gives one answer a call; make several calls.', 1)
  fields.drop('seed', 'Left out: the other dialect has no seed.')
  fields.drop('frequency_penalty', 'Left out: the other dialect has no penalties.', 0)
  fields.drop('presence_penalty', 'Left out: the other dialect has no penalties.', 0)
  if (Object.keys(fields.data('logit_bias') ?? {}).length > 0)
    fields.drop('logit_bias', 'Left out: token ids mean nothing to another provider or dialect.')
  for (const [index, modality] of (fields.list('modalities') ?? []).entries())
    if (modality !== 'text')
      fields.losses.drop(fields.at('modalities', index), 'Left out: the other dialect answers in text.')
  fields.drop('audio', 'Left out: the other dialect answers in text.')
  fields.drop('prediction', 'Left out: the other dialect takes no predicted output.')
  fields.drop('web_search_options', 'Left out: this web search is a tool of the provider.')
}

function readLimits(fields: Fields, settings: Settings): void {
  const limit = fields.number('max_completion_tokens')
  const old = fields.number('max_tokens')
  const name = limit === undefined ? 'max_tokens' : 'max_completion_tokens'
  settings.put('maxTokens', limit ?? old, fields.at(name))
  if (limit !== undefined && old !== undefined && limit !== old)
    fields.losses.drop(fields.at('max_tokens'), 'Left out: max_completion_tokens is there as well and goes before it.')
  const stop = fields.take('stop')
  const texts = typeof stop === 'string' ? [stop] : (fields.list('stop') ?? [])
  const known = texts.flatMap((text, index) => {
    const path = typeof stop === 'string' ? fields.at('stop') : fields.at('stop', index)
    if (typeof text === 'string') return [{ text, path }]
    fields.losses.drop(path, 'Left out: it is not a string.')
    return []
  })
  settings.put('stop', known.length > 0 ? known : undefined, fields.at('stop'))
}

function readFormat(fields: Fields, settings: Settings): void {
  const format = fields.object('response_format')
  if (!format || isPlainFormat(format)) return format?.close()
  const type = format.take('type')
  const inner = type === 'json_schema' ? format.object('json_schema') : undefined
  if (type === 'json_object') settings.put('format', { kind: 'json_object' }, format.path)
  else if (inner) {
    const paths = { name: inner.at('name'), description: inner.at('description'), strict: inner.at('strict') }
    const [name, description, strict] = [readFormatName(inner), inner.text('description'), inner.flag('strict')]
    const schema = inner.data('schema') ?? {}
    inner.close()
    settings.put('format', { kind: 'schema', name, description, schema, strict, paths }, format.path)
  } else return format.losses.drop(format.path, 'Left out: the bridge does not know this output format.')
  format.close()
}

function readTools(fields: Fields): NeutralTool[] {
  const tools = fields.objects('tools').flatMap((tool): NeutralTool[] => {
    const kind = tool.take('type')
    const inner = kind === 'function' || kind === 'custom' ? tool.object(kind) : undefined
    const read = inner && readTool(inner, tool, kind === 'custom')
    if (!read) tool.losses.drop(tool.path, 'Left out: it is no function and no custom tool.')
    return read ? [read] : []
  })
  // The list from before tools were called tools.
  const functions = fields.objects('functions').flatMap((old) => readTool(old, old, false) ?? [])
  return [...tools, ...functions]
}

function readTool(inner: Fields, tool: Fields, custom: boolean): NeutralTool | undefined {
  const name = inner.text('name')
  if (name === undefined) return undefined
  const description = inner.text('description')
  const own = custom
    ? { format: readCustomFormat(inner) }
    : { parameters: inner.data('parameters'), strict: inner.flag('strict') }
  inner.close()
  tool.close()
  return { kind: custom ? 'custom' : 'function', name, description, ...own, path: tool.path }
}

/** The grammar of a custom tool stands one level deeper here than in Responses. */
function readCustomFormat(tool: Fields): JsonObject | undefined {
  const format = tool.object('format')
  if (!format) return undefined
  const type = format.text('type')
  const grammar = format.object('grammar')
  const read = { type, ...(grammar && { definition: grammar.text('definition'), syntax: grammar.text('syntax') }) }
  grammar?.close()
  format.close()
  return read
}

function readLegacyChoice(fields: Fields, settings: Settings): void {
  const value = fields.take('function_call')
  if (value === undefined) return
  const path = fields.at('function_call')
  if (value === 'none' || value === 'auto') return settings.put('toolChoice', { mode: value }, path)
  const call = fields.object('function_call')
  const name = call?.text('name')
  call?.close()
  if (name !== undefined) settings.put('toolChoice', { mode: 'tool', name, custom: false }, path)
}
