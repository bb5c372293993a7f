// A process that spends from a shared budget, for the tests: `node ledger-spender.ts <redis url> <tenant>`.
import { createClient } from 'redis'
import { createLedger } from './ledger.ts'
import { redisLedgerStore } from './redis-store.ts'

/** What its parent tells it. */
export type SpenderOrder =
  | { readonly do: 'reserve'; readonly times: number; readonly nanoUsd: number; readonly ttlMs: number }
  | { readonly do: 'settle'; readonly nanoUsd: readonly number[] }

/** What it tells its parent. */
export type SpenderReport =
  | { readonly is: 'ready' }
  | { readonly is: 'reserved'; readonly admitted: number }
  | { readonly is: 'settled'; readonly nanoUsd: number }

const [url = '', tenant = ''] = process.argv.slice(2)
const client = createClient({ url })
await client.connect()
const ledger = createLedger({
  store: redisLedgerStore(client, { timeoutMs: 30_000 }),
  limits: [{ scope: 'tenant', usd: 5, window: 'total' }],
  onExpiry: 'refund',
})
const ids: string[] = []

async function obey(order: SpenderOrder): Promise<SpenderReport> {
  if (order.do === 'reserve') {
    const { times, nanoUsd, ttlMs } = order
    const asks = Array.from({ length: times }, () => ledger.reserve({ subject: { tenant }, nanoUsd, ttlMs }))
    for (const result of await Promise.all(asks)) if (result.admitted) ids.push(result.id)
    return { is: 'reserved', admitted: ids.length }
  }
  let sum = 0
  for (const [index, nanoUsd] of order.nanoUsd.entries()) {
    const id = ids[index]
    if (id) sum += (await ledger.settle(id, { nanoUsd }, 'exact')).nanoUsd
  }
  return { is: 'settled', nanoUsd: sum }
}

const tell = (report: SpenderReport): void => void process.send?.(report)
process.on('message', (order: SpenderOrder) => void obey(order).then(tell))
process.on('disconnect', () => process.exit())
tell({ is: 'ready' })
