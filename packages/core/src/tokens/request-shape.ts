import type { Api, ApiId, RequestOf, TextPart } from '../api/api.ts'
import { isObject, type JsonObject } from '../json.ts'
import { imageSize } from './image-size.ts'
import { anthropicImageTokens, openAiImageTokens } from './image-tokens.ts'

/** What a request holds beside its text, in numbers that its tokens follow from. */
export interface RequestShape {
  /** All text of the messages; tool definitions and schemas are in `definitions`. */
  readonly texts: readonly TextPart[]
  /** Names that reach the model beside the text: of participants, of called tools. */
  readonly names: readonly string[]
  /** JSON of the tools and of the answer's schema. */
  readonly definitions: string
  /** Tokens of images, audio and files by their recipes. */
  readonly mediaTokens: number
  /** What every request and every message in it costs beyond its content. */
  readonly overheadTokens: number
  /** Fields that add input which only the provider sees: `previous_response_id`. */
  readonly unseen: readonly string[]
}

/**
 * Around every message, its role included; a name costs one more; once before the answer.
 *
 * @see https://cookbook.openai.com/examples/how_to_count_tokens_with_tiktoken (2026-10)
 */
const perMessage = 4
const perName = 1
export const perRequestTokens = 3
/** What a tool call costs beyond its name and its arguments. */
const perToolCall = 3
/**
 * The system prompt that Anthropic adds when there are tools.
 *
 * @see https://platform.claude.com/docs/en/agents-and-tools/tool-use/overview#pricing (2026-10)
 */
const anthropicToolPrompt = { auto: 346, forced: 313 }
/** Tools as JSON cost about this much of what the same text costs. */
export const definitionFactor = 1.1
/** A file whose text cannot be seen: two pages of a PDF. */
const assumedFileTokens = 4_000
/** OpenAI: one token for 100 ms of audio. */
const audioTokensPerSecond = 10
const assumedAudioSeconds = 30

export function requestShape<A extends ApiId>(api: Api<A>, request: RequestOf<A>): RequestShape {
  const body: JsonObject = request
  const texts: TextPart[] = []
  for (const part of api.prompt(request)) {
    // These are inside `definitions`.
    if (part.kind === 'tool_definition') continue
    if (part.path[0] === 'response_format' || part.path[0] === 'text') continue
    texts.push(part)
  }
  const names: string[] = []
  const unseen: string[] = []
  for (const field of ['previous_response_id', 'conversation', 'prompt'])
    if (isObject(body[field]) || (typeof body[field] === 'string' && field !== 'prompt')) unseen.push(field)

  const isAnthropic = api.id === 'anthropic.messages'
  const walk: Walk = { names, isAnthropic, model: modelOf(api, request), mediaTokens: 0, overhead: 0 }
  let ids = 0
  const list = body['messages'] ?? body['input'] ?? body['prompt']
  if (Array.isArray(list)) {
    for (const item of list) {
      if (typeof item === 'number') ids += 1
      else if (Array.isArray(item)) ids += item.length
      else if (isObject(item)) message(item, walk)
    }
  } else if (typeof list === 'string' && body['input'] !== undefined && api.id === 'openai.responses') {
    walk.overhead += perMessage
  }
  if (body['system'] ?? body['instructions']) walk.overhead += perMessage
  if (walk.overhead > 0) walk.overhead += perRequestTokens

  const definitions = definitionsOf(body)
  if (isAnthropic && Array.isArray(body['tools']) && body['tools'].length > 0) {
    const choice = isObject(body['tool_choice']) ? body['tool_choice']['type'] : undefined
    walk.overhead += choice === 'any' || choice === 'tool' ? anthropicToolPrompt.forced : anthropicToolPrompt.auto
  }
  return { texts, names, definitions, mediaTokens: walk.mediaTokens, overheadTokens: walk.overhead + ids, unseen }
}

/** The model that a request names; none where a stored prompt does. */
export function modelOf<A extends ApiId>(api: Api<A>, request: RequestOf<A>): string {
  const model: unknown = api.model(request)
  return typeof model === 'string' ? model : ''
}

interface Walk {
  readonly names: string[]
  readonly isAnthropic: boolean
  readonly model: string
  mediaTokens: number
  overhead: number
}

function message(item: JsonObject, walk: Walk): void {
  walk.overhead += perMessage
  const { role, type, name, content } = item
  if (typeof name === 'string') {
    walk.names.push(name)
    walk.overhead += role === undefined && type !== undefined ? perToolCall : perName
  }
  if (typeof content === 'object') media(content, walk)
  if (typeof item['output'] === 'object') media(item['output'], walk)
  const calls = item['tool_calls']
  if (Array.isArray(calls)) for (const call of calls) toolCall(call, walk)
  if (isObject(item['function_call'])) toolCall({ function: item['function_call'] }, walk)
}

function toolCall(call: unknown, walk: Walk): void {
  if (!isObject(call)) return
  const called = call['function'] ?? call['custom']
  walk.overhead += perToolCall
  if (isObject(called) && typeof called['name'] === 'string') walk.names.push(called['name'])
}

/** Adds what content holds that is not text: blocks of any dialect, nested results included. */
function media(content: unknown, walk: Walk): void {
  if (Array.isArray(content)) for (const block of content) media(block, walk)
  if (!isObject(content)) return
  const { type, source } = content
  if (type === 'tool_use' || type === 'server_tool_use') {
    walk.overhead += perToolCall
    if (typeof content['name'] === 'string') walk.names.push(content['name'])
  }
  if (typeof content['content'] === 'object') media(content['content'], walk)
  if (type === 'image_url' || type === 'input_image' || type === 'image' || type === 'computer_screenshot') {
    const link = isObject(content['image_url']) ? content['image_url'] : content
    const data = isObject(source) ? source['data'] : (link['url'] ?? link['image_url'])
    const detail = typeof link['detail'] === 'string' ? link['detail'] : undefined
    const image = { size: typeof data === 'string' ? imageSize(data) : undefined, detail }
    walk.mediaTokens += walk.isAnthropic
      ? anthropicImageTokens(image, walk.model)
      : openAiImageTokens(image, walk.model)
  } else if (type === 'input_audio') {
    const audio = isObject(content['input_audio']) ? content['input_audio'] : content
    walk.mediaTokens += Math.ceil(audioSeconds(audio) * audioTokensPerSecond)
  } else if (type === 'file' || type === 'input_file') {
    walk.mediaTokens += assumedFileTokens
  } else if (type === 'document' && isObject(source) && source['type'] !== 'text' && source['type'] !== 'content') {
    walk.mediaTokens += assumedFileTokens
  }
}

/** 24 kHz of 16 bit in WAV, 128 kbit/s in everything else. */
function audioSeconds(audio: JsonObject): number {
  const { data, format } = audio
  if (typeof data !== 'string') return assumedAudioSeconds
  return (data.length * 0.75) / (format === 'wav' || format === 'pcm16' ? 48_000 : 16_000)
}

function definitionsOf(body: JsonObject): string {
  const { tools, functions, response_format: format, text, output_config: output } = body
  let json = ''
  if (Array.isArray(tools) && tools.length > 0) json += JSON.stringify(tools)
  if (Array.isArray(functions) && functions.length > 0) json += JSON.stringify(functions)
  if (isObject(format) && isObject(format['json_schema'])) json += JSON.stringify(format['json_schema'])
  for (const holder of [text, output])
    if (isObject(holder) && isObject(holder['format']) && holder['format']['schema'])
      json += JSON.stringify(holder['format'])
  return json
}
