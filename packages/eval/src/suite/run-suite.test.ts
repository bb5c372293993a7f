import { fakeClock } from '@sluice/core/testing'
import { describe, expect, it } from 'vitest'
import type { Score, Scorer } from '../score/scorer.ts'
import { exact } from '../score/text-scorers.ts'
import type { EvalCase } from './case.ts'
import { defineSuite, type RunProgress, type SuiteOptions } from './suite.ts'

const letters = [...'abcdefghijklmnopqrstuvwxyz']
const alphabet: readonly EvalCase<string, string>[] = letters.map((letter) => ({
  id: letter,
  input: letter,
  expected: letter,
}))

type Options = SuiteOptions<string, unknown, string>
const suiteOf = (options: Partial<Options> = {}): ReturnType<typeof defineSuite<string, unknown, string>> =>
  defineSuite('letters', { cases: alphabet, target: (input) => input, scorers: [exact()], ...options })

const scorerOf = (score: () => unknown, more: Partial<Scorer> = {}): Scorer => ({
  name: 'mine',
  version: '1',
  score: score as () => Score,
  ...more,
})

describe('trials', () => {
  it('are of every case, as often as asked for, in the order of the cases', async () => {
    const { trials } = await suiteOf({ repeats: 3, concurrency: 5 }).run()
    expect(trials.map(({ id, trial }) => `${id}${trial}`)).toEqual(
      letters.flatMap((id) => [`${id}0`, `${id}1`, `${id}2`]),
    )
    expect((await suiteOf().run({ repeats: 2, firstTrial: 4 })).trials.map(({ trial }) => trial)).toContain(5)
  })

  it('run as many at once as allowed, and never more', async () => {
    let [running, most] = [0, 0]
    const target = async (input: string): Promise<string> => {
      most = Math.max(most, (running += 1))
      await new Promise((resolve) => setImmediate(resolve))
      running -= 1
      return input
    }
    await suiteOf({ target, concurrency: 3 }).run()
    expect(most).toBe(3)
  })

  it('try all cases once before any of them twice', async () => {
    const begun: string[] = []
    const target = (input: string, { trial }: { trial: number }): string => (begun.push(`${trial}`), input)
    await suiteOf({ target, repeats: 2, concurrency: 1 }).run()
    expect(begun).toEqual([...letters.map(() => '0'), ...letters.map(() => '1')])
  })

  it('tell the target its case, its trial and a signal', async () => {
    const seen: unknown[] = []
    await suiteOf({
      cases: [{ id: 'one', input: 'x', cluster: 'c', tags: ['t'] }],
      target: (_, { case: entry, trial, signal }) => void seen.push(entry, trial, signal.aborted),
    }).run()
    expect(seen).toEqual([{ id: 'one', input: 'x', cluster: 'c', tags: ['t'] }, 0, false])
  })

  it('keep outputs as JSON has them', async () => {
    const outputs = async (output: unknown): Promise<unknown> =>
      (await suiteOf({ cases: [{ input: 'x' }], target: () => output }).run()).trials[0]?.output
    expect(await outputs({ at: new Date(0), none: undefined })).toEqual({ at: '1970-01-01T00:00:00.000Z' })
    expect(await outputs(undefined)).toBeNull()
    expect(await outputs(() => 1)).toBeNull()
  })
})

describe('a target that fails', () => {
  it('is a failed trial, not a failed run', async () => {
    const target = (input: string): string => {
      if (input === 'c') throw Object.assign(new TypeError('no such letter'), { code: 'letters.none' })
      if (input === 'd') throw 'just text'
      return input
    }
    const { trials, footer } = await suiteOf({ target }).run()
    expect(trials.filter(({ error }) => error)).toMatchObject([
      { id: 'c', error: { name: 'TypeError', code: 'letters.none', message: 'no such letter' } },
      { id: 'd', error: { name: 'Error', message: 'just text' } },
    ])
    expect(trials[2]).not.toHaveProperty('output')
    expect(trials[2]?.scores).toEqual({ exact: { status: 'unscored', reason: 'target_failed' } })
    expect(footer?.ended).toBe('complete')
  })

  it('is one whose output no file can hold', async () => {
    const target = (input: string): unknown => (input === 'b' ? { big: 1n } : input)
    const { trials } = await suiteOf({ target }).run()
    expect(trials).toHaveLength(26)
    expect(trials[1]?.error).toMatchObject({ code: 'eval.bad_output' })
  })

  it('is one that takes too long, and its signal tells it so', async () => {
    const clock = fakeClock()
    const reasons: unknown[] = []
    const target = (input: string, { signal }: { signal: AbortSignal }): unknown => {
      if (input !== 'b') return input
      signal.addEventListener('abort', () => reasons.push(signal.reason))
      return new Promise(() => undefined)
    }
    const { trials } = await clock.run(suiteOf({ target, timeoutMs: 60_000 }).run({ clock }))
    expect(trials.flatMap(({ id, error }) => (error ? [[id, error.code]] : []))).toEqual([['b', 'eval.timeout']])
    expect(reasons).toEqual([expect.objectContaining({ code: 'eval.timeout' })])
    expect(clock.now() - fakeClock().now()).toBe(60_000)
    expect(clock.pendingSleeps).toBe(0)
  })
})

