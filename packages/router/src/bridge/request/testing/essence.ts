import { isObject } from '../fields.ts'

/*
 * What a request asks for, read by other code than the bridge's, so that two requests of one dialect can be compared: two
 * are equal where the model is told the same. Left out of account: how texts of one role in a row are divided into
 * messages, empty texts, system beside developer, `null` beside absence, and values that ask for what happens anyway.
 */

export interface Essence {
  /** Who says what, in order. */
  readonly said: readonly string[]
  readonly tools: readonly string[]
  readonly settings: Readonly<Record<string, unknown>>
}

/** The efforts that budgets of thinking stand for; the laws use this one. */
const efforts: { readonly [tokens: string]: string } = { 8192: 'medium' }

type Json = Readonly<Record<string, unknown>>

const listOf = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isObject) : [])
const objectOf = (value: unknown): Json => (isObject(value) ? value : {})

/** What an object says, whatever the order of its fields. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, field: unknown) =>
    isObject(field) ? Object.fromEntries(Object.entries(field).toSorted(([a], [b]) => (a < b ? -1 : 1))) : field,
  )
}

function call(id: unknown, name: unknown, input: unknown): string {
  let value = input
  if (typeof input === 'string')
    try {
      value = JSON.parse(input || '{}')
    } catch {
      value = input
    }
  return `call ${String(id)} ${String(name)} ${canonical(value)}`
}

function stated(fields: Json): Json {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null))
}

const speaker = (role: unknown): string =>
  role === 'developer' ? 'system' : role === 'function' ? 'tool' : String(role)

/** What Chat Completions and Responses say in parts of content; Anthropic has parts of its own. */
function parts(content: unknown): string[] {
  if (typeof content === 'string') return content === '' ? [] : [`text ${content}`]
  return listOf(content).flatMap((part) => {
    if (part['refusal'] !== undefined) return [`refusal ${String(part['refusal'])}`]
    if (typeof part['text'] === 'string')
      return part['text'] === '' ? [] : [`text ${part['text']} ${canonical(part['prompt_cache_breakpoint'])}`]
    const {
      detail,
      type: _,
      filename,
      ...image
    } = { ...part, ...objectOf(part['image_url']), ...objectOf(part['file']) } as Json
    const where = image['url'] ?? image['file_data'] ?? image['file_url'] ?? image['file_id'] ?? image['image_url']
    return [`media ${String(where)} ${detail === 'auto' ? '' : String(detail ?? '')} ${String(filename ?? '')}`]
  })
}

function tool(kind: string, name: unknown, description: unknown, parameters: unknown, strict: unknown): string {
  const own = parameters ?? { type: 'object', properties: {} }
  return canonical({ kind, name, description: description ?? undefined, own, strict: strict === true || undefined })
}

export function essenceOfChat(request: Json): Essence {
  const said = listOf(request['messages']).flatMap((message) => {
    const { role, content, refusal, tool_calls, tool_call_id } = message
    const who = role === 'tool' ? `tool ${String(tool_call_id)}` : speaker(role)
    const calls = listOf(tool_calls).map((one) => {
      const inner = objectOf(one['function'] ?? one['custom'])
      return call(one['id'], inner['name'], inner['arguments'] ?? inner['input'])
    })
    const words = [...parts(content), ...(typeof refusal === 'string' ? [`refusal ${refusal}`] : [])]
    return [...words, ...calls].map((one) => `${who} ${one.replace(/ undefined$/, '')}`)
  })
  const format = objectOf(request['response_format'])
  const inner = objectOf(format['json_schema'])
  const stop = request['stop']
  return {
    said,
    tools: listOf(request['tools']).map((one) => {
      const own = objectOf(one['function'] ?? one['custom'])
      return tool(String(one['type']), own['name'], own['description'], own['parameters'], own['strict'])
    }),
    settings: stated({
      ...sharedSettings(request),
      maxTokens: request['max_completion_tokens'] ?? request['max_tokens'],
      stop: typeof stop === 'string' ? [stop] : stop,
      logprobs: request['logprobs'] || undefined,
      effort: request['reasoning_effort'],
      verbosity: request['verbosity'],
      ...formatOf(format['type'], inner),
      choice: choiceOf(request),
    }),
  }
}

function formatOf(type: unknown, { type: name, strict, ...schema }: Json): Json {
  if (type !== 'json_schema') return { format: name === 'text' || type === 'text' ? undefined : type }
  // A description that stands beside the schema may move into it.
  const { description: inner, ...own } = objectOf(schema['schema'])
  const { description = inner, ...rest } = schema
  return { format: { ...rest, description, schema: own }, strict: strict === true || undefined }
}

