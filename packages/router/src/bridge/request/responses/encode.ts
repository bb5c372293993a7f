import type { JsonObject } from '@sluice/core'
import type { Losses } from '../../lossy.ts'
import type { NeutralChoice, NeutralFormat, NeutralRequest, NeutralTool } from '../neutral.ts'
import { takeEffort } from '../openai-effort.ts'
import { unnamedFormat, writeSharedSettings } from '../openai-settings.ts'
import { responsesInput } from './encode-input.ts'
import { writeSampling } from '../sampling.ts'
import { dropRest, noParameters, takeChoice, type TargetModel } from '../target.ts'

const tiers = ['auto', 'default', 'flex', 'scale', 'priority', 'fast', 'ultrafast']

/** The least limit of an answer that Responses takes, tokens. */
const leastOutput = 16

/**
 * Writes a request of Responses. It is not stored, unless the original asks for that: Responses stores by default, the
 * other dialects do not, and nobody could fetch what is stored.
 */
export function toResponses(request: NeutralRequest, target: TargetModel, losses: Losses): Record<string, unknown> {
  const { settings, tools } = request
  const out: Record<string, unknown> = {}
  if (target.model !== undefined) out['model'] = target.model
  Object.assign(out, responsesInput(request.messages, losses))
  if (tools.length > 0) out['tools'] = tools.map(responsesTool)
  const choice = takeChoice(settings, tools, losses)
  if (choice) out['tool_choice'] = responsesChoice(choice.value)
  const parallel = settings.take('parallelToolCalls')
  if (parallel && tools.length > 0) out['parallel_tool_calls'] = parallel.value
  const limit = settings.take('maxTokens')
  if (limit) out['max_output_tokens'] = Math.max(limit.value, leastOutput)
  if (limit && limit.value < leastOutput)
    losses.change(limit.path, `Raised to ${leastOutput}, the least that Responses takes.`)
  writeSampling(out, settings, losses, { traits: target.traits, maxTemperature: 2 })
  writeText(out, request)
  const effort = takeEffort(settings, target.traits, losses)
  const summary = settings.take('reasoningSummary')
  if (effort !== undefined || summary)
    out['reasoning'] = { ...(effort !== undefined && { effort }), ...(summary && { summary: summary.value }) }
  out['store'] = settings.take('store')?.value ?? false
  if (settings.take('logprobs')) out['include'] = ['message.output_text.logprobs']
  writeSharedSettings(out, settings, losses, { ttls: ['30m', '12h'], tiers })
  const obfuscation = settings.take('obfuscation')
  if (obfuscation && out['stream'] === true) out['stream_options'] = { include_obfuscation: obfuscation.value }
  dropRest(settings, losses, 'Responses')
  return out
}

function writeText(out: Record<string, unknown>, { settings }: NeutralRequest): void {
  const format = settings.take('format')
  const verbosity = settings.take('verbosity')
  if (!format && !verbosity) return
  out['text'] = {
    ...(format && { format: responsesFormat(format.value) }),
    ...(verbosity && { verbosity: verbosity.value }),
  }
}

function responsesFormat(format: NeutralFormat): JsonObject {
  if (format.kind === 'json_object') return { type: 'json_object' }
  const { name = unnamedFormat, description, schema, strict } = format
  const own = { ...(description !== undefined && { description }), ...(strict !== undefined && { strict }) }
  return { type: 'json_schema', name, ...own, schema }
}

/** Here a function is strict unless it says otherwise, in the other dialects it is not. */
function responsesTool({ kind, name, description, parameters, strict, format }: NeutralTool): JsonObject {
  const named = { name, ...(description !== undefined && { description }) }
  if (kind === 'custom') return { type: 'custom', ...named, ...(format && { format }) }
  return { type: 'function', ...named, parameters: parameters ?? noParameters, strict: strict ?? false }
}

function responsesChoice(choice: NeutralChoice): unknown {
  const named = ({ name, custom }: { readonly name: string; readonly custom: boolean }): JsonObject => ({
    type: custom ? 'custom' : 'function',
    name,
  })
  if (choice.mode === 'tool') return named(choice)
  if (choice.mode !== 'allowed') return choice.mode
  return { type: 'allowed_tools', mode: choice.required ? 'required' : 'auto', tools: choice.tools.map(named) }
}
