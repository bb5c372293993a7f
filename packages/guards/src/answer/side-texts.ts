import type { JsonObject } from '@sluice/core'

/**
 * What a text that stands beside an answer's own is: a quotation of the answer, what a built-in tool found or printed, what
 * the model wrote for a built-in tool (a command, a patch, a query), or a thought, spelled in parts by a gateway.
 */
export type SideKind = 'quote' | 'result' | 'call' | 'thought'

/** A text beside the texts that a dialect lists. */
export interface SideText {
  readonly kind: SideKind
  readonly field: string
  readonly text: string
  /** What a call calls: its name, or else its type. */
  readonly tool: string | undefined
  /** Where it is in what was walked. */
  readonly path: readonly (string | number)[]
}

export interface SideEdit {
  readonly map: (side: SideText) => string
  /** Whether to leave out what spells the answer once more: log probabilities, thoughts in parts. */
  readonly dropsEchoes?: boolean
  /** In a request the dialect lists more of them itself, and what the user sends as a file is none. */
  readonly isRequest?: boolean
}

function names(list: string): ReadonlySet<string> {
  return new Set(list.split(' '))
}

/** Fields of an answer that quote: citations, annotations, sources. */
const quoting = names('cited_text title document_title quote url source filename output_text message reason')
/** What built-in tools found and printed, wherever it stands. */
const found = names('logs stdout stderr error')
/** The same, within the results of one. */
const foundInResults = names('text content error_message description')
/** What dialects list of a request themselves. */
const listed = names('logs stdout stderr text data output arguments output_text description')
/** What the model wrote for a built-in tool: all texts in these, but for what no model is free to write. */
const calling = names('action actions operation queries arguments')
const notWritten = names('type button')
/** Values of any name, and lists of lines. */
const valuing = names('attributes lines')
/** Thoughts in parts: those of OpenRouter and of LiteLLM. */
const thoughts = names('reasoning_details thinking_blocks')
const thought = names('text summary thinking')
/** What spells the answer once more, so that it would show what was redacted. */
const echoing: ReadonlySet<string> = new Set(['logprobs', ...thoughts])
/** What has no side texts in it: the application's own, text that is checked as the answer's, echoes of that. */
const skipped = names('input metadata instructions text reasoning tool_choice parameters usage prompt logprobs')
/** What is no text, and programs: their provider signed them. */
const skippedTypes = names('image image_url input_image file input_file input_audio computer_screenshot program')

/** What a walk is in: only fields that are known for it hold side texts, or more of them, or all do. */
type Inside = 'answer' | 'results' | 'values' | 'call' | 'thoughts'

/** A copy of an answer, an event or a message with its side texts rewritten; the same one where nothing is to be done. */
export function mapSideTexts<T>(value: T, edit: SideEdit): T {
  return new Walk(edit).visit(value, 'answer') as T
}

/** The side texts, in the order in which they are mapped. */
export function sideTexts(value: unknown, isRequest = false): readonly SideText[] {
  const texts: SideText[] = []
  const map = (side: SideText): string => {
    texts.push(side)
    return side.text
  }
  new Walk({ map, isRequest }).visit(value, 'answer')
  return texts
}

class Walk {
  readonly #edit: SideEdit
  readonly #path: (string | number)[] = []
  #tool: string | undefined

  constructor(edit: SideEdit) {
    this.#edit = edit
  }

  visit(value: unknown, inside: Inside): unknown {
    if (typeof value !== 'object' || value === null) return value
    if (Array.isArray(value)) return this.#list(value, inside)
    const object = value as JsonObject
    if (inside !== 'call' && skippedTypes.has(object['type'] as string)) return value
    let copy: Record<string, unknown> | undefined
    // Without a list of entries: every whole answer is walked here, and nearly all are left as they are.
    for (const field in object) {
      const old = object[field]
      const edited = this.#field(object, field, old, inside)
      if (edited !== old) (copy ??= { ...object })[field] = edited
    }
    return copy ?? value
  }

