import { runScript, type RedisClient, type RunOptions } from '@sluice/core/redis'

/** One word of a command: bytes go as they are. */
export type Word = string | Buffer

/** What commands of a client of `redis` are run with. */
interface CommandOptions {
  readonly abortSignal: AbortSignal
  readonly typeMapping: Readonly<Record<number, unknown>>
}

/**
 * The part of a Redis client that sends commands it has no method for. What `createClient`, `createClientPool`,
 * `createSentinel` and `createCluster` of `redis` 5 and later return fits.
 */
export interface RedisCommandClient {
  sendCommand(...args: never[]): Promise<unknown>
}

export function isRedisCommandClient(value: unknown): value is RedisCommandClient {
  return typeof (value as Partial<RedisCommandClient> | null | undefined)?.sendCommand === 'function'
}

/** RESP3's maps, as flat lists: what RESP2 sends in their place. */
const flatMaps = { ['%'.charCodeAt(0)]: Array }

/**
 * Sends one command to where `key` is kept, with the time limit and the errors of a script.
 *
 * @throws {SluiceError} `redis.timeout`, `redis.unavailable`, `redis.refused`.
 */
export function runCommand(
  client: RedisCommandClient,
  key: string,
  words: readonly Word[],
  { name, timeoutMs }: { readonly name: string } & Pick<RunOptions, 'timeoutMs'>,
): Promise<unknown> {
  const send = (options: Partial<CommandOptions>): Promise<unknown> => {
    const given = { ...options, typeMapping: flatMaps }
    return Reflect.apply(client.sendCommand, client, [...placeOf(client, key), [...words], given]) as Promise<unknown>
  }
  // A script is sent by its hash: this one has no source, so that it is nothing but the command.
  const command: RedisClient = {
    evalSha: () => send({}),
    eval: () => send({}),
    withCommandOptions: (options) => ({ evalSha: () => send(options), eval: () => send(options) }),
  }
  const script = { name, keys: 0, source: '', sha1: '' }
  return runScript(command, script, { keys: [], ...(timeoutMs !== undefined && { timeoutMs }) })
}

/** What the clients of a cluster and of sentinels are told before the command: its key, and that it goes to a master. */
function placeOf(client: RedisCommandClient, key: string): readonly unknown[] {
  if ('slots' in client) return [key, false]
  return 'getSentinelNode' in client ? [false] : []
}
