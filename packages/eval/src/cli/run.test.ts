import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { plainSuite, workplace, type Workplace } from '../../fixtures/command.ts'
import { readRun } from '../suite/run-log.ts'

function place(): Workplace {
  const made = workplace()
  made.write('suite.ts', plainSuite)
  return made
}

const half = Array.from({ length: 20 }, (_, index) => index + 10).join()

// Many processes, one after another: time for a machine that is busy.
describe('sluice-eval run', () => {
  it('runs, keeps a run file, is blessed, and is held against the baseline from then on', async () => {
    const { run, path } = place()
    const first = await run(['run', 'suite.ts', '--label', 'commit=abc'])
    expect(first).toMatchObject({ code: 0, stderr: '' })
    expect(first.stdout).toMatch(/^plain {3}40 cases {3}\$0\n {2}exact {3}1\.000 \[/)
    const [name] = readdirSync(path('.sluice-eval/runs/plain'))
    const file = `.sluice-eval/runs/plain/${name}`
    expect(first.stdout).toContain(file)
    expect(readRun(path(file)).header.labels).toEqual({ commit: 'abc' })

    const blessed = await run(['bless', file])
    expect(blessed).toMatchObject({
      code: 0,
      stdout: 'plain: .sluice-eval/baselines/plain.jsonl is now this run of 40 cases\n',
    })
    const same = await run(['run', 'suite.ts', '--ci'])
    expect(same.code).toBe(0)
    expect(same.stdout).toContain('against abc')
    expect(same.stdout).toContain('verdict: not-worse')

    const worse = await run(['run', 'suite.ts'], { BAD: half })
    expect(worse.code).toBe(1)
    expect(worse.stdout).toMatch(/verdict: REGRESSED on exact/)
    // The same, without anything to compare with.
    expect((await run(['run', 'suite.ts', '--no-baseline'], { BAD: half })).code).toBe(0)
    const history = await run(['history', 'plain'])
    expect(history.stdout.trim().split('\n')).toHaveLength(5)
    expect(history.stdout).toMatch(/^baseline.*exact 1\.000 .*commit=abc.*complete$/m)
    expect(history.stdout).toMatch(/^run .*exact 0\.500 /m)
  })

  it('ends with 3 when it is inconclusive and that is to fail, and goes on by itself when that is wanted', async () => {
    const { run, path } = place()
    await run(['run', 'suite.ts', '--out', 'base.jsonl'])
    const against = ['run', 'suite.ts', '--baseline', 'base.jsonl', '--margin', '0.05']
    const env = { BAD_FIRST: '3,4' }
    const passed = await run([...against, '--out', 'a.jsonl'], env)
    expect(passed.code).toBe(0)
    expect(passed.stdout).toContain('verdict: inconclusive on exact')
    expect(passed.stdout).toContain('what would settle it: exact: ')
    expect((await run([...against, '--out', 'b.jsonl', '--on-inconclusive', 'fail'], env)).code).toBe(3)

    const settled = await run([...against, '--out', 'c.jsonl', '--on-inconclusive=rerun'], env)
    expect(settled).toMatchObject({ code: 0, stderr: '' })
    expect(settled.stdout).toContain('verdict: not-worse')
    expect(new Set(readRun(path('c.jsonl')).trials.map(({ trial }) => trial))).toEqual(new Set([0, 1, 2]))
  })

  it('fails with 1 for a case that must pass, 2 when too little is scored', async () => {
    const { run, write } = place()
    const must = await run(['run', 'suite.ts', '--must-pass', 'safety'], { BAD: '1' })
    expect(must.code).toBe(1)
    expect(must.stdout).toContain('gate: Cases that must pass did not: case-1.')
    expect((await run(['run', 'suite.ts', '--must-pass', 'safety'], { BAD: '7' })).code).toBe(0)

    write('unscored.ts', plainSuite.replace("expected: 'yes'", "expected: input < 4 ? undefined : 'yes'"))
    const unscored = await run(['run', 'unscored.ts'])
    expect(unscored.code).toBe(2)
    expect(unscored.stdout).toContain('scored too few: 10.0 % of 40 trials have no score (limit 2.0 %).')
    expect((await run(['run', 'unscored.ts', '--max-unscored', '0.1'])).code).toBe(0)
  })

  it('runs only some cases, and does not miss the others', async () => {
    const { run, path } = place()
    await run(['run', 'suite.ts', '--out', 'base.jsonl'])
    const only = await run(['run', 'suite.ts', '--only', 'safety', '--out', 'some.jsonl', '--baseline', 'base.jsonl'])
    expect(only.code).toBe(0)
    expect(readRun(path('some.jsonl')).trials.map(({ id }) => id)).toEqual(['case-0', 'case-1'])
    const blessed = await run(['bless', 'some.jsonl'])
    expect(blessed.code).toBe(2)
    expect(blessed.stderr).toMatch(/^eval\.unfinished: "some\.jsonl" is not a run of all cases/)
  })

  it('goes on with the run that was cut off, and repeats nothing', async () => {
    const { run, write, path } = place()
    const whole = await run(['run', 'suite.ts'])
    const [name] = readdirSync(path('.sluice-eval/runs/plain'))
    const file = `.sluice-eval/runs/plain/${name}`
    expect(whole.stdout).toContain(file)
    const lines = readFileSync(path(file), 'utf8').split('\n')
    // Killed in the middle of a line.
    write(file, [...lines.slice(0, 21), lines[21]?.slice(0, 40)].join('\n'))
    const resumed = await run(['run', 'suite.ts', '--resume'])
    expect(resumed.code).toBe(0)
    expect(resumed.stdout).toContain(file)
    expect(readdirSync(path('.sluice-eval/runs/plain'))).toEqual([name])
    const after = readFileSync(path(file), 'utf8').trimEnd().split('\n')
    expect(after.slice(0, 21)).toEqual(lines.slice(0, 21))
    expect(after.filter((line) => line.startsWith('{"kind":"trial"'))).toHaveLength(40)

    const again = await run(['run', 'suite.ts', '--out', file])
    expect(again.code).toBe(2)
    expect(again.stderr).toMatch(/^eval\.run_exists: /)
  })

  it('is put together of its parts as if it had been run in one', async () => {
    const { run, path } = place()
    const env = { BAD: '1,5,8,13,21,34' }
    await run(['run', 'suite.ts', '--out', 'base.jsonl'])
    await run(['run', 'suite.ts', '--out', 'whole.jsonl'], env)
    const parts = await Promise.all(
      [1, 2, 3].map((part) => run(['run', 'suite.ts', '--shard', `${part}/3`, '--out', `part-${part}.jsonl`], env)),
    )
    expect(parts.map(({ code }) => code)).toEqual([0, 0, 0])
    const merged = await run(['merge', 'all.jsonl', 'part-2.jsonl', 'part-1.jsonl', 'part-3.jsonl'])
    expect(merged).toMatchObject({ code: 0, stdout: 'all.jsonl: 40 trials of 3 parts\n' })
    const outcomes = (file: string): unknown =>
      readRun(path(file))
        .trials.map(({ id, digest, output, scores }) => ({ id, digest, output, scores }))
        .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    expect(outcomes('all.jsonl')).toEqual(outcomes('whole.jsonl'))

    const compared = async (file: string): Promise<unknown> => {
      const { code, stdout } = await run(['compare', file, 'base.jsonl', '--json', '-'])
      const { comparison, gate } = JSON.parse(stdout) as { readonly comparison: unknown; readonly gate: unknown }
      return { code, comparison, gate }
    }
    expect(await compared('all.jsonl')).toEqual(await compared('whole.jsonl'))

    expect((await run(['merge', 'all.jsonl', 'part-1.jsonl', 'part-2.jsonl', 'part-3.jsonl'])).stderr).toMatch(
      /^eval\.run_exists: /,
    )
    const missing = await run(['merge', 'two.jsonl', 'part-1.jsonl', 'part-2.jsonl'])
    expect(missing.code).toBe(2)
    expect(missing.stderr).toContain('it takes each of 1/3, 2/3, 3/3 once')
    expect((await run(['bless', 'part-1.jsonl'])).code).toBe(2)
  })

  it('writes its reports', async () => {
    const { run, path } = place()
    const files = ['--json', 'out/r.json', '--junit', 'out/r.xml', '--html', 'out/r.html', '--github', 'out/r.md']
    const { code, stdout } = await run(['run', 'suite.ts', '--ci', ...files], { GITHUB_STEP_SUMMARY: path('job.md') })
    expect(code).toBe(0)
    expect(stdout).not.toContain('\u001B')
    expect(JSON.parse(readFileSync(path('out/r.json'), 'utf8'))).toMatchObject({
      run: { suite: 'plain' },
      gate: { ok: true },
    })
    expect(readFileSync(path('out/r.xml'), 'utf8')).toContain('<testcase classname="plain" name="case-39"')
    // Cases are shown with what they ask.
    expect(readFileSync(path('out/r.html'), 'utf8')).toContain('"input":"39","expected":"yes"')
    expect(readFileSync(path('job.md'), 'utf8')).toBe(readFileSync(path('out/r.md'), 'utf8'))
  })
})
