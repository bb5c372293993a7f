import type { JsonObject } from '@sluice/core'
import type { Losses } from '../../lossy.ts'
import { Fields } from '../fields.ts'
import { Settings, type NeutralMessage, type NeutralRequest, type NeutralTool } from '../neutral.ts'
import { isPlainFormat, readEffort, readFormatName, readSharedSettings, readToolChoice } from '../openai-settings.ts'
import { readItems } from './decode-items.ts'

/** Reads a request of Responses. */
export function fromResponses(request: JsonObject, losses: Losses): NeutralRequest {
  const fields = new Fields(request, [], losses)
  const settings = new Settings()
  const model = fields.text('model')
  const messages = [...readInstructions(fields), ...readItems(fields)]
  const tools = readTools(fields)
  readSharedSettings(fields, settings)
  readToolChoice(fields, settings)
  settings.put('maxTokens', fields.number('max_output_tokens'), fields.at('max_output_tokens'))
  readText(fields, settings)
  readReasoning(fields, settings)
  readIncluded(fields, settings)
  const streaming = fields.object('stream_options')
  if (streaming) {
    settings.put('obfuscation', streaming.flag('include_obfuscation'), streaming.at('include_obfuscation'))
    streaming.close()
  }
  dropOwn(fields)
  fields.close()
  return { model, messages, tools, settings }
}

/** Names what no other dialect has, above all what lives at the provider. */
function dropOwn(fields: Fields): void {
  const there = 'Left out: the conversation lives at the provider that holds the earlier response.'
  fields.refuse('previous_response_id', there)
  fields.refuse('conversation', there)
  fields.refuse('background', 'Left out: the other dialect has no responses to come back for.', false)
  fields.refuse('store', 'Left out: what another provider answers cannot be fetched here later.', false)
  fields.refuse('prompt', 'Left out: the stored prompt lives at the provider.')
  fields.drop('truncation', 'Left out: the other dialect refuses an input that is too long.', 'disabled')
  fields.drop('max_tool_calls', 'Left out: it limits tools of the provider.')
  if ((fields.list('context_management') ?? []).length > 0)
    fields.drop('context_management', 'Left out: the other dialect does not manage the context.')
  fields.drop('access_programs', 'Left out: access programs belong to this provider.')
  fields.drop('image', 'Left out: the other dialect has no image options for the whole request.')
}

function readInstructions(fields: Fields): NeutralMessage[] {
  const text = fields.text('instructions')
  const path = fields.at('instructions')
  return text === undefined ? [] : [{ role: 'system', path, parts: [{ type: 'text', text, path }] }]
}

function readText(fields: Fields, settings: Settings): void {
  const config = fields.object('text')
  if (!config) return
  settings.put('verbosity', config.text('verbosity'), config.at('verbosity'))
  const format = config.object('format')
  config.close()
  if (!format || isPlainFormat(format)) return format?.close()
  const type = format.take('type')
  const schema = type === 'json_schema' ? format.data('schema') : undefined
  if (type === 'json_object') settings.put('format', { kind: 'json_object' }, format.path)
  else if (schema) {
    const paths = { name: format.at('name'), description: format.at('description'), strict: format.at('strict') }
    const [name, description, strict] = [readFormatName(format), format.text('description'), format.flag('strict')]
    settings.put('format', { kind: 'schema', name, description, schema, strict, paths }, format.path)
  } else return format.losses.drop(format.path, 'Left out: the bridge does not know this output format.')
  format.close()
}

function readReasoning(fields: Fields, settings: Settings): void {
  const reasoning = fields.object('reasoning')
  if (!reasoning) return
  readEffort(reasoning, 'effort', settings)
  const name = reasoning.take('summary') === undefined ? 'generate_summary' : 'summary'
  settings.put('reasoningSummary', reasoning.text(name), reasoning.at(name))
  if (name === 'summary') reasoning.drop('generate_summary', 'Left out: summary is there as well and goes before it.')
  reasoning.drop('context', 'Left out: earlier reasoning is not carried to another dialect.', 'auto')
  reasoning.drop('mode', 'Left out: the other dialect has one way to reason.', 'standard')
  reasoning.close()
}

const logprobs = 'message.output_text.logprobs'

function readIncluded(fields: Fields, settings: Settings): void {
  for (const [index, name] of (fields.list('include') ?? []).entries()) {
    if (name === logprobs) settings.put('logprobs', true, fields.at('include', index))
    else fields.losses.drop(fields.at('include', index), 'Left out: answers of the other dialect cannot include this.')
  }
}

function readTools(fields: Fields): NeutralTool[] {
  return fields.objects('tools').flatMap((tool): NeutralTool[] => {
    const kind = tool.take('type')
    const name = kind === 'function' || kind === 'custom' ? tool.text('name') : undefined
    if (name === undefined || (kind !== 'function' && kind !== 'custom')) {
      tool.losses.drop(tool.path, 'Left out: a tool that the provider runs itself, or that it alone knows.')
      return []
    }
    const description = tool.text('description')
    const own =
      kind === 'custom'
        ? { format: tool.data('format') }
        : { parameters: tool.data('parameters'), strict: tool.flag('strict') }
    dropToolExtras(tool)
    tool.close()
    return [{ kind, name, description, ...own, path: tool.path }]
  })
}

function dropToolExtras(tool: Fields): void {
  const callers = tool.list('allowed_callers')
  if (callers?.some((caller) => caller !== 'direct'))
    tool.drop('allowed_callers', 'Left out: the other dialect has no programs that call tools.')
  tool.drop('async', 'Left out: the other dialect has no calls that outlast a turn.', false)
  tool.drop('defer_loading', 'Left out: the other dialect shows the model all its tools.', false)
  tool.drop('output_schema', 'Left out: the other dialect does not describe what a tool answers.')
}
