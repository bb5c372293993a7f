import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type OpenAI from 'openai'
import { afterAll } from 'vitest'
import { azureCases, openaiCases, type OpenAiSdk } from './clients.ts'
import { itIsTransparent, type Behaviours } from './compare.ts'
import { recordItems, thrownBy } from './recording.ts'

const folder = mkdtempSync(join(tmpdir(), 'transparency-'))
const path = join(folder, 'notes.txt')
writeFileSync(path, 'A note on shipping. ✓\n'.repeat(5_000))
afterAll(() => rmSync(folder, { recursive: true }))

const line = (id: string, content: string): string =>
  JSON.stringify({
    custom_id: id,
    method: 'POST',
    url: '/v1/chat/completions',
    body: { model: 'gpt-5-mini', messages: [{ role: 'user', content }] },
  })

const modelCalls: Behaviours<OpenAI, OpenAiSdk> = {
  'embeddings, decoded from base64': async (client) => {
    const answer = await client.embeddings.create({ model: 'text-embedding-3-small', input: ['shipping', 'refund'] })
    return [answer, answer.data[0]?.embedding.length, Array.isArray(answer.data[0]?.embedding)]
  },
  'embeddings as floats': (client) =>
    client.embeddings.create({
      model: 'text-embedding-3-small',
      input: 'shipping',
      encoding_format: 'float',
      dimensions: 8,
    }),
  'embeddings as base64': (client) =>
    client.embeddings.create({
      model: 'text-embedding-3-small',
      input: 'shipping',
      encoding_format: 'base64',
      dimensions: 8,
    }),
  'embeddings of tokens': (client) =>
    client.embeddings.create({ model: 'text-embedding-3-small', input: [[1, 2, 3]], dimensions: 4 }),
  'embeddings with their response': (client) =>
    client.embeddings.create({ model: 'text-embedding-3-small', input: 'shipping', dimensions: 4 }).withResponse(),
  'completions, whole': (client) => client.completions.create({ model: 'gpt-3.5-turbo-instruct', prompt: 'Once upon' }),
  'completions, whole, several prompts and choices': (client) =>
    client.completions.create({
      model: 'gpt-3.5-turbo-instruct',
      prompt: ['Once', 'Twice'],
      n: 2,
      max_tokens: 5,
      logprobs: 1,
    }),
  'completions, streamed': async (client) =>
    recordItems(
      await client.completions.create({ model: 'gpt-3.5-turbo-instruct', prompt: 'Once upon', stream: true }),
    ),
  'completions, streamed, several choices': async (client) =>
    recordItems(
      await client.completions.create({
        model: 'gpt-3.5-turbo-instruct',
        prompt: 'Once',
        n: 2,
        stream: true,
        max_tokens: 5,
      }),
    ),
  'completions, streamed, with usage': async (client) =>
    recordItems(
      await client.completions.create({
        model: 'gpt-3.5-turbo-instruct',
        prompt: 'Once',
        stream: true,
        stream_options: { include_usage: true },
      }),
    ),
  'models.list': (client) => recordItems(client.models.list()),
  'models.list, its page': async (client) => {
    const page = await client.models.list()
    return [page.data, page.hasNextPage(), page.getPaginatedItems().length, page.constructor.name]
  },
}

