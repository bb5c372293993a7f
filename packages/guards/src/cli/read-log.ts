/** One text of a log. */
export interface LoggedText {
  readonly text: string
  /** Whether the text is one that should be found; absent where the log does not say. */
  readonly isBad?: boolean
  /** Where it came from, for figures by source. */
  readonly source: string
}

export interface ReadLogOptions {
  /** The field with the text. @default whichever of `text`, `prompt`, `input`, `content`, `messages`, `answer`, `output` there is */
  readonly textField?: string | undefined
  /** The field that labels a text as bad. @default 'label' */
  readonly labelField?: string | undefined
  /** The field that names where a text came from. @default 'source' */
  readonly sourceField?: string | undefined
}

export interface ReadLog {
  readonly texts: readonly LoggedText[]
  /** Numbers of lines that hold no text, from 1. */
  readonly unread: readonly number[]
}

type Row = Readonly<Record<string, unknown>>

const textFields = ['text', 'prompt', 'input', 'content', 'messages', 'answer', 'output']

/** Reads JSON lines. Of messages, the texts of the user and of tools are taken, each for itself. */
export function readLog(lines: string, options: ReadLogOptions = {}): ReadLog {
  const { textField, labelField = 'label', sourceField = 'source' } = options
  const texts: LoggedText[] = []
  const unread: number[] = []
  for (const [index, line] of lines.split('\n').entries()) {
    if (line.trim() === '') continue
    const row = parsed(line)
    const field = textField ?? textFields.find((name) => row?.[name] !== undefined)
    const found = row && field !== undefined ? textsOf(row[field]) : []
    if (found.length === 0) unread.push(index + 1)
    const isBad = row && labelOf(row[labelField])
    const source = row?.[sourceField]
    for (const text of found)
      texts.push({ text, source: typeof source === 'string' ? source : 'all', ...(isBad !== undefined && { isBad }) })
  }
  return { texts, unread }
}

function parsed(line: string): Row | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? (value as Row) : undefined
  } catch {
    return undefined
  }
}

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return value === '' ? [] : [value]
  if (!Array.isArray(value)) return []
  return value.flatMap((message: unknown) => {
    if (typeof message === 'string') return textsOf(message)
    const { role = 'user', content, text } = (message ?? {}) as { role?: string; content?: unknown; text?: unknown }
    if (role !== 'user' && role !== 'tool') return []
    return typeof text === 'string' ? [text] : textsOf(content)
  })
}

function labelOf(value: unknown): boolean | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value === 'string')
    return !['0', 'false', 'no', 'benign', 'good', 'safe', ''].includes(value.toLowerCase())
  return Boolean(value)
}
