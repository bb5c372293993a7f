import { describe, expect, it } from 'vitest'
import { acme, chatAnswer, chatQuery, outcomeOf, plainCache } from './cache-fixture.ts'
import { freshnessOf, timesFrom, type FreshnessRules } from './freshness.ts'
import type { StoredEntry } from './store/store.ts'

const rules: FreshnessRules = {
  ttlMs: 1_000,
  ttlJitter: 0,
  staleWhileRevalidateMs: 0,
  staleIfErrorMs: 0,
  earlyRefresh: 0,
  random: () => 0.5,
}
const entryOf = (more: Partial<FreshnessRules>, tookMs: number = 100): StoredEntry =>
  ({ tookMs, ...timesFrom(0, { ...rules, ...more }) }) as StoredEntry

describe('the time of an answer', () => {
  it('is shortened at random, and never stretched', () => {
    const untils = [0, 0.25, 0.999].map((x) => timesFrom(0, { ...rules, ttlJitter: 0.2, random: () => x }).freshUntilMs)
    expect(untils).toEqual([1_000, 950, expect.closeTo(800.2)])
  })

  it('has an end, after which it may be stale, or stand in for an error, or both', () => {
    const spans = { staleWhileRevalidateMs: 50, staleIfErrorMs: 80 }
    const entry = entryOf(spans)
    const at = (nowMs: number): string => freshnessOf(entry, nowMs, { ...rules, ...spans })
    expect([0, 999, 1_000, 1_049, 1_050, 1_079, 1_080].map(at)).toEqual([
      'fresh',
      'fresh',
      'stale',
      'stale',
      'error',
      'error',
      'over',
    ])
  })

  it('is renewed early by about one of many readers, the likelier the nearer the end', () => {
    const entry = entryOf({})
    const share = (nowMs: number, earlyRefresh: number): number => {
      let early = 0
      const draws = 2_000
      for (let draw = 0; draw < draws; draw += 1) {
        const random = (): number => (draw + 0.5) / draws
        if (freshnessOf(entry, nowMs, { ...rules, earlyRefresh, random }) === 'early') early += 1
      }
      return early / draws
    }
    // P(now − delta·beta·ln u ≥ end) = exp(−(end − now) / (delta·beta)).
    for (const leftMs of [300, 100, 20]) {
      expect(share(1_000 - leftMs, 1)).toBeCloseTo(Math.exp(-leftMs / 100), 2)
      expect(share(1_000 - leftMs, 2)).toBeCloseTo(Math.exp(-leftMs / 200), 2)
      expect(share(1_000 - leftMs, 0)).toBe(0)
    }
  })
})

describe('a cache', () => {
  it('forgets after the time to live, which being served does not extend', async () => {
    const { answers, clock } = plainCache()
    await answers.store(chatQuery(), { answer: chatAnswer() }, acme)
    await clock.advance(59_999)
    expect(await outcomeOf(answers)).toBe('hit exact')
    await clock.advance(1)
    expect(await outcomeOf(answers)).toBe('miss absent')
    expect(answers.stats().entries).toBe(0)
  })

  it('tells what is stale, what is only for errors, and what is due early', async () => {
    const spans = { staleWhileRevalidateMs: 1_000, staleIfErrorMs: 5_000, earlyRefresh: 1, random: () => 0.999_999 }
    const { answers, clock } = plainCache(spans)
    const { ticket } = (await answers.lookup(chatQuery(), acme)) as never
    await clock.advance(2_000)
    await answers.store(chatQuery(), { answer: chatAnswer(), ticket }, acme)
    await clock.advance(50_000)
    expect(await answers.lookup(chatQuery(), acme)).toMatchObject({ reason: 'exact', renew: 'early' })
    await clock.advance(10_000)
    expect(await answers.lookup(chatQuery(), acme)).toMatchObject({ reason: 'stale', renew: 'stale' })
    await clock.advance(1_000)
    expect(await answers.lookup(chatQuery(), acme)).toMatchObject({
      outcome: 'miss',
      reason: 'expired',
      ifError: { tookMs: 2_000 },
    })
    await clock.advance(4_000)
    expect(await outcomeOf(answers)).toBe('miss absent')
    expect(answers.stats()).toMatchObject({ hits: 2, staleHits: 1 })
  })
})
