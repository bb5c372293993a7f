import { describe, expect, it } from 'vitest'
import { exact } from '../score/text-scorers.ts'
import type { Scorer } from '../score/scorer.ts'
import type { CaseSource } from './case.ts'
import { defineSuite, type SuiteOptions } from './suite.ts'

const echo: SuiteOptions = { cases: [{ input: 'a', expected: 'a' }], target: (input) => input, scorers: [exact()] }
const suiteOf = (cases: unknown): ReturnType<typeof defineSuite> =>
  defineSuite('echo', { ...echo, cases: cases as CaseSource })

describe('defineSuite', () => {
  it.each<[string, object]>([
    ['an option that there is none of', { retries: 2 }],
    ['cases that are none', { cases: 'cases.jsonl' }],
    ['a target that cannot be called', { target: 'gpt-4o' }],
    ['no scorers', { scorers: [] }],
    ['a scorer that is none', { scorers: [{ name: 'mine' }] }],
    ['two scorers of one name', { scorers: [exact(), exact()] }],
    ['half a repeat', { repeats: 1.5 }],
    ['no concurrency', { concurrency: 0 }],
    ['no time', { timeoutMs: 0 }],
    ['a negative budget', { budget: { targetUsd: -1 } }],
    ['a budget of NaN', { budget: { judgeUsd: Number.NaN } }],
    ['a budget that there is none of', { budget: { usd: 1 } }],
  ])('refuses %s', (_, options) => {
    expect(() => defineSuite('echo', { ...echo, ...options } as SuiteOptions)).toThrow(
      expect.objectContaining({ code: 'config.option' }),
    )
  })

  it('refuses to be without a name', () => {
    expect(() => defineSuite('', echo)).toThrow(expect.objectContaining({ code: 'config.option' }))
  })

  it.each<[string, object]>([
    ['an option that there is none of', { out: 'run.jsonl' }],
    ['no repeats', { repeats: 0 }],
    ['a negative first trial', { firstTrial: -1 }],
    ['part 0 of 2', { shard: { index: 0, of: 2 } }],
    ['part 3 of 2', { shard: { index: 3, of: 2 } }],
    ['part 1 of 0', { shard: { index: 1, of: 0 } }],
  ])('refuses to run with %s', async (_, options) => {
    await expect(defineSuite('echo', echo).run(options)).rejects.toMatchObject({ code: 'config.option' })
  })
})

describe('cases', () => {
  it.each<[string, unknown]>([
    ['an array', [{ input: 'a', expected: 'a' }]],
    ['a function', () => [{ input: 'a', expected: 'a' }]],
    ['a function that takes its time', async () => [{ input: 'a', expected: 'a' }]],
    [
      'an async generator',
      async function* () {
        yield { input: 'a', expected: 'a' }
      },
    ],
    ['a set', new Set([{ input: 'a', expected: 'a' }])],
  ])('come from %s', async (_, cases) => {
    const { trials } = await suiteOf(cases).run()
    expect(trials).toMatchObject([{ scores: { exact: { status: 'scored', score: 1 } } }])
  })

  it('get ids by what they hold, whatever the order of fields, and clusters by their ids', async () => {
    const ids = async (input: unknown): Promise<string[]> =>
      (await suiteOf([{ input }]).run()).trials.flatMap(({ id, cluster }) => [id, cluster])
    const [id, cluster] = await ids({ a: 1, b: { c: 2, d: 3 } })
    expect(id).toMatch(/^[0-9a-f]{16}$/)
    expect(cluster).toBe(id)
    expect(await ids({ b: { d: 3, c: 2 }, a: 1 })).toEqual([id, id])
    expect(await ids({ a: 1, b: { c: 2, d: 4 } })).not.toContain(id)
  })

  it('must not be none', async () => {
    await expect(suiteOf([]).run()).rejects.toMatchObject({ code: 'eval.no_cases', details: { suite: 'echo' } })
  })

  it('must not have one id twice, nor be the same twice', async () => {
    await expect(
      suiteOf([
        { id: 'a', input: 1 },
        { id: 'b', input: 1 },
        { id: 'a', input: 2 },
      ]).run(),
    ).rejects.toMatchObject({
      code: 'eval.duplicate_case',
      details: { id: 'a', positions: [0, 2] },
    })
    await expect(suiteOf([{ input: 1 }, { input: 1 }]).run()).rejects.toThrow(/same input and expected/)
  })

  const circle: Record<string, unknown> = {}
  circle['self'] = circle
  it.each<[string, unknown, string]>([
    ['are no objects', 'a', 'not an object'],
    ['are null', null, 'not an object'],
    ['have no input', { id: 'a' }, 'no "input"'],
    ['have an empty id', { id: '', input: 1 }, '"id"'],
    ['have a number for an id', { id: 7, input: 1 }, '"id"'],
    ['have an empty cluster', { cluster: '', input: 1 }, '"cluster"'],
    ['have tags that are no list', { tags: 'a', input: 1 }, '"tags"'],
    ['have criteria that are no texts', { criteria: [1], input: 1 }, '"criteria"'],
    ['hold what JSON cannot', { id: 'a', input: 1n }, 'JSON'],
    ['hold themselves', { id: 'a', input: 1, expected: circle }, 'JSON'],
  ])('are refused that %s', async (_, entry, message) => {
    const run = suiteOf([{ input: 'fine' }, entry]).run()
    await expect(run).rejects.toMatchObject({ code: 'eval.bad_case', details: { position: 1 } })
    await expect(run).rejects.toThrow(message)
  })
})

it('says in its header what it was', async () => {
  const judge: Scorer = { ...exact({ name: 'judge' }), isJudge: true, models: ['gpt-4o', 'gpt-4o'] }
  const suite = defineSuite('echo', { ...echo, scorers: [exact(), judge], repeats: 2 })
  const { header, footer } = await suite.run({ labels: { commit: 'abc' } })
  expect(header).toMatchObject({
    kind: 'run',
    version: 1,
    suite: 'echo',
    scorers: { exact: exact().version, judge: exact().version },
    judgeModels: ['gpt-4o'],
    repeats: 2,
    cases: 1,
    labels: { commit: 'abc' },
  })
  expect(footer).toMatchObject({ kind: 'end', trials: 2, ended: 'complete', unpriced: 0 })
  const other = await defineSuite('echo', { ...echo, scorers: [exact()] }).run()
  expect(other.header.fingerprint).not.toBe(header.fingerprint)
  expect(other.header.runId).not.toBe(header.runId)
})
