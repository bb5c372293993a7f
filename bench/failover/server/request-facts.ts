/** The body of a request as it came. */
export type Body = Readonly<Record<string, unknown>>

/** What the log keeps of a request's body. */
export interface RequestFacts {
  readonly model: string
  readonly isStream: boolean
  readonly lastRole: string | undefined
  /** Words in the messages. */
  readonly promptWords: number
  /** The text of an assistant message at the end: what the model is to go on with. */
  readonly prefill: string | undefined
  readonly wantsUsage: boolean
  readonly hasTools: boolean
  /** The last message brings what a tool gave back. */
  readonly hasToolResult: boolean
  readonly isStructured: boolean
}

interface Message {
  readonly role?: unknown
  readonly content?: unknown
}

export function factsOf(body: Body): RequestFacts {
  const messages = list(body['messages']) as readonly Message[]
  const last = messages.at(-1)
  const lastRole = typeof last?.role === 'string' ? last.role : undefined
  const text = messages.map(({ content }) => textOf(content)).join(' ')
  const options = body['stream_options'] as { include_usage?: unknown } | undefined
  return {
    model: String(body['model'] ?? ''),
    isStream: body['stream'] === true,
    lastRole,
    promptWords: text.split(/\s+/).filter(Boolean).length,
    prefill: lastRole === 'assistant' ? textOf(last?.content) : undefined,
    wantsUsage: options?.include_usage === true,
    hasTools: list(body['tools']).length > 0,
    hasToolResult: lastRole === 'tool' || list(last?.content).some((part) => typeOf(part) === 'tool_result'),
    isStructured: [body['response_format'], field(body['output_config'], 'format')].some(
      (format) => typeOf(format) === 'json_schema',
    ),
  }
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function field(value: unknown, name: string): unknown {
  return (value as Body | undefined)?.[name]
}

function typeOf(value: unknown): unknown {
  return field(value, 'type')
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content
  return list(content)
    .map((part) => String(field(part, 'text') ?? ''))
    .join('')
}