function canCall({ tools, tool_choice }: Json): boolean {
  return listOf(tools).length > 0 && tool_choice !== 'none'
}

/** A choice, where there is anything to choose from. */
function choiceOf({ tools, tool_choice }: Json): unknown {
  return listOf(tools).length === 0 || tool_choice === 'auto' ? undefined : canonical(tool_choice)
}

function sharedSettings(request: Json): Json {
  const { temperature, top_p, top_logprobs, metadata, moderation, prompt_cache_key, prompt_cache_retention } = request
  const user = request['safety_identifier'] ?? request['user']
  return {
    temperature: temperature === 1 ? undefined : temperature,
    top_p,
    top_logprobs,
    metadata,
    moderation,
    prompt_cache_key,
    prompt_cache_retention,
    user,
    tier: request['service_tier'],
    stream: request['stream'] || undefined,
    alone: (canCall(request) && request['parallel_tool_calls'] === false) || undefined,
  }
}

export function essenceOfResponses(request: Json): Essence {
  const { input, instructions } = request
  const items = typeof input === 'string' ? [{ role: 'user', content: input }] : listOf(input)
  const said = items.flatMap((item: Json) => {
    const { call_id, name } = item
    if (String(item['type']).endsWith('call'))
      return [`assistant ${call(call_id, name, item['arguments'] ?? item['input'])}`]
    const isOutput = String(item['type']).endsWith('output')
    const who = isOutput ? `tool ${String(call_id)}` : speaker(item['role'])
    return parts(isOutput ? item['output'] : item['content']).map((one) => `${who} ${one.replace(/ undefined$/, '')}`)
  })
  const text = objectOf(request['text'])
  const format = objectOf(text['format'])
  const reasoning = objectOf(request['reasoning'])
  const include = request['include']
  return {
    said: [
      ...(typeof instructions === 'string' && instructions !== '' ? [`system text ${instructions}`] : []),
      ...said,
    ],
    tools: listOf(request['tools']).map((one) =>
      tool(String(one['type']), one['name'], one['description'], one['parameters'], one['strict']),
    ),
    settings: stated({
      ...sharedSettings(request),
      maxTokens: request['max_output_tokens'],
      logprobs: (Array.isArray(include) && include.includes('message.output_text.logprobs')) || undefined,
      effort: reasoning['effort'],
      summary: reasoning['summary'],
      verbosity: text['verbosity'],
      ...formatOf(format['type'], format),
      choice: choiceOf(request),
    }),
  }
}

export function essenceOfMessages(request: Json): Essence {
  const turns = [{ role: 'system', content: request['system'] }, ...listOf(request['messages'])]
  const config = objectOf(request['output_config'])
  const thinking = objectOf(request['thinking'])
  const { disable_parallel_tool_use: alone, ...choice } = objectOf(request['tool_choice'])
  const { max_tokens, temperature, top_p, stop_sequences } = request
  return {
    said: turns.flatMap(({ role, content }: Json) =>
      blocks(content).map((one) => (one.startsWith('tool ') ? one : `${String(role)} ${one}`)),
    ),
    tools: listOf(request['tools']).map((one) =>
      tool('function', one['name'], one['description'], one['input_schema'], one['strict']),
    ),
    settings: stated({
      temperature: temperature === 1 ? undefined : temperature,
      maxTokens: max_tokens,
      top_p,
      stop: stop_sequences,
      format: config['format'],
      effort:
        thinking['type'] === 'disabled' ? 'none' : (config['effort'] ?? efforts[String(thinking['budget_tokens'])]),
      display: thinking['display'] === 'omitted' ? undefined : thinking['display'],
      user: objectOf(request['metadata'])['user_id'],
      tier: request['service_tier'],
      stream: request['stream'] || undefined,
      choice:
        choice['type'] === 'auto' || listOf(request['tools']).length === 0
          ? undefined
          : (choice['name'] ?? choice['type']),
      alone: (listOf(request['tools']).length > 0 && alone) || undefined,
    }),
  }
}

function blocks(content: unknown): string[] {
  if (typeof content === 'string') return content === '' ? [] : [`text ${content}`]
  return listOf(content).flatMap((block) => {
    const { type, text, id, name, input, tool_use_id, source, title } = block
    if (type === 'tool_use') return [call(id, name, input)]
    if (type === 'tool_result') return blocks(block['content']).map((one) => `tool ${String(tool_use_id)} ${one}`)
    if (type === 'text') return text === '' ? [] : [`text ${String(text)}`]
    return [`${String(type)} ${canonical(source)} ${String(title ?? '')}`]
  })
}
