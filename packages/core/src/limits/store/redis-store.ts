import { configError } from '../../errors.ts'
import { isRedisClient, redisKeys, runScript, type KeysOf, type RedisClient } from '../../redis/index.ts'
import type { LimitAnswer, LimitAsk, LimitChange, LimitStore, RuleState } from '../limit-store.ts'
import type { LimitRule } from '../rule.ts'
import { dayOf } from './calendar.ts'
import { rateOf } from './meter.ts'
import { renewScript, settleScript, takeScript } from './redis-scripts.ts'
import { slotUsOf } from './slots.ts'

export interface RedisLimitStoreOptions {
  /** What the keys begin with. Applications that share a server and must not share limits take different ones. @default 'sluice:limits' */
  readonly prefix?: string
  /** How long to wait for an answer, in milliseconds. @default 500 */
  readonly timeoutMs?: number
}

const defaultPrefix = 'sluice:limits'

/**
 * Counts in Redis 7 or Valkey, through the application's own connected client, for all processes together: one script and
 * one round trip for all limits of a call, by the server's clock. A subject takes two keys in one hash tag, which expire
 * when they say nothing any more. Redis Cluster does as well.
 *
 * @throws {SluiceError} `config.option` at construction; `redis.timeout`, `redis.unavailable` and `redis.refused` from its
 * methods.
 *
 * @example
 * import { createClient } from 'redis'
 * import { rateLimit, redisLimitStore } from '@sluice/core/limits'
 *
 * const client = await createClient().on('error', console.error).connect()
 * const limits = rateLimit({ by: 'tenant', requestsPerMinute: 60, store: redisLimitStore(client) })
 */
export function redisLimitStore(client: RedisClient, options: RedisLimitStoreOptions = {}): LimitStore {
  const { prefix = defaultPrefix, timeoutMs = 500, ...unknown } = options
  if (!isRedisClient(client))
    throw configError('option', 'redisLimitStore() needs a connected client of the package redis, version 5 or later.')
  for (const name of Object.keys(unknown))
    throw configError('option', `redisLimitStore() has no option "${name}". The options are prefix, timeoutMs.`)
  if (!(Number.isFinite(timeoutMs) && timeoutMs > 0))
    throw configError(
      'option',
      `timeoutMs of redisLimitStore() must be milliseconds above 0, got ${String(timeoutMs)}.`,
    )
  return new RedisLimitStore(client, redisKeys(prefix), timeoutMs)
}

class RedisLimitStore implements LimitStore {
  readonly #client: RedisClient
  readonly #keysOf: KeysOf
  readonly #timeoutMs: number
  /** The server's clock less ours, once its day was another than ours. */
  #aheadUs = 0

  constructor(client: RedisClient, keysOf: KeysOf, timeoutMs: number) {
    this.#client = client
    this.#keysOf = keysOf
    this.#timeoutMs = timeoutMs
  }

  take(ask: LimitAsk): Promise<LimitAnswer> {
    return this.#ask('take', ask)
  }

  check(ask: LimitAsk): Promise<LimitAnswer> {
    return this.#ask('check', ask)
  }

  async settle({ subject, id, rules, deltas, takenAtUs }: LimitChange): Promise<void> {
    await this.#run(settleScript, subject, [id, takenAtUs], rules, deltas)
  }

  async renew({ subject, id, rules }: Pick<LimitAsk, 'subject' | 'id' | 'rules'>): Promise<void> {
    const rule = rules.find(({ kind }) => kind === 'concurrency')
    if (rule?.kind !== 'concurrency') return
    const keys = [this.#keysOf(subject, 'leases')]
    await runScript(this.#client, renewScript, { keys, args: [id, rule.leaseMs * 1_000], timeoutMs: this.#timeoutMs })
  }

  async #ask(mode: 'take' | 'check', { subject, id, rules, costs }: LimitAsk): Promise<LimitAnswer> {
    const [taken, atUs, ...figures] = await this.#run(takeScript, subject, [mode, id], rules, costs)
    const states = rules.map((_, index): RuleState => {
      const [left = 0, waitMs = 0, fullInMs = 0] = figures.slice(index * 3, index * 3 + 3).map(Number)
      return { left, waitMs: waitMs === -1 ? Infinity : waitMs, fullInMs }
    })
    return { taken: taken === 1, atUs: Number(atUs), states }
  }

  async #run(
    script: typeof takeScript,
    subject: string,
    first: readonly (string | number)[],
    rules: readonly LimitRule[],
    costs: readonly number[],
  ): Promise<readonly unknown[]> {
    const keys = [this.#keysOf(subject), this.#keysOf(subject, 'leases')]
    for (let tries = 0; ; tries += 1) {
      const nowUs = Date.now() * 1_000 + this.#aheadUs
      const args = [...first, ...rules.flatMap((rule, index) => argsOf(rule, costs[index] ?? 0, nowUs))]
      const reply = (await runScript(this.#client, script, { keys, args, timeoutMs: this.#timeoutMs })) as unknown[]
      if (reply[0] !== -1 || tries >= 3) return reply
      this.#aheadUs = Number(reply[1]) - Date.now() * 1_000
    }
  }
}

function argsOf(rule: LimitRule, cost: number, nowUs: number): readonly (string | number)[] {
  switch (rule.kind) {
    case 'rate':
      return ['r', rule.name, rateOf(rule), rule.burst, 0, cost]
    case 'calendar': {
      const { startUs, endUs } = dayOf(rule.zone, nowUs)
      return ['c', rule.name, rule.limit, startUs, endUs, cost]
    }
    case 'sliding':
      return ['s', rule.name, rule.limit, slotUsOf(rule), 0, cost]
    case 'concurrency':
      return ['k', rule.name, rule.limit, rule.leaseMs * 1_000, 0, cost]
  }
}
