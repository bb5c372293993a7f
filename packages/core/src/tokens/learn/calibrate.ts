import type { ApiId, EventOf } from '../../api/api.ts'
import type { Call } from '../../call.ts'
import { SluiceError } from '../../errors.ts'
import { defineMiddleware, type Middleware } from '../../pipeline.ts'
import { streamReply, type Reply, type StreamReply } from '../../reply.ts'
import { latestUsage, type Usage } from '../../usage.ts'
import type { TokenEstimator } from './estimator.ts'

/**
 * Middleware that teaches an estimator from the usage of every answer. It changes nothing; streams are parsed for it.
 *
 * Belongs innermost, next to the transport: inside the cache, whose answers were counted when they were made, and inside a
 * fallback, so that it sees the model that was really asked.
 *
 * @throws {SluiceError} `config.option` when it is not given an estimator.
 */
export function calibrate(estimator: TokenEstimator): Middleware {
  if (typeof estimator?.learn !== 'function')
    throw new SluiceError({
      code: 'config.option',
      message: 'calibrate() needs the estimator to teach: pass what createTokenEstimator() returned.',
    })
  return defineMiddleware({ name: 'calibrate', needsUsage: true }, async (call, next) => {
    const reply = await next(call)
    if (reply.kind === 'stream') return streamReply(reply.api, watched(call, reply, estimator), reply) as Reply
    // A body that cannot be read is for the application to see, not for an observer.
    if (reply.kind === 'whole')
      await reply.value().then(
        (value) => learn(call, reply.api.usage(value), estimator),
        () => undefined,
      )
    return reply
  })
}

async function* watched<A extends ApiId>(
  call: Call,
  reply: StreamReply<A>,
  estimator: TokenEstimator,
): AsyncGenerator<EventOf<A>> {
  let usage: Usage | undefined
  for await (const event of reply.events()) {
    usage = latestUsage(usage, reply.api.usage(event))
    yield event
  }
  learn(call, usage, estimator)
}

function learn(call: Call, usage: Usage | undefined, estimator: TokenEstimator): void {
  try {
    if (usage) estimator.learn(call, usage)
  } catch {
    // An observer never fails a call.
  }
}
