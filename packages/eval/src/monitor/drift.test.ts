import { expect, it } from 'vitest'
import { seenOf } from '../../fixtures/monitored.ts'
import { seededRandom } from '../stats/random.ts'
import { driftWatch } from './drift.ts'

/** Answers of 100 to 999 characters; the share of them that a second model gives. */
function feed(watch: ReturnType<typeof driftWatch>, random: () => number, count: number, second: number): void {
  for (let index = 0; index < count; index += 1)
    watch.add(
      seenOf(String(index), {
        text: 'x'.repeat(100 + Math.floor(random() * 900)),
        model: random() < second ? 'second' : 'first',
      }),
    )
}

it('says nothing of a few calls, little of the same traffic, and much of another model', () => {
  const random = seededRandom(1)
  const watch = driftWatch()
  feed(watch, random, 150, 0.2)
  expect(watch.read()).toBeUndefined()
  feed(watch, random, 850, 0.2)
  expect(watch.read()).toMatchObject({ reference: 700, recent: 300 })
  feed(watch, random, 300, 0.2)
  const same = watch.read()
  expect(same).toMatchObject({ reference: 1_000, recent: 300 })
  for (const psi of Object.values(same?.psi ?? {})) expect(psi).toBeLessThan(0.1)
  feed(watch, random, 300, 0.8)
  const moved = watch.read()
  expect(moved?.psi['model']).toBeGreaterThan(1)
  expect(moved?.psi['outputLength']).toBeLessThan(0.1)
})
