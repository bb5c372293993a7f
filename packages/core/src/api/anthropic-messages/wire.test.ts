import type Anthropic from '@anthropic-ai/sdk'
import type Anthropic0 from 'anthropic-sdk-0'
import { describe, expectTypeOf, it } from 'vitest'
import type { MessagesAnswer, MessagesEvent, MessagesRequest } from './wire.ts'

/** An SDK interface as an anonymous type: no interface fits an open shape, whatever its fields. */
type Plain<T> = T extends string
  ? T
  : T extends readonly (infer Item)[]
    ? Plain<Item>[]
    : T extends object
      ? { [K in keyof T]: Plain<T[K]> }
      : T

describe('what the SDK sends and returns fits the dialect', () => {
  it('requests', () => {
    expectTypeOf<Plain<Anthropic.MessageCreateParams>>().toExtend<MessagesRequest>()
    expectTypeOf<Plain<Anthropic0.MessageCreateParams>>().toExtend<MessagesRequest>()
  })
  it('answers', () => {
    expectTypeOf<Plain<Anthropic.Message>>().toExtend<MessagesAnswer>()
    expectTypeOf<Plain<Anthropic0.Message>>().toExtend<MessagesAnswer>()
    expectTypeOf<Plain<Anthropic.Beta.BetaMessage>>().toExtend<MessagesAnswer>()
  })
  it('events', () => {
    expectTypeOf<Plain<Anthropic.RawMessageStreamEvent>>().toExtend<MessagesEvent>()
    expectTypeOf<Plain<Anthropic0.RawMessageStreamEvent>>().toExtend<MessagesEvent>()
    expectTypeOf<Plain<Anthropic.Beta.BetaRawMessageStreamEvent>>().toExtend<MessagesEvent>()
  })
})
