import { contextHeaders } from '@sluice/core'
import { fakeFaults, type FakeFaultName } from '@sluice/core/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { routed } from '../testing/routed.ts'
import { chat } from '../testing/voices.ts'

const ids = ['a', 'b', 'c'] as const

const weather = fc.record({
  fault: fc.constantFrom<FakeFaultName | 'none'>('none', 'http-429', ...fakeFaults),
  retryAfterS: fc.constantFrom(0, 1, 4, 90),
  ttftMs: fc.constantFrom(0, 100, 3000, 60_000),
})

const anyCase = fc.record({
  weathers: fc.tuple(weather, weather, weather),
  leftMs: fc.constantFrom(50, 1000, 7000),
  how: fc.constantFrom('header' as const, 'option' as const, 'sdk' as const),
  way: fc.constantFrom('whole' as const, 'stream' as const),
  maxRetries: fc.nat(4),
  hedge: fc.boolean(),
  deaf: fc.boolean(),
  calls: fc.integer({ min: 1, max: 3 }),
})

describe('a deadline', () => {
  it('is when the caller knows: the answer has come or begun, or it is told that it will not', async () => {
    await fc.assert(
      fc.asyncProperty(anyCase, async ({ weathers, leftMs, how, way, maxRetries, hedge, deaf, calls }) => {
        const r = routed({
          maxRetries,
          ...(hedge && { hedge: { afterMs: 20, share: 1 } }),
          ...(how === 'option' && { timeouts: { totalMs: leftMs } }),
          ...(deaf && {
            // It goes on whatever its signal says.
            targets: ({ a, b, c }) => [
              { ...a!, handle: (call, next) => a!.handle(call.with({ signal: new AbortController().signal }), next) },
              b!,
              c!,
            ],
          }),
        })
        for (const [at, { fault, retryAfterS, ttftMs }] of weathers.entries()) {
          const provider = r.at(ids[at] as string)
          provider.on(/./, { text: 'It takes five days.', ttftMs })
          if (fault !== 'none') provider.fail(fault, { retryAfterS, afterTokens: 0 })
        }
        for (let call = 0; call < calls; call += 1) {
          let firstMs: number | undefined
          const startedAtMs = r.clock.now()
          const { value, tookMs } = await r.run(() =>
            chat[way](
              r,
              {
                ...(how === 'header' && { headers: contextHeaders({ deadlineAtMs: r.clock.now() + leftMs }) }),
                ...(how === 'sdk' && { timeout: leftMs }),
              },
              () => (firstMs ??= r.clock.now() - startedAtMs),
            ),
          )
          expect(firstMs ?? tookMs).toBeLessThanOrEqual(leftMs)
          if (value === undefined) expect(tookMs).toBeLessThanOrEqual(leftMs)
          for (const id of ids) expect(r.routes.health()[id]?.inFlight).toBe(0)
          if (!deaf) for (const id of ids) expect(r.at(id).pending).toEqual([])
        }
      }),
      { numRuns: 150 },
    )
  })
})
