import type { ApiId, Call, Handler, JsonObject, Pricer, Reply } from '@sluice/core'

/** What a message can hold besides text. */
export type Modality = 'text' | 'image' | 'audio' | 'video' | 'file'

/**
 * What a target takes and gives. A field that is left out is filled in from the bundled catalogue where it knows the
 * model; what nobody knows is taken to be possible, because only the provider can say no.
 */
export interface Capabilities {
  /** The longest prompt and answer together, in tokens. */
  readonly contextTokens?: number
  /** The longest answer, reasoning included, in tokens. */
  readonly maxOutputTokens?: number
  readonly input?: readonly Modality[]
  readonly output?: readonly Modality[]
  readonly tools?: boolean
  /** Several tool calls in one answer. */
  readonly parallelTools?: boolean
  /** Structured outputs that follow a JSON Schema. */
  readonly jsonSchema?: boolean
  readonly streaming?: boolean
  readonly reasoning?: boolean
  readonly logprobs?: boolean
  /** Goes on with an assistant message that ends the request. */
  readonly prefill?: boolean
  /** Where it runs: `eu`, `us-east-1`. Compared as a whole. */
  readonly region?: string
}

/** How much a target may be asked. The router shapes its traffic by it; the provider has the last word. */
export interface TargetLimits {
  readonly requestsPerMinute?: number
  readonly tokensPerMinute?: number
  /** Calls at the same time. */
  readonly concurrency?: number
}

/** One model at one provider: what a router chooses among. Made with `openaiTarget`, `anthropicTarget`, `defineTarget`. */
export interface Target {
  /** Unique in its router; the name in reports, health and errors. */
  readonly id: string
  /** The model's name at its provider. */
  readonly model: string
  /** Dialects that it speaks; calls in others reach it through a bridge where there is one. */
  readonly apis: readonly ApiId[]
  readonly capabilities: Capabilities
  /** `undefined`: what the router's own `price` says, if anything. */
  readonly price: Pricer | undefined
  readonly limits: TargetLimits | undefined
  /** How good its answers are, 0..1, for the `quality` strategy. */
  readonly quality: number | undefined
  /** The request by which a router sees whether it is back; missing: the least that its dialect knows. */
  readonly probe: (() => Call) | undefined
  /** Fields to add to a request that is to go on with an assistant message. */
  readonly prefillBody: JsonObject | undefined
  /** Its share of the traffic under the `weighted` strategy, > 0. */
  readonly weight: number
  /**
   * Sends a call that is in one of `apis` and asks for `model`, once, and replies with what came back.
   *
   * @param next the rest of the pipeline that the router is part of; `undefined` where the router is used by itself.
   */
  handle(call: Call, next: Handler | undefined): Promise<Reply>
}

/** What every kind of target can be told. */
export interface TargetOptions {
  /** @default the model's name */
  readonly id?: string
  /** Over what the bundled catalogue says of the model. */
  readonly capabilities?: Capabilities
  /** What its answers cost, such as `createPriceBook(…).price`. @default the router's `price` */
  readonly price?: Pricer
  readonly limits?: TargetLimits
  /** 0..1. */
  readonly quality?: number
  /** > 0. @default 1 */
  readonly weight?: number
  /**
   * Fields to add to a request that is to go on with an assistant message, where the server wants any: `vllmPrefill` for
   * vLLM. Implies the capability `prefill`.
   */
  readonly prefillBody?: JsonObject
  /** Makes the request by which a router sees whether it is back. @default one for a single token */
  readonly probe?: () => Call
  /** Headers of the application's request that go along, lower case. @see ClientTransportOptions */
  readonly forwardHeaders?: readonly string[]
}
