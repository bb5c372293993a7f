import { isCall, type Call } from '../call.ts'
import { systemClock, type Clock } from '../clock.ts'
import { checkClock, checkMs, checkNames, checkWhole } from '../limits/check-options.ts'
import { credentialOf } from '../limits/subject-of.ts'
import { defineMiddleware, type Handler, type Middleware } from '../pipeline.ts'
import { replyOf, wholeReply, type ErrorReply, type Reply } from '../reply.ts'
import { sharedAnswers } from './share-batch.ts'

export interface BatchEmbeddingsOptions {
  /** Texts of one request at the most: whole, 2 to 2048. @default 64 */
  readonly maxItems?: number
  /** How long the first text waits for others, in milliseconds. @default 5 */
  readonly maxWaitMs?: number
  /** Characters of one request at the most. Providers limit its tokens. @default 400000 */
  readonly maxCharacters?: number
  /** @default the system's clock */
  readonly clock?: Clock
}

type EmbeddingsCall = Call<'openai.embeddings'>

/** A call that is sent together with others. */
interface Member {
  readonly call: EmbeddingsCall
  readonly text: string
  readonly next: Handler
  readonly sinceMs: number
  isGone: boolean
  resolve(reply: Reply | PromiseLike<Reply>): void
  reject(error: unknown): void
}

interface Batch {
  readonly members: Set<Member>
  readonly timer: AbortController
  characters: number
}

/** What the provider says of the texts, not of itself or the account: one of them may be the reason. */
const badInput = new Set([400, 413, 422])

/**
 * Middleware that sends embedding calls of a single text that come within `maxWaitMs` of each other as one request, and
 * gives each its own part of the answer. Only calls that differ in nothing but their text go together: endpoint, key,
 * organisation, model, dimensions, format, user, and the tenant. Calls of several texts, and other calls, pass by.
 *
 * The tokens of the request are shared in proportion to the texts and sum to what the provider counted. When the provider
 * refuses the request for what is in it (400, 413, 422), each text is sent by itself, so that only the one it was about
 * fails; any other failure is everybody's. A call that is aborted leaves the others alone; the request ends when all are.
 *
 * Belongs innermost, inside caches, limits, retries and fallbacks.
 *
 * @throws {SluiceError} `config.option` at construction.
 *
 * @example
 * import OpenAI from 'openai'
 * import { sluice } from '@sluice/core'
 * import { batchEmbeddings } from '@sluice/core/queue'
 *
 * const openai = sluice(new OpenAI(), [batchEmbeddings({ maxItems: 128, maxWaitMs: 10 })])
 * const texts = ['one', 'two', 'three']
 * // One request.
 * await Promise.all(texts.map((input) => openai.embeddings.create({ model: 'text-embedding-3-small', input })))
 */
export function batchEmbeddings(options: BatchEmbeddingsOptions = {}): Middleware {
  checkNames(options, ['maxItems', 'maxWaitMs', 'maxCharacters', 'clock'], 'batchEmbeddings()')
  const { maxItems = 64, maxWaitMs = 5, maxCharacters = 400_000, clock = systemClock } = options
  checkWhole(maxItems, 'maxItems of batchEmbeddings()', 2, 2_048)
  checkMs(maxWaitMs, 'maxWaitMs of batchEmbeddings()', 0, 60_000)
  checkWhole(maxCharacters, 'maxCharacters of batchEmbeddings()')
  checkClock(clock, 'batchEmbeddings()')
  const batches = new Map<string, Batch>()

  const flush = (key: string, batch: Batch): void => {
    if (batches.get(key) !== batch) return
    batches.delete(key)
    batch.timer.abort()
    void send([...batch.members], clock)
  }

  const open = (key: string): Batch => {
    const batch: Batch = { members: new Set(), timer: new AbortController(), characters: 0 }
    batches.set(key, batch)
    clock.sleep(maxWaitMs, batch.timer.signal).then(
      () => flush(key, batch),
      () => undefined,
    )
    return batch
  }

  const join = (call: EmbeddingsCall, text: string, next: Handler): Promise<Reply> => {
    const { signal } = call
    if (signal?.aborted) return Promise.reject(signal.reason)
    const key = keyOf(call)
    const last = batches.get(key)
    if (last && last.characters + text.length > maxCharacters) flush(key, last)
    const batch = batches.get(key) ?? open(key)
    const { promise, resolve, reject } = Promise.withResolvers<Reply>()
    const member: Member = { call, text, next, sinceMs: clock.now(), isGone: false, resolve, reject }
    const abort = (): void => {
      member.isGone = true
      reject(signal?.reason)
      batch.members.delete(member)
      if (batch.members.size > 0 || batches.get(key) !== batch) return
      batches.delete(key)
      batch.timer.abort()
    }
    signal?.addEventListener('abort', abort, { once: true })
    batch.members.add(member)
    batch.characters += text.length
    if (batch.members.size >= maxItems || batch.characters >= maxCharacters) flush(key, batch)
    return promise.finally(() => signal?.removeEventListener('abort', abort))
  }

  return defineMiddleware({ name: 'batchEmbeddings', apis: ['openai.embeddings'] }, (call, next) => {
    const text = isCall(call, 'openai.embeddings') ? onlyText(call) : undefined
    return text === undefined ? next(call) : join(call as EmbeddingsCall, text, next)
  })
}