const services: Behaviours<OpenAI, OpenAiSdk> = {
  moderations: (client) => client.moderations.create({ input: ['I will find you', 'Thanks!'] }),
  'models.retrieve': (client) => client.models.retrieve('gpt-5-mini'),
  'models.retrieve of none': (client) => thrownBy(() => client.models.retrieve('gpt-0')),
  'files from a buffer, there and back': async (client, { sdk }) => {
    const bytes = Buffer.from([0, 1, 2, 250, 251, 255])
    const file = await client.files.create({
      file: await sdk.toFile(bytes, 'bytes.bin', { type: 'application/x-bytes' }),
      purpose: 'user_data',
    })
    const content = await client.files.content(file.id)
    const again = await client.files.content(file.id).asResponse()
    return [
      file,
      Buffer.from(await content.arrayBuffer()).toString('base64'),
      content.headers.get('content-type'),
      (await again.blob()).size,
    ]
  },
  'files from the disk, streamed': async (client) => {
    const file = await client.files.create({ file: createReadStream(path), purpose: 'assistants' })
    const content = await client.files.content(file.id)
    return [file, await content.text()]
  },
  'files from a response and a File': async (client, { sdk }) => {
    const one = await client.files.create({ file: new File(['abc'], 'abc.txt'), purpose: 'user_data' })
    const two = await client.files.create({
      file: await sdk.toFile(new Response('xyz'), 'xyz.txt'),
      purpose: 'user_data',
    })
    return [one, two, await client.files.retrieve(two.id)]
  },
  'files in pages': async (client, { sdk }) => {
    for (const name of ['a', 'b', 'c', 'd', 'e'])
      await client.files.create({ file: await sdk.toFile(Buffer.from(name), `${name}.txt`), purpose: 'user_data' })
    const items = await recordItems(client.files.list({ limit: 2, order: 'asc' }))
    const pages: unknown[] = []
    for await (const page of (await client.files.list({ limit: 2 })).iterPages()) pages.push(page.data)
    const first = await client.files.list({ limit: 3 })
    const second = first.hasNextPage() ? await first.getNextPage() : undefined
    return {
      items,
      pages,
      second: second?.data,
      more: second?.hasNextPage(),
      response: await client.files.list({ limit: 1 }).withResponse(),
    }
  },
  'files.delete': async (client, { sdk }) => {
    const { id } = await client.files.create({
      file: await sdk.toFile(Buffer.from('a'), 'a.txt'),
      purpose: 'user_data',
    })
    return [await client.files.delete(id), await thrownBy(() => client.files.retrieve(id))]
  },
  'batches, from their file to their results': async (client, { sdk }) => {
    const text = `${line('one', 'Where is my parcel?')}\n${line('two', 'Where is my refund?')}\n`
    const input = await client.files.create({ file: await sdk.toFile(Buffer.from(text), 'in.jsonl'), purpose: 'batch' })
    const batch = await client.batches.create({
      input_file_id: input.id,
      endpoint: '/v1/chat/completions',
      completion_window: '24h',
    })
    const running = await client.batches.retrieve(batch.id)
    const done = await client.batches.retrieve(batch.id)
    const output = await client.files.content(done.output_file_id ?? '')
    return {
      batch,
      running,
      done,
      output: await output.text(),
      listed: await recordItems(client.batches.list({ limit: 1 })),
    }
  },
  'batches.cancel': async (client, { sdk }) => {
    const input = await client.files.create({
      file: await sdk.toFile(Buffer.from(line('one', 'Hi')), 'in.jsonl'),
      purpose: 'batch',
    })
    const { id } = await client.batches.create({
      input_file_id: input.id,
      endpoint: '/v1/chat/completions',
      completion_window: '24h',
    })
    return client.batches.cancel(id)
  },
  'an endpoint that no version has': async (client, { routes }) => {
    routes['POST /v1/tea'] = async (request) =>
      Response.json({ got: await request.json(), query: new URL(request.url).search })
    return client.post('/tea', { body: { sugar: 1 }, query: { cups: 2 } })
  },
  'an answer of bytes': async (client, { routes }) => {
    routes['POST /v1/audio/speech'] = () =>
      new Response(Buffer.from([1, 2, 3, 255]), { headers: { 'content-type': 'audio/mpeg' } })
    const speech = await client.audio.speech.create({ model: 'tts-1', input: 'Hello', voice: 'alloy' })
    return [speech, Buffer.from(await speech.arrayBuffer()).toString('hex')]
  },
}

itIsTransparent([...openaiCases, ...azureCases], ['in memory'], modelCalls)
itIsTransparent(openaiCases, ['over HTTP'], modelCalls)
itIsTransparent(openaiCases, ['in memory', 'over HTTP'], services)
