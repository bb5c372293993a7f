/**
 * What routing costs: CPU time of a call through a router with three healthy targets over the bare wrapped call, and per
 * chunk of a routed stream, on a transport without a network.
 */
import { sluice, type Pricer } from '@sluice/core'
import { openaiTarget, router, type RouterOptions } from '@sluice/router'
import OpenAI from 'openai'
import { chatAnswer, chatFrames, chatMessages, jsonTransport, streamTransport } from './bodies.ts'
import { machine, measure, print, type Case } from './measure.ts'

const apiKey = 'sk-bench'
const messages = chatMessages(1024)
const price: Pricer = ({ fresh, output }) => ({ nanoUsd: fresh * 250 + output * 2_000, byMeter: {} })
let seen = 0

/** A client wrapped in a router over three targets, each with a client of its own. */
function routed(fetch: typeof globalThis.fetch, options: Omit<RouterOptions, 'targets'> = {}): OpenAI {
  const targets = ['a', 'b', 'c'].map((name) =>
    openaiTarget(new OpenAI({ apiKey, fetch, baseURL: `https://${name}.example/v1` }), 'gpt-5-mini', { id: name }),
  )
  return sluice(new OpenAI({ apiKey, fetch }), [router({ targets, ...options })])
}

function wholeCases(): Case[] {
  const fetch = jsonTransport(chatAnswer(1024))
  const bare = new OpenAI({ apiKey, fetch })
  const call = (client: OpenAI, model: string) => () => client.chat.completions.create({ model, messages })
  const models = ['gpt-5-mini', 'gpt-5', 'gpt-5-nano']
  return [
    { name: 'openai', run: call(bare, 'gpt-5-mini') },
    { name: 'wrapped, no middleware', run: call(sluice(bare, []), 'gpt-5-mini') },
    { name: 'routed, three clients, priority', run: call(routed(fetch), 'auto') },
    { name: 'routed, three clients, latency (P2C)', run: call(routed(fetch, { strategy: 'latency' }), 'auto') },
    { name: 'routed, three clients, cost', run: call(routed(fetch, { strategy: 'cost', price }), 'auto') },
    { name: 'routed, three clients, hedged', run: call(routed(fetch, { strategy: 'latency', hedge: true }), 'auto') },
    { name: 'routed, three models of one client', run: call(sluice(bare, [router({ targets: models })]), 'auto') },
  ]
}

const chunks = 500

function streamCases(): Case[] {
  const fetch = streamTransport(chatFrames(chunks))
  const bare = new OpenAI({ apiKey, fetch })
  const drain = (client: OpenAI, model: string) => async () => {
    for await (const chunk of await client.chat.completions.create({ model, messages, stream: true }))
      seen += chunk.choices.length
  }
  return [
    { name: 'stream', run: drain(bare, 'gpt-5-mini'), per: chunks },
    { name: 'stream, routed', run: drain(routed(fetch), 'auto'), per: chunks },
    {
      name: 'stream, routed, continued when cut',
      run: drain(routed(fetch, { midStream: 'continue' }), 'auto'),
      per: chunks,
    },
  ]
}

console.log(`A routed call on a transport without a network. ${machine()}`)
const quick = process.argv.includes('--quick')
const whole = await measure(wholeCases(), { rounds: quick ? 20 : 120, runs: 40, warmUp: 400 })
const over = 'wrapped, no middleware'
print('CPU per call', whole, [
  { name: 'openai', over },
  { name: over, over },
  { name: 'routed, three clients, priority', over, target: 25 },
  { name: 'routed, three clients, latency (P2C)', over, target: 25 },
  { name: 'routed, three clients, cost', over },
  { name: 'routed, three clients, hedged', over },
  { name: 'routed, three models of one client', over, target: 25 },
])
const streams = await measure(streamCases(), { rounds: quick ? 15 : 60, runs: 8, warmUp: 60 })
print(`CPU per chunk of a stream of ${chunks} chunks`, streams, [
  { name: 'stream', over: 'stream' },
  { name: 'stream, routed', over: 'stream' },
  { name: 'stream, routed, continued when cut', over: 'stream' },
])
if (seen === 0) throw new Error('Nothing was read')
