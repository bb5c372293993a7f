import type { Call } from '../call.ts'
import type { SluiceOptions } from '../fetch.ts'
import type { Handler, Middleware } from '../pipeline.ts'
import { streamReply, wholeReply, type Reply } from '../reply.ts'

export type Transport = 'in memory' | 'over HTTP'

/** One way of wrapping a client, each of which must not show. */
export interface Variant {
  readonly name: string
  /** A fresh pipeline; `seen` is called once for every call that reaches its middleware. */
  pipeline(seen: () => void): Middleware[]
  readonly options?: SluiceOptions
  /** Whether somebody listens to call reports meanwhile. */
  readonly isReported?: true
}

/** Reads every request and every answer and replaces each by a copy that equals it. */
export function rewriting(seen: () => void = () => {}): Middleware {
  return async (call, next) => {
    seen()
    return copyOf(call, await next(call.with({ request: structuredClone(call.request) })))
  }
}

async function copyOf({ api }: Call, reply: Reply): Promise<Reply> {
  if (reply.kind === 'whole') return wholeReply(api, structuredClone(await reply.value()), reply)
  if (reply.kind === 'stream') return streamReply(api, copies(reply.events()), reply)
  await reply.error()
  return reply
}

async function* copies<T>(items: AsyncIterable<T>): AsyncGenerator<T> {
  for await (const item of items) yield structuredClone(item)
}

const passing = (seen: () => void) => (call: Call, next: Handler) => {
  seen()
  return next(call)
}

export const untouched: Variant = { name: 'no middleware', pipeline: () => [] }
export const passed: Variant = { name: 'a middleware that passes', pipeline: (seen) => [passing(seen)] }
export const rewritten: Variant = { name: 'a middleware that rewrites', pipeline: (seen) => [rewriting(seen)] }
export const reported: Variant = { name: 'a report listener', pipeline: (seen) => [passing(seen)], isReported: true }

/** The ways in which a behaviour is compared with the bare client's. */
export const variants: readonly Variant[] = [untouched, passed, rewritten, reported]

/** All of them in memory with the newest SDKs; fewer where what is new is the way to the provider or the version. */
export function variantsFor(transport: Transport, isNewest: boolean): readonly Variant[] {
  if (transport === 'over HTTP') return [untouched, rewritten]
  return isNewest ? variants : [untouched, rewritten, reported]
}
