import { describe, expect, it } from 'vitest'
import { createGuard } from '../create-guard.ts'
import { allowed, type Detector } from '../detector.ts'
import type { GuardOptions } from '../guard-options.ts'
import { pii } from '../pii/pii.ts'
import { secrets } from '../secrets/secrets.ts'

const personal = pii({ restore: true })

/** Looks back far, at no cost of its own: what a stream costs beside it is the pipeline's. */
const farSighted: Detector = {
  name: 'far_sighted',
  check: () => allowed,
  stream: {
    maxMatch: 16_000,
    lookBack: 32_000,
    couldGrow: (tail) => tail.length,
    judge: (tail) => ({ verdict: allowed, openAt: tail.length }),
  },
}
/** Holds all of it back as long as it may. */
const holding: Detector = {
  ...farSighted,
  name: 'holding',
  stream: { maxMatch: 16_000, couldGrow: () => 0, judge: () => ({ verdict: allowed, openAt: 0 }) },
}

/** Restores, and finds nothing itself. */
const restoring: Detector = {
  ...personal,
  check: () => allowed,
  stream: { maxMatch: 1, couldGrow: (tail) => tail.length },
}

const wholes: Detector = { name: 'wholes', check: () => allowed }

/** CPU time of a stream of chunks of 4 characters, in µs. */
async function cost(options: GuardOptions, unit: string, length: number): Promise<number> {
  const text = unit.repeat(length / unit.length)
  const session = await createGuard({ ...options, input: [personal] }).session()
  await session.input('I am ada@example.com')
  const stream = session.stream()
  const startedAt = process.cpuUsage()
  for (let at = 0; at < text.length; at += 4) await stream.push(text.slice(at, at + 4))
  await stream.end()
  const { user, system } = process.cpuUsage(startedAt)
  return user + system
}

/** What a stream costs, and one of half its length. On a busy machine a measurement can be far off, so the least of several counts. */
async function costs(options: GuardOptions, unit: string): Promise<{ half: number; whole: number }> {
  let [half, whole] = [Infinity, Infinity]
  for (let attempt = 0; attempt < 16 && (attempt < 2 || whole > 2.6 * half); attempt += 1) {
    half = Math.min(half, await cost(options, unit, 12_000))
    whole = Math.min(whole, await cost(options, unit, 24_000))
  }
  return { half, whole }
}

describe('a stream in which values are restored takes time linear in its length', () => {
  it.each<[string, GuardOptions]>([
    ['beside a detector that looks back far', { output: [farSighted, restoring] }],
    ['beside one that holds all back', { output: [holding, restoring] }],
    ['in mode sentence', { output: [wholes, restoring], stream: 'sentence' }],
  ])('%s', async (_, options) => {
    for (const unit of ['"["', 'Some words. ', 'email ', 'xxxx']) {
      const { half, whole } = await costs(options, unit)
      expect(whole).toBeLessThan(3 * half + 20_000)
    }
  })
})

describe('a stream in which secrets are looked for takes time linear in its length', () => {
  it.each(['aB3x', 'a=', '"', 'is ', '-----BEGIN PRIVATE KEY-----\n', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkw'])(
    '%j',
    async (unit) => {
      const { half, whole } = await costs({ output: [secrets()] }, unit)
      expect(whole).toBeLessThan(3 * half + 20_000)
    },
  )
})
