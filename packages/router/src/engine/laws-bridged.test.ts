import { outputTokens, sluiceErrorOf, type Usage } from '@sluice/core'
import { fakeFaults, type FakeFaultName } from '@sluice/core/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isApiError } from '../testing/api-error.ts'
import { routed } from '../testing/routed.ts'
import { voices, type Voice } from '../testing/voices.ts'

const price = (factor: number) => (usage: Usage) => ({
  nanoUsd: usage.fresh * factor + outputTokens(usage) * 5 * factor,
  byMeter: {},
})

const question = { messages: [{ role: 'user', content: 'Where is order 42?' }] }
const chatTool = { type: 'function', function: { name: 'find_order', parameters: { type: 'object', properties: {} } } }
const tools: Record<string, object> = {
  'openai.chat': { tools: [chatTool] },
  'openai.responses': {
    tools: [{ type: 'function', name: 'find_order', parameters: { type: 'object' }, strict: false }],
  },
  'anthropic.messages': { tools: [{ name: 'find_order', input_schema: { type: 'object' } }] },
}

const ids = ['a', 'b', 'c'] as const

const anyCase = fc.record({
  api: fc.constantFrom(...voices.map(({ api }) => api)),
  way: fc.constantFrom('whole' as const, 'stream' as const, 'helper' as const),
  sdks: fc.tuple(...ids.map(() => fc.constantFrom('openai' as const, 'anthropic' as const))),
  faults: fc.tuple(...ids.map(() => fc.constantFrom<FakeFaultName | 'none'>('none', ...fakeFaults))),
  afterTokens: fc.nat(12),
  midStream: fc.constantFrom('error' as const, 'continue' as const),
  hedge: fc.boolean(),
  limits: fc.boolean(),
  calls: fc.integer({ min: 1, max: 4 }),
  prefill: fc.boolean(),
})

describe('whatever targets of both SDKs do', () => {
  it('each answer that arrives is whole, each try is paid for once, and every slot is given back', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyCase,
        async ({ api, way, sdks, faults, afterTokens, midStream, hedge, limits, calls, prefill }) => {
          const voice = voices.find((each) => each.api === api) as Voice
          const spec = (at: number) => ({
            sdk: sdks[at] as 'openai' | 'anthropic',
            price: price(at + 1),
            capabilities: { prefill },
            ...(limits && { limits: { concurrency: 1, requestsPerMinute: 100 } }),
          })
          const r = routed({
            places: Object.fromEntries(ids.map((id, at) => [id, spec(at)])),
            midStream,
            ...(hedge && { hedge: { afterMs: 5, share: 1 } }),
            breaker: false,
            ejection: false,
            maxRetries: 1,
          })
          const text = 'Your order left on Monday. It should be with you by Thursday at the latest.'
          for (const [at, id] of ids.entries()) {
            r.at(id).on(/./, ({ messages: said }) => {
              const last = said.at(-1)
              return { text: last?.role === 'assistant' ? text.slice(last.text.length) : text, ttftMs: 10 * at }
            })
            const fault = faults[at] as FakeFaultName | 'none'
            if (fault !== 'none') r.at(id).fail(fault, { times: 2, afterTokens })
          }
          const body = api === 'openai.responses' ? tools[api] : { ...question, ...tools[api] }
          for (let call = 0; call < calls; call += 1) {
            const { value, error, report } = await r.run(() => voice[way](r, { body: body as object }))
            const isFiltered = /content_filter|refusal|incomplete/.test(value?.finish ?? '')
            if (error !== undefined)
              expect([String(error), isApiError(error) || sluiceErrorOf(error) !== undefined]).toEqual([
                String(error),
                true,
              ])
            else if (!isFiltered) expect(value?.text).toBe(text)
            const paid = report.attempts.reduce((sum, { cost }) => sum + (cost?.nanoUsd ?? 0), 0)
            expect(report.cost?.nanoUsd ?? 0).toBe(paid)
            for (const attempt of report.attempts) {
              expect(attempt.outcome).toBeDefined()
              if (attempt.outcome === 'answered' && !isFiltered) expect(attempt.usage?.output).toBeGreaterThan(0)
            }
            const answered = report.attempts.filter(({ outcome }) => outcome === 'answered')
            expect(answered.length).toBe(error === undefined ? 1 : 0)
          }
          for (const id of ids) {
            expect(r.routes.health()[id]?.inFlight).toBe(0)
            expect(r.at(id).pending).toEqual([])
          }
          expect(r.clock.pendingSleeps).toBe(0)
          await r.clock.advance(3_600_000)
          const { candidates } = r.routes.decide({ model: 'auto', messages: [] })
          expect(candidates.filter(({ excluded }) => excluded)).toEqual([])
        },
      ),
      { numRuns: 150 },
    )
  })
})
