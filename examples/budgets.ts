// Money that cannot run away: a budget for each tenant, a limit on requests, and what happens at their ends. Offline.
//   node --conditions=@sluice/source examples/budgets.ts
import { sluice, sluiceErrorOf, withContext, withReport } from '@sluice/core'
import { budget, createLedger } from '@sluice/core/budget'
import { rateLimit } from '@sluice/core/limits'
import { createPriceBook } from '@sluice/core/prices'
import { fakeProvider } from '@sluice/core/testing'
import OpenAI from 'openai'

const client = new OpenAI({ apiKey: 'none', fetch: fakeProvider().fetch })

// $10 a month for every tenant, but a quarter of a cent for the trial. In production the store is Redis:
// createLedger({ store: redisLedgerStore(…), … }) holds over any number of processes.
const ledger = createLedger({
  limits: [
    { scope: 'tenant', usd: 10, window: 'month', timeZone: 'Europe/Berlin' },
    { scope: 'tenant', id: 'trial', usd: 0.0025, window: 'month', timeZone: 'Europe/Berlin' },
  ],
})
// A model that the book does not know is reckoned at the ceiling: unknown is never free.
const price = createPriceBook({ ceiling: { inputUsdPerMillion: 20, outputUsdPerMillion: 100 } })

const openai = sluice(
  client,
  [
    rateLimit({ by: 'tenant', requestsPerMinute: 15 }),
    budget({
      ledger,
      price,
      subject: ({ tenant }) => ({ tenant }),
      // When gpt-5 is too dear for what is left, gpt-5-mini answers instead; when that is too, the call is refused.
      onExceeded: 'downgrade',
      downgradeTo: { 'gpt-5': 'gpt-5-mini' },
      expectedOutputTokens: 150,
    }),
  ],
  { price: price.price },
)

async function ask(tenant: string, question: number): Promise<string> {
  const messages = [{ role: 'user' as const, content: `Question ${question}: when does my card arrive?` }]
  const run = () => withContext({ tenant }, () => openai.chat.completions.create({ model: 'gpt-5', messages }))
  try {
    const { value, report } = await withReport(run)
    return `${value.model}, $${((report?.cost?.nanoUsd ?? 0) / 1e9).toFixed(6)}`
  } catch (error) {
    // The SDK's own error class, with the HTTP status; behind it is ours, which explains itself.
    const ours = sluiceErrorOf(error)
    return `${ours?.code}: ${ours?.message}`
  }
}

for (let question = 1; question <= 11; question += 1) console.log(`trial ${question}: ${await ask('trial', question)}`)
console.log(`acme 1: ${await ask('acme', 1)}`)

// How the budgets stand, for a dashboard.
for (const tenant of ['trial', 'acme'])
  for (const { id, window, used, limit } of await ledger.explain({ tenant }))
    console.log(`${id}: $${(used / 1e9).toFixed(6)} of $${limit / 1e9} this ${window}`)

// Sixteen in the same minute are one too many, however cheap they are.
const many = await Promise.all(Array.from({ length: 16 }, (_, question) => ask('umbrella', question)))
console.log(`umbrella: ${many.filter((answer) => answer.startsWith('gpt')).length} answered`)
console.log(many.find((answer) => !answer.startsWith('gpt')))
