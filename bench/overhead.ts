/**
 * What wrapping a client costs: CPU time per call and per stream chunk over the bare client, on a transport without a
 * network, beside the AI SDK, LangChain and Anthropic's own middleware doing the same.
 */
import { createOpenAI } from '@ai-sdk/openai'
import Anthropic from '@anthropic-ai/sdk'
import { ChatOpenAI } from '@langchain/openai'
import { sluice, streamReply, type Call, type Handler, type Middleware, type Reply } from '@sluice/core'
import { generateText, streamText } from 'ai'
import OpenAI from 'openai'
import { chatAnswer, chatFrames, chatMessages, jsonTransport, messagesAnswer, streamTransport } from './bodies.ts'
import { machine, measure, print, type Case } from './measure.ts'

const apiKey = 'sk-bench'
const noop = (): Middleware => (call, next) => next(call)
let seen = 0

/** Reads the request and the answer as middleware that counts or checks would. */
const reads: Middleware = async (call: Call, next: Handler): Promise<Reply> => {
  seen += call.api.prompt(call.request).length
  const reply = await next(call)
  if (reply.kind === 'whole') seen += call.api.answer(await reply.value()).choices.length
  return reply
}

/** Parses every event of a stream and passes it on. */
const readsEvents: Middleware = async (call, next) => {
  const reply = await next(call)
  if (reply.kind !== 'stream') return reply
  return streamReply(
    call.api,
    (async function* () {
      for await (const event of reply.events()) {
        seen += call.api.delta(event).length
        yield event
      }
    })(),
    reply,
  )
}

function wholeCases(): Case[] {
  const fetch = jsonTransport(chatAnswer(1024))
  const bare = new OpenAI({ apiKey, fetch })
  const messages = chatMessages(1024)
  const call =
    (client: OpenAI, body = messages) =>
    () =>
      client.chat.completions.create({ model: 'gpt-5-mini', messages: body })
  const large = chatMessages(256 * 1024)
  const claudeFetch = jsonTransport(messagesAnswer(1024))
  const claude = new Anthropic({ apiKey, fetch: claudeFetch })
  const ask = (client: Anthropic) => () =>
    client.messages.create({ model: 'claude-haiku-4-5', max_tokens: 256, messages })
  const passing = Array.from(
    { length: 5 },
    () => (request: never, next: (request: never) => Promise<Response>) => next(request),
  )
  const model = createOpenAI({ apiKey, fetch }).chat('gpt-5-mini')
  const chain = new ChatOpenAI({ model: 'gpt-5-mini', apiKey, maxRetries: 0, configuration: { fetch } })
  return [
    { name: 'openai', run: call(bare) },
    { name: 'openai + sluice, no middleware', run: call(sluice(bare, [])) },
    { name: 'openai + sluice, five no-op middleware', run: call(sluice(bare, Array.from({ length: 5 }, noop))) },
    { name: 'openai + sluice, one that reads both', run: call(sluice(bare, [reads])) },
    { name: 'openai, 256 KiB request', run: call(bare, large) },
    { name: 'openai + sluice, 256 KiB request, one that reads both', run: call(sluice(bare, [reads]), large) },
    { name: 'anthropic', run: ask(claude) },
    { name: 'anthropic + sluice, no middleware', run: ask(sluice(claude, [])) },
    { name: 'anthropic + sluice, five no-op middleware', run: ask(sluice(claude, Array.from({ length: 5 }, noop))) },
    { name: 'anthropic + sluice, one that reads both', run: ask(sluice(claude, [reads])) },
    {
      name: 'anthropic, five no-op of its own middleware',
      run: ask(claude.withOptions({ middleware: passing as never })),
    },
    { name: 'ai, generateText', run: () => generateText({ model, messages, maxRetries: 0 }) },
    { name: '@langchain/openai, invoke', run: () => chain.invoke(messages) },
  ]
}

const chunks = 500

function streamCases(): Case[] {
  const fetch = streamTransport(chatFrames(chunks))
  const bare = new OpenAI({ apiKey, fetch })
  const messages = chatMessages(1024)
  const drain = (client: OpenAI) => async () => {
    for await (const chunk of await client.chat.completions.create({ model: 'gpt-5-mini', messages, stream: true }))
      seen += chunk.choices.length
  }
  const model = createOpenAI({ apiKey, fetch }).chat('gpt-5-mini')
  const chain = new ChatOpenAI({ model: 'gpt-5-mini', apiKey, maxRetries: 0, configuration: { fetch } })
  return [
    { name: 'openai stream', run: drain(bare), per: chunks },
    { name: 'openai stream + sluice, passed through', run: drain(sluice(bare, [noop()])), per: chunks },
    { name: 'openai stream + sluice, parsed by one middleware', run: drain(sluice(bare, [readsEvents])), per: chunks },
    {
      name: 'ai, streamText',
      per: chunks,
      run: async () => {
        for await (const part of streamText({ model, messages, maxRetries: 0 }).textStream) seen += part.length
      },
    },
    {
      name: '@langchain/openai, stream',
      per: chunks,
      run: async () => {
        for await (const part of await chain.stream(messages)) seen += part.content.length
      },
    },
  ]
}

console.log(`Overhead on a transport without a network. ${machine()}`)
const quick = process.argv.includes('--quick')
const whole = await measure(wholeCases(), { rounds: quick ? 20 : 120, runs: 40, warmUp: 400 })
print('CPU per call', whole, [
  { name: 'openai', over: 'openai' },
  { name: 'openai + sluice, no middleware', over: 'openai', target: 10 },
  { name: 'openai + sluice, five no-op middleware', over: 'openai', target: 15 },
  { name: 'openai + sluice, one that reads both', over: 'openai', target: 30 },
  { name: 'openai, 256 KiB request', over: 'openai, 256 KiB request' },
  { name: 'openai + sluice, 256 KiB request, one that reads both', over: 'openai, 256 KiB request', target: 150 },
  { name: 'anthropic', over: 'anthropic' },
  { name: 'anthropic + sluice, no middleware', over: 'anthropic', target: 10 },
  { name: 'anthropic + sluice, five no-op middleware', over: 'anthropic', target: 15 },
  { name: 'anthropic + sluice, one that reads both', over: 'anthropic', target: 30 },
  { name: 'anthropic, five no-op of its own middleware', over: 'anthropic' },
  { name: 'ai, generateText', over: 'openai' },
  { name: '@langchain/openai, invoke', over: 'openai' },
])
const streams = await measure(streamCases(), { rounds: quick ? 15 : 80, runs: 8, warmUp: 60 })
print(`CPU per chunk of a stream of ${chunks} chunks`, streams, [
  { name: 'openai stream', over: 'openai stream' },
  { name: 'openai stream + sluice, passed through', over: 'openai stream', target: 2 },
  { name: 'openai stream + sluice, parsed by one middleware', over: 'openai stream', target: 5 },
  { name: 'ai, streamText', over: 'openai stream' },
  { name: '@langchain/openai, stream', over: 'openai stream' },
])
if (seen === 0) throw new Error('Nothing was read')
