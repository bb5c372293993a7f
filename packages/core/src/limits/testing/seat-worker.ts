// A process of its own that takes and gives up places under a concurrency limit until it is killed, and prints since when
// it holds one, and until when its lease goes: `+ <id> <from ms> <to ms>`, `= <id> <to ms>` when that was prolonged, and
// `- <id> <to ms>` before it gives it up. All times are the server's, which is the one clock that the leases go by.
// Arguments: the server's address, the key prefix, the limit, a seed.
import { setTimeout as sleep } from 'node:timers/promises'
import { createClient } from 'redis'
import { createLimiter } from '../limiter.ts'
import type { LimitStore } from '../limit-store.ts'
import { redisLimitStore } from '../store/redis-store.ts'
import { serverTimeMs } from './server-time.ts'

const [url = '', prefix = '', limit = '', seed = '1'] = process.argv.slice(2)
const client = createClient({ url })
await client.connect()
const inner = redisLimitStore(client, { prefix, timeoutMs: 30_000 })
/** The place that is held. */
let held: string | undefined

/** What the limiter calls the subject. */
let subject = ''

async function leaseEndMs(id: string): Promise<number> {
  return ((await client.zScore(`${prefix}:{${subject}}:leases`, id)) ?? 0) / 1_000
}

const store: LimitStore = {
  take(ask) {
    subject = ask.subject
    return inner.take(ask)
  },
  check: (ask) => inner.check(ask),
  settle: (change) => inner.settle(change),
  async renew(ask) {
    await inner.renew(ask)
    const endMs = await leaseEndMs(ask.id)
    // It may have run out, or have been given up, meanwhile.
    if (endMs > 0 && ask.id === held) process.stdout.write(`= ${ask.id} ${endMs}\n`)
  },
}
const limiter = createLimiter({ concurrency: Number(limit), leaseMs: 1_500, onStoreDown: 'refuse', store })

let state = Number(seed)
const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647

for (;;) {
  const { permit } = await limiter.take({ subject: 'shared' })
  if (!permit) {
    await sleep(8)
    continue
  }
  held = permit.id
  process.stdout.write(`+ ${permit.id} ${await serverTimeMs(client)} ${await leaseEndMs(permit.id)}\n`)
  // Now and then longer than the lease, which is prolonged.
  await sleep(random() < 0.03 ? 2_000 : random() * 15)
  const toMs = await serverTimeMs(client)
  held = undefined
  process.stdout.write(`- ${permit.id} ${toMs}\n`)
  await limiter.settle(permit)
}