  #list(list: readonly unknown[], inside: Inside): unknown {
    const path = this.#path
    let copy: unknown[] | undefined
    for (let index = 0; index < list.length; index += 1) {
      const old = list[index]
      let edited = old
      if (typeof old === 'object') {
        path.push(index)
        edited = this.visit(old, inside)
        path.pop()
      } else if (typeof old === 'string' && (inside === 'call' || inside === 'values'))
        edited = this.#text(inside === 'call' ? 'call' : 'result', index, old)
      if (edited !== old) (copy ??= [...list])[index] = edited
    }
    return copy ?? list
  }

  #field(object: JsonObject, field: string, old: unknown, inside: Inside): unknown {
    if (typeof old === 'string') {
      if (old === '') return old
      const kind = kindOf(object, field, inside, this.#edit.isRequest === true)
      if (kind === undefined || old.startsWith('data:')) return echoed(field, old, this.#edit)
      if (kind === 'call' && inside !== 'call') this.#tool = toolOf(object)
      return this.#text(kind, field, old)
    }
    if (typeof old !== 'object' || old === null) return echoed(field, old, this.#edit)
    if (this.#edit.dropsEchoes && echoing.has(field)) return echoed(field, old, this.#edit)
    const next = inside === 'call' || inside === 'values' ? inside : insideOf(object, field, inside)
    // In a request they go back to who wrote and signed them.
    if (next === undefined || (next === 'thoughts' && this.#edit.isRequest)) return old
    if (next === 'call' && inside !== 'call') this.#tool = toolOf(object)
    this.#path.push(field)
    const edited = this.visit(old, next)
    this.#path.pop()
    return edited
  }

  #text(kind: SideKind, at: string | number, text: string): string {
    const field = typeof at === 'string' ? at : ''
    const tool = kind === 'call' ? this.#tool : undefined
    return this.#edit.map({ kind, field, text, tool, path: [...this.#path, at] })
  }
}

function echoed(field: string, old: unknown, { dropsEchoes }: SideEdit): unknown {
  if (!dropsEchoes || !echoing.has(field)) return old
  return Array.isArray(old) ? (old.length > 0 ? [] : old) : null
}

function kindOf(object: JsonObject, field: string, inside: Inside, isRequest: boolean): SideKind | undefined {
  if (inside === 'call') return notWritten.has(field) ? undefined : 'call'
  if (inside === 'values') return 'result'
  if (inside === 'thoughts') return thought.has(field) ? 'thought' : undefined
  const { type } = object
  if (isRequest && isListed(type, field, object)) return undefined
  if (quoting.has(field)) return inside === 'results' ? 'result' : 'quote'
  if (found.has(field) || (inside === 'results' && foundInResults.has(field))) return 'result'
  if (typeof type !== 'string') return field === 'content' && 'url' in object ? 'quote' : undefined
  switch (field) {
    case 'arguments':
      return type === 'mcp_approval_request' ? 'call' : undefined
    case 'revised_prompt':
      return 'call'
    // Events that announce and repeat a command.
    case 'command':
      return type.startsWith('response.') ? 'call' : undefined
    case 'output':
      return 'result'
    case 'result':
      return type === 'program_output' ? 'result' : undefined
    case 'data':
      return type === 'text' && inside === 'results' ? 'result' : undefined
    case 'content':
      return type.startsWith('compaction') ? 'quote' : undefined
    default:
      return undefined
  }
}

/** Whether the dialect lists a field of a request itself. */
function isListed(type: unknown, field: string, object: JsonObject): boolean {
  if (field === 'content') return !('url' in object)
  if (field === 'title') return type === 'document' || type === 'search_result'
  return listed.has(field)
}

/** What is in a field; `undefined` where nothing in it is a side text. */
function insideOf(object: JsonObject, field: string, inside: Inside): Inside | undefined {
  const { type } = object
  if (field === 'tools') return type === 'mcp_list_tools' ? 'results' : undefined
  if (skipped.has(field)) return undefined
  if (thoughts.has(field)) return 'thoughts'
  if (calling.has(field)) return 'call'
  if (valuing.has(field)) return 'values'
  // A document that is sent as a file, or from elsewhere.
  if (field === 'source')
    return /^(text|content)$/.test(String((object[field] as JsonObject)['type'])) ? inside : undefined
  if (field === 'results' || field === 'error') return 'results'
  if (typeof type !== 'string') return inside
  if (field === 'output' || field === 'outputs') return 'results'
  return field === 'content' && type.endsWith('tool_result') ? 'results' : inside
}

function toolOf({ name, type }: JsonObject): string | undefined {
  if (typeof name === 'string') return name
  if (typeof type !== 'string') return undefined
  return type.startsWith('response.shell_call') ? 'shell_call' : type
}
