import { SluiceError } from '@sluice/core'
import { defineScript, isRedisClient, redisKeys, runScript, type RedisClient } from '@sluice/core/redis'
import { checkNames, checkNumber } from '../option-checks.ts'
import { open, seal } from './seal.ts'
import { SealedValues } from './sealed-values.ts'
import type { Vault, VaultEntry } from './vault.ts'
import { derived, keyedHash, vaultKey } from './vault-key.ts'

export interface RedisVaultOptions {
  /**
   * Secret of at least 32 characters, the same in all processes: values are encrypted and placeholders derived with it.
   * Whoever has it and may read this Redis can read the values.
   */
  readonly secret: string
  /** How long a conversation is kept after its last call, in milliseconds. @default 3600000 */
  readonly ttlMs?: number
  /** What the keys begin with; no braces. @default 'sluice:vault' */
  readonly prefix?: string
  /** How long one step may take, in milliseconds; a step is one round trip. @default 500 */
  readonly timeoutMs?: number
}

const loadScript = defineScript({
  name: 'guards.vault_load',
  keys: 1,
  source: `redis.call('PEXPIRE', KEYS[1], ARGV[1])
return redis.call('HGETALL', KEYS[1])`,
})

const saveScript = defineScript({
  name: 'guards.vault_save',
  keys: 1,
  source: `for at = 2, #ARGV, 2 do redis.call('HSET', KEYS[1], ARGV[at], ARGV[at + 1]) end
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return 1`,
})

const forgetScript = defineScript({
  name: 'guards.vault_forget',
  keys: 1,
  source: `return redis.call('DEL', KEYS[1])`,
})

/**
 * Values in Redis, alone or as a cluster, for all processes together. Each is encrypted with AES-256-GCM under a key of its
 * conversation, and bound to its placeholder; keys show no id of a tenant, a user or a session.
 *
 * @throws {SluiceError} `config.redis_client` when `client` is no client, `config.option`; its methods reject with
 * `redis.timeout`, `redis.unavailable` and `redis.refused`.
 *
 * @example
 * import { createClient } from 'redis'
 *
 * const client = await createClient().on('error', console.error).connect()
 * const vault = redisVault(client, { secret: process.env['VAULT_SECRET'] ?? '' })
 * const openai = sluice(new OpenAI(), [guards({ input: [pii({ restore: true })], vault })])
 */
export function redisVault(client: RedisClient, options: RedisVaultOptions): Vault {
  const where = 'redisVault()'
  if (!isRedisClient(client)) throw noClientError()
  checkNames(where, options, ['secret', 'ttlMs', 'prefix', 'timeoutMs'])
  const { secret, ttlMs = 3_600_000, prefix = 'sluice:vault', timeoutMs = 500 } = options
  checkNumber(where, 'ttlMs', ttlMs, { min: 1 })
  checkNumber(where, 'timeoutMs', timeoutMs, { min: 1, fraction: true })
  const keys = redisKeys(prefix)
  const key = vaultKey(where, secret, 'placeholders')
  const sealing = vaultKey(where, secret, 'values')
  const naming = vaultKey(where, secret, 'names')
  const nameOf = (conversation: string): string =>
    keys(keyedHash(naming, conversation).toString('base64url').slice(0, 32))
  return {
    key,
    async load(conversation) {
      const run = { keys: [nameOf(conversation)], args: [ttlMs], timeoutMs }
      const fields = await runScript(client, loadScript, run)
      const list = Array.isArray(fields) ? fields.map(String) : []
      const sealed = new Map<string, string>()
      for (let at = 0; at + 1 < list.length; at += 2) sealed.set(list[at] as string, list[at + 1] as string)
      const own = derived(sealing, conversation)
      // What somebody else wrote there cannot be opened, and is not shown to anybody.
      return new SealedValues(sealed, (text, id) => entryOf(open(own, text, id)))
    },
    async save(conversation, entries) {
      if (entries.size === 0) return
      const own = derived(sealing, conversation)
      const fields = [...entries].flatMap(([id, entry]) => [id, seal(own, JSON.stringify(entry), id)])
      await runScript(client, saveScript, { keys: [nameOf(conversation)], args: [ttlMs, ...fields], timeoutMs })
    },
    async forget(conversation) {
      await runScript(client, forgetScript, { keys: [nameOf(conversation)], timeoutMs })
    },
  }
}

function entryOf(text: string | undefined): VaultEntry | undefined {
  if (text === undefined) return undefined
  try {
    const { label, value } = JSON.parse(text) as Partial<VaultEntry>
    return typeof label === 'string' && typeof value === 'string' ? { label, value } : undefined
  } catch {
    return undefined
  }
}

function noClientError(): SluiceError {
  return new SluiceError({
    code: 'config.redis_client',
    message:
      'redisVault() takes a connected client of "redis": redisVault(await createClient().connect(), { secret }).',
  })
}
