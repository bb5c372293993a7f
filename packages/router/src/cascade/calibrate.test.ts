import { describe, expect, it } from 'vitest'
import { clientTransport } from '@sluice/core/transport'
import OpenAI from 'openai'
import { seeded } from '../learn/seeded.ts'
import { calibrate } from './calibrate.ts'
import type { RecordedCase } from './calibration/cases.ts'
import { createCascade } from './cascade.ts'
import { agreement } from './estimators/agreement.ts'
import { price, says, world } from './testing/set-up.ts'

const cascade = createCascade({ steps: ['cheap', 'strong'], accept: says(1) })
const three = createCascade({ steps: ['cheap', 'peer', 'strong'], accept: says(1) })

/**
 * Cases with a known answer: the estimate is uniform, the cheap answer is right with just that probability, the strong
 * with 95 %. At a threshold t the expected quality is (1 − t²) / 2 + 0.95 t, and the cost 1 + 20 t of 20.
 */
function drawn(count: number, seed: number): RecordedCase[] {
  const random = seeded(seed)
  return Array.from({ length: count }, (_, index) => {
    const estimate = random()
    return {
      id: `${index}`,
      steps: [
        { quality: random() < estimate ? 1 : 0, costNanoUsd: 1, estimate },
        { quality: random() < 0.95 ? 1 : 0, costNanoUsd: 20 },
      ],
    }
  })
}

function expectedQuality(threshold: number | null | undefined): number {
  return threshold == null ? 0.95 : (1 - threshold ** 2) / 2 + 0.95 * threshold
}

