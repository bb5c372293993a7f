import type OpenAI from 'openai'
import type OpenAI6 from 'openai-6'
import { describe, expectTypeOf, it } from 'vitest'
import type { ResponsesAnswer, ResponsesEvent, ResponsesRequest } from './wire.ts'

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
    expectTypeOf<Plain<OpenAI.Responses.ResponseCreateParams>>().toExtend<ResponsesRequest>()
    expectTypeOf<Plain<OpenAI6.Responses.ResponseCreateParams>>().toExtend<ResponsesRequest>()
  })
  it('answers', () => {
    expectTypeOf<Plain<OpenAI.Responses.Response>>().toExtend<ResponsesAnswer>()
    expectTypeOf<Plain<OpenAI6.Responses.Response>>().toExtend<ResponsesAnswer>()
  })
  it('events', () => {
    expectTypeOf<Plain<OpenAI.Responses.ResponseStreamEvent>>().toExtend<ResponsesEvent>()
    expectTypeOf<Plain<OpenAI6.Responses.ResponseStreamEvent>>().toExtend<ResponsesEvent>()
  })
})
