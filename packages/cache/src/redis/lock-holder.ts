import { createClient } from 'redis'
import { leadOrWait } from '../store/lock-wait.ts'
import { redisStore } from './redis-store.ts'

/** A process that takes a lock, says so, and holds it until it is killed. */
const [url = '', scope = '', id = '', leaseMs = ''] = process.argv.slice(2)
const client = await createClient({ url }).connect()
const result = await leadOrWait({
  store: redisStore(client, { timeoutMs: 30_000 }),
  key: { scope, id },
  leaseMs: Number(leaseMs),
  maxWaitMs: 30_000,
  read: async () => undefined,
})
process.send?.(result.role)
