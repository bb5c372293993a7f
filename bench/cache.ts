/**
 * What a cache costs: its key, a miss, and a hit in memory through the whole client, beside the bare client on a transport
 * without a network, and beside what LangChain and the AI SDK offer for the same.
 */
import { createOpenAI } from '@ai-sdk/openai'
import { InMemoryCache } from '@langchain/core/caches'
import { ChatOpenAI } from '@langchain/openai'
import { cache, createCache, type CacheQuery } from '@sluice/cache'
import { sluice, type Middleware } from '@sluice/core'
import { openaiChat } from '@sluice/core/apis'
import { generateText, simulateReadableStream, streamText, wrapLanguageModel, type LanguageModelMiddleware } from 'ai'
import OpenAI from 'openai'
import { chatAnswer, chatFrames, chatMessages, jsonTransport, streamTransport } from './bodies.ts'
import { machine, measure, print, type Case, type Figure } from './measure.ts'

const apiKey = 'sk-bench'
const options = { ttlMs: 3_600_000, tenant: 'shared' as const }
const noop: Middleware = (call, next) => next(call)
let seen = 0

/** Reads the request and the answer, as whoever is to store one must. */
const reads: Middleware = async (call, next) => {
  seen += call.api.prompt(call.request).length
  const reply = await next(call)
  if (reply.kind === 'whole') seen += call.api.answer(await reply.value()).choices.length
  return reply
}

/** The caching middleware of the AI SDK's documentation, over a map: it has none of its own. */
function aiCache(): LanguageModelMiddleware {
  const answers = new Map<string, unknown>()
  return {
    specificationVersion: 'v4',
    wrapGenerate: async ({ doGenerate, params }) => {
      const key = JSON.stringify(params)
      const known = answers.get(key)
      if (known) return known as Awaited<ReturnType<typeof doGenerate>>
      const answer = await doGenerate()
      answers.set(key, answer)
      return answer
    },
    wrapStream: async ({ doStream, params }) => {
      const key = JSON.stringify(params)
      const known = answers.get(key)
      if (known) return { stream: simulateReadableStream({ chunks: known as never[] }) }
      const { stream, ...rest } = await doStream()
      const parts: unknown[] = []
      const record = new TransformStream({
        transform(part, controller) {
          parts.push(part)
          controller.enqueue(part)
        },
        flush: () => void answers.set(key, parts),
      })
      return { stream: stream.pipeThrough(record) as typeof stream, ...rest }
    },
  }
}

/** A new request each time it is asked for, of the same length. */
function numbered(bytes: number): () => { role: 'user' | 'assistant'; content: string }[] {
  const [first, ...rest] = chatMessages(bytes)
  let count = 1_000_000
  return () => {
    count += 1
    return [{ role: 'user', content: `${count} ${first?.content.slice(8)}` }, ...rest]
  }
}

const model = 'gpt-5-mini'
const fetch = jsonTransport(chatAnswer(1024))

const ask = (client: OpenAI, next: () => ReturnType<typeof chatMessages>) => {
  return () => client.chat.completions.create({ model, messages: next() })
}
const bare = new OpenAI({ apiKey, fetch })
// What was stored and is never asked for again shall not make the others' garbage collections dearer.
const caching = (): OpenAI => sluice(bare, [cache({ ...options, maxBytes: 2 ** 21 })])
const small = chatMessages(1024)
const large = chatMessages(13 * 1024)

const hitCases: readonly Case[] = [
  { name: 'openai', run: ask(bare, () => small) },
  { name: 'openai + sluice, one no-op middleware', run: ask(sluice(bare, [noop]), () => small) },
  { name: 'openai + sluice + cache, hit', run: ask(caching(), () => small) },
  { name: 'openai, 13 KiB request', run: ask(bare, () => large) },
  { name: 'openai + sluice + cache, hit, 13 KiB request', run: ask(caching(), () => large) },
]

const missCases: readonly Case[] = [
  { name: 'openai', run: ask(bare, numbered(1024)) },
  { name: 'openai + sluice, one that reads both', run: ask(sluice(bare, [reads]), numbered(1024)) },
  { name: 'openai + sluice + cache, miss and store', run: ask(caching(), numbered(1024)) },
]

function peerCases(): Case[] {
  const aiModel = createOpenAI({ apiKey, fetch }).chat(model)
  const aiCached = wrapLanguageModel({ model: aiModel, middleware: aiCache() })
  const settings = { model, apiKey, maxRetries: 0, configuration: { fetch } }
  const chain = new ChatOpenAI(settings)
  const cachedChain = new ChatOpenAI({ ...settings, cache: new InMemoryCache() })
  const generate = (of: typeof aiModel) => () => generateText({ model: of, messages: small, maxRetries: 0 })
  return [
    { name: 'ai, generateText', run: generate(aiModel) },
    { name: 'ai, generateText, caching middleware of its guide, hit', run: generate(aiCached as typeof aiModel) },
    { name: '@langchain/openai, invoke', run: () => chain.invoke(small) },
    { name: '@langchain/openai, InMemoryCache, hit', run: () => cachedChain.invoke(small) },
  ]
}

