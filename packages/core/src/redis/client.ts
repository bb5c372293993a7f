/** What a script is run with. */
export interface ScriptInput {
  readonly keys: string[]
  readonly arguments: string[]
}

/**
 * The part of a Redis client that Sluice uses. What `createClient`, `createClientPool`, `createCluster` and
 * `createSentinel` of `redis` 5 and later return fits as it is: connect it, listen for its errors, and close it yourself.
 */
export interface RedisClient {
  evalSha(sha1: string, input: ScriptInput): Promise<unknown>
  eval(source: string, input: ScriptInput): Promise<unknown>
  /**
   * A view of the same client for one command. Where there is one, a command that was given up is taken back from the
   * client's queue, and replies come as text whatever the client is set to.
   */
  withCommandOptions?(options: {
    abortSignal: AbortSignal
    typeMapping: Record<never, never>
  }): Pick<RedisClient, 'evalSha' | 'eval'>
}

/** Whether a value can be used as a {@link RedisClient}; for the checks of constructors. */
export function isRedisClient(value: unknown): value is RedisClient {
  if (typeof value !== 'object' || value === null) return false
  const client = value as Partial<RedisClient>
  return typeof client.evalSha === 'function' && typeof client.eval === 'function'
}
