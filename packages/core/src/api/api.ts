import type { SluiceError } from '../errors.ts'
import type { JsonObject } from '../json.ts'
import type { Usage } from '../usage.ts'
import type { ChatAnswer, ChatEvent, ChatRequest } from './openai-chat/wire.ts'
import type { CompletionsAnswer, CompletionsEvent, CompletionsRequest } from './openai-completions/wire.ts'
import type { EmbeddingsAnswer, EmbeddingsRequest } from './openai-embeddings/wire.ts'
import type { ResponsesAnswer, ResponsesEvent, ResponsesRequest } from './openai-responses/wire.ts'
import type { MessagesAnswer, MessagesEvent, MessagesRequest } from './anthropic-messages/wire.ts'

/**
 * The native JSON of every dialect, by its id. Augment this interface to give a dialect of your own its types:
 * `declare module '@sluice/core' { interface ApiWires { 'acme.chat': { request: …; answer: …; event: … } } }`.
 */
export interface ApiWires {
  'openai.chat': { request: ChatRequest; answer: ChatAnswer; event: ChatEvent }
  'openai.responses': { request: ResponsesRequest; answer: ResponsesAnswer; event: ResponsesEvent }
  'openai.completions': { request: CompletionsRequest; answer: CompletionsAnswer; event: CompletionsEvent }
  'openai.embeddings': { request: EmbeddingsRequest; answer: EmbeddingsAnswer; event: never }
  'anthropic.messages': { request: MessagesRequest; answer: MessagesAnswer; event: MessagesEvent }
}

export type ApiId = keyof ApiWires
export type RequestOf<A extends ApiId> = ApiWires[A]['request']
export type AnswerOf<A extends ApiId> = ApiWires[A]['answer']
export type EventOf<A extends ApiId> = ApiWires[A]['event']

/** Who a piece of the prompt speaks for. OpenAI's `developer` counts as `system`, `function` as `tool`. */
export type Role = 'system' | 'user' | 'assistant' | 'tool'

/** One piece of text in a request. */
export interface TextPart {
  /** Where it is in the native request, stable under {@link Api.mapText}: `['messages', 2, 'content', 0, 'text']`. */
  readonly path: readonly (string | number)[]
  readonly role: Role
  /** `tool_call`: arguments as JSON text. `tool_definition`: a tool's description. `reasoning`: thinking sent back. */
  readonly kind: 'text' | 'tool_call' | 'tool_result' | 'tool_definition' | 'reasoning' | 'refusal'
  readonly text: string
}

/** The stream of text that a delta belongs to. `tool` carries tool-call arguments as JSON text. */
export type Channel = 'text' | 'reasoning' | 'refusal' | 'tool'

/** One piece of text in an answer, or in one event of a streamed answer. */
export interface AnswerText {
  /** Names the growing part: equal in every event of one stream that adds to it, and in the folded answer. */
  readonly part: string
  readonly choice: number
  readonly channel: Channel
  readonly text: string
}

/** Text in one stream event: `delta` adds to its part, `snapshot` repeats the part as a whole (Responses `*.done`). */
export interface EventText extends AnswerText {
  readonly mode: 'delta' | 'snapshot'
}

/** Why an answer ended. `pause`: the provider wants the turn continued (Anthropic `pause_turn`). */
export type Finish = 'stop' | 'length' | 'tool_calls' | 'content_filter' | 'refusal' | 'pause' | 'error' | 'other'

export interface ToolCallView {
  readonly id: string | undefined
  readonly name: string
  /** Arguments as JSON text, as the model wrote them. */
  readonly arguments: string
}

export interface ChoiceView {
  readonly index: number
  readonly text: string
  readonly refusal: string | undefined
  readonly reasoning: string | undefined
  readonly toolCalls: readonly ToolCallView[]
  /** `undefined` while the answer is not finished. */
  readonly finish: Finish | undefined
}

/** What an answer says, whatever its dialect: read-only, for decisions. Rewrite with {@link Api.mapAnswer}. */
export interface AnswerView {
  readonly id: string | undefined
  readonly model: string | undefined
  readonly choices: readonly ChoiceView[]
}

/** An error that the provider reported, in a body or inside a stream. */
export interface ProviderError {
  /** The provider's own code (`context_length_exceeded`), else its type (`overloaded_error`). */
  readonly code: string
  readonly type: string | undefined
  readonly message: string
}