describe('calibrate', () => {
  it('finds the cheapest threshold that keeps the floor', async () => {
    // (1 − t²) / 2 + 0.95 t = 0.9 at t = 0.6298
    const cases = drawn(20_000, 1)
    const { thresholds, isAssured, picked, heldOut } = await calibrate(cascade, cases, { floor: 0.9 })
    // The two parts are different cases, and all cases together.
    const given = cases.map(({ steps: [cheap, strong] }) =>
      (cheap?.estimate ?? 0) >= (thresholds[0] ?? 2) ? cheap?.quality : strong?.quality,
    )
    const good = given.filter((quality) => quality === 1).length
    expect(picked.quality * 10_000 + heldOut.quality * 10_000).toBeCloseTo(good, 6)
    expect(thresholds[0]).toBeGreaterThan(0.6298)
    expect(thresholds[0]).toBeLessThan(0.68)
    expect([isAssured, heldOut.violation, heldOut.isViolationProven]).toEqual([true, 0, false])
    expect(heldOut.quality).toBeCloseTo(expectedQuality(thresholds[0]), 1)
    expect(heldOut.qualityLow).toBeLessThan(heldOut.quality)
    expect(heldOut.qualityHigh).toBeGreaterThan(heldOut.quality)
    expect(heldOut.escalated).toBeCloseTo(thresholds[0] ?? 0, 1)
    expect(heldOut.costNanoUsd).toBeCloseTo(1 + 20 * heldOut.escalated, 5)
    expect(heldOut.costShare).toBeCloseTo(heldOut.costNanoUsd / 20, 5)
    expect([picked.cases, heldOut.cases]).toEqual([10_000, 10_000])
  })

  it('compares with the steps alone and with the best mix of them', async () => {
    const { heldOut } = await calibrate(cascade, drawn(4_000, 2), { floor: 0.9 })
    const [cheap, strong] = heldOut.singles
    expect(cheap).toMatchObject({ id: 'cheap', costNanoUsd: 1, quality: expect.closeTo(0.5, 1) })
    expect(strong).toMatchObject({ id: 'strong', costNanoUsd: 20, quality: expect.closeTo(0.95, 1) })
    // On the line between the two.
    const share = (heldOut.costNanoUsd - 1) / 19
    expect(heldOut.hull.quality).toBeCloseTo((cheap?.quality ?? 0) * (1 - share) + (strong?.quality ?? 0) * share, 6)
    expect(heldOut.hull.quality).toBeLessThan(heldOut.quality)
    expect(heldOut.hull.costNanoUsd).toBeGreaterThan(heldOut.costNanoUsd)
  })

  it('does not count judges for a step alone', async () => {
    const cases = drawn(4_000, 2).map(({ id, steps: [cheap, strong] }) => ({
      id,
      steps: [{ ...cheap!, costNanoUsd: 5, judgesNanoUsd: 4 }, strong!],
    }))
    const { heldOut } = await calibrate(cascade, cases, { floor: 0.9 })
    expect(heldOut.singles[0]).toMatchObject({ id: 'cheap', costNanoUsd: 1 })
    expect(heldOut.costNanoUsd).toBeCloseTo(5 + 20 * heldOut.escalated, 5)
  })

  it('keeps its promise: the floor is missed no more often than it says', async () => {
    const floor = 0.88
    const runs = 200
    let missed = 0
    let assured = 0
    for (let seed = 1; seed <= runs; seed += 1) {
      const { thresholds, isAssured } = await calibrate(cascade, drawn(600, seed), { floor, confidence: 0.9, seed })
      if (!isAssured) continue
      assured += 1
      if (expectedQuality(thresholds[0]) < floor) missed += 1
    }
    expect(assured).toBeGreaterThan(runs * 0.8)
    expect(missed / runs).toBeLessThanOrEqual(0.1)
    // It is no promise that is kept by asking the strong model always.
    expect(missed).toBeGreaterThan(0)
  })

  it('keeps it with several thresholds too', async () => {
    const runs = 40
    let missed = 0
    let cheaper = 0
    for (let seed = 1; seed <= runs; seed += 1) {
      const random = seeded(1_000 + seed)
      const cases = Array.from({ length: 800 }, (_, index): RecordedCase => {
        const [one, two] = [random(), random()]
        const step = (estimate: number, costNanoUsd: number) => ({
          quality: Number(random() < estimate),
          costNanoUsd,
          estimate,
        })
        return {
          id: `${index}`,
          steps: [step(one, 1), step(two, 3), { quality: Number(random() < 0.95), costNanoUsd: 30 }],
        }
      })
      const { thresholds, isAssured, heldOut } = await calibrate(three, cases, { floor: 0.85, confidence: 0.9, seed })
      if (!isAssured) continue
      const [first, second] = thresholds.map((threshold) => threshold ?? 1)
      const rest = (threshold: number, strong: number): number => (1 - threshold ** 2) / 2 + threshold * strong
      if (rest(first ?? 1, rest(second ?? 1, 0.95)) < 0.85) missed += 1
      if (heldOut.costShare < 0.7) cheaper += 1
    }
    // 4 are expected at most; 9 has a probability below 1 %.
    expect(missed).toBeLessThanOrEqual(9)
    expect(cheaper).toBeGreaterThan(runs / 2)
  })

  it('leaves out a step that is no use', async () => {
    const random = seeded(3)
    const cases = Array.from({ length: 400 }, (_, index): RecordedCase => {
      const estimate = random()
      const useless = { quality: 0, costNanoUsd: 19, estimate: random() }
      const good = { quality: Number(random() < 0.5 + estimate / 2), costNanoUsd: 1, estimate }
      return { id: `${index}`, steps: [useless, good, { quality: Number(random() < 0.97), costNanoUsd: 20 }] }
    })
    const { thresholds } = await calibrate(three, cases, { floor: 0.85 })
    expect(thresholds[0]).toBe(null)
    expect(thresholds[1]).not.toBe(null)
  })

  it('says so when nothing keeps the floor', async () => {
    const { isAssured, heldOut } = await calibrate(cascade, drawn(400, 4), { floor: 0.99 })
    expect(isAssured).toBe(false)
    expect(heldOut.violation).toBeCloseTo(0.99 - heldOut.quality, 9)
    expect(heldOut.isViolationProven).toBe(true)
  })

  it('gets the best quality within a cost', async () => {
    // Cost 1 + 20 t of 20: half of it at t = 0.45.
    const { thresholds, heldOut, isAssured } = await calibrate(cascade, drawn(8_000, 5), { maxCostShare: 0.5 })
    expect(thresholds[0]).toBeCloseTo(0.45, 1)
    expect(isAssured).toBe(true)
    expect(heldOut.costShare).toBeCloseTo(0.5, 1)
    expect(heldOut.costHighNanoUsd).toBeGreaterThan(heldOut.costNanoUsd)
  })

  it('is the same for the same seed, and plain data', async () => {
    const [one, other] = [
      await calibrate(cascade, drawn(100, 6), { floor: 0.7, seed: 9 }),
      await calibrate(cascade, drawn(100, 6), { floor: 0.7, seed: 9 }),
    ]
    expect(one).toEqual(other)
    expect(JSON.parse(JSON.stringify(one)).thresholds).toEqual(one.thresholds)
  })

  it('takes a case without an opinion for one that escalates', async () => {
    const cases = drawn(200, 7).map((each): RecordedCase => {
      const [cheap, strong] = each.steps
      return { ...each, steps: [{ ...cheap!, estimate: null }, strong!] }
    })
    const { thresholds, heldOut } = await calibrate(cascade, cases, { floor: 0.5 })
    expect([thresholds, heldOut.escalated]).toEqual([[null], 1])
  })

  it('keeps repeats of one question in one part', async () => {
    const cases = drawn(50, 8)
      .flatMap((each) => [each, { ...each, id: `${each.id} again` }])
      .map((each) => ({ ...each, group: each.id.split(' ')[0]! }))
    const { heldOut } = await calibrate(cascade, cases, { floor: 0.1 })
    expect(heldOut.cases % 2).toBe(0)
  })

  it('asks all steps of live cases, and returns what it recorded', async () => {
    const { home, clock } = world()
    home
      .on('cheap', ({ lastUserText }) => (/[05]$/.test(lastUserText) ? 'wrong' : 'right'))
      .on('peer', 'right')
      .on('strong', 'right')
    const made = createCascade({ steps: ['cheap', 'strong'], accept: agreement({ of: ['peer'] }), price, clock })
    const live = Array.from({ length: 40 }, (_, index) => ({
      id: `${index}`,
      request: { model: 'auto', messages: [{ role: 'user', content: `Question ${index}` }] },
      grade: ({ text }: { text: string }) => text === 'right',
    }))
    const next = clientTransport(new OpenAI({ apiKey: 'x', fetch: home.fetch }))
    const { cases, thresholds, failed, heldOut } = await calibrate(made, live, { floor: 0.8, next })
    expect(cases).toHaveLength(40)
    expect(cases[10]?.steps.map(({ quality, estimate }) => [quality, estimate])).toEqual([
      [0, 0],
      [1, undefined],
    ])
    expect(cases[11]?.steps.map(({ quality, estimate }) => [quality, estimate])).toEqual([
      [1, 1],
      [1, undefined],
    ])
    const usage = home.calls.map((call) => (call.usage?.inputTokens ?? 0) + 10 * (call.usage?.outputTokens ?? 0))
    // The cheap step and its peer, at one and two nano-dollars.
    expect(cases[0]?.steps[0]).toMatchObject({ costNanoUsd: (usage[0] ?? 0) * 3, judgesNanoUsd: (usage[0] ?? 0) * 2 })
    expect([thresholds, failed, heldOut.violation]).toEqual([[0.5], 0, 0])
    home.expectCalls(120)
    home.fail('http-500', { model: 'strong', times: 3 })
    expect((await calibrate(made, live, { floor: 0.8, next })).failed).toBe(3)
  })

  it.each<[string, unknown, unknown, RegExp]>([
    ['no goal', drawn(30, 1), {}, /one goal/],
    ['two goals', drawn(30, 1), { floor: 0.5, maxCostShare: 0.5 }, /one goal/],
    ['a floor above 1', drawn(30, 1), { floor: 2 }, /floor/],
    ['a cost of nothing', drawn(30, 1), { maxCostShare: 0 }, /above 0/],
    ['few cases', drawn(5, 1), { floor: 0.5 }, /at least 20 cases, got 5/],
    ['duplicate ids', [...drawn(20, 1), ...drawn(1, 1)], { floor: 0.5 }, /the id "0"/],
    [
      'a quality above 1',
      [
        {
          id: 'x',
          steps: [
            { quality: 2, costNanoUsd: 1 },
            { quality: 1, costNanoUsd: 1 },
          ],
        },
      ],
      { floor: 0.5 },
      /quality of step 1 in case "x"/,
    ],
    [
      'a cost below 0',
      [
        {
          id: 'x',
          steps: [
            { quality: 1, costNanoUsd: -1 },
            { quality: 1, costNanoUsd: 1 },
          ],
        },
      ],
      { floor: 0.5 },
      /costNanoUsd/,
    ],
    [
      'judges dearer than the step with them',
      [
        {
          id: 'x',
          steps: [
            { quality: 1, costNanoUsd: 1, judgesNanoUsd: 2 },
            { quality: 1, costNanoUsd: 1 },
          ],
        },
      ],
      { floor: 0.5 },
      /judgesNanoUsd of step 1/,
    ],
    ['too few steps', [{ id: 'x', steps: [] }], { floor: 0.5 }, /all 2 steps, got 0/],
    ['an unknown option', drawn(30, 1), { floor: 0.5, splits: 1 }, /no option "splits"/],
    ['a split of everything', drawn(30, 1), { floor: 0.5, split: 1 }, /split/],
  ])('refuses %s', async (_, cases, options, message) => {
    await expect(calibrate(cascade, cases as RecordedCase[], options as never)).rejects.toMatchObject({
      code: 'config.option',
      message: expect.stringMatching(message),
    })
  })

  it('refuses a cascade that it did not make', async () => {
    await expect(calibrate({} as never, drawn(30, 1), { floor: 0.5 })).rejects.toMatchObject({ code: 'config.option' })
  })
})
