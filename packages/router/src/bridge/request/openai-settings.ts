import type { Losses } from '../lossy.ts'
import type { Fields } from './fields.ts'
import { isObject } from './fields.ts'
import type { CacheMark, Effort, NeutralChoice, Settings } from './neutral.ts'

/** The name of a schema that has none: OpenAI asks for one. */
export const unnamedFormat = 'answer'

/** The name of a schema, unless it is the one that the bridge gives to a schema without. */
export function readFormatName(format: Fields): string | undefined {
  const name = format.text('name')
  return name === unnamedFormat ? undefined : name
}

/** Reads the settings that Chat Completions and Responses spell alike. */
export function readSharedSettings(fields: Fields, settings: Settings): void {
  const put = settings.put.bind(settings)
  put('temperature', fields.number('temperature'), fields.at('temperature'))
  put('topP', fields.number('top_p'), fields.at('top_p'))
  put('topLogprobs', fields.number('top_logprobs'), fields.at('top_logprobs'))
  put('parallelToolCalls', fields.flag('parallel_tool_calls'), fields.at('parallel_tool_calls'))
  put('serviceTier', fields.text('service_tier'), fields.at('service_tier'))
  put('safetyIdentifier', fields.text('safety_identifier'), fields.at('safety_identifier'))
  put('user', fields.text('user'), fields.at('user'))
  put('metadata', fields.data('metadata'), fields.at('metadata'))
  put('moderation', fields.data('moderation'), fields.at('moderation'))
  put('promptCacheKey', fields.text('prompt_cache_key'), fields.at('prompt_cache_key'))
  put('promptCacheRetention', fields.text('prompt_cache_retention'), fields.at('prompt_cache_retention'))
  put('stream', fields.flag('stream'), fields.at('stream'))
  const cache = fields.object('prompt_cache_options')
  if (cache) {
    put('promptCacheMode', cache.text('mode'), cache.at('mode'))
    put('promptCacheTtl', cache.text('ttl'), cache.at('ttl'))
    cache.drop('comparison_response_id', 'Left out: it names a response of this provider.')
    cache.refuse('prewarm', 'Left out: the other dialect cannot warm a cache without an answer.', false)
    cache.close()
  }
}

/** Writes them. `ttls`, `tiers`: what the dialect has of these. */
export function writeSharedSettings(
  out: Record<string, unknown>,
  settings: Settings,
  losses: Losses,
  has: { readonly ttls: readonly string[]; readonly tiers: readonly string[] },
): void {
  const give = (field: string, name: Parameters<Settings['take']>[0]): void => {
    const placed = settings.take(name)
    if (placed) out[field] = placed.value
  }
  give('top_logprobs', 'topLogprobs')
  give('safety_identifier', 'safetyIdentifier')
  give('user', 'user')
  give('metadata', 'metadata')
  give('moderation', 'moderation')
  give('prompt_cache_key', 'promptCacheKey')
  give('prompt_cache_retention', 'promptCacheRetention')
  give('stream', 'stream')
  const tier = settings.take('serviceTier')
  if (tier && has.tiers.includes(tier.value)) out['service_tier'] = tier.value
  else if (tier) losses.drop(tier.path, 'Left out: the other dialect has no such service tier.')
  const mode = settings.take('promptCacheMode')
  const ttl = settings.take('promptCacheTtl')
  const kept = ttl && has.ttls.includes(ttl.value) ? ttl : undefined
  if (ttl && !kept) losses.drop(ttl.path, 'Left out: the other dialect keeps no prompt cache for that long.')
  if (mode || kept)
    out['prompt_cache_options'] = { ...(mode && { mode: mode.value }), ...(kept && { ttl: kept.value }) }
}

/** The prompt-cache mark of a content part. */
export function readCacheMark(part: Fields): CacheMark | undefined {
  const value = part.data('prompt_cache_breakpoint')
  return value && { value, path: part.at('prompt_cache_breakpoint') }
}

const efforts: readonly string[] = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] satisfies Effort[]

/** Reads a reasoning effort; one that the bridge does not know is named. */
export function readEffort(fields: Fields, name: string, settings: Settings): void {
  const value = fields.text(name)
  if (value === undefined) return
  if (efforts.includes(value)) settings.put('effort', value as Effort, fields.at(name))
  else fields.losses.drop(fields.at(name), 'Left out: the bridge does not know this reasoning effort.')
}

/** The text of a text format, JSON or none: `undefined` for plain text, which is what every dialect writes anyway. */
export function isPlainFormat(format: Fields): boolean {
  return format.take('type') === 'text'
}

/** Reads `tool_choice` in the forms of both dialects; one that names a tool of the provider is named as lost. */
export function readToolChoice(fields: Fields, settings: Settings): void {
  const value = fields.take('tool_choice')
  if (value === undefined) return
  const path = fields.at('tool_choice')
  const given = isObject(value) ? fields.object('tool_choice') : undefined
  const choice = given ? choiceOf(given) : modes.find((mode) => mode === value)
  given?.close()
  if (choice) settings.put('toolChoice', typeof choice === 'string' ? { mode: choice } : choice, path)
  else fields.losses.drop(path, 'Left out: it is no choice among functions and custom tools.')
}

const modes = ['auto', 'none', 'required'] as const

function choiceOf(choice: Fields): NeutralChoice | undefined {
  const type = choice.take('type')
  if (type !== 'allowed_tools') {
    const named = readNamedTool(choice, type)
    return named && { mode: 'tool', ...named }
  }
  const inner = choice.take('allowed_tools') === undefined ? choice : choice.object('allowed_tools')
  const required = inner?.take('mode') === 'required'
  const tools = inner?.objects('tools') ?? []
  const known = tools.flatMap((tool) => {
    const named = readNamedTool(tool, tool.take('type'))
    tool.close()
    return named ?? []
  })
  if (inner !== choice) inner?.close()
  // A list that is only partly understood would forbid tools that the caller allowed.
  return tools.length > 0 && known.length === tools.length ? { mode: 'allowed', required, tools: known } : undefined
}

/** `{ type, name }`, or with the name one level down as Chat Completions has it. */
function readNamedTool(tool: Fields, type: unknown): { name: string; custom: boolean } | undefined {
  if (type !== 'function' && type !== 'custom') return undefined
  const inner = tool.take(type) === undefined ? tool : tool.object(type)
  const name = inner?.text('name')
  if (inner !== tool) inner?.close()
  return name === undefined ? undefined : { name, custom: type === 'custom' }
}
