import { describe, expect, it } from 'vitest'
import { monitored, scorerOf } from '../../fixtures/monitored.ts'
import { seededRandom } from '../stats/random.ts'
import { createAlarms, type Alarm, type Alarms } from './alarms.ts'
import type { MonitorAlarm } from './monitor.ts'

/** Feeds outcomes that pass at a rate until something is told, at most so many. */
function feed(alarms: Alarms, random: () => number, rate: number, most: number, fromMs = 0): readonly Alarm[] {
  for (let index = 0; index < most; index += 1) {
    const told = alarms.add('good', '', random() < rate ? 1 : 0, fromMs + index * 1_000)
    if (told.length > 0) return told
  }
  return []
}

describe('createAlarms', () => {
  it('raises no more false pages and warnings than stated, over all scorers and groups together', () => {
    const random = seededRandom(3)
    const calls = 60_000
    const scorers = ['a', 'b', 'c']
    const targets = Object.fromEntries(scorers.map((scorer) => [scorer, 0.9]))
    const alarms = createAlarms({ targets, pageEvery: 2_000, warnEvery: 400, cooldownMs: 0, groups: 2 })
    const told = { warn: 0, page: 0, recovered: 0 }
    for (let call = 0; call < calls; call += 1)
      for (const scorer of scorers)
        for (const { level } of alarms.add(scorer, call % 2 === 0 ? 'x' : 'y', random() < 0.9 ? 1 : 0, call))
          told[level] += 1
    expect(told.page).toBeLessThanOrEqual(calls / 2_000)
    expect(told.warn).toBeLessThanOrEqual(calls / 400)
    // The bound is not kept by never telling anything.
    expect(told.warn).toBeGreaterThan(0)
  })

  it('sees a fall, warns before it pages, and says what it has seen', () => {
    const delays = Array.from({ length: 60 }, (_, seed) => {
      const random = seededRandom(seed)
      const alarms = createAlarms({ targets: { good: 0.9 }, warnEvery: 100, pageEvery: 10_000 })
      expect(feed(alarms, random, 1, 200)).toEqual([])
      const [warning] = feed(alarms, random, 0.6, 1_000)
      expect(warning).toMatchObject({ level: 'warn', scorer: 'good', stratum: '', target: 0.9, threshold: 100 })
      expect(warning?.evidence).toBeGreaterThanOrEqual(100)
      expect(warning?.recent.mean).toBeLessThan(0.8)
      expect(alarms.active()).toEqual([{ level: 'warn', scorer: 'good', stratum: '' }])
      const [page] = feed(alarms, random, 0.6, 1_000)
      expect(page).toMatchObject({ level: 'page', threshold: 10_000 })
      return (warning?.recent.n ?? 0) + (page?.recent.n ?? 0)
    })
    expect(delays.toSorted((a, b) => a - b)[30]).toBeLessThan(120)
  })

  it('tells of the same level once, of its end, and then of a new fall', () => {
    const random = seededRandom(5)
    const alarms = createAlarms({ targets: { good: 0.9 }, warnEvery: 100, pageEvery: 200, cooldownMs: 60_000 })
    const levels: string[] = []
    const means: number[] = []
    const phase = (rate: number, count: number, fromMs: number): void => {
      for (let index = 0; index < count; index += 1)
        for (const { level, recent } of alarms.add('good', '', random() < rate ? 1 : 0, fromMs + index)) {
          levels.push(level)
          means.push(recent.mean)
        }
    }
    phase(0.5, 300, 0)
    expect(levels).toEqual(['warn', 'page'])
    phase(0.99, 2_000, 10_000)
    expect(levels).toEqual(['warn', 'page', 'recovered'])
    expect(means[1]).toBeLessThan(0.7)
    expect(means[2]).toBeGreaterThan(0.95)
    expect(alarms.active()).toEqual([])
    // Within the cooldown nothing more is said, and after it the fall that lasts is told.
    phase(0.5, 300, 20_000)
    expect(levels).toHaveLength(3)
    phase(0.5, 300, 61_000)
    expect(levels.slice(3)).toEqual(['page'])
  })

  it('keeps groups and scorers apart, and takes scores without a target for nothing', () => {
    const alarms = createAlarms({ targets: { good: 0.9 }, warnEvery: 50, pageEvery: 1e9 })
    for (let index = 0; index < 10; index += 1) {
      expect(alarms.add('other', '', 0, index)).toEqual([])
      alarms.add('good', 'well', 1, index)
      alarms.add('good', 'ill', 0.2, index)
    }
    expect(alarms.active()).toEqual([{ level: 'warn', scorer: 'good', stratum: 'ill' }])
  })
})

describe('monitor({ alarm })', () => {
  it('tells of a fall of what was drawn by chance, with what else has changed', async () => {
    const told: MonitorAlarm[] = []
    const { ask, watch, provider } = monitored({
      scorers: [scorerOf(({ text }) => (text === 'fine' ? 1 : 0))],
      alarm: { targets: { good: 0.9 }, warnEvery: 20, pageEvery: 200 },
      onAlarm: (alarm) => void told.push(alarm),
    })
    provider.on(/./, 'fine')
    for (let index = 0; index < 300; index += 1) await ask('short')
    await watch.idle()
    expect(told).toEqual([])
    expect(watch.stats().drift?.psi).toMatchObject({ inputLength: 0, outputLength: 0, model: 0 })
    provider.on(/./, 'not what it should be')
    for (let index = 0; index < 60; index += 1) await ask('a question that is much longer than those before')
    await watch.idle()
    expect(told.map(({ level }) => level)).toEqual(['warn', 'page'])
    expect(told[1]).toMatchObject({
      scorer: 'good',
      recent: { mean: 0 },
      drift: { psi: { model: expect.any(Number) } },
    })
    expect(watch.stats().drift?.psi['inputLength']).toBeGreaterThan(0.25)
    expect(watch.stats().alarms).toEqual([{ level: 'page', scorer: 'good', stratum: '' }])
    expect(watch.prometheus()).toContain('\neval_alarm{level="page",scorer="good",stratum=""} 1\n')
  })

  it('does not take for a fall that calls are evaluated because they are slow', async () => {
    const told: MonitorAlarm[] = []
    const { ask, watch } = monitored({
      scorers: [scorerOf(() => 0)],
      sample: { rate: 0, always: () => true },
      alarm: { targets: { good: 0.9 }, warnEvery: 5, pageEvery: 10 },
      onAlarm: (alarm) => void told.push(alarm),
    })
    for (let index = 0; index < 60; index += 1) await ask('slow')
    await watch.idle()
    expect(watch.stats()).toMatchObject({ evaluated: 60, scorers: [{ mean: 0 }] })
    expect(told).toEqual([])
  })
})
