import type OpenAI from 'openai'

/** One call as an application makes it. */
export interface Ask {
  readonly model: string
  /** The model to fall back to; clients that know no such thing leave it alone. */
  readonly fallback?: string | undefined
  /** @default true */
  readonly isStream?: boolean
  readonly signal?: AbortSignal
  /** Leaves the stream after so many pieces of text. */
  readonly leaveAfter?: number
  /** Offers the model the one tool it knows. The tool is not run. */
  readonly withTool?: boolean
  /** Called with each piece of text, after it was added to what was told. */
  readonly onText?: (told: Told) => void
}

/** A tool call as the application got it. */
export interface ToldCall {
  readonly id: string
  readonly name: string
  readonly arguments: string
}

/** What a client told its caller, as far as it came. */
export interface Told {
  text: string
  pieces: number
  /** Ids and finish reasons that a stream gave, in order, each id once. */
  ids: string[]
  finishes: string[]
  model: string | undefined
  usage: unknown
  toolCalls: ToldCall[]
  /** Tokens that a call took which was given up, if anybody says. */
  spent: { readonly input: number; readonly output: number; readonly isEstimated: boolean } | undefined
  /** What the client itself says it did. */
  report: readonly string[]
}

/** A client of one server. It keeps what it learns from one call to the next. */
export interface Connected {
  /** Makes a call. Writes what it gets into `told` as it comes, and throws what the application would be thrown. */
  ask(ask: Ask, told: Told): Promise<void>
  /** An OpenAI client that falls back to a model at Anthropic, where there is such a thing. */
  acrossDialects?(model: string, fallback: string): OpenAI
}

/** One of those that are compared. */
export interface Client {
  readonly name: string
  /** Knows models to fall back to. */
  readonly hasFallback: boolean
  /** How it was set up, and what it has none of. */
  readonly notes: string
  connect(origin: string, scale: number): Connected
}

export function nothingTold(): Told {
  return {
    text: '',
    pieces: 0,
    ids: [],
    finishes: [],
    model: undefined,
    usage: undefined,
    toolCalls: [],
    spent: undefined,
    report: [],
  }
}

/** Adds a piece of text; true: the application has read enough. */
export function hear(ask: Ask, told: Told, text: string): boolean {
  told.text += text
  told.pieces += 1
  ask.onText?.(told)
  return ask.leaveAfter !== undefined && told.pieces >= ask.leaveAfter
}

/** What one request may take in every client that can be told, in milliseconds: the benchmark's common budget. */
export const requestMs = 30_000

export const toolSchema: Readonly<Record<string, unknown>> & { readonly type: 'object' } = {
  type: 'object',
  properties: { city: { type: 'string' }, unit: { type: 'string' } },
  required: ['city', 'unit'],
  additionalProperties: false,
}
