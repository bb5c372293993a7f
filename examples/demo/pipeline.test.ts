import { sluice, systemClock, withContext, withReport } from '@sluice/core'
import { fakeProvider } from '@sluice/core/testing'
import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import type { Endpoint } from './endpoint.ts'
import { models } from './models.ts'
import { pipelineFor } from './pipeline.ts'
import { book } from './prices.ts'
import { tenants } from './traffic.ts'

function endpointOf(change: Partial<Endpoint> = {}): Endpoint {
  return {
    openai: new OpenAI({ apiKey: 'none', fetch: fakeProvider().fetch }),
    model: 'auto',
    targets: [models.strong, models.standIn],
    cheap: models.cheap,
    calm: undefined,
    label: 'fake',
    book,
    pricesOf: '2026-11-22',
    answerKey: new Map(),
    headersOf: () => ({}),
    close: async () => undefined,
    ...change,
  }
}

describe('pipelineFor', () => {
  it('lets a tenant run into its budget and not beyond it, the dearest model answering, and the other not', async () => {
    const provider = fakeProvider().fail('unauthorized', { model: models.strong })
    const endpoint = endpointOf({ openai: new OpenAI({ apiKey: 'none', fetch: provider.fetch }) })
    const { middleware, ledger } = pipelineFor(endpoint, systemClock)
    const openai = sluice(endpoint.openai, middleware, { price: book.price })
    let [reserved, paid] = [0, 0]
    const answered = async (tenant: string): Promise<number> => {
      let answers = 0
      for (let order = 1; order <= 80; order += 1) {
        const messages = [{ role: 'user' as const, content: `Where is order ${order}?` }]
        const ask = (): Promise<unknown> => openai.chat.completions.create({ model: 'auto', messages })
        const asked = await withReport(() => withContext({ tenant }, ask)).catch(() => undefined)
        if (!asked) continue
        answers += 1
        paid += asked.report?.cost?.nanoUsd ?? 0
        reserved += Number(asked.report?.decisions.find(({ action }) => action === 'reserve')?.details?.['nanoUsd'])
      }
      return answers
    }
    const [limit] = (await ledger?.explain({ tenant: tenants.trial })) ?? []
    expect(await answered(tenants.main)).toBe(80)
    const few = await answered(tenants.trial)
    expect(few).toBeGreaterThan(5)
    expect(few).toBeLessThan(75)
    const [{ used = 0 } = {}] = (await ledger?.explain({ tenant: tenants.trial })) ?? []
    expect(used).toBeGreaterThan((limit?.limit ?? 0) / 2)
    expect(used).toBeLessThanOrEqual(limit?.limit ?? 0)
    expect(reserved).toBeGreaterThan(paid)
  })

  it('has neither budget nor cascade where there is one model', () => {
    const endpoint = endpointOf({ cheap: undefined, targets: ['m'], model: 'm' })
    for (const each of [endpoint, { ...endpoint, book: undefined }]) {
      const { middleware, ledger } = pipelineFor(each, systemClock)
      expect(ledger).toBeUndefined()
      expect(middleware.map(({ traits }) => traits?.name)).toEqual(['guards', 'cache', 'router'])
    }
  })
})
