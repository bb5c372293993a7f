// Who a call is for, and what became of it: contexts, reports and prices. Offline.
//   node --conditions=@sluice/source examples/context-and-reports.ts
import { cache } from '@sluice/cache'
import { contextHeaders, onReport, sluice, withContext, withReport, type Pricer } from '@sluice/core'
import { fakeModels, fakeProvider } from '@sluice/core/testing'
import { retry } from '@sluice/router'
import OpenAI from 'openai'

// Prices are yours to give. These are the fake provider's, which are made up; a dollar a million is 1000 nano-dollars each.
const price: Pricer = (usage, { model }) => {
  const known = fakeModels.find(({ id }) => id === model)
  if (!known) return { unpriced: `no price for ${model}` }
  const byMeter = {
    fresh: usage.fresh * known.inputUsdPerMTok * 1000,
    output: usage.output * known.outputUsdPerMTok * 1000,
  }
  return { nanoUsd: Math.round(byMeter.fresh + byMeter.output), byMeter }
}

const provider = fakeProvider().fail('http-429', { times: 1, retryAfterMs: 20 })
const openai = sluice(
  new OpenAI({ apiKey: 'none', fetch: provider.fetch }),
  [cache({ ttlMs: 60_000, tenant: 'context', price }), retry()],
  { price, context: { tenant: 'acme' } },
)
const params = { model: 'gpt-5-mini', messages: [{ role: 'user' as const, content: 'Where is my parcel?' }] }

// Every call of the process reports here once it has ended: to a log, a metric, a bill.
const stop = onReport(({ context, outcome, attempts, decisions, cost }) => {
  const spent = attempts.length > 0 ? (cost?.nanoUsd ?? 0) : 0
  const saved = decisions.reduce((sum, { savedNanoUsd = 0 }) => sum + savedNanoUsd, 0)
  const tags = [context.tenant, context.user, ...(context.tags ?? [])].filter(Boolean).join(' ')
  console.log(`${tags}: ${outcome}, ${attempts.length} requests, spent ${spent} nano-dollars, saved ${saved}`)
})

// A scope says it for everything inside, however deep; headers say it for one call and never leave the process.
await withContext({ user: 'ada', tags: ['checkout'] }, async () => {
  await openai.chat.completions.create(params)
  await openai.chat.completions.create(params, { headers: contextHeaders({ tags: ['retry-page'] }) })
})
await openai.chat.completions.create(params, { headers: contextHeaders({ tenant: 'umbrella' }) })
stop()

// Or ask about the calls of one piece of code.
const { report } = await withReport(() =>
  withContext({ deadlineAtMs: Date.now() + 2_000 }, () => openai.chat.completions.create(params)),
)
console.log(report?.decisions)
console.log(
  `${provider.calls.length} requests reached the provider; headers it got: ${Object.keys(provider.lastCall?.headers ?? {}).filter((name) => name.startsWith('x-sluice'))}(none of ours)`,
)
