import type { ApiId, JsonObject } from '@sluice/core'
import { isObject } from '../fields.ts'

/** What in a request its provider would refuse, as far as its documentation says and the fake provider does not check. */
export function violations(api: ApiId, request: JsonObject): string[] {
  if (api === 'anthropic.messages') return ofMessages(request)
  return api === 'openai.chat' ? ofChat(request) : ofResponses(request)
}

const objects = (value: unknown): JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : [])

function ofMessages(request: JsonObject): string[] {
  const found: string[] = []
  const turns = objects(request['messages'])
  const ids = new Set<unknown>()
  let calls: unknown[] = []
  for (const [index, { role, content }] of turns.entries()) {
    const blocks = objects(content)
    const texts =
      typeof content === 'string' ? [content] : blocks.flatMap(({ text }) => (text === undefined ? [] : [text]))
    if (index === 0 && role !== 'user') found.push('does not begin with the user')
    if (role === turns[index - 1]?.['role']) found.push('has two turns of one role in a row')
    if (role === 'system' && turns[index - 1]?.['role'] !== 'user') found.push('has a system turn out of place')
    if (role === 'system' && turns[index + 1]?.['role'] === 'user') found.push('has a system turn before the user')
    if (content === '' || (Array.isArray(content) && blocks.length === 0)) found.push('has an empty turn')
    if (texts.some((text) => String(text).trim() === '')) found.push('has an empty text')
    const results = blocks.filter(({ type }) => type === 'tool_result')
    if (blocks.slice(0, results.length).some(({ type }) => type !== 'tool_result'))
      found.push('has results behind other blocks')
    const answered = results.map(({ tool_use_id }) => tool_use_id)
    if (answered.some((id) => !calls.includes(id))) found.push('has a result without its call in the turn before')
    if (calls.some((id) => !answered.includes(id))) found.push('has a call without its result in the turn behind')
    calls = blocks.flatMap(({ type, id }) => (type === 'tool_use' ? [id] : []))
    for (const id of calls) {
      if (ids.has(id) || !/^[\w-]+$/.test(String(id))) found.push('has an id of a call that is taken or malformed')
      ids.add(id)
    }
  }
  return [...found, ...ofThinking(request), ...ofChoice(request)]
}

function ofThinking(request: JsonObject): string[] {
  const thinking = isObject(request['thinking']) ? request['thinking'] : {}
  const { type, budget_tokens } = thinking
  const thinks = type === 'enabled' || type === 'adaptive'
  const { temperature, top_p, max_tokens } = request
  const choice = isObject(request['tool_choice']) ? request['tool_choice']['type'] : undefined
  const name = String(request['model'])
  return [
    ...(type === 'enabled' && !(Number(budget_tokens) >= 1024 && Number(budget_tokens) < Number(max_tokens))
      ? ['has a bad budget']
      : []),
    ...(thinks && (choice === 'any' || choice === 'tool') ? ['thinks when it must call a tool'] : []),
    ...(thinks && temperature !== undefined && temperature !== 1 ? ['thinks at a temperature'] : []),
    ...(Number(temperature ?? 0) > 1 ? ['is too hot'] : []),
    ...(name === 'claude-opus-5' && (temperature ?? top_p) !== undefined ? ['samples'] : []),
    ...(name === 'claude-sonnet-4-5' && temperature !== undefined && top_p !== undefined ? ['samples twice'] : []),
    ...(name === 'claude-sonnet-4-5' && type === 'adaptive' ? ['adapts'] : []),
    ...(name === 'claude-opus-5' && type === 'enabled' ? ['has a budget'] : []),
  ]
}

function ofChoice(request: JsonObject): string[] {
  const tools = objects(request['tools'])
  if ((request['tool_choice'] ?? undefined) !== undefined && tools.length === 0) return ['chooses among no tools']
  const alone = request['parallel_tool_calls']
  return alone !== undefined && tools.length === 0 ? ['calls no tools one by one'] : []
}

function ofChat(request: JsonObject): string[] {
  const found: string[] = []
  let open = new Set<unknown>()
  for (const message of objects(request['messages'])) {
    const { role, content, tool_calls, tool_call_id } = message
    if (role === 'tool') {
      if (!open.delete(tool_call_id)) found.push('has a result without its call before it')
    } else if (open.size > 0) found.push('has a call without its result')
    if (role !== 'tool') open = new Set(objects(tool_calls).map(({ id }) => id))
    if (Array.isArray(content) && content.length === 0) found.push('has empty content')
    if (role !== 'user' && objects(content).some(({ type }) => type !== 'text' && type !== 'refusal'))
      found.push('has content that only the user may send')
    if (content === null && role !== 'assistant') found.push('has no content')
  }
  if (open.size > 0) found.push('has a call without its result')
  if (Array.isArray(request['stop']) && request['stop'].length > 4) found.push('has too many stop sequences')
  if (request['top_logprobs'] !== undefined && request['logprobs'] !== true) found.push('has alternatives to nothing')
  if (request['stream_options'] !== undefined && request['stream'] !== true) found.push('has options of no stream')
  return [...found, ...ofChoice(request)]
}

function ofResponses(request: JsonObject): string[] {
  const calls = new Set<unknown>()
  const found: string[] = []
  for (const { type, call_id, content } of objects(request['input'])) {
    if (type === 'function_call' || type === 'custom_tool_call') calls.add(call_id)
    if (String(type).endsWith('_output') && !calls.delete(call_id)) found.push('has a result without its call')
    if (Array.isArray(content) && content.length === 0) found.push('has empty content')
  }
  if (calls.size > 0) found.push('has a call without its result')
  if (Number(request['max_output_tokens'] ?? 16) < 16) found.push('has too small a limit')
  return [...found, ...ofChoice(request)]
}