function plainCases(): Case[] {
  const answers = createCache({ ...options, maxBytes: 2 ** 21 })
  const query = (messages: ReturnType<typeof chatMessages>): CacheQuery<'openai.chat'> => ({
    api: openaiChat,
    request: { model, messages },
    url: 'https://api.openai.com/v1/chat/completions',
  })
  const [asked, longer] = [query(small), query(large)]
  const next = numbered(1024)
  const answer = JSON.parse(chatAnswer(1024)) as never
  const stored = createCache(options)
  void stored.store(asked, { answer })
  return [
    { name: 'lookup, miss: the key of 1 KiB', run: () => answers.lookup(asked) },
    { name: 'lookup, miss: the key of 13 KiB', run: () => answers.lookup(longer) },
    { name: 'lookup, hit', run: () => stored.lookup(asked) },
    {
      name: 'lookup and store',
      run: async () => {
        const fresh = query(next())
        const found = await answers.lookup(fresh)
        if (found.outcome === 'miss') await answers.store(fresh, { answer, ticket: found.ticket })
      },
    },
  ]
}

const chunks = 500

function streamCases(): Case[] {
  const streaming = streamTransport(chatFrames(chunks))
  const plain = new OpenAI({ apiKey, fetch: streaming })
  const cached = (): OpenAI => sluice(plain, [cache({ ...options, maxBytes: 2 ** 23 })])
  const drain = (client: OpenAI, next = () => small) => {
    return async () => {
      for await (const chunk of await client.chat.completions.create({ model, messages: next(), stream: true }))
        seen += chunk.choices.length
    }
  }
  const aiModel = createOpenAI({ apiKey, fetch: streaming }).chat(model)
  const aiCached = wrapLanguageModel({ model: aiModel, middleware: aiCache() })
  return [
    { name: 'openai stream', run: drain(plain), per: chunks },
    { name: 'openai stream + sluice + cache, hit', run: drain(cached()), per: chunks },
    { name: 'openai stream + sluice + cache, miss and store', run: drain(cached(), numbered(1024)), per: chunks },
    {
      name: 'ai, streamText, caching middleware of its guide, hit',
      per: chunks,
      run: async () => {
        for await (const part of streamText({ model: aiCached, messages: small, maxRetries: 0 }).textStream)
          seen += part.length
      },
    },
  ]
}

/** A thousand identical calls at a time, of which one is sent. */
function crowdCases(): Case[] {
  const callers = 1_000
  const next = numbered(1024)
  const all = (client: OpenAI) => () => {
    const messages = next()
    return Promise.all(Array.from({ length: callers }, () => client.chat.completions.create({ model, messages })))
  }
  return [
    { name: 'openai, 1,000 calls', run: all(bare), per: callers },
    { name: 'openai + sluice + cache, 1,000 calls that join', run: all(caching()), per: callers },
  ]
}

console.log(`What a cache costs, on a transport without a network. ${machine()}`)
const quick = process.argv.includes('--quick')
const perCall = { rounds: quick ? 30 : 150, runs: 40, warmUp: 1_000 }
const rowsOf = (figures: readonly Figure[], over: string): { name: string; over: string }[] =>
  figures.map(({ name }) => ({ name, over }))

const plain = await measure(plainCases(), { ...perCall, runs: 100 })
print('CPU per lookup, without a client', plain, [
  { name: 'lookup, miss: the key of 1 KiB', over: 'lookup, miss: the key of 1 KiB' },
  { name: 'lookup, miss: the key of 13 KiB', over: 'lookup, miss: the key of 1 KiB', target: 100 },
  { name: 'lookup, hit', over: 'lookup, miss: the key of 1 KiB' },
  { name: 'lookup and store', over: 'lookup, miss: the key of 1 KiB', target: 40 },
])

const hits = await measure(hitCases, perCall)
print('CPU per call, hits', hits, [
  ...rowsOf(hits.slice(0, 3), 'openai'),
  ...rowsOf(hits.slice(3), 'openai, 13 KiB request'),
])
const [base, , hit] = hits.map(({ quietUs }) => quietUs) as [number, number, number]
console.log(`A hit takes ${(hit / base).toFixed(2)} of the bare call: ${hit <= base * 1.1 ? 'met' : 'MISSED'} (≤ 1.10)`)

const misses = await measure(missCases, perCall)
print('CPU per call, misses', misses, rowsOf(misses, 'openai'))

const peers = await measure(peerCases(), perCall)
print('CPU per call, what others offer', peers, [
  ...rowsOf(peers.slice(0, 2), 'ai, generateText'),
  ...rowsOf(peers.slice(2), '@langchain/openai, invoke'),
])

const streams = await measure(streamCases(), { rounds: quick ? 15 : 80, runs: 8, warmUp: 60 })
print(`CPU per chunk of a stream of ${chunks} chunks`, streams, rowsOf(streams, 'openai stream'))

const crowds = await measure(crowdCases(), { rounds: quick ? 8 : 40, runs: 1, warmUp: 4 })
print('CPU per call of a thousand at the same time', crowds, rowsOf(crowds, 'openai, 1,000 calls'))
if (seen === 0) throw new Error('Nothing was read')
