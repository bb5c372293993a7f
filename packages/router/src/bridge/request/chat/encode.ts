import type { JsonObject } from '@sluice/core'
import type { Losses } from '../../lossy.ts'
import { chatMessages } from './encode-messages.ts'
import type { NeutralChoice, NeutralFormat, NeutralRequest, NeutralTool, Placed } from '../neutral.ts'
import { takeEffort } from '../openai-effort.ts'
import { unnamedFormat, writeSharedSettings } from '../openai-settings.ts'
import { writeSampling } from '../sampling.ts'
import { dropRest, takeChoice, type TargetModel } from '../target.ts'

const tiers = ['auto', 'default', 'flex', 'scale', 'priority', 'fast']

/** Writes a request of Chat Completions. */
export function toChat(request: NeutralRequest, target: TargetModel, losses: Losses): Record<string, unknown> {
  const { settings, tools } = request
  const out: Record<string, unknown> = {}
  if (target.model !== undefined) out['model'] = target.model
  out['messages'] = chatMessages(request.messages, losses)
  if (tools.length > 0) out['tools'] = tools.map(chatTool)
  const choice = takeChoice(settings, tools, losses)
  if (choice) out['tool_choice'] = chatChoice(choice.value)
  const parallel = settings.take('parallelToolCalls')
  if (parallel && tools.length > 0) out['parallel_tool_calls'] = parallel.value
  const limit = settings.take('maxTokens')
  if (limit) out['max_completion_tokens'] = limit.value
  writeSampling(out, settings, losses, { traits: target.traits, maxTemperature: 2 })
  writeStop(out, request, losses)
  const format = settings.take('format')
  if (format) out['response_format'] = chatFormat(format)
  const effort = takeEffort(settings, target.traits, losses)
  if (effort !== undefined) out['reasoning_effort'] = effort
  const verbosity = settings.take('verbosity')
  if (verbosity) out['verbosity'] = verbosity.value
  const store = settings.take('store')
  if (store) out['store'] = store.value
  // This dialect gives the alternatives of a token only beside the token itself.
  const logprobs = settings.take('logprobs')
  writeSharedSettings(out, settings, losses, { ttls: ['30m'], tiers })
  if (logprobs || 'top_logprobs' in out) out['logprobs'] = true
  const obfuscation = settings.take('obfuscation')
  // The other dialects always send the usage of a stream; this one where it is asked for.
  if (out['stream'] === true)
    out['stream_options'] = { include_usage: true, ...(obfuscation && { include_obfuscation: obfuscation.value }) }
  dropRest(settings, losses, 'Chat Completions')
  return out
}

function writeStop(out: Record<string, unknown>, { settings }: NeutralRequest, losses: Losses): void {
  const stop = settings.take('stop')?.value ?? []
  const kept = stop.slice(0, 4)
  if (kept.length > 0) out['stop'] = kept.map(({ text }) => text)
  for (const { path } of stop.slice(4)) losses.drop(path, 'Left out: Chat Completions takes four stop sequences.')
}

function chatTool({ kind, name, description, parameters, strict, format }: NeutralTool): JsonObject {
  const named = { name, ...(description !== undefined && { description }) }
  if (kind === 'custom')
    return { type: 'custom', custom: { ...named, ...(format && { format: chatCustomFormat(format) }) } }
  const own = { ...(parameters && { parameters }), ...(strict !== undefined && { strict }) }
  return { type: 'function', function: { ...named, ...own } }
}

function chatCustomFormat({ type, ...grammar }: JsonObject): JsonObject {
  return type === 'grammar' ? { type, grammar } : { type }
}

function chatChoice(choice: NeutralChoice): unknown {
  const named = ({ name, custom }: { readonly name: string; readonly custom: boolean }): JsonObject =>
    custom ? { type: 'custom', custom: { name } } : { type: 'function', function: { name } }
  if (choice.mode === 'tool') return named(choice)
  if (choice.mode !== 'allowed') return choice.mode
  const mode = choice.required ? 'required' : 'auto'
  return { type: 'allowed_tools', allowed_tools: { mode, tools: choice.tools.map(named) } }
}

function chatFormat({ value }: Placed<NeutralFormat>): JsonObject {
  if (value.kind === 'json_object') return { type: 'json_object' }
  const { name = unnamedFormat, description, schema, strict } = value
  const own = { ...(description !== undefined && { description }), ...(strict !== undefined && { strict }) }
  return { type: 'json_schema', json_schema: { name, ...own, schema } }
}
