/**
 * What stays behind: 100,000 calls and 1,000 aborted streams on one long-lived signal, through a client whose middleware
 * reads every answer. Prints heap, listeners and unhandled rejections, and fails when anything grew.
 */
import { getEventListeners, setMaxListeners } from 'node:events'
import { sluice, streamReply, withContext, type Middleware } from '@sluice/core'
import OpenAI from 'openai'
import { chatAnswer, chatFrames, chatMessages, jsonTransport, streamTransport } from './bodies.ts'
import { machine } from './measure.ts'

const calls = Number(process.argv[2] ?? 100_000)
const aborts = Number(process.argv[3] ?? 1_000)
if (!globalThis.gc) throw new Error('Run with --expose-gc')

const reads: Middleware = async (call, next) => {
  const reply = await next(call)
  if (reply.kind === 'whole') call.api.answer(await reply.value())
  if (reply.kind !== 'stream') return reply
  const events = reply.events()
  return streamReply(
    call.api,
    (async function* () {
      for await (const event of events) yield event
    })(),
    reply,
  )
}

let unhandled = 0
process.on('unhandledRejection', () => (unhandled += 1))

const longLived = new AbortController()
setMaxListeners(0, longLived.signal)
const messages = chatMessages(1024)
const whole = sluice(new OpenAI({ apiKey: 'k', fetch: jsonTransport(chatAnswer(1024)) }), [reads])
const streaming = sluice(new OpenAI({ apiKey: 'k', fetch: streamTransport(chatFrames(50)) }), [reads])

async function ask(): Promise<void> {
  await withContext({ tenant: 'bench' }, () =>
    whole.chat.completions.create({ model: 'm', messages }, { signal: longLived.signal }),
  )
}

async function abort(index: number): Promise<void> {
  const stream = await streaming.chat.completions.create(
    { model: 'm', messages, stream: true },
    { signal: longLived.signal },
  )
  let seen = 0
  for await (const _ of stream) {
    seen += 1
    if (seen > index % 10) {
      if (index % 2) stream.controller.abort()
      else break
    }
  }
}

async function heapMiB(): Promise<number> {
  for (let round = 0; round < 4; round += 1) {
    globalThis.gc?.()
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return process.memoryUsage().heapUsed / 2 ** 20
}

/** Runs a share of the work. Caches of V8 and the SDK fill in the first half; what grows in the second half is a leak. */
async function half(): Promise<void> {
  for (let index = 0; index < calls / 2; index += 1) await ask()
  for (let index = 0; index < aborts / 2; index += 1) await abort(index)
}

await half()
const before = await heapMiB()
await half()
const after = await heapMiB()
const listeners = getEventListeners(longLived.signal, 'abort').length

console.log(machine())
console.log(`${calls} calls and ${aborts} aborted streams on one signal`)
console.log(
  `heap ${before.toFixed(2)} MiB at half, ${after.toFixed(2)} MiB at the end; ${listeners} listeners left; ${unhandled} unhandled rejections`,
)
if (after - before > 0.5 || listeners > 0 || unhandled > 0) throw new Error('Something stays behind')
