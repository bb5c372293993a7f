import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isSluiceError } from '@sluice/core'
import { fakeClock } from '@sluice/core/testing'
import type { Candidate, Policy, PolicyDecision, PolicyInput } from '../policy.ts'
import { calibrated } from './calibrated.ts'
import { consensus } from './consensus.ts'
import { judge } from './judge.ts'
import { threshold } from './threshold.ts'
import { verified } from './verified.ts'

const clock = fakeClock()

function candidate(id: string, similarity: number, group: string, more: Partial<Candidate> = {}): Candidate {
  return { id, similarity, group, prompt: id, answer: {}, answerText: group, isBarred: false, isUnread: false, ...more }
}

function input(candidates: readonly Candidate[], more: Partial<PolicyInput> = {}): PolicyInput {
  return { prompt: 'asked', candidates, isUnread: false, maxFalseHitRate: 0.01, clock, signal: undefined, ...more }
}

/** Of policies that decide at once. */
function decide(policy: Policy, candidates: readonly Candidate[], more: Partial<PolicyInput> = {}): PolicyDecision {
  return policy.decide(input(candidates, more)) as PolicyDecision
}

describe('threshold', () => {
  it('serves the nearest that is not barred, from its likeness on', () => {
    const policy = threshold(0.9)
    expect(decide(policy, [candidate('a', 0.9, 'x')])).toMatchObject({ serves: true, candidate: { id: 'a' } })
    expect(decide(policy, [candidate('a', 0.899, 'x')]).serves).toBe(false)
    const two = [candidate('a', 0.99, 'x', { isBarred: true }), candidate('b', 0.95, 'y')]
    expect(decide(policy, two)).toMatchObject({ serves: true, candidate: { id: 'b' } })
  })

  it('is stricter where the vetoes read nothing', () => {
    expect(decide(threshold(0.9), [candidate('a', 0.94, 'x')], { isUnread: true }).serves).toBe(false)
    expect(decide(threshold(0.9), [candidate('a', 0.95, 'x')], { isUnread: true }).serves).toBe(true)
    expect(decide(threshold(1), [candidate('a', 1 - 1e-7, 'x')]).serves).toBe(true)
  })
})

describe('consensus', () => {
  const agreeing = [
    candidate('a', 0.8, 'x'),
    candidate('b', 0.78, 'x'),
    candidate('c', 0.75, 'x'),
    candidate('d', 0.3, 'y'),
  ]

  it('serves what the nearest agree on', () => {
    expect(decide(consensus(), agreeing)).toMatchObject({
      serves: true,
      candidate: { id: 'a' },
      numbers: { agreeing: 3, agreeingNeeded: 3 },
    })
  })

  it('serves nothing where another answer comes between, or too near', () => {
    expect(decide(consensus(), agreeing.slice(1)).serves).toBe(false)
    expect(decide(consensus(), [candidate('z', 0.9, 'y'), ...agreeing]).serves).toBe(false)
    expect(decide(consensus(), [...agreeing.slice(0, 3), candidate('d', 0.74, 'y')]).serves).toBe(false)
    expect(
      decide(
        consensus(),
        agreeing.map((near) => ({ ...near, similarity: near.similarity - 0.4 })),
      ).serves,
    ).toBe(false)
  })

  it('counts the votes of those that are barred, and serves none of them', () => {
    const [a, b, c] = agreeing as [Candidate, Candidate, Candidate]
    const barred = { ...a, isBarred: true }
    expect(decide(consensus(), [barred, b, c])).toMatchObject({
      serves: true,
      candidate: { id: 'b' },
      numbers: { agreeing: 3 },
    })
    expect(decide(consensus(), [candidate('z', 0.79, 'y', { isBarred: true }), a, b, c]).serves).toBe(false)
  })

  it('wants one more to agree where the vetoes read nothing', () => {
    expect(decide(consensus(), agreeing, { isUnread: true })).toMatchObject({
      serves: false,
      numbers: { agreeingNeeded: 4 },
    })
  })
})

/** Teaches a policy what came of decisions about candidates. */
function teach(
  policy: Policy,
  candidates: readonly Candidate[],
  isRight: boolean,
  more: Partial<PolicyInput> = {},
): void {
  policy.learn?.({ decision: decide(policy, candidates, more), isRight, source: 'miss', atMs: 0 })
}

