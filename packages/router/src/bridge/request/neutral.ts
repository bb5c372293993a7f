import type { JsonObject } from '@sluice/core'
import type { Path } from '../lossy.ts'

/*
 * A request between two dialects: what at least two of them can say. What only one can say is named as lost by the
 * decoder of that dialect and never comes here. Everything keeps the path it has in the native request, so that the
 * encoder of the other dialect can name what it cannot carry.
 */

/** The dialects that the bridge joins. */
export type Dialect = 'openai.chat' | 'openai.responses' | 'anthropic.messages'

/** A prompt-cache mark of OpenAI, alike in both of its dialects. */
export interface CacheMark {
  readonly value: JsonObject
  readonly path: Path
}

export interface NeutralText {
  readonly type: 'text'
  readonly text: string
  readonly path: Path
  readonly cache?: CacheMark | undefined
}

/** Words with which the model declined, in an assistant message. */
export interface NeutralRefusal {
  readonly type: 'refusal'
  readonly text: string
  readonly path: Path
}

/** Where the bytes of an image or a file are. `id`: at OpenAI; a file stored at Anthropic never comes here. */
export type Media =
  | { readonly kind: 'data'; readonly mediaType: string; readonly base64: string }
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'id'; readonly id: string }

export interface NeutralImage {
  readonly type: 'image'
  readonly media: Media
  readonly detail?: string | undefined
  /** The place of the detail. */
  readonly detailPath?: Path | undefined
  readonly path: Path
  readonly cache?: CacheMark | undefined
}

export interface NeutralFile {
  readonly type: 'file'
  readonly media: Media
  readonly name?: string | undefined
  readonly path: Path
  /** The place of the name. */
  readonly namePath?: Path | undefined
  readonly cache?: CacheMark | undefined
}

/** The model's call of a tool. */
export interface NeutralCall {
  readonly type: 'call'
  readonly id: string
  readonly name: string
  /** JSON text; of a custom tool free text. */
  readonly input: string
  readonly custom: boolean
  readonly path: Path
}

/** What a tool answered. */
export interface NeutralResult {
  readonly type: 'result'
  readonly id: string
  readonly parts: readonly ContentPart[]
  readonly path: Path
}

export type ContentPart = NeutralText | NeutralImage | NeutralFile
export type NeutralPart = ContentPart | NeutralRefusal | NeutralCall | NeutralResult

/** One message. Calls are in `assistant` messages, results in `tool` messages, refusals in `assistant` messages. */
export interface NeutralMessage {
  readonly role: 'system' | 'developer' | 'user' | 'assistant' | 'tool'
  readonly parts: readonly NeutralPart[]
  readonly path: Path
}

export interface NeutralTool {
  readonly kind: 'function' | 'custom'
  readonly name: string
  readonly description?: string | undefined
  /** JSON Schema of the arguments of a function. */
  readonly parameters?: JsonObject | undefined
  readonly strict?: boolean | undefined
  /** What a custom tool takes, as Responses writes it. */
  readonly format?: JsonObject | undefined
  readonly path: Path
}

export type NeutralChoice =
  | { readonly mode: 'auto' | 'none' | 'required' }
  | { readonly mode: 'tool'; readonly name: string; readonly custom: boolean }
  /** One of these only; whether one must be called is in `required`. */
  | {
      readonly mode: 'allowed'
      readonly required: boolean
      readonly tools: readonly { readonly name: string; readonly custom: boolean }[]
    }

export type NeutralFormat =
  | { readonly kind: 'json_object' }
  | {
      readonly kind: 'schema'
      readonly name?: string | undefined
      readonly description?: string | undefined
      readonly schema: JsonObject
      readonly strict?: boolean | undefined
      /** The places of the parts that not every dialect has. */
      readonly paths: {
        readonly name?: Path | undefined
        readonly description?: Path | undefined
        readonly strict?: Path | undefined
      }
    }

/** How long the model should reason. */
export type Effort = 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | 'max'

/** Settings by name, with what they hold. Units are those of the providers: tokens, and 0..2 for `temperature`. */
export interface SettingValues {
  maxTokens: number
  temperature: number
  topP: number
  stop: readonly { readonly text: string; readonly path: Path }[]
  logprobs: boolean
  topLogprobs: number
  effort: Effort
  /** Tokens that reasoning may take, where that is what the request says instead of an effort. */
  thinkingTokens: number
  /** Whether and how the answer shows its reasoning. */
  reasoningSummary: string
  format: NeutralFormat
  verbosity: string
  toolChoice: NeutralChoice
  parallelToolCalls: boolean
  serviceTier: string
  store: boolean
  safetyIdentifier: string
  user: string
  metadata: JsonObject
  moderation: JsonObject
  promptCacheKey: string
  promptCacheMode: string
  promptCacheTtl: string
  promptCacheRetention: string
  stream: boolean
  obfuscation: boolean
}

/** A value and its place in the native request. */
export interface Placed<T> {
  readonly value: T
  readonly path: Path
}

/** The settings of one request; an encoder takes what it can say, and what is left over is named as lost. */
export class Settings {
  readonly #values = new Map<string, Placed<unknown>>()

  /** Keeps a setting that the request states; `undefined` is none. */
  put<N extends keyof SettingValues>(name: N, value: SettingValues[N] | undefined, path: Path): void {
    if (value !== undefined) this.#values.set(name, { value, path })
  }

  take<N extends keyof SettingValues>(name: N): Placed<SettingValues[N]> | undefined {
    const placed = this.#values.get(name) as Placed<SettingValues[N]> | undefined
    this.#values.delete(name)
    return placed
  }

  /** The places of all settings that nobody took. */
  rest(): readonly Path[] {
    return [...this.#values.values()].map((placed) => placed.path)
  }
}

export interface NeutralRequest {
  readonly model: string | undefined
  readonly messages: readonly NeutralMessage[]
  readonly tools: readonly NeutralTool[]
  readonly settings: Settings
}
