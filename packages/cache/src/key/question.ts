import type { Api, ApiId, JsonObject, RequestOf } from '@sluice/core'

/** A request that is one question: nothing came before it but the system's instructions. */
export interface Question {
  /** The text of the user's turn. */
  readonly text: string
  /** The request with `null` in the place of that text. */
  readonly frame: JsonObject
}

/** The field of a dialect that holds its turns. */
const turnsField: Partial<Record<ApiId, string>> = {
  'openai.chat': 'messages',
  'openai.responses': 'input',
  'anthropic.messages': 'messages',
}

const systemRoles: ReadonlySet<unknown> = new Set(['system', 'developer'])
const textTypes: ReadonlySet<unknown> = new Set(['text', 'input_text'])

/**
 * The question that a request is, if it is no more than that: exactly one turn of the user, of one text and nothing else,
 * no other turns but the system's, and one answer asked for. What a turn means after others depends on them, and an image
 * is not in its text.
 */
export function questionOf<A extends ApiId>(api: Api<A>, request: RequestOf<A>): Question | undefined {
  const field = turnsField[api.id]
  if (field === undefined || !asksOnce(request)) return undefined
  const turns: unknown = (request as JsonObject)[field]
  if (typeof turns === 'string') return { text: turns, frame: { ...request, [field]: null } }
  if (!Array.isArray(turns)) return undefined
  let asked: { readonly at: number; readonly turn: JsonObject } | undefined
  for (const [at, turn] of (turns as readonly unknown[]).entries()) {
    if (!isTurn(turn)) return undefined
    if (systemRoles.has(turn['role'])) continue
    if (asked || turn['role'] !== 'user') return undefined
    asked = { at, turn }
  }
  const said = asked && textOf(asked.turn['content'])
  if (!asked || !said) return undefined
  const frame = { ...request, [field]: turns.with(asked.at, { ...asked.turn, content: said.frame }) }
  return { text: said.text, frame }
}

function asksOnce(request: JsonObject): boolean {
  const { n } = request
  return n === undefined || n === null || n === 1
}

/** A message: items of other kinds (calls, references, reasoning) have a type of their own. */
function isTurn(turn: unknown): turn is JsonObject {
  if (typeof turn !== 'object' || turn === null) return false
  const { type } = turn as JsonObject
  return type === undefined || type === 'message'
}

function textOf(content: unknown): { readonly text: string; readonly frame: unknown } | undefined {
  if (typeof content === 'string') return { text: content, frame: null }
  if (!Array.isArray(content) || content.length !== 1) return undefined
  const [part] = content as readonly JsonObject[]
  if (typeof part !== 'object' || part === null || !textTypes.has(part['type'])) return undefined
  const { text } = part
  return typeof text === 'string' ? { text, frame: [{ ...part, text: null }] } : undefined
}
