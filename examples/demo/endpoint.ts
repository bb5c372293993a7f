import type { PriceBook } from '@sluice/core/prices'
import type { FakeProvider } from '@sluice/core/testing'
import type { Target } from '@sluice/router'
import type OpenAI from 'openai'

/** What answers the calls. */
export interface Endpoint {
  /** The client that the application holds. */
  readonly openai: OpenAI
  /** The model that the application asks for. */
  readonly model: string
  /** Whom the router chooses among, the first choice first; a text is a model of the client itself. */
  readonly targets: readonly (Target | string)[]
  /** A model of the client that a cascade asks first; `undefined`: no cascade. */
  readonly cheap: string | undefined
  /** The same models in memory and without faults, for the closer look and the evaluation; `undefined`: neither. */
  readonly calm: FakeProvider | undefined
  /** One line for the screen. */
  readonly label: string
  /** What answers cost; `undefined`: nobody here knows. */
  readonly book: PriceBook | undefined
  /** The day of the prices, where there are any. */
  readonly pricesOf: string | undefined
  /** The right answers by group of messages, where there are any. */
  readonly answerKey: ReadonlyMap<string, string>
  /** Headers to send along with a call. */
  headersOf(call: number): Record<string, string>
  close(): Promise<void>
}
