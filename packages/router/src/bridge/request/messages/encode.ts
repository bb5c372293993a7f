import type { JsonObject } from '@sluice/core'
import type { Losses } from '../../lossy.ts'
import { endsWithResults } from '../conversation.ts'
import { anthropicConversation } from './encode-conversation.ts'
import { thinkingOf } from './encode-thinking.ts'
import type { NeutralChoice, NeutralFormat, NeutralRequest, NeutralTool, Settings } from '../neutral.ts'
import { writeSampling } from '../sampling.ts'
import { dropRest, noParameters, takeChoice, type TargetModel } from '../target.ts'

const tiers: ReadonlyMap<string, string> = new Map([
  ['auto', 'auto'],
  ['default', 'standard_only'],
])

/** The limit of an answer that nobody limits, tokens. */
const defaultOutputTokens = 4096

/** Writes a request of Anthropic Messages. */
export function toMessages(request: NeutralRequest, target: TargetModel, losses: Losses): Record<string, unknown> {
  const { settings } = request
  const { traits } = target
  const out: Record<string, unknown> = {}
  if (target.model !== undefined) out['model'] = target.model
  const tools = request.tools.map((tool) => functionOf(tool, losses))
  const choice = writeChoice(settings, tools, losses)
  const limit = settings.take('maxTokens')
  const given = limit?.value ?? target.maxOutputTokens
  const { thinking, effort, maxTokens } = thinkingOf(
    settings,
    {
      traits,
      maxTokens: given ?? defaultOutputTokens,
      given: given !== undefined,
      forced: choice?.['type'] === 'any' || choice?.['type'] === 'tool',
      continues: endsWithResults(request.messages),
    },
    losses,
  )
  out['max_tokens'] = maxTokens
  Object.assign(out, anthropicConversation(request.messages, traits.systemTurns, losses))
  if (tools.length > 0) out['tools'] = tools.map(anthropicTool)
  if (choice) out['tool_choice'] = choice
  if (thinking) out['thinking'] = thinking
  const format = writeFormat(settings, losses)
  if (format || effort !== undefined)
    out['output_config'] = { ...(effort !== undefined && { effort }), ...(format && { format }) }
  writeSampling(out, settings, losses, { traits, maxTemperature: 1, thinking: isThinking(thinking) })
  writeStop(out, settings, losses)
  writeRest(out, settings, losses)
  dropRest(settings, losses, 'Anthropic Messages')
  return out
}

function isThinking(thinking: JsonObject | undefined): boolean {
  return thinking !== undefined && thinking['type'] !== 'disabled'
}

function writeRest(out: Record<string, unknown>, settings: Settings, losses: Losses): void {
  const user = settings.take('safetyIdentifier') ?? settings.take('user')
  if (user) out['metadata'] = { user_id: user.value }
  const tier = settings.take('serviceTier')
  const own = tier && tiers.get(tier.value)
  if (own) out['service_tier'] = own
  else if (tier) losses.drop(tier.path, 'Left out: Anthropic has no such service tier.')
  const stream = settings.take('stream')
  if (stream) out['stream'] = stream.value
  const asks = { store: 'stores no answers', obfuscation: 'does not obfuscate its streams' } as const
  for (const name of ['store', 'obfuscation'] as const) {
    const asked = settings.take(name)
    if (asked?.value) losses.drop(asked.path, `Left out: Anthropic ${asks[name]}.`)
  }
}

function writeStop(out: Record<string, unknown>, settings: Settings, losses: Losses): void {
  const kept = (settings.take('stop')?.value ?? []).flatMap(({ text, path }) => {
    if (text.trim() !== '') return [text]
    losses.drop(path, 'Left out: Anthropic refuses a stop sequence of white space.')
    return []
  })
  if (kept.length > 0) out['stop_sequences'] = kept
}

/** The name of a schema goes into its `title` and the description into its own, where they are free. */
function writeFormat(settings: Settings, losses: Losses): JsonObject | undefined {
  const format = settings.take('format')
  if (!format) return undefined
  const { value, path } = format
  if (value.kind === 'json_object') {
    losses.drop(path, 'Left out: Anthropic writes JSON by a schema only; the prompt must ask for it, or give a schema.')
    return undefined
  }
  return { type: 'json_schema', schema: annotated(value, losses) }
}

function annotated(
  { schema, name, description, strict, paths }: NeutralFormat & { kind: 'schema' },
  losses: Losses,
): JsonObject {
  const own: Record<string, unknown> = {}
  const annotate = (field: string, text: string | undefined, path: typeof paths.name): void => {
    if (text === undefined || schema[field] === text) return
    if (schema[field] === undefined) own[field] = text
    else if (path) losses.drop(path, `Left out: the schema has a ${field} of its own.`)
  }
  annotate('title', name, paths.name)
  annotate('description', description, paths.description)
  if (strict === false && paths.strict) losses.change(paths.strict, 'Anthropic always keeps to the schema.')
  return { ...own, ...schema }
}

/** A tool that takes free text becomes a function of that text; a grammar for it has no place. */
function functionOf(tool: NeutralTool, losses: Losses): NeutralTool {
  if (tool.kind === 'function') return tool
  losses.change(tool.path, 'Sent as a function with one text, "input": Anthropic has no tools that take free text.')
  const parameters = { type: 'object', properties: { input: { type: 'string' } }, required: ['input'] }
  return { ...tool, kind: 'function', parameters: { ...parameters, additionalProperties: false } }
}

function anthropicTool({ name, description, parameters = noParameters, strict }: NeutralTool): JsonObject {
  const schema = parameters['type'] === undefined ? { type: 'object', ...parameters } : parameters
  return {
    name,
    ...(description !== undefined && { description }),
    input_schema: schema,
    ...(strict !== undefined && { strict }),
  }
}

function writeChoice(settings: Settings, tools: readonly NeutralTool[], losses: Losses): JsonObject | undefined {
  const parallel = settings.take('parallelToolCalls')
  const placed = takeChoice(settings, tools, losses)
  if (placed?.value.mode === 'allowed')
    losses.change(placed.path, 'Sent without its list of tools: Anthropic lets the model choose among all of them.')
  const choice = placed ? anthropicChoice(placed.value) : undefined
  if (parallel?.value !== false || tools.length === 0 || choice?.['type'] === 'none') return choice
  return { ...(choice ?? { type: 'auto' }), disable_parallel_tool_use: true }
}

function anthropicChoice(choice: NeutralChoice): JsonObject {
  if (choice.mode === 'tool') return { type: 'tool', name: choice.name }
  if (choice.mode === 'allowed') return { type: choice.required ? 'any' : 'auto' }
  return { type: choice.mode === 'required' ? 'any' : choice.mode }
}
