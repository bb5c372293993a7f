/**
 * What guards cost: CPU time of a guarded call and of a guarded stream's chunk over the bare client, on a transport without a
 * network, beside what OpenAI's guardrails and a middleware of the AI SDK take for the same checks.
 */
import { createOpenAI } from '@ai-sdk/openai'
import { GuardrailsOpenAI } from '@openai/guardrails'
import { sluice, streamReply, type Middleware } from '@sluice/core'
import { checkText, createGuard, guards, pii, promptInjection, secrets } from '@sluice/guards'
import { generateText, streamText, wrapLanguageModel, type LanguageModelMiddleware } from 'ai'
import OpenAI from 'openai'
import { chatAnswer, chatFrames, jsonTransport, streamTransport } from './bodies.ts'
import { printHotAndCold } from './cold.ts'
import { machine, measure, print, type Case } from './measure.ts'

const apiKey = 'sk-bench'
const model = 'gpt-5-mini'
let seen = 0

/** A prompt of about 1 KiB that was never seen before, with an e-mail address and a number of an order in it. */
let prompts = 0
const prose =
  'The parcel was promised for last week and nobody at the shop could tell me where it has been since then. I have asked the ' +
  'neighbours, looked into the shed and called the driver, who says that it was handed over at the door. '
function freshPrompt(): { role: 'user'; content: string }[] {
  const order = 100_000 + (prompts += 1)
  const facts = `Order ${order} has not reached me. Write to ada${order}@example.com, please. `
  return [{ role: 'user', content: (facts + prose.repeat(5)).slice(0, 1000) }]
}

/** Twenty turns that are sent again with every call, and a new one. */
const history = Array.from({ length: 20 }, (_, index) => ({
  role: index % 2 === 0 ? ('user' as const) : ('assistant' as const),
  content: (freshPrompt()[0] as { content: string }).content,
}))

const local = {
  name: 'Contains PII',
  config: {
    entities: ['EMAIL_ADDRESS', 'PHONE_NUMBER', 'CREDIT_CARD', 'IBAN_CODE', 'IP_ADDRESS', 'US_SSN'],
    detect_encoded_pii: false,
  },
}
const peer = (fetch: typeof globalThis.fetch, output: boolean) =>
  GuardrailsOpenAI.create(
    {
      version: 1,
      pre_flight: { version: 1, guardrails: [{ name: local.name, config: { ...local.config, block: false } }] },
      ...(output && {
        output: { version: 1, guardrails: [{ name: local.name, config: { ...local.config, block: true } }] },
      }),
    } as never,
    { apiKey, fetch } as never,
  )

/** The same detector in the place where the AI SDK has one look at texts. */
const redacting: LanguageModelMiddleware = {
  specificationVersion: 'v4',
  async transformParams({ params }) {
    const prompt = await Promise.all(
      params.prompt.map(async (message) => {
        if (message.role !== 'user') return message
        const content = await Promise.all(
          message.content.map(async (part) =>
            part.type === 'text' ? { ...part, text: (await checkText(part.text, [personal])).text } : part,
          ),
        )
        return { ...message, content }
      }),
    )
    return { ...params, prompt }
  },
}

const personal = pii()
const restoring = pii({ restore: true })
const credentials = secrets()
const attacks = promptInjection()

/** Parses every event and passes it on: what a guard has to pay before it looks at anything. */
const reads: Middleware = async (call, next) => {
  const reply = await next(call)
  if (reply.kind !== 'stream') return reply
  const events = reply.events()
  return streamReply(
    call.api,
    (async function* () {
      for await (const event of events) {
        seen += call.api.delta(event).length
        yield event
      }
    })(),
    reply,
  )
}

async function wholeCases(): Promise<Case[]> {
  const fetch = jsonTransport(chatAnswer(1024))
  const bare = new OpenAI({ apiKey, fetch })
  const call =
    (client: OpenAI, messages = freshPrompt) =>
    () =>
      client.chat.completions.create({ model, messages: messages() })
  const conversation = (): OpenAI.ChatCompletionMessageParam[] => [...history, ...freshPrompt()]
  const guardrails = await peer(fetch, true)
  const plain = createOpenAI({ apiKey, fetch }).chat(model)
  const guardedModel = wrapLanguageModel({ model: plain, middleware: redacting })
  return [
    { name: 'openai', run: call(bare) },
    { name: 'openai + guards, pii in', run: call(sluice(bare, [guards({ input: [personal] })])) },
    {
      name: 'openai + guards, pii in and out',
      run: call(sluice(bare, [guards({ input: [personal], output: [personal] })])),
    },
    {
      name: 'openai + guards, pii, secrets, injection in; pii, secrets out',
      run: call(sluice(bare, [guards({ input: [attacks, credentials, personal], output: [credentials, personal] })])),
    },
    {
      name: 'openai + guards, pii in and out, restored',
      run: call(sluice(bare, [guards({ input: [restoring], output: [restoring] })])),
    },
    { name: 'openai, 20 KiB of history', run: call(bare, conversation as never) },
    {
      name: 'openai + guards, 20 KiB of history, remembered',
      run: call(sluice(bare, [guards({ input: [personal] })]), conversation as never),
    },
    {
      name: 'openai + guards, 20 KiB of history, scanned again',
      run: call(sluice(bare, [guards({ input: [personal], maxRemembered: 0 })]), conversation as never),
    },
    {
      name: '@openai/guardrails, pii in and out',
      run: () => guardrails.chat.completions.create({ model, messages: freshPrompt() }),
    },
    { name: 'ai, generateText', run: () => generateText({ model: plain, messages: freshPrompt(), maxRetries: 0 }) },
    {
      name: 'ai, generateText + middleware with the same pii in',
      run: () => generateText({ model: guardedModel, messages: freshPrompt(), maxRetries: 0 }),
    },
  ]
}