/** Sends members as one request. Every one of them is answered, whatever happens. */
async function send(members: readonly Member[], clock: Clock): Promise<void> {
  const [carrier] = members
  if (!carrier) return
  if (members.length === 1) return carrier.resolve(alone(carrier))
  const allGone = new AbortController()
  const look = (): void => {
    if (members.every(({ isGone }) => isGone)) allGone.abort(carrier.call.signal?.reason)
  }
  for (const { call } of members) call.signal?.addEventListener('abort', look, { once: true })
  for (const { call, sinceMs } of members) {
    const waitedMs = clock.now() - sinceMs
    call.note({ by: 'batchEmbeddings', action: 'batched', details: { items: members.length, waitedMs } })
  }
  // The request is the carrier's on its way; the others say that they were sent too.
  for (const { call } of members.slice(1)) call.attempt({ reason: 'batched' })
  const request = { ...carrier.call.request, input: members.map(({ text }) => text) }
  const call = carrier.call.with({ request, signal: allGone.signal })
  try {
    await share(members, (await carrier.next(call as Call)) as Reply<'openai.embeddings'>)
  } catch (error) {
    for (const member of members) member.reject(error)
  } finally {
    for (const { call } of members) call.signal?.removeEventListener('abort', look)
  }
}

async function share(members: readonly Member[], reply: Reply<'openai.embeddings'>): Promise<void> {
  if (reply.kind === 'error') {
    if (!badInput.has(reply.status)) return shareError(members, reply)
    await reply.discard()
    return splitUp(members)
  }
  const answers =
    reply.kind === 'whole'
      ? sharedAnswers(
          await reply.value(),
          members.map(({ text }) => text),
        )
      : undefined
  if (!answers) return splitUp(members)
  for (const [at, member] of members.entries()) {
    const answer = answers[at]
    if (answer) member.resolve(wholeReply(reply.api, answer, reply) as Reply)
  }
}

function splitUp(members: readonly Member[]): void {
  for (const member of members) if (!member.isGone) member.resolve(alone(member))
}

async function alone({ call, next }: Member): Promise<Reply> {
  return next(call as Call)
}

async function shareError(members: readonly Member[], reply: ErrorReply<'openai.embeddings'>): Promise<void> {
  const response = await reply.toResponse()
  const text = await response.text()
  const headers = new Headers(response.headers)
  for (const name of ['content-length', 'content-encoding', 'transfer-encoding']) headers.delete(name)
  for (const member of members) {
    const copy = new Response(text, { status: response.status, statusText: response.statusText, headers })
    member.resolve(replyOf(reply.api, copy, () => false, false) as Reply)
  }
}

function onlyText({ request }: EmbeddingsCall): string | undefined {
  const { input } = request
  if (typeof input === 'string') return input
  const [first] = Array.isArray(input) && input.length === 1 ? (input as readonly unknown[]) : []
  return typeof first === 'string' ? first : undefined
}

/** What has to be the same for calls to go together. */
function keyOf(call: EmbeddingsCall): string {
  const { input: _, ...rest } = call.request
  const { headers, url } = call.http
  const fields = Object.entries(rest).toSorted(([a], [b]) => (a < b ? -1 : 1))
  const account = ['openai-organization', 'openai-project'].map((name) => headers.get(name))
  return JSON.stringify([url, credentialOf(call), account, call.context.tenant ?? null, fields])
}
