import {
  streamReply,
  type AnswerOf,
  type ApiId,
  type Boundaries,
  type Call,
  type Decision,
  type Reply,
} from '@sluice/core'
import type { CacheCore } from '../cache-core.ts'
import type { CacheStored, CacheTicket } from '../cache-lookup.ts'
import { isFallbackAnswer } from './fallback-answer.ts'
import type { SkipReason } from '../fitness.ts'
import type { CacheQuery } from '../key/query.ts'
import { RecordedStream } from './recorded-stream.ts'

/** A provider's answer on its way into the cache. */
export interface Keeping<A extends ApiId> {
  readonly core: CacheCore
  /** The call as it was sent. */
  readonly call: Call<A>
  readonly query: CacheQuery<A>
  readonly ticket: CacheTicket
  /** Told once, when the answer was stored or will not be. `answer` is absent when it was not delivered whole. */
  readonly onEnd?: (answer: AnswerOf<A> | undefined) => Promise<void> | void
}

/** The reply, with its answer on the way into the cache. What is done with it is noted in the call's report. */
export async function keptReply<A extends ApiId>(reply: Reply<A>, keeping: Keeping<A>): Promise<Reply<A>> {
  if (reply.status !== 200 || reply.kind === 'error') {
    await keeping.onEnd?.(undefined)
    return reply
  }
  if (reply.kind === 'stream') {
    const recorded = new RecordedStream(reply, async (recording) =>
      'skip' in recording ? skipped(keeping, recording.skip) : keep(keeping, reply, recording),
    )
    return streamReply(reply.api, recorded, reply)
  }
  let answer: AnswerOf<A>
  try {
    answer = await reply.value()
  } catch {
    // A body that broke or is not JSON: the consumer of the reply learns it for itself.
    await keeping.onEnd?.(undefined)
    return reply
  }
  await keep(keeping, reply, { answer })
  return reply
}

async function keep<A extends ApiId>(
  keeping: Keeping<A>,
  { headers }: Reply<A>,
  given: { readonly answer: AnswerOf<A>; readonly boundaries?: Boundaries },
): Promise<void> {
  const { core, call, query, ticket, onEnd } = keeping
  const isUnwanted = !core.settings.keepFallbacks && isFallbackAnswer(call as Call)
  const result: CacheStored = isUnwanted
    ? { stored: false, reason: 'fallback' }
    : await core.keep(query, { ...given, headers, ticket }, call.context)
  if (result.stored) note(call, 'store', 'exact')
  else note(call, 'skip', result.reason)
  await onEnd?.(given.answer)
}

async function skipped<A extends ApiId>({ call, onEnd }: Keeping<A>, reason: SkipReason): Promise<void> {
  note(call, 'skip', reason)
  await onEnd?.(undefined)
}

/** Notes what the cache did and why. */
export function note<A extends ApiId>(
  call: Call<A>,
  action: string,
  reason: string,
  more: Partial<Pick<Decision, 'savedNanoUsd' | 'details'>> = {},
): void {
  call.note({ by: 'cache', action, reason, ...more })
}
