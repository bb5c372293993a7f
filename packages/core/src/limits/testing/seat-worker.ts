// A process of its own that takes and gives up places under a concurrency limit until it is killed, and prints when it
// held one: `+ <id> <ms>` and `- <id> <ms>`. Arguments: the server's address, the key prefix, the limit, a seed.
import { setTimeout as sleep } from 'node:timers/promises'
import { createClient } from 'redis'
import { createLimiter } from '../limiter.ts'
import { redisLimitStore } from '../store/redis-store.ts'

const [url = '', prefix = '', limit = '', seed = '1'] = process.argv.slice(2)
const client = createClient({ url })
await client.connect()
const store = redisLimitStore(client, { prefix, timeoutMs: 5_000 })
const limiter = createLimiter({ concurrency: Number(limit), leaseMs: 1_500, onStoreDown: 'refuse', store })
const now = (): number => performance.timeOrigin + performance.now()

let state = Number(seed)
const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647

for (;;) {
  const { permit } = await limiter.take({ subject: 'shared' })
  if (!permit) {
    await sleep(2)
    continue
  }
  process.stdout.write(`+ ${permit.id} ${now()}\n`)
  // Now and then longer than the lease, which is prolonged.
  await sleep(random() < 0.03 ? 2_000 : random() * 15)
  process.stdout.write(`- ${permit.id} ${now()}\n`)
  await limiter.settle(permit)
}
