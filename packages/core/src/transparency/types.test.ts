import Anthropic from '@anthropic-ai/sdk'
import { zodOutputFormat } from '@anthropic-ai/sdk/helpers/zod'
import type { Stream as AnthropicStream } from '@anthropic-ai/sdk/streaming'
import Anthropic0 from 'anthropic-sdk-0'
import OpenAI, { AzureOpenAI } from 'openai'
import { zodResponseFormat, zodTextFormat } from 'openai/helpers/zod'
import type { Stream } from 'openai/streaming'
import OpenAI6, { AzureOpenAI as AzureOpenAI6 } from 'openai-6'
import { zodResponseFormat as zodResponseFormat6 } from 'openai-6/helpers/zod'
import type { Stream as Stream6 } from 'openai-6/streaming'
import { describe, expectTypeOf, it } from 'vitest'
import { z } from 'zod'
import { z as z3 } from 'zod-3'
import { sluiceFetch } from '../fetch.ts'
import { sluice } from '../sluice.ts'

// The compiler runs these, in the type check; nothing in the functions below is ever called.
const never = (_typed: () => unknown): void => {}
const messages = [{ role: 'user' as const, content: 'Hi' }]
const chat = { model: 'm', messages }
const ask = { model: 'm', max_tokens: 9, messages }
const apiKey = 'k'
const azure = { apiKey, apiVersion: 'v', endpoint: 'https://x.test' }
const parcel = z.object({ carrier: z.string(), days: z.number().optional() })
const parcel3 = z3.object({ carrier: z3.string(), days: z3.number().optional() })
interface Parcel {
  carrier: string
  days?: number | undefined
}

describe('a wrapped client has the type of the client', () => {
  it('of every SDK, exactly', () => {
    expectTypeOf(sluice(new OpenAI({ apiKey }), [])).toEqualTypeOf<OpenAI>()
    expectTypeOf(sluice(new OpenAI6({ apiKey }), [])).toEqualTypeOf<OpenAI6>()
    expectTypeOf(sluice(new AzureOpenAI(azure), [])).toEqualTypeOf<AzureOpenAI>()
    expectTypeOf(sluice(new AzureOpenAI6(azure), [])).toEqualTypeOf<AzureOpenAI6>()
    expectTypeOf(sluice(new Anthropic({ apiKey }), [])).toEqualTypeOf<Anthropic>()
    expectTypeOf(sluice(new Anthropic0({ apiKey }), [])).toEqualTypeOf<Anthropic0>()
    expectTypeOf(sluice(sluice(new OpenAI({ apiKey }), []), []).withOptions({})).toEqualTypeOf<OpenAI>()
  })

  it('of a class of the application’s own', () => {
    class Ours extends OpenAI {
      readonly team: string = 'blue'
    }
    expectTypeOf(sluice(new Ours({ apiKey }), []).team).toEqualTypeOf<string>()
  })

  it('and goes where the client goes', () => {
    never(() => {
      const takes = (client: OpenAI): OpenAI => client
      return takes(sluice(new OpenAI(), []))
    })
    never(() => {
      const takes = (client: Anthropic): Anthropic => client
      return takes(sluice(new Anthropic(), []))
    })
  })

  it('and anything else is refused', () => {
    // @ts-expect-error a client is needed
    never(() => sluice({}, []))
    // @ts-expect-error a list is needed
    never(() => sluice(new OpenAI(), async () => Response.error()))
    // @ts-expect-error there is no such option
    never(() => sluice(new OpenAI(), [], { cache: true }))
  })

  it('and sluiceFetch() is a fetch', () => {
    expectTypeOf(sluiceFetch([])).toEqualTypeOf<typeof globalThis.fetch>()
    never(() => new OpenAI({ fetch: sluiceFetch([]) }))
    never(() => new OpenAI6({ fetch: sluiceFetch([]) }))
    never(() => new Anthropic({ fetch: sluiceFetch([]) }))
  })
})

