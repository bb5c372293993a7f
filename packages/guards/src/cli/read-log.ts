import type { LogLine } from './lines.ts'

/** What one line of a log holds. */
export interface LoggedRow {
  /** From 1. */
  readonly line: number
  /** Empty where the line holds none. */
  readonly texts: readonly string[]
  /** Whether the texts should be found; absent where the log does not say. */
  readonly isBad?: boolean
  /** Where they came from, for figures by source. */
  readonly source: string
  /** A label of which nobody said whether it is bad, as it may be shown. */
  readonly unknownLabel?: string
}

export interface ReadLogOptions {
  /** The field with the text, `request.messages` for one inside of another. @default the first known one of the row, its `request`, its `body` */
  readonly textField?: string | undefined
  /** The field that labels a text as bad. @default 'label' */
  readonly labelField?: string | undefined
  /** The field that names where a text came from. @default 'source' */
  readonly sourceField?: string | undefined
  /** The labels that are bad; all others are good. @default those that are commonly used */
  readonly badLabels?: readonly string[] | undefined
}

type Row = Readonly<Record<string, unknown>>

const textFields = ['text', 'prompt', 'input', 'content', 'messages', 'answer', 'output']
/** Where logs of HTTP calls keep what was sent. */
const envelopes = ['request', 'body', 'request.body', 'params']

const badWords = new Set(
  '1 true yes bad unsafe harmful toxic malicious attack injection jailbreak spam positive flagged'.split(' '),
)
const goodWords = new Set([
  '',
  ...'0 false no good safe harmless benign clean ham legit legitimate normal negative ok none'.split(' '),
])

/** Reads a line. Of messages, the texts of the user and of tools are taken, each for itself. */
export function readRow({ number, value }: LogLine, options: ReadLogOptions = {}): LoggedRow {
  const { textField, labelField = 'label', sourceField = 'source', badLabels } = options
  const source = at(value, sourceField)
  const label = labelOf(at(value, labelField), badLabels)
  return {
    line: number,
    texts: Array.isArray(value) ? textsOf(value) : textsIn(value, textField),
    source: typeof source === 'string' ? source : 'all',
    ...(typeof label === 'boolean' && { isBad: label }),
    ...(typeof label === 'string' && { unknownLabel: label }),
  }
}

function textsIn(row: unknown, textField: string | undefined): string[] {
  if (textField !== undefined) return textsOf(at(row, textField))
  for (const place of [row, ...envelopes.map((path) => at(row, path))]) {
    const holder = typeof place === 'string' && place.startsWith('{') ? parsed(place) : place
    const field = isRow(holder) ? textFields.find((name) => holder[name] !== undefined) : undefined
    const texts = field === undefined ? [] : textsOf((holder as Row)[field])
    if (texts.length > 0) return texts
  }
  return []
}

/** The value of a field, by its own name or as a path of names. */
function at(value: unknown, path: string): unknown {
  if (isRow(value) && Object.hasOwn(value, path)) return value[path]
  return path
    .split('.')
    .reduce<unknown>((holder, name) => (isRow(holder) && Object.hasOwn(holder, name) ? holder[name] : undefined), value)
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

interface MessageLike {
  readonly role?: string
  readonly content?: unknown
  readonly text?: unknown
  /** What a tool gave, in Responses. */
  readonly output?: unknown
}

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return value === '' ? [] : [value]
  if (!Array.isArray(value)) return []
  return value.flatMap((message: unknown) => {
    if (typeof message === 'string') return textsOf(message)
    const { role = 'user', content, text, output } = (message ?? {}) as MessageLike
    if (role !== 'user' && role !== 'tool') return []
    return typeof text === 'string' ? textsOf(text) : textsOf(content ?? output)
  })
}

/** Whether a label is bad; as a text, one that nobody can tell of; `undefined` where there is none. */
function labelOf(value: unknown, badLabels: readonly string[] | undefined): boolean | string | undefined {
  if (value === undefined || value === null) return undefined
  const label = String(value).trim().toLowerCase()
  if (badLabels) return badLabels.some((each) => each.toLowerCase() === label)
  if (badWords.has(label)) return true
  if (goodWords.has(label)) return false
  // A field that was taken for the label by mistake may hold a text.
  return /^[\w-]{1,24}$/.test(label) ? label : '(longer texts)'
}