describe('calibrated', () => {
  const near = [candidate('a', 0.9, 'x')]
  const far = [candidate('a', 0.6, 'x')]

  it('serves nothing before it has seen as much as it takes: 299 without an error for 1 %', () => {
    const policy = calibrated()
    for (let count = 0; count < 298; count += 1) teach(policy, near, true)
    expect(decide(policy, near).serves).toBe(false)
    for (let count = 0; count < 20; count += 1) teach(policy, near, true)
    expect(decide(policy, near)).toMatchObject({ serves: true, numbers: { trials: 318 } })
    expect(decide(policy, far).serves).toBe(false)
  })

  it('finds the score above which hits are right', () => {
    const policy = calibrated({ maxFalseHitRate: 0.05 })
    for (let count = 0; count < 400; count += 1) {
      teach(policy, near, true)
      teach(policy, far, count % 3 !== 0)
    }
    const needed = decide(policy, near).numbers['scoreNeeded'] as number
    expect(decide(policy, near).serves).toBe(true)
    expect(decide(policy, far)).toMatchObject({ serves: false, numbers: { scoreNeeded: needed } })
    expect(needed).toBeGreaterThan(decide(policy, far).numbers['score'] as number)
  })

  it('learns apart what the vetoes cannot read', () => {
    const policy = calibrated({ maxFalseHitRate: 0.05 })
    for (let count = 0; count < 100; count += 1) teach(policy, near, true)
    expect(decide(policy, near).serves).toBe(true)
    expect(decide(policy, near, { isUnread: true }).serves).toBe(false)
    for (let count = 0; count < 100; count += 1) teach(policy, near, true, { isUnread: true })
    expect(decide(policy, near, { isUnread: true }).serves).toBe(true)
  })

  it('takes a wrong hit to heart at once, and forgets everything when it is distrusted', () => {
    const policy = calibrated({ maxFalseHitRate: 0.05 })
    for (let count = 0; count < 80; count += 1) teach(policy, near, true)
    const decision = decide(policy, near)
    expect(decision.serves).toBe(true)
    policy.learn?.({ decision, isRight: false, source: 'audit', atMs: 0 })
    expect(decide(policy, near).serves).toBe(false)
    for (let count = 0; count < 80; count += 1) teach(policy, near, true)
    expect(decide(policy, near).serves).toBe(true)
    policy.distrust?.()
    expect(decide(policy, near)).toMatchObject({ serves: false, numbers: { trials: 0 } })
  })

  it('goes on in another process with what it has learned', () => {
    const before = calibrated({ maxFalseHitRate: 0.05 })
    for (let count = 0; count < 80; count += 1) teach(before, near, true)
    const trials = JSON.parse(JSON.stringify(before.trials())) as ReturnType<typeof before.trials>
    expect(decide(calibrated({ maxFalseHitRate: 0.05, trials }), near).serves).toBe(true)
  })
})

describe('verified', () => {
  const near = [candidate('a', 0.95, 'x')]

  it('serves an entry that has proved itself there, and no other', () => {
    const policy = verified()
    for (let count = 0; count < 30; count += 1) {
      teach(policy, near, true)
      teach(policy, [candidate('a', 0.6, 'x')], false)
    }
    expect(decide(policy, near, { maxFalseHitRate: 0.2 }).serves).toBe(true)
    expect(decide(policy, [candidate('a', 0.6, 'x')], { maxFalseHitRate: 0.2 }).serves).toBe(false)
    expect(decide(policy, [candidate('b', 0.95, 'x')], { maxFalseHitRate: 0.2 })).toMatchObject({
      serves: false,
      numbers: { trials: 0 },
    })
  })

  it('gets surer with evidence, and never before the least of it', () => {
    const policy = verified({ minTrials: 5 })
    const sure: number[] = []
    for (let count = 0; count < 40; count += 1) {
      teach(policy, near, true)
      const { numbers, serves } = decide(policy, near, { maxFalseHitRate: 0.001 })
      if (count < 4) expect([serves, numbers['rightAtLeast']]).toEqual([false, undefined])
      else sure.push(numbers['rightAtLeast'] as number)
    }
    expect(sure.every((value, index) => index === 0 || value >= (sure[index - 1] as number) - 1e-9)).toBe(true)
    expect(sure.at(-1)).toBeGreaterThan(0.7)
  })

  it('spends what is allowed of all requests on answers that nobody verified, where it is told to', () => {
    const draws = { now: 0.5 }
    const policy = verified({ bound: 'requests', random: () => draws.now })
    for (let count = 0; count < 4; count += 1) teach(policy, near, count % 2 === 0)
    const { rightAtLeast } = decide(policy, near, { maxFalseHitRate: 0.1 }).numbers
    const tau = 1 - 0.1 / (1 - (rightAtLeast as number))
    draws.now = tau + 1e-6
    expect(decide(policy, near, { maxFalseHitRate: 0.1 }).serves).toBe(true)
    draws.now = tau - 1e-6
    expect(decide(policy, near, { maxFalseHitRate: 0.1 }).serves).toBe(false)
  })

  it('keeps what was answered rightly from becoming a candidate, so that outcomes gather', () => {
    const { admits } = verified()
    expect([admits?.(true), admits?.(false), admits?.(undefined)]).toEqual([false, true, true])
  })
})

