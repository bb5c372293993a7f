import type { JsonObject } from '@sluice/core'
import type { Losses } from '../../lossy.ts'
import { Fields } from '../fields.ts'
import { readSystem, readTurns } from './decode-turns.ts'
import { Settings, type NeutralChoice, type NeutralRequest, type NeutralTool } from '../neutral.ts'
import { readEffort } from '../openai-settings.ts'

/** Reads a request of Anthropic Messages. */
export function fromMessages(request: JsonObject, losses: Losses): NeutralRequest {
  const fields = new Fields(request, [], losses)
  const settings = new Settings()
  const put = settings.put.bind(settings)
  const model = fields.text('model')
  const messages = [...readSystem(fields), ...readTurns(fields)]
  const tools = readTools(fields)
  readToolChoice(fields, settings)
  readMaxTokens(fields, settings)
  readReasoning(fields, settings)
  put('temperature', fields.number('temperature'), fields.at('temperature'))
  put('topP', fields.number('top_p'), fields.at('top_p'))
  put('stream', fields.flag('stream'), fields.at('stream'))
  const stop = (fields.list('stop_sequences') ?? []).map((text, index) => ({
    text: String(text),
    path: fields.at('stop_sequences', index),
  }))
  put('stop', stop.length > 0 ? stop : undefined, fields.at('stop_sequences'))
  const tier = fields.text('service_tier')
  put('serviceTier', tier === 'standard_only' ? 'default' : tier, fields.at('service_tier'))
  const metadata = fields.object('metadata')
  put('safetyIdentifier', metadata?.text('user_id'), fields.at('metadata', 'user_id'))
  metadata?.close()
  dropOwn(fields)
  fields.close()
  return { model, messages, tools, settings }
}

/** Names what no other dialect has. */
function dropOwn(fields: Fields): void {
  fields.drop('top_k', 'Left out: the other dialect has no top_k.')
  fields.drop('cache_control', 'Left out: the other dialect places its prompt-cache marks differently.')
  fields.drop('container', 'Left out: the container is at the provider.')
  fields.drop('diagnostics', 'Left out: it compares with an earlier message of this provider.')
  fields.drop('speed', 'Left out: the other dialect has no speeds.', 'standard')
  dropThread(fields)
  fields.refuse('inference_geo', 'Left out: the other provider cannot be held to a region.', 'global')
}

/** A thread that goes on has its earlier messages at the provider; one that begins has none. */
function dropThread(fields: Fields): void {
  const isContinued = fields.object('thread')?.text('type') === 'continue'
  if (isContinued) fields.losses.fatal(fields.at('thread'), 'Left out: the conversation is at the provider.')
  else fields.drop('thread', 'Left out: the other provider keeps no threads.')
}

function readMaxTokens(fields: Fields, settings: Settings): void {
  const limit = fields.number('max_tokens')
  if (limit === 0) fields.refuse('max_tokens', 'Left out: the other dialect cannot warm a cache without an answer.')
  else settings.put('maxTokens', limit, fields.at('max_tokens'))
}

function readReasoning(fields: Fields, settings: Settings): void {
  const config = fields.object('output_config')
  if (config) {
    readFormat(config, 'format', settings)
    readEffort(config, 'effort', settings)
    config.close()
  }
  // The name of the format before it moved into output_config.
  readFormat(fields, 'output_format', settings)
  const thinking = fields.object('thinking')
  if (!thinking) return
  const type = thinking.take('type')
  if (type === 'disabled') {
    const effort = settings.take('effort')
    if (effort) fields.losses.drop(effort.path, 'Left out: thinking is switched off as well and goes before it.')
    settings.put('effort', 'none', thinking.at('type'))
  } else if (type === 'enabled')
    settings.put('thinkingTokens', thinking.number('budget_tokens'), thinking.at('budget_tokens'))
  else if (type !== 'adaptive')
    fields.losses.drop(thinking.at('type'), 'Left out: the other dialect has no such way of thinking.')
  if (thinking.take('display') === 'summarized') settings.put('reasoningSummary', 'auto', thinking.at('display'))
  else thinking.drop('display', 'Left out: the bridge does not know this display of thinking.', 'omitted')
  thinking.close()
}

function readFormat(holder: Fields, field: string, settings: Settings): void {
  const format = holder.object(field)
  if (!format) return
  const schema = format.take('type') === 'json_schema' ? format.data('schema') : undefined
  if (!schema) return format.losses.drop(format.path, 'Left out: the bridge does not know this output format.')
  const { title, ...rest } = schema
  const name = typeof title === 'string' && /^[\w-]{1,64}$/.test(title) ? title : undefined
  format.close()
  const value = { kind: 'schema', name, schema: name === undefined ? schema : rest, strict: true, paths: {} } as const
  settings.put('format', value, format.path)
}

function readToolChoice(fields: Fields, settings: Settings): void {
  const choice = fields.object('tool_choice')
  if (!choice) return
  const type = choice.take('type')
  const name = choice.text('name')
  const parallel = choice.flag('disable_parallel_tool_use')
  choice.close()
  const path = choice.path
  settings.put(
    'parallelToolCalls',
    parallel === undefined ? undefined : !parallel,
    choice.at('disable_parallel_tool_use'),
  )
  const value = choiceOf(type, name)
  if (value) settings.put('toolChoice', value, path)
  else fields.losses.drop(path, 'Left out: the bridge does not know this tool choice.')
}

function choiceOf(type: unknown, name: string | undefined): NeutralChoice | undefined {
  if (type === 'auto' || type === 'none') return { mode: type }
  if (type === 'any') return { mode: 'required' }
  return type === 'tool' && name !== undefined ? { mode: 'tool', name, custom: false } : undefined
}

function readTools(fields: Fields): NeutralTool[] {
  return fields.objects('tools').flatMap((tool): NeutralTool[] => {
    const type = tool.take('type') ?? 'custom'
    const name = type === 'custom' ? tool.text('name') : undefined
    if (name === undefined) {
      tool.losses.drop(tool.path, 'Left out: a tool whose schema only the provider knows, or that it runs itself.')
      return []
    }
    const description = tool.text('description')
    const parameters = tool.data('input_schema')
    const strict = tool.flag('strict')
    const callers = tool.list('allowed_callers')
    if (callers?.some((caller) => caller !== 'direct'))
      tool.drop('allowed_callers', 'Left out: the other dialect has no programs that call tools.')
    tool.drop('defer_loading', 'Left out: the other dialect shows the model all its tools.', false)
    tool.drop('eager_input_streaming', 'Left out: the other dialect streams arguments as it sees fit.')
    tool.drop('input_examples', 'Left out: tools of the other dialect have no examples.')
    tool.drop('cache_control', 'Left out: the other dialect places its prompt-cache marks differently.')
    tool.close()
    return [{ kind: 'function', name, description, parameters, strict, path: tool.path }]
  })
}
