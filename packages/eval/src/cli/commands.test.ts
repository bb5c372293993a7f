import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { coreUrl, openaiUrl, packageUrl, plainSuite, workplace, type Workplace } from '../../fixtures/command.ts'

function place(): Workplace {
  const made = workplace()
  made.write('suite.ts', plainSuite)
  return made
}

// Many processes, one after another: time for a machine that is busy.
describe('sluice-eval', () => {
  it('tells its version and its help', async () => {
    const { run } = workplace()
    const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
    const { version } = JSON.parse(manifest) as { readonly version: string }
    expect(await run(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
    const all = await run([])
    expect(all.code).toBe(0)
    for (const command of ['run', 'compare', 'bless', 'plan', 'aa', 'audit-judge', 'history', 'merge', 'report'])
      expect(all.stdout).toContain(`\n  sluice-eval ${command} `)
    expect((await run(['help', 'plan'])).stdout).not.toContain('sluice-eval bless')
    expect(await run(['plan', '--help'])).toEqual(await run(['help', 'plan']))
  })

  it.each([
    [['walk'], 'cli.usage: There is no command "walk". See sluice-eval --help.'],
    [['constructor'], 'cli.usage: There is no command "constructor".'],
    [['run'], 'cli.usage: Give a suite file.'],
    [['run', 'suite.ts', '--wrong'], "cli.usage: Unknown option '--wrong'"],
    [['run', 'suite.ts', '--repeats', 'many'], 'cli.usage: --repeats must be a number, got "many".'],
    [['run', 'suite.ts', '--repeats', '0'], 'config.option: suite.run: "repeats" must be a whole number'],
    [['run', 'suite.ts', '--shard', 'half'], 'cli.usage: --shard must be like 1/4, got "half".'],
    [['run', 'suite.ts', '--shard', '5/4'], 'config.option: suite.run: "shard.index"'],
    [['run', 'suite.ts', '--label', 'abc'], 'cli.usage: --label must be name=text, got "abc".'],
    [['run', 'suite.ts', '--on-inconclusive', 'maybe'], 'cli.usage: --on-inconclusive must be pass, fail or rerun'],
    [['run', 'suite.ts', '--record', 'a', '--replay', 'a'], 'cli.usage: Give --record or --replay, not both.'],
    [['run', 'nothing.ts'], 'cli.suite: "nothing.ts" is not there.'],
    [['run', 'empty.ts'], 'cli.suite: "empty.ts" exports no suite'],
    [['run', 'suite.ts', '--confirm', '1.5'], 'cli.usage: --confirm must be a whole number, 0 for none, got "1.5".'],
    [['run', 'suite.ts', '--margin', 'x'], 'cli.usage: --margin must be a number, got "x".'],
    [['run', 'suite.ts', '--audit', 'nothing.json'], 'eval.no_file: There is no file "nothing.json".'],
    [['run', 'suite.ts', '--baseline', 'nothing.jsonl'], 'eval.no_file: There is no file "nothing.jsonl".'],
    [['compare', 'nothing.jsonl', 'b.jsonl'], 'eval.no_file: There is no file "nothing.jsonl".'],
    [['compare', 'suite.ts', 'suite.ts'], 'eval.bad_run_file: Line 2 of the run file "suite.ts" is not JSON.'],
    [['merge', 'out.jsonl'], 'cli.usage: Give the run files to put together.'],
    [['audit-judge', 'suite.ts', 'labels.jsonl'], 'cli.usage: The suite has no such judge.'],
  ])('ends with 2 and says why: %j', async (args, why) => {
    const { run, write, path } = place()
    write('empty.ts', 'export const nothing = 1\n')
    const { code, stdout, stderr } = await run(args)
    expect(code).toBe(2)
    expect(stderr.startsWith(why), stderr).toBe(true)
    // Ours are one line; where they come from helps nobody.
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    expect(stdout).toBe('')
    // Nothing was run, let alone paid for.
    expect(existsSync(path('.sluice-eval'))).toBe(false)
  })

  it('shows where a failure of the suite itself comes from', async () => {
    const { run, write } = workplace()
    write('suite.ts', 'throw new Error("my own fault")\n')
    const { code, stderr } = await run(['run', 'suite.ts'])
    expect(code).toBe(2)
    expect(stderr).toMatch(/my own fault[\s\S]*suite\.ts:1/)
  })

  it('takes a suite by any name, and one whose cases can be read once only', async () => {
    const { run, write, path } = workplace()
    const text = plainSuite.replace('export default', 'export const mine =')
    write(
      'suite.ts',
      text.replace('Array.from(', '(function* (list) { yield* list })(Array.from(').replace('})),', '}))),'),
    )
    expect(await run(['run', 'suite.ts', '--html', 'report.html'])).toMatchObject({ code: 0, stderr: '' })
    expect(readFileSync(path('report.html'), 'utf8')).toContain('"case-39"')
    expect(await run(['aa', 'suite.ts'])).toMatchObject({ code: 0, stderr: '' })
    write('two.ts', `${text}\nexport const other = mine`)
    expect((await run(['run', 'two.ts'])).stderr).toContain('cli.suite: "two.ts" exports 2 suites')
  })

  it('compares two files, by the options of the comparison', async () => {
    const { run } = place()
    await run(['run', 'suite.ts', '--out', 'a.jsonl'])
    await run(['run', 'suite.ts', '--out', 'b.jsonl'], { BAD: '2,3,4,5,6,7' })
    expect((await run(['compare', 'b.jsonl', 'a.jsonl'])).code).toBe(1)
    expect((await run(['compare', 'a.jsonl', 'b.jsonl'])).stdout).toContain('verdict: improved on exact')
    const margin = await run(['compare', 'b.jsonl', 'a.jsonl', '--margin', '0.4'])
    expect(margin.stdout).toContain('not worse (margin 40.0)')
    expect(margin.code).toBe(0)
    expect((await run(['compare', 'b.jsonl', 'a.jsonl', '--alpha', '0.001'])).code).toBe(0)
    expect((await run(['report', 'b.jsonl', '--baseline', 'a.jsonl'])).code).toBe(1)
  })

  it('takes a history, and holds single cases against it', async () => {
    const { run, path } = place()
    for (const name of ['a', 'b', 'c']) {
      await run(['run', 'suite.ts', '--repeats', '8', '--out', `${name}.jsonl`])
      await run(['bless', ...(name === 'a' ? [] : ['--add']), `${name}.jsonl`])
    }
    expect(readdirSync(path('.sluice-eval/history/plain'))).toHaveLength(2)
    const broken = await run(['run', 'suite.ts', '--repeats', '8'], { BAD: '5' })
    expect(broken.code).toBe(1)
    // By fresh trials alone.
    expect(broken.stdout).toMatch(/broken: case-5 by exact \(24\/24 → 0\/4, q = 0\.00\d\d\)/)
    expect(broken.stdout).toContain('  tried again: 1 case × 4, 1 broken\n')
    // A bad start that does not last breaks nothing; unless nobody looks again.
    const early = ['run', 'suite.ts', '--repeats', '8']
    const passing = await run(early, { BAD_EARLY: '5' })
    expect(passing.code).toBe(0)
    expect(passing.stdout).toContain('  tried again: 1 case × 4, 0 broken\n')
    expect(passing.stdout).not.toContain('broken: ')
    const believed = await run([...early, '--confirm', '0'], { BAD_EARLY: '5' })
    expect(believed.code).toBe(1)
    expect(believed.stdout).toContain('broken: case-5 by exact (24/24 → 0/8, q = 0.0000)')
    // A new baseline begins a new history.
    await run(['bless', 'c.jsonl'])
    expect(readdirSync(path('.sluice-eval/history')).includes('plain')).toBe(false)
    expect((await run(['history', 'nobody'])).stdout).toBe('No runs of "nobody" in .sluice-eval\n')
  })

  it('plans from a run with repeats', async () => {
    const { run } = place()
    await run(['run', 'suite.ts', '--repeats', '4', '--out', 'pilot.jsonl'], { BAD_EVERY_OTHER: '1,2,3,4,5,6,7,8' })
    const planned = await run(['plan', 'pilot.jsonl', '--difference', '0.02'])
    expect(planned.code).toBe(0)
    expect(planned.stdout).toMatch(
      /^exact: to see a fall of 2\.0 points\n {2}1 × \d+ cases \(with the 40 of now: falls of/,
    )
    const cases = [...planned.stdout.matchAll(/(\d+) × (\d+) cases/g)].map(([, , count]) => Number(count))
    expect(cases).toHaveLength(5)
    expect(cases.toSorted((a, b) => b - a)).toEqual(cases)
    const sharper = await run(['plan', 'pilot.jsonl', '--difference', '0.02', '--power', '0.95'])
    expect(Number(/1 × (\d+) cases/.exec(sharper.stdout)?.[1])).toBeGreaterThan(cases[0] as number)
    await run(['run', 'suite.ts', '--out', 'single.jsonl'])
    expect((await run(['plan', 'single.jsonl'])).stderr).toMatch(/^eval\.needs_repeats: /)
  })

  it('shows the noise floor, and a false alarm where there is one', async () => {
    const { run } = place()
    const calm = await run(['aa', 'suite.ts'], { BAD_EVERY_OTHER: '1,2' })
    expect(calm.code).toBe(0)
    expect(calm.stdout).toMatch(
      /^exact: two runs of the same differ by ±0\.0 points, ±\d\.\d is noise; 2 of 40 cases flaky; .*no alarm\n$/,
    )
    // A target that is worse in its later trials is not the same twice.
    const text = plainSuite.replace('(isBad(input, trial)', '(trial >= 2 && input < 15')
    const drifting = workplace()
    drifting.write('suite.ts', text)
    const alarm = await drifting.run(['aa', 'suite.ts'])
    expect(alarm.code).toBe(1)
    expect(alarm.stdout).toContain('FALSE ALARM')
  })

  it('audits a judge, and shows in reports how far it is to be trusted', async () => {
    const { run, write } = workplace()
    write(
      'suite.ts',
      `
import OpenAI from ${JSON.stringify(openaiUrl)}
import { sluice } from ${JSON.stringify(coreUrl)}
import { fakeProvider } from ${JSON.stringify(new URL('testing/index.ts', coreUrl).href)}
import { defineSuite, judge } from ${JSON.stringify(packageUrl)}
const provider = fakeProvider()
provider.on(
  () => true,
  ({ lastUserText }) => JSON.stringify({ criteria: [{ id: 'c1', evidence: 'e', met: lastUserText.includes('kindly') ? 'yes' : 'no' }] }),
)
const client = sluice(new OpenAI({ apiKey: 'test', fetch: provider.fetch }), [])
export default defineSuite('judged', {
  cases: [{ id: 'one', input: 'Hello?' }],
  target: () => 'We kindly greet you.',
  scorers: [judge({ client, model: 'judge-model', criteria: ['Is the tone right?'], name: 'tone' })],
})
`,
    )
    const labelled = Array.from({ length: 12 }, (_, index) => ({
      input: 'Hello?',
      output: index % 2 === 0 ? `We kindly greet you, ${index}.` : `What now, ${index}.`,
      label: index % 2 === 0,
    }))
    write('labels.jsonl', labelled.map((row) => JSON.stringify(row)).join('\n'))
    expect((await run(['run', 'suite.ts', '--no-baseline'])).stdout).toContain('judge unaudited')
    const audit = await run(['audit-judge', 'suite.ts', 'labels.jsonl', '--out', 'audits/tone.json'])
    expect(audit).toMatchObject({ code: 0, stderr: '' })
    expect(audit.stdout).toContain('tone (judge-model) on 12 labelled outputs')
    expect(audit.stdout).toContain('agreement with people  κ 1.00')
    expect(audit.stdout).toContain('agrees with itself     100.0 %')
    expect(audit.stdout).toMatch(/resists attacks {8}100\.0 %/)
    expect(audit.stdout).toContain('12 labels are few')
    const audited = await run(['run', 'suite.ts', '--audit', 'audits/tone.json'])
    expect(audited.stdout).toMatch(/judge κ 1\.00 \[.*\], bias [+−]0\.00, audited today/)
    write('labels.jsonl', '{"input":"Hello?"}')
    expect((await run(['audit-judge', 'suite.ts', 'labels.jsonl'])).stderr).toContain('Line 1 of "labels.jsonl" needs')
  })
})
