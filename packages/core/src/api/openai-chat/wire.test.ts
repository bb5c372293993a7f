import type OpenAI from 'openai'
import type OpenAI6 from 'openai-6'
import { expect, expectTypeOf, it } from 'vitest'
import type { CompletionsAnswer, CompletionsRequest } from '../openai-completions/wire.ts'
import type { EmbeddingsAnswer, EmbeddingsRequest } from '../openai-embeddings/wire.ts'
import { openaiChat } from './index.ts'
import type { ChatAnswer, ChatEvent, ChatRequest } from './wire.ts'

/**
 * The JSON of an SDK type. TypeScript never assigns an interface to a type with an index signature, as ours have for the
 * fields of other servers; this mapped copy shows that every known field fits.
 */
type Json<T> = T extends string | number | boolean | null | undefined
  ? T
  : T extends readonly (infer Item)[]
    ? readonly Json<Item>[]
    : { [Field in keyof T]: Json<T[Field]> }

it('has room for the types of the official SDK', () => {
  expectTypeOf<Json<OpenAI.ChatCompletionCreateParams>>().toExtend<ChatRequest>()
  expectTypeOf<Json<OpenAI6.ChatCompletionCreateParams>>().toExtend<ChatRequest>()
  expectTypeOf<Json<OpenAI.ChatCompletion>>().toExtend<ChatAnswer>()
  expectTypeOf<Json<OpenAI6.ChatCompletion>>().toExtend<ChatAnswer>()
  expectTypeOf<Json<OpenAI.ChatCompletionChunk>>().toExtend<ChatEvent>()
  expectTypeOf<Json<OpenAI6.ChatCompletionChunk>>().toExtend<ChatEvent>()
  expectTypeOf<Json<OpenAI.CompletionCreateParams>>().toExtend<CompletionsRequest>()
  expectTypeOf<Json<OpenAI.Completion>>().toExtend<CompletionsAnswer>()
  expectTypeOf<Json<OpenAI.EmbeddingCreateParams>>().toExtend<EmbeddingsRequest>()
  expectTypeOf<Json<OpenAI.CreateEmbeddingResponse>>().toExtend<EmbeddingsAnswer>()
})

it('refuses what is of another shape', () => {
  expectTypeOf<{ model: string }>().not.toExtend<ChatRequest>()
  expectTypeOf<Json<OpenAI.ChatCompletionChunk>>().not.toExtend<ChatAnswer>()
  expectTypeOf<Json<OpenAI.Responses.ResponseCreateParams>>().not.toExtend<ChatRequest>()
})

it('takes the fields of other servers', () => {
  const request: ChatRequest = { model: 'm', messages: [{ role: 'user', content: 'Hi', cache: true }], top_k: 40 }
  expect(openaiChat.withModel(request, 'n')['top_k']).toBe(40)
})
