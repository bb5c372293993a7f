import type { JsonObject } from '../../json.ts'
import type { FakeFaultName } from './faults.ts'
import type { FakeRequest } from './request.ts'

export interface FakeToolCall {
  readonly name: string
  /** A string is sent as it is, valid JSON or not. @default {} */
  readonly arguments?: JsonObject | string
  /** @default an id in the provider's form */
  readonly id?: string
}

export interface FakeCitation {
  readonly url: string
  readonly title: string
  readonly citedText?: string
}

/** Why an answer ends; each dialect says it in its own words. */
export type FakeFinish = 'stop' | 'length' | 'tool_calls' | 'content_filter'

/** Tokens of one call. What the cache read and wrote is part of `inputTokens`, reasoning of `outputTokens`. */
export interface FakeUsage {
  readonly inputTokens: number
  readonly outputTokens: number
  readonly cacheReadTokens: number
  readonly cacheWrite5mTokens: number
  readonly cacheWrite1hTokens: number
  readonly reasoningTokens: number
}

/** One scripted answer. What is left out is made up, counted and ended as for any other answer. */
export interface FakeAnswer {
  /** Streamed one token a chunk. */
  readonly text?: string
  /** The text cut where a streamed answer shall be cut; wins over `text`. */
  readonly chunks?: readonly string[]
  readonly toolCalls?: readonly FakeToolCall[]
  /** Thinking shown before the answer: `thinking` block, `reasoning` item, or `reasoning_content` of a chat message. */
  readonly reasoning?: string
  readonly refusal?: string
  readonly citations?: readonly FakeCitation[]
  /** @default 'tool_calls' with tool calls, 'length' when cut by the request's limit, else 'stop' */
  readonly finish?: FakeFinish
  /** Overrides what the tokenizer counted. */
  readonly usage?: Partial<FakeUsage>
  /** Milliseconds to the first token of this answer, at any pace. */
  readonly ttftMs?: number
  /** Speed of this answer after its first token, at any pace. */
  readonly tokensPerSecond?: number
  /** The call fails so instead, or in the midst of this answer. */
  readonly fault?: FakeFaultName
}

/** What a call is answered with: text, a {@link FakeAnswer}, a `Response` of your own, or a function that makes one. */
export type FakeReply =
  | string
  | FakeAnswer
  | Response
  | ((request: FakeRequest) => string | FakeAnswer | Response | Promise<string | FakeAnswer | Response>)

/** Which calls a script is for: a model's name, a pattern of the last user text, or a function. */
export type FakeMatch = string | RegExp | ((request: FakeRequest) => boolean)

/** The scripted answers of a provider. */
export interface Script {
  on(match: FakeMatch, reply: FakeReply): void
  enqueue(replies: readonly FakeReply[]): void
  /** The reply for a request: the oldest queued one, else the latest `on` that matches. */
  take(request: FakeRequest): FakeReply | undefined
  clear(): void
  /** Queued replies not yet used. */
  readonly queued: number
}

export function createScript(): Script {
  const queue: FakeReply[] = []
  const rules: { match: FakeMatch; reply: FakeReply }[] = []
  return {
    on: (match, reply) => void rules.unshift({ match, reply }),
    enqueue: (replies) => void queue.push(...replies),
    take: (request) => queue.shift() ?? rules.find(({ match }) => matches(match, request))?.reply,
    clear: () => {
      queue.length = 0
      rules.length = 0
    },
    get queued() {
      return queue.length
    },
  }
}

/** Whether a request is one that `match` names. */
export function matches(match: FakeMatch, request: FakeRequest): boolean {
  if (typeof match === 'string') return match === request.model
  // `search` leaves lastIndex of a sticky or global pattern alone.
  if (match instanceof RegExp) return request.lastUserText.search(match) >= 0
  return match(request)
}

/** Runs a reply that is a function, and reads a bare text as an answer. */
export async function resolveReply(reply: FakeReply | undefined, request: FakeRequest): Promise<FakeAnswer | Response> {
  const value = typeof reply === 'function' ? await reply(request) : reply
  return typeof value === 'string' ? { text: value } : (value ?? {})
}
