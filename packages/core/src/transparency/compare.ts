import { describe, expect, it } from 'vitest'
import type { ClientCase } from './clients.ts'
import { callsIn, observe, withoutAddedUsage, type Behaviour } from './observe.ts'
import { variantsFor, type Transport, type Variant } from './variants.ts'

export type Behaviours<C, Sdk> = Readonly<Record<string, Behaviour<C, Sdk>>>

/**
 * Declares one test a behaviour and client: seen through every variant of a wrapped client it is what it is through the
 * bare one, and every model call passed through the pipeline.
 */
export function itIsTransparent<C, Sdk>(
  cases: readonly ClientCase<C, Sdk>[],
  transports: readonly Transport[],
  behaviours: Behaviours<C, Sdk>,
  chosen?: readonly Variant[],
): void {
  for (const transport of transports) {
    describe.each(cases)(`$name ${transport}`, (made) => {
      const variants = chosen ?? variantsFor(transport, made.isNewest ?? false)
      it.each(Object.entries(behaviours))('%s', async (_name, behaviour) => {
        const { observation: bare } = await observe(made, transport, behaviour)
        expect(bare.result).toBeDefined()
        for (const variant of variants) {
          const { observation, callsSeen } = await observe(made, transport, behaviour, variant)
          const seen = variant.isReported ? withoutAddedUsage(observation, bare) : observation
          // As text first: it is ten times quicker than a deep comparison, and minds the order of fields too.
          if (JSON.stringify(seen) !== JSON.stringify(bare)) {
            expect(seen, variant.name).toStrictEqual(bare)
            expect(JSON.stringify(seen), variant.name).toBe(JSON.stringify(bare))
          }
          if (variant.pipeline(() => {}).length > 0) expect(callsSeen, variant.name).toBe(callsIn(bare.sent))
        }
      })
    })
  }
}
