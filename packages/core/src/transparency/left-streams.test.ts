import type OpenAI from 'openai'
import { azureCases, openaiCases, type OpenAiSdk } from './clients.ts'
import { itIsTransparent, type Behaviours } from './compare.ts'
import { recordItems, thrownBy } from './recording.ts'

const streamed = {
  model: 'gpt-5-mini',
  messages: [{ role: 'user' as const, content: 'Where is my refund?' }],
  stream: true as const,
}
const whole = { ...streamed, stream: false as const }

const behaviours: Behaviours<OpenAI, OpenAiSdk> = {
  'a break': async (client) => {
    const stream = await client.chat.completions.create(streamed)
    for await (const _ of stream) break
    return [stream.controller.signal.aborted, await thrownBy(() => recordAgain(stream))]
  },
  'a break before the first chunk is read': async (client) => {
    const stream = await client.chat.completions.create(streamed)
    const iterator = stream[Symbol.asyncIterator]()
    await iterator.return?.()
    const { aborted } = stream.controller.signal
    stream.controller.abort()
    return [aborted, await iterator.next()]
  },
  'a throw in the loop': async (client) => {
    const stream = await client.chat.completions.create(streamed)
    const error = await thrownBy(async () => {
      for await (const _ of stream) throw new RangeError('mine')
    })
    return [error, stream.controller.signal.aborted]
  },
  'controller.abort() before it is read': async (client) => {
    const stream = await client.chat.completions.create(streamed)
    stream.controller.abort()
    return recordItems(stream)
  },
  'controller.abort() while it is read': async (client) => {
    const stream = await client.chat.completions.create(streamed)
    const iterator = stream[Symbol.asyncIterator]()
    const first = await iterator.next()
    stream.controller.abort()
    return [first, stream.controller.signal.aborted]
  },
  'controller.abort() while the provider stalls': async (client, { provider }) => {
    provider.fail('stall', { afterTokens: 2 })
    const stream = await client.chat.completions.create(streamed)
    return recordItems(stream, [3, () => stream.controller.abort()])
  },
  'tee()': async (client) => {
    const stream = await client.chat.completions.create(streamed)
    const [left, right] = stream.tee()
    const first = await recordItems(left)
    return [left.constructor.name, left.controller === stream.controller, first, await recordItems(right)]
  },
  'tee() read in turns, one side left': async (client) => {
    const [left, right] = (await client.chat.completions.create(streamed)).tee()
    for await (const _ of left) break
    return recordItems(right)
  },
  'toReadableStream()': async (client) =>
    new Response((await client.chat.completions.create(streamed)).toReadableStream()).text(),
  'toReadableStream() cancelled': async (client) => {
    const stream = await client.chat.completions.create(streamed)
    const reader = stream.toReadableStream().getReader()
    const { value } = (await reader.read()) as { value?: Uint8Array }
    await reader.cancel('enough')
    return [Buffer.from(value ?? []).toString(), stream.controller.signal.aborted]
  },
  'two loops over one stream': async (client) => {
    const stream = await client.chat.completions.create(streamed)
    return [await recordItems(stream), await recordItems(stream)]
  },
  'a stream that nobody reads': async (client) => {
    const stream = await client.chat.completions.create(streamed)
    stream.controller.abort()
    return stream.constructor.name
  },
  'an error event first': async (client, { provider }) => {
    provider.fail('error-in-stream')
    return recordItems(await client.chat.completions.create(streamed))
  },
  'an error event in the midst': async (client, { provider }) => {
    provider.fail('late-error-in-stream', { afterTokens: 3 })
    return recordItems(await client.chat.completions.create(streamed))
  },
  'an error event in a helper': async (client, { provider }) => {
    provider.fail('late-error-in-stream', { afterTokens: 3 })
    const { stream: _, ...params } = streamed
    return thrownBy(() => client.chat.completions.stream(params).finalChatCompletion())
  },
  'a stream without its end mark': async (client, { provider }) => {
    provider.fail('missing-done')
    return recordItems(await client.chat.completions.create(streamed))
  },
  'a connection that breaks in the midst': async (client, { provider, transport }) => {
    provider.fail('cut', { afterTokens: 3 })
    const items = await recordItems(await client.chat.completions.create(streamed))
    // Whether a socket's last bytes are read before its reset is chance.
    return transport === 'in memory' ? items : items.at(-1)
  },
  'an error body under a good status': async (client, { provider }) => {
    provider.fail('error-in-stream')
    return client.chat.completions.create(whole)
  },
  'JSON where a stream was asked for': async (client, { routes }) => {
    const answer = (): Response => Response.json({ id: 'c', object: 'chat.completion', choices: [] })
    for (const path of ['/v1/chat/completions', '/openai/deployments/gpt-5-mini/chat/completions'])
      routes[`POST ${path}`] = answer
    return recordItems(await client.chat.completions.create(streamed))
  },
  'a stream of the Responses API, left': async (client) => {
    const stream = await client.responses.create({ model: 'gpt-5-mini', input: 'Hello', stream: true })
    for await (const event of stream) if (event.type === 'response.output_text.delta') break
    return stream.controller.signal.aborted
  },
}

// Of these, openai 6 reads what comes after the end mark and throws it away; a middleware that reads leaves it, as 7 does.
const ofTheNewest: Behaviours<OpenAI, OpenAiSdk> = {
  'frames of every legal form': async (client, { routes }) => {
    const chunk = (content: string): string =>
      JSON.stringify({ id: 'c', choices: [{ index: 0, delta: { content }, finish_reason: null }] })
    const end = JSON.stringify({ id: 'c', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })
    const body = [
      `: a comment\r\n\r\n`,
      `id: 7\r\nretry: 10\r\nevent: message\r\ndata: ${chunk('Grüße')}\r\n\r\n`,
      `data:${chunk('no space')}\n\n`,
      `data: ${chunk('two').slice(0, 10)}\ndata: ${chunk('two').slice(10)}\n\n`,
      `\n\n`,
      `data: ${end}\n\n`,
      `data: [DONE]\n\n`,
      `data: ${chunk('after the end')}\n\n`,
    ].join('')
    const bytes = Buffer.from(body)
    const answer = (): Response =>
      new Response(
        ReadableStream.from(Array.from(bytes, (_, index) => bytes.subarray(index, index + 1))) as ReadableStream<
          Uint8Array<ArrayBuffer>
        >,
        {
          headers: { 'content-type': 'text/event-stream' },
        },
      )
    for (const path of ['/v1/chat/completions', '/openai/deployments/gpt-5-mini/chat/completions'])
      routes[`POST ${path}`] = answer
    return recordItems(await client.chat.completions.create(streamed))
  },
}

async function recordAgain(stream: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of stream);
}

itIsTransparent([...openaiCases, ...azureCases.slice(0, 1)], ['in memory'], behaviours)
itIsTransparent(openaiCases.slice(0, 1), ['over HTTP'], behaviours)
itIsTransparent(openaiCases.slice(0, 1), ['in memory', 'over HTTP'], ofTheNewest)