describe('judge', () => {
  it('serves what the judge approves of, and asks about nothing far away', async () => {
    const asked: string[] = []
    const policy = judge(({ prompt, candidate: { prompt: before } }) => {
      asked.push(`${before} > ${prompt}`)
      return before === 'a'
    })
    expect(await policy.decide(input([candidate('a', 0.8, 'x')]))).toMatchObject({
      serves: true,
      numbers: { verdict: 1 },
    })
    expect(await policy.decide(input([candidate('b', 0.8, 'x')]))).toMatchObject({
      serves: false,
      numbers: { verdict: 0 },
    })
    expect(await policy.decide(input([candidate('a', 0.5, 'x')]))).toMatchObject({ serves: false })
    expect(asked).toEqual(['a > asked', 'b > asked'])
  })
})

describe('every policy', () => {
  const near = fc.record({
    similarity: fc.double({ min: -1, max: 1, noNaN: true }),
    group: fc.constantFrom('x', 'y', 'z'),
    isBarred: fc.boolean(),
  })
  const neighbours = fc
    .array(near, { minLength: 1, maxLength: 12 })
    .filter((list) => list.some(({ isBarred }) => !isBarred))
    .map((list) =>
      list
        .toSorted((a, b) => b.similarity - a.similarity)
        .map(({ similarity, group, isBarred }, index) => candidate(String(index), similarity, group, { isBarred })),
    )
  const trained = (policy: Policy): Policy => {
    for (let count = 0; count < 400; count += 1)
      policy.learn?.({
        decision: decide(policy, [candidate(String(count % 12), 0.2 + count / 500, 'x')]),
        isRight: true,
        source: 'miss',
        atMs: 0,
      })
    return policy
  }
  const policies = [
    threshold(0.2),
    consensus({ k: 1, minShare: 0.1 }),
    trained(calibrated({ maxFalseHitRate: 0.2 })),
    trained(verified()),
    judge(() => true),
  ]

  it.each(policies)(
    '$id decides about a candidate of the list that is not barred, the same each time',
    async (policy) => {
      await fc.assert(
        fc.asyncProperty(neighbours, fc.boolean(), async (candidates, isUnread) => {
          const decision = await policy.decide(input(candidates, { isUnread, maxFalseHitRate: 0.2 }))
          expect(candidates).toContain(decision.candidate)
          expect(decision.candidate.isBarred).toBe(false)
          expect(Object.values(decision.numbers).every(Number.isFinite)).toBe(true)
          expect(await policy.decide(input(candidates, { isUnread, maxFalseHitRate: 0.2 }))).toEqual(decision)
        }),
      )
    },
  )

  it.each(policies)('$id never serves less surely where the vetoes read nothing', async (policy) => {
    await fc.assert(
      fc.asyncProperty(neighbours, async (candidates) => {
        const read = await policy.decide(input(candidates, { maxFalseHitRate: 0.2 }))
        const unread = await policy.decide(input(candidates, { isUnread: true, maxFalseHitRate: 0.2 }))
        if (unread.serves) expect(read.serves).toBe(true)
      }),
    )
  })

  it('refuses what is no option', () => {
    const wrong: (() => Policy)[] = [
      () => threshold(1.2),
      () => threshold(Number.NaN),
      () => threshold('0.9' as never),
      () => consensus({ k: 0 }),
      () => consensus({ minShare: 1 }),
      () => consensus({ neighbours: 3 } as never),
      () => calibrated({ maxFalseHitRate: 0 }),
      () => calibrated({ confidence: 1 }),
      () => verified({ bound: 'all' as never }),
      () => verified({ minTrials: 1.5 }),
      () => judge({ client: {} as never, model: 'm' }),
      () => judge(() => true, { minSimilarity: -2 }),
      () => judge(undefined as never),
    ]
    for (const make of wrong) {
      let thrown: unknown
      try {
        make()
      } catch (error) {
        thrown = error
      }
      expect(isSluiceError(thrown) && thrown.code, String(make)).toBe('config.option')
    }
  })
})
