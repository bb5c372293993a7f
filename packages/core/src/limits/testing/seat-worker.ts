// A process of its own that takes and gives up places under a concurrency limit until it is killed, and prints since when
// it holds one, and until when for sure: `+ <id> <from ms> <to ms>`, `= <id> <to ms>` when the lease was prolonged and
// `- <id> <to ms>`. A process that is held up for longer than its lease has lost its place, and claims none.
// Arguments: the server's address, the key prefix, the limit, a seed.
import { setTimeout as sleep } from 'node:timers/promises'
import { createClient } from 'redis'
import { createLimiter } from '../limiter.ts'
import type { LimitStore } from '../limit-store.ts'
import { redisLimitStore } from '../store/redis-store.ts'

const [url = '', prefix = '', limit = '', seed = '1'] = process.argv.slice(2)
const client = createClient({ url })
await client.connect()
const leaseMs = 1_500
const now = (): number => performance.timeOrigin + performance.now()
/** The place that is held, and when its lease ends at the earliest. */
let held: string | undefined
let sureUntilMs = 0
const inner = redisLimitStore(client, { prefix, timeoutMs: 30_000 })
const store: LimitStore = {
  take: (ask) => inner.take(ask),
  check: (ask) => inner.check(ask),
  settle: (change) => inner.settle(change),
  async renew(ask) {
    await inner.renew(ask)
    const endsUs = await client.zScore(`${prefix}:{${ask.subject}}:leases`, ask.id)
    // It may have been given up meanwhile.
    if (endsUs === null || ask.id !== held) return
    sureUntilMs = endsUs / 1_000
    process.stdout.write(`= ${ask.id} ${sureUntilMs}\n`)
  },
}
const limiter = createLimiter({ concurrency: Number(limit), leaseMs, onStoreDown: 'refuse', store })

let state = Number(seed)
const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647

for (;;) {
  const untilMs = now() + leaseMs
  const { permit } = await limiter.take({ subject: 'shared' })
  if (!permit) {
    await sleep(8)
    continue
  }
  held = permit.id
  sureUntilMs = untilMs
  process.stdout.write(`+ ${permit.id} ${now()} ${untilMs}\n`)
  // Now and then longer than the lease, which is prolonged.
  await sleep(random() < 0.03 ? 2_000 : random() * 15)
  held = undefined
  process.stdout.write(`- ${permit.id} ${Math.min(now(), sureUntilMs)}\n`)
  await limiter.settle(permit)
}
