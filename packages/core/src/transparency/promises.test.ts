import type OpenAI from 'openai'
import { azureCases, openaiCases, type OpenAiSdk } from './clients.ts'
import { itIsTransparent, type Behaviours } from './compare.ts'
import { portrait } from './portrait.ts'
import { recordItems, thrownBy } from './recording.ts'

const chat = { model: 'gpt-5-mini', messages: [{ role: 'user' as const, content: 'Where is my refund? é😀' }] }
const streamed = { ...chat, stream: true as const, max_completion_tokens: 8 }

/** The seam between the SDK and its helpers, which other libraries build on too. */
interface Unwrapping<T> {
  _thenUnwrap<U>(map: (data: T) => U): PromiseLike<U> & { withResponse(): Promise<unknown> }
}

/** Reads a response in one way and tells in what state that leaves it. */
function read(how: (response: Response) => Promise<unknown>): Behaviours<OpenAI, OpenAiSdk>[string] {
  return async (client) => {
    const response = await client.chat.completions.create(chat).asResponse()
    const before = portrait(response)
    const value = await how(response)
    return { before, value, after: portrait(response), again: await thrownBy(() => response.text()) }
  }
}

async function chunks(body: ReadableStream<Uint8Array> | null): Promise<string> {
  const reader = (body as ReadableStream<Uint8Array>).getReader()
  const read: Uint8Array[] = []
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    read.push(value)
  }
  reader.releaseLock()
  return Buffer.concat(read).toString()
}

const behaviours: Behaviours<OpenAI, OpenAiSdk> = {
  'withResponse()': (client) => client.chat.completions.create(chat).withResponse(),
  'withResponse() of a stream': async (client) => {
    const { data, response, request_id } = await client.chat.completions.create(streamed).withResponse()
    return { head: portrait(response), request_id, items: await recordItems(data) }
  },
  'withResponse() gives the value that is awaited': async (client) => {
    const promise = client.chat.completions.create(chat)
    const { data, response } = await promise.withResponse()
    const same = [data === (await promise), response === (await promise.withResponse()).response]
    return [
      ...same,
      response instanceof Response,
      (data as unknown) instanceof Response,
      (data as { _request_id?: string })._request_id,
    ]
  },
  'asResponse() gives the response of withResponse()': async (client) => {
    const promise = client.chat.completions.create(chat)
    const raw = await promise.asResponse()
    return raw === (await promise.withResponse()).response
  },
  'one promise awaited twice': async (client) => {
    const promise = client.chat.completions.create(chat)
    return [(await promise) === (await promise), await promise]
  },
  'a promise with then, catch and finally': async (client) => {
    const order: string[] = []
    const promise = client.chat.completions.create(chat)
    await promise.then(() => order.push('then'))
    await promise.finally(() => order.push('finally'))
    await promise.catch(() => order.push('catch'))
    return [order, Object.prototype.toString.call(promise), promise instanceof Promise, promise.constructor.name]
  },
  '_thenUnwrap()': async (client) => {
    const promise = client.chat.completions.create(chat) as unknown as Unwrapping<OpenAI.ChatCompletion>
    const upper = promise._thenUnwrap((data) => data.choices[0]?.message.content?.toUpperCase())
    return [await upper, await upper.withResponse()]
  },
  'asResponse() as text': read((response) => response.text()),
  'asResponse() as json': read((response) => response.json()),
  'asResponse() as an array buffer': read((response) => response.arrayBuffer()),
  'asResponse() as bytes': read((response) => response.bytes()),
  'asResponse() as a blob': read(async (response) => {
    const blob = await response.blob()
    return [blob.size, blob.type, await blob.text()]
  }),
  'asResponse() as a form': read((response) => thrownBy(() => response.formData())),
  'asResponse() by its reader': read((response) => chunks(response.body)),
  'asResponse() through a transform': read(async (response) => {
    let text = ''
    for await (const piece of response.body?.pipeThrough(new TextDecoderStream()) ?? []) text += piece
    return text
  }),
  'asResponse() as a new response': read((response) => new Response(response.body, response).json()),
  'asResponse() cloned': async (client, { transport }) => {
    const response = await client.chat.completions.create(chat).asResponse()
    const copy = response.clone()
    const copies = [await copy.json(), await response.text(), portrait(response), copy.headers.get('x-request-id')]
    // The address of a response that no socket brought is a property put on it, which a copy lacks.
    return transport === 'in memory' ? copies : [portrait(copy), ...copies]
  },
  'asResponse() cancelled': async (client) => {
    const response = await client.chat.completions.create(chat).asResponse()
    await response.body?.cancel()
    return [response.bodyUsed, await thrownBy(() => response.text())]
  },
  'asResponse() with its reader kept': async (client) => {
    const response = await client.chat.completions.create(chat).asResponse()
    response.body?.getReader()
    return [response.bodyUsed, response.body?.locked, await thrownBy(() => response.json())]
  },
  'asResponse() of a stream as text': async (client) => {
    const response = await client.chat.completions
      .create({ ...streamed, stream_options: { include_usage: true } })
      .asResponse()
    return [portrait(response), await response.text(), response.bodyUsed]
  },
  'asResponse() of a stream by its reader': async (client) => {
    const response = await client.chat.completions.create(streamed).asResponse()
    return [await chunks(response.body), response.bodyUsed, response.body?.locked]
  },
  'asResponse() of a stream cloned, twice': async (client, { transport }) => {
    const response = await client.chat.completions.create(streamed).asResponse()
    const copy = response.clone()
    const another = copy.clone()
    const heads = [response, copy, another].map((each) => each.headers.get('x-request-id'))
    const texts = [await copy.text(), await response.text(), await another.text()]
    return transport === 'in memory' ? [heads, texts] : [heads, texts, portrait(copy), portrait(another)]
  },
  'asResponse() and then its value': async (client) => {
    const promise = client.chat.completions.create(chat)
    await (await promise.asResponse()).text()
    return thrownBy(() => promise)
  },
}

itIsTransparent([...openaiCases, ...azureCases.slice(0, 1)], ['in memory'], behaviours)
itIsTransparent(openaiCases.slice(0, 1), ['over HTTP'], behaviours)