const chunks = 500
/** The words of an answer, one in fifty of them a number. The peer can only block what it finds: there is nothing to find. */
const words = Array.from({ length: chunks }, (_, index) =>
  index % 50 === 49 ? ` ${index}7` : ` ${prose.split(' ')[index % 60] ?? ''}`,
)

async function streamCases(): Promise<Case[]> {
  const fetch = streamTransport(framesOf(words))
  const bare = new OpenAI({ apiKey, fetch })
  const drain = (client: Pick<OpenAI, 'chat'>) => async () => {
    for await (const chunk of await client.chat.completions.create({ model, messages: freshPrompt(), stream: true }))
      seen += chunk ? 1 : 0
  }
  const guardrails = await peer(fetch, true)
  const plain = createOpenAI({ apiKey, fetch }).chat(model)
  return [
    { name: 'openai stream', run: drain(bare), per: chunks },
    { name: 'openai stream + sluice, parsed', run: drain(sluice(bare, [reads])), per: chunks },
    {
      name: 'openai stream + guards, pii out',
      run: drain(sluice(bare, [guards({ output: [personal] })])),
      per: chunks,
    },
    {
      name: 'openai stream + guards, pii out, restored',
      run: drain(sluice(bare, [guards({ input: [restoring], output: [restoring] })])),
      per: chunks,
    },
    { name: '@openai/guardrails stream, pii out', run: drain(guardrails as never), per: chunks },
    {
      name: 'ai, streamText',
      per: chunks,
      run: async () => {
        for await (const part of streamText({ model: plain, messages: freshPrompt(), maxRetries: 0 }).textStream)
          seen += part.length
      },
    },
  ]
}

/** The same work without a client: a stream of words through one guard. */
async function plainCases(): Promise<Case[]> {
  const guard = createGuard({ output: [personal] })
  return [
    {
      name: 'createGuard, a word',
      per: chunks,
      run: async () => {
        const stream = (await guard.session()).stream()
        for (const word of words) seen += (await stream.push(word)).length
        seen += (await stream.end()).length
      },
    },
    { name: 'checkText, 1 KiB', run: () => checkText((freshPrompt()[0] as { content: string }).content, [personal]) },
  ]
}

function framesOf(texts: readonly string[]): Uint8Array[] {
  const frames = chatFrames(texts.length).map((frame) => Buffer.from(frame).toString())
  return frames.map((frame, index) => {
    const text = texts[index - 1]
    return Buffer.from(
      text === undefined ? frame : frame.replace(/"content":"[^"]*"/, `"content":${JSON.stringify(text)}`),
    )
  })
}

console.log(`Guards on a transport without a network. ${machine()}`)
const quick = process.argv.includes('--quick')
// The peer prints what it does with every check.
const { log, warn } = console
console.warn = () => undefined
console.log = () => undefined
const whole = await measure(await wholeCases(), { rounds: quick ? 20 : 100, runs: 30, warmUp: 300 })
const streams = await measure(await streamCases(), { rounds: quick ? 10 : 60, runs: 4, warmUp: 40 })
const alone = await measure(await plainCases(), { rounds: quick ? 20 : 80, runs: 20, warmUp: 100 })
Object.assign(console, { log, warn })
print('CPU per call, 1 KiB prompt', whole, [
  { name: 'openai', over: 'openai' },
  { name: 'openai + guards, pii in', over: 'openai', target: 200 },
  { name: 'openai + guards, pii in and out', over: 'openai', target: 200 },
  { name: 'openai + guards, pii, secrets, injection in; pii, secrets out', over: 'openai', target: 200 },
  { name: 'openai + guards, pii in and out, restored', over: 'openai' },
  { name: '@openai/guardrails, pii in and out', over: 'openai' },
  { name: 'ai, generateText', over: 'ai, generateText' },
  { name: 'ai, generateText + middleware with the same pii in', over: 'ai, generateText' },
  { name: 'openai, 20 KiB of history', over: 'openai, 20 KiB of history' },
  { name: 'openai + guards, 20 KiB of history, remembered', over: 'openai, 20 KiB of history' },
  { name: 'openai + guards, 20 KiB of history, scanned again', over: 'openai, 20 KiB of history' },
])
print(`CPU per chunk of a stream of ${chunks} chunks`, streams, [
  { name: 'openai stream', over: 'openai stream' },
  { name: 'openai stream + sluice, parsed', over: 'openai stream' },
  { name: 'openai stream + guards, pii out', over: 'openai stream' },
  { name: 'openai stream + guards, pii out, restored', over: 'openai stream' },
  { name: '@openai/guardrails stream, pii out', over: 'openai stream' },
  { name: 'ai, streamText', over: 'openai stream' },
])
print('CPU without a client', alone, [
  { name: 'createGuard, a word', over: 'createGuard, a word' },
  { name: 'checkText, 1 KiB', over: 'checkText, 1 KiB' },
])
const input = { stage: 'input', signal: undefined } as const
printHotAndCold(
  'Detectors alone, 1 KiB of prose with an e-mail address and an order number',
  [personal, credentials, attacks].map(({ name, check }) => ({ name, run: (text) => check(text, input) })),
  () => (freshPrompt()[0] as { content: string }).content,
)
if (seen === 0) throw new Error('Nothing was read')