describe('scores', () => {
  const scored = async (score: () => unknown, more?: Partial<Scorer>): Promise<Score | undefined> =>
    (await suiteOf({ cases: [{ input: 'x' }], scorers: [scorerOf(score, more)] }).run()).trials[0]?.scores['mine']

  it('must be from 0 to 1', async () => {
    for (const score of [-0.1, 1.1, Number.NaN, '1'])
      expect(await scored(() => ({ status: 'scored', score }))).toMatchObject({
        status: 'errored',
        error: expect.stringContaining('eval.score_range'),
      })
    expect(await scored(() => ({ status: 'scored', score: 0.5 }))).toEqual({ status: 'scored', score: 0.5 })
  })

  it('of a scorer that throws are errors, and others stay', async () => {
    const fails = scorerOf(() => {
      throw new RangeError('too far')
    })
    const { trials } = await suiteOf({ cases: [{ input: 'x', expected: 'x' }], scorers: [fails, exact()] }).run()
    expect(trials[0]?.scores).toEqual({
      mine: { status: 'errored', error: 'RangeError: too far' },
      exact: { status: 'scored', score: 1 },
    })
  })
})

describe('parts', () => {
  it('of a suite are all its cases, each in one', async () => {
    const ids = async (index: number): Promise<string[]> =>
      (await suiteOf().run({ shard: { index, of: 3 } })).trials.map(({ id }) => id)
    const parts = [await ids(1), await ids(2), await ids(3)]
    expect(parts.flat().toSorted()).toEqual(letters)
    for (const part of parts) expect(part.length).toBeGreaterThan(3)
    expect(await ids(2)).toEqual(parts[1])
    const { header } = await suiteOf().run({ shard: { index: 2, of: 3 } })
    expect(header).toMatchObject({ shard: '2/3', cases: 26 })
  })

  it('of it are those that "only" picks', async () => {
    const { trials } = await suiteOf().run({ only: ({ id }) => id > 'x' })
    expect(trials.map(({ id }) => id)).toEqual(['y', 'z'])
  })
})

it('tells how far it is', async () => {
  const clock = fakeClock()
  const seen: RunProgress[] = []
  const target = async (input: string): Promise<string> => {
    await clock.sleep(1_000)
    if (input === 'a') throw new Error('a')
    return input
  }
  const run = suiteOf({ target, concurrency: 1 }).run({ clock, onProgress: (progress) => seen.push(progress) })
  await clock.run(run)
  expect(seen).toHaveLength(26)
  expect(seen[0]).toEqual({
    done: 1,
    total: 26,
    failed: 1,
    targetNanoUsd: 0,
    judgeNanoUsd: 0,
    etaMs: 25_000,
    limit: 1,
    pausedMs: 0,
  })
  expect(seen[12]).toMatchObject({ done: 13, failed: 1, etaMs: 13_000 })
  expect(seen.at(-1)).toMatchObject({ done: 26, etaMs: 0 })
})

it('stops when it is told to, without a trial that was under way', async () => {
  const stop = new AbortController()
  const begun: string[] = []
  const target = (input: string): unknown => {
    begun.push(input)
    if (input !== 'd') return input
    stop.abort(new Error('enough'))
    return new Promise(() => undefined)
  }
  const { trials, footer } = await suiteOf({ target, concurrency: 1 }).run({ signal: stop.signal })
  expect(trials.map(({ id }) => id)).toEqual(['a', 'b', 'c'])
  expect(footer).toMatchObject({ ended: 'aborted', trials: 3 })
  expect(begun).toEqual(['a', 'b', 'c', 'd'])
})