describe('the overloads stay', () => {
  it('of openai 7', () => {
    never(async () => {
      const client = sluice(new OpenAI(), [])
      const flag = Math.random() > 0.5
      expectTypeOf(await client.chat.completions.create(chat)).toEqualTypeOf<
        OpenAI.ChatCompletion & { _request_id?: string | null }
      >()
      expectTypeOf(await client.chat.completions.create({ ...chat, stream: false })).toEqualTypeOf<
        OpenAI.ChatCompletion & { _request_id?: string | null }
      >()
      expectTypeOf(await client.chat.completions.create({ ...chat, stream: true })).toExtend<
        Stream<OpenAI.ChatCompletionChunk>
      >()
      expectTypeOf(await client.chat.completions.create({ ...chat, stream: flag })).toExtend<
        OpenAI.ChatCompletion | Stream<OpenAI.ChatCompletionChunk>
      >()
      expectTypeOf(await client.responses.create({ model: 'm', input: 'Hi', stream: true })).toExtend<
        Stream<OpenAI.Responses.ResponseStreamEvent>
      >()
      const { data, response, request_id } = await client.chat.completions.create(chat).withResponse()
      expectTypeOf(data.choices).toEqualTypeOf<OpenAI.ChatCompletion.Choice[]>()
      expectTypeOf(response).toEqualTypeOf<Response>()
      expectTypeOf(request_id).toEqualTypeOf<string | null>()
      // @ts-expect-error the model is missing
      return client.chat.completions.create({ messages })
    })
  })

  it('of openai 6', () => {
    never(async () => {
      const client = sluice(new OpenAI6(), [])
      expectTypeOf((await client.chat.completions.create(chat)).choices).toEqualTypeOf<
        OpenAI6.ChatCompletion.Choice[]
      >()
      expectTypeOf(await client.chat.completions.create({ ...chat, stream: true })).toExtend<
        Stream6<OpenAI6.ChatCompletionChunk>
      >()
      const parsed = await client.chat.completions.parse({
        ...chat,
        response_format: zodResponseFormat6(parcel, 'parcel'),
      })
      expectTypeOf(parsed.choices[0]?.message.parsed).toEqualTypeOf<Parcel | null | undefined>()
    })
  })

  it('of AzureOpenAI', () => {
    never(async () => {
      const client = sluice(new AzureOpenAI(azure), [])
      expectTypeOf(client.apiVersion).toEqualTypeOf<string>()
      expectTypeOf(await client.chat.completions.create({ ...chat, stream: true })).toExtend<
        Stream<OpenAI.ChatCompletionChunk>
      >()
    })
  })

  it('of @anthropic-ai/sdk, both versions', () => {
    never(async () => {
      const client = sluice(new Anthropic(), [])
      expectTypeOf((await client.messages.create(ask)).content).toEqualTypeOf<Anthropic.ContentBlock[]>()
      expectTypeOf(await client.messages.create({ ...ask, stream: true })).toExtend<
        AnthropicStream<Anthropic.RawMessageStreamEvent>
      >()
      const old = sluice(new Anthropic0(), [])
      expectTypeOf((await old.messages.create(ask)).content).toEqualTypeOf<Anthropic0.ContentBlock[]>()
      // @ts-expect-error max_tokens is missing
      return client.messages.create({ model: 'm', messages })
    })
  })
})

describe('the parsed types stay', () => {
  it('of zod 4 and zod 3 in openai', () => {
    never(async () => {
      const client = sluice(new OpenAI(), [])
      const four = await client.chat.completions.parse({
        ...chat,
        response_format: zodResponseFormat(parcel, 'parcel'),
      })
      expectTypeOf(four.choices[0]?.message.parsed).toEqualTypeOf<Parcel | null | undefined>()
      const three = await client.chat.completions.parse({
        ...chat,
        response_format: zodResponseFormat(parcel3, 'parcel'),
      })
      expectTypeOf(three.choices[0]?.message.parsed).toEqualTypeOf<Parcel | null | undefined>()
      const response = await client.responses.parse({
        model: 'm',
        input: 'Hi',
        text: { format: zodTextFormat(parcel, 'parcel') },
      })
      expectTypeOf(response.output_parsed).toEqualTypeOf<Parcel | null>()
      const stream = client.chat.completions.stream({ ...chat, response_format: zodResponseFormat(parcel, 'parcel') })
      expectTypeOf((await stream.finalChatCompletion()).choices[0]?.message.parsed).toEqualTypeOf<
        Parcel | null | undefined
      >()
    })
  })

  it('of zod 4 in @anthropic-ai/sdk', () => {
    never(async () => {
      const client = sluice(new Anthropic(), [])
      const parsed = await client.messages.parse({ ...ask, output_config: { format: zodOutputFormat(parcel) } })
      expectTypeOf(parsed.parsed_output).toEqualTypeOf<Parcel | null>()
    })
  })
})