/** How a streamed answer was cut: `[part, characters]` in the order in which the deltas came. */
export type Boundaries = readonly (readonly [part: string, length: number])[]

/** Gathers stream events into the whole answer. Its cost is linear in what is pushed. */
export interface Folder<A extends ApiId = ApiId> {
  push(event: EventOf<A>): void
  /** The answer so far, as the provider would have sent it whole; `undefined` before the first event. */
  answer(): AnswerOf<A> | undefined
  boundaries(): Boundaries
}

/**
 * One wire dialect: the only code that knows its field names. Pure functions over the provider's native JSON, which is
 * never normalised away: unknown fields survive every function that returns a changed copy, and a function that changes
 * nothing returns its argument itself. Its laws are in `apiContract` of `@sluice/core/testing`.
 */
export interface Api<A extends ApiId = ApiId> {
  readonly id: A
  /**
   * Set for calls that ask about a request: token counts, compaction. The request is one of the dialect, the answer is
   * not, and must not be read as one. Only middleware that wants such calls (`asides` of its traits) sees them, and no
   * report.
   */
  readonly isAside?: true
  /** Written after the last event of a stream: `data: [DONE]\n\n`, or nothing. */
  readonly trailer: string

  /** Whether a POST to this URL path (no query) is a call in this dialect. Matches the end: prefixes differ by host. */
  match(path: string): boolean
  model(request: RequestOf<A>): string
  withModel(request: RequestOf<A>, model: string): RequestOf<A>
  isStream(request: RequestOf<A>): boolean
  withStream(request: RequestOf<A>, stream: boolean): RequestOf<A>

  /** All text that reaches the model: system, messages, tool calls and results, tool descriptions. */
  prompt(request: RequestOf<A>): readonly TextPart[]
  /** Rewrites exactly the parts that {@link Api.prompt} lists. */
  mapText(request: RequestOf<A>, map: (part: TextPart) => string): RequestOf<A>

  answer(value: AnswerOf<A>): AnswerView
  answerText(value: AnswerOf<A>): readonly AnswerText[]
  mapAnswer(value: AnswerOf<A>, map: (part: AnswerText) => string): AnswerOf<A>
  /** Tokens of a whole answer or of a stream event that carries them; stream events carry running totals. */
  usage(value: AnswerOf<A> | EventOf<A>): Usage | undefined

  /** Text in an event. */
  delta(event: EventOf<A>): readonly EventText[]
  mapDelta(event: EventOf<A>, map: (part: EventText) => string): EventOf<A>
  folder(): Folder<A>
  /** The events that stream this answer, cut at `boundaries`, else one delta a part. `fold(replay(w))` equals `w`. */
  replay(value: AnswerOf<A>, boundaries?: Boundaries): readonly EventOf<A>[]
  /** Whether the event shows the consumer something of the answer: text, reasoning, a tool call, an output item. */
  isContent(event: EventOf<A>): boolean
  /**
   * Whether the answer is known to be over with this event: finished, failed or cancelled. Of several choices each ends
   * by itself: the answer is over when the last event, but for usage, is terminal.
   */
  isTerminal(event: EventOf<A>): boolean
  /** The SSE frame of one event, blank line included. */
  encode(event: EventOf<A>): string

  /** The provider's error in an error body or a stream event, else `undefined`. */
  error(value: unknown): ProviderError | undefined
  /** A Sluice error as this dialect's HTTP error body. */
  errorBody(error: SluiceError): JsonObject

  /** The request with streamed usage switched on; the same request where it is on already or always sent. */
  withStreamUsage(request: RequestOf<A>): RequestOf<A>
  /** Whether the event exists only to carry usage, so that it can be left out for a caller that did not ask for it. */
  isUsageOnly(event: EventOf<A>): boolean
  /** The event less the trace that {@link Api.withStreamUsage} leaves in every event (`usage: null`), where it does. */
  withoutUsageTrace?(event: EventOf<A>): EventOf<A>
}

/** Folds a finished list of events: see {@link Api.folder}. */
export function fold<A extends ApiId>(api: Api<A>, events: Iterable<EventOf<A>>): AnswerOf<A> | undefined {
  const folder = api.folder()
  for (const event of events) folder.push(event)
  return folder.answer()
}
