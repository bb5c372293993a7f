import type { Clock } from '../../clock.ts'
import type { FakeFaultRule } from './faults.ts'
import type { FakeTokenizer } from './model/tokens.ts'

/** How fast answers come. `instant`: no waiting at all. `realistic`: the model's `ttftMs` and `tokensPerSecond`. */
export type FakePace = 'instant' | 'realistic'

/** One model of a fake provider. All figures are the test's own: they say nothing about a real model of that name. */
export interface FakeModel {
  readonly id: string
  /** Price of input tokens, USD per million. For your own arithmetic: the provider bills nothing. */
  readonly inputUsdPerMTok: number
  /** Price of output tokens, USD per million. */
  readonly outputUsdPerMTok: number
  /** Time to the first token at pace `realistic`, milliseconds; each call draws 80 % to 125 % of it. */
  readonly ttftMs: number
  /** Tokens per second after the first at pace `realistic`. */
  readonly tokensPerSecond: number
  /** 0..1: the share of an answer's sentences that help with the question, and how many there are. */
  readonly quality: number
  /** Tokens that prompt and answer may have together; a longer prompt gets the provider's context-length error. */
  readonly contextWindow: number
  /** Tokens that an answer may have; a longer one is cut with finish `length`. */
  readonly maxOutput: number
  /** This model's pace, whatever the provider's is. */
  readonly pace?: FakePace
}

/** Answers a route of your own. It gets the request with its body unread. */
export type FakeRoute = (request: Request) => Response | Promise<Response>

export interface FakeProviderOptions {
  /** Seed of every text, id, embedding and random fault. @default 1 */
  readonly seed?: number
  /**
   * The models it serves. A request for another model is answered like one of middling figures, under the name asked
   * for, unless `unknownModels` is `'reject'`. @default {@link fakeModels}
   */
  readonly models?: readonly FakeModel[]
  /** `'reject'` answers a model that is not listed with the provider's 404. @default 'accept' */
  readonly unknownModels?: 'accept' | 'reject'
  /** @default 'instant' */
  readonly pace?: FakePace
  /** Where time comes from: pace, timestamps, cache lifetimes, `flapping`. @default the system's clock */
  readonly clock?: Clock
  /** @default o200k_base of `@dqbd/tiktoken` when installed, else {@link approximateTokenizer} */
  readonly tokenizer?: FakeTokenizer
  /** A request without this key in `authorization`, `x-api-key` or `api-key` gets a 401. @default not checked */
  readonly apiKey?: string
  /**
   * Routes of your own, before the built-in ones, by method and path: `'POST /v1/moderations'`. A path that ends in
   * `*` matches every path that begins so.
   */
  readonly routes?: Readonly<Record<string, FakeRoute>>
  /** Faults that are on from the start. @see FakeProvider.fail */
  readonly faults?: readonly FakeFaultRule[]
}
