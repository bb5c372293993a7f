import type { JsonObject } from '../../json.ts'
import type { PromptBlock } from './model/prompt-cache.ts'

/** The dialect of a call; `other` for every route that is not a model call. */
export type FakeApi =
  | 'openai.chat'
  | 'openai.completions'
  | 'openai.responses'
  | 'openai.embeddings'
  | 'anthropic.messages'
  | 'other'

export interface FakeMessage {
  /** `developer` counts as `system`, a tool's result as `tool`. */
  readonly role: 'system' | 'user' | 'assistant' | 'tool'
  readonly text: string
}

/** One model call as a script sees it, whatever its dialect. */
export interface FakeRequest {
  /** Number of the request among all that reached the provider, from 1. */
  readonly call: number
  readonly api: Exclude<FakeApi, 'other'>
  readonly path: string
  /** Lower-case names; keys are not masked here. */
  readonly headers: Readonly<Record<string, string>>
  /** The native request body. */
  readonly body: JsonObject
  readonly model: string
  readonly stream: boolean
  readonly messages: readonly FakeMessage[]
  /** Text of the last user message; of an embeddings or completions call its input. Empty when there is none. */
  readonly lastUserText: string
}

/** A function that the model may call. */
export interface FakeTool {
  readonly name: string
  readonly schema: unknown
}

/** What a dialect reads out of a request beside the view that scripts get. */
export interface Ask extends FakeRequest {
  /** The prompt in the order in which it is cached: tools, system, messages. Tokens are what they cost as input. */
  readonly blocks: readonly PromptBlock[]
  /** What each choice answers; one entry a choice. */
  readonly questions: readonly string[]
  /** What the last tool answered, when the prompt ends with tool results. */
  readonly toolResult: string | undefined
  readonly tools: readonly FakeTool[]
  readonly toolChoice: 'auto' | 'none' | 'required' | { readonly name: string }
  readonly format: AnswerFormat
  readonly maxTokens: number | undefined
  readonly stop: readonly string[]
  /** Whether reasoning is generated and shown. */
  readonly reasoning: boolean
  /** Alternatives listed a token; `undefined` without log probabilities. */
  readonly topLogprobs: number | undefined
  /** Whether a prompt is cached by itself or where the request marks it. */
  readonly caching: 'automatic' | 'explicit'
}

export type AnswerFormat =
  | { readonly kind: 'text' }
  | { readonly kind: 'object' }
  | { readonly kind: 'schema'; readonly schema: unknown }
