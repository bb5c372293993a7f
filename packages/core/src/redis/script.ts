import { createHash } from 'node:crypto'
import type { RedisClient, ScriptInput } from './client.ts'
import { refusedError, timeoutError, unavailableError } from './redis-error.ts'

/** A Lua script: one atomic step on the server. */
export interface RedisScript {
  /** For errors: `limits.take`. */
  readonly name: string
  /** How many keys it takes. All of them must share one hash tag: see `redisKeys`. */
  readonly keys: number
  readonly source: string
  /** SHA-1 of the source, by which the server knows it. */
  readonly sha1: string
}

/** How one script is run. */
export interface RunOptions {
  readonly keys: readonly string[]
  /** Numbers are written in full: integers to 2⁵³ and fractions arrive as they are. */
  readonly args?: readonly (string | number)[]
  /** How long to wait for the reply, in milliseconds. @default 1000 */
  readonly timeoutMs?: number
  /** Ends the wait at once, with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

export const defaultTimeoutMs = 1_000

/** A script that is sent by its hash, and in full to a server that does not know it yet. */
export function defineScript(init: { name: string; keys: number; source: string }): RedisScript {
  return { ...init, sha1: createHash('sha1').update(init.source).digest('hex') }
}

/**
 * Runs a script in one round trip; the first time on a server in two. It never waits longer than `timeoutMs`, whatever
 * the client is set to: a command that is still in the client's queue by then is taken back, one that was sent may have
 * been carried out all the same, which `details.mayHaveRun` of the error tells.
 *
 * @throws {SluiceError} `redis.timeout` when there was no reply in time; `redis.unavailable` when there is no connection;
 * `redis.refused` when the server answered with an error.
 */
export function runScript(client: RedisClient, script: RedisScript, options: RunOptions): Promise<unknown> {
  const { keys, args = [], timeoutMs = defaultTimeoutMs, signal } = options
  const input: ScriptInput = { keys: [...keys], arguments: args.map(String) }
  if (keys.length !== script.keys) throw new Error(`${script.name} takes ${script.keys} keys, got ${keys.length}`)
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const giveUp = new AbortController()
    const view = client.withCommandOptions?.({ abortSignal: giveUp.signal, typeMapping: {} }) ?? client
    let isOver = false
    const over = (): boolean => {
      if (isOver) return false
      isOver = true
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
      return true
    }
    const abort = (): void => {
      if (over()) reject(signal?.reason)
      giveUp.abort()
    }
    const timer = setTimeout(() => {
      giveUp.abort()
      // The client says in this turn whether the command was still in its queue.
      setImmediate(() => over() && reject(timeoutError(script.name, timeoutMs, true)))
    }, timeoutMs)
    signal?.addEventListener('abort', abort, { once: true })
    send(view, script, input).then(
      (reply) => over() && resolve(reply),
      (error: unknown) => {
        if (!over()) return
        if (giveUp.signal.aborted) reject(timeoutError(script.name, timeoutMs, !isAbort(error)))
        else reject(isReplyError(error) ? refusedError(script.name, error) : unavailableError(script.name, error))
      },
    )
  })
}

async function send(
  client: Pick<RedisClient, 'evalSha' | 'eval'>,
  script: RedisScript,
  input: ScriptInput,
): Promise<unknown> {
  try {
    return await client.evalSha(script.sha1, input)
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error
    return client.eval(script.source, input)
  }
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.constructor.name === 'AbortError'
}

/** States in which a server answers, but cannot serve for now: as good as away. */
const away = /^(?:LOADING|CLUSTERDOWN|MASTERDOWN|READONLY|TRYAGAIN|BUSY)\b/

/** Whether the server answered. Errors of the connection have a lower-case text or a code of the system. */
function isReplyError(error: unknown): error is Error {
  return (
    error instanceof Error && /^-?[A-Z]{3,}\b/.test(error.message) && !('code' in error) && !away.test(error.message)
  )
}
