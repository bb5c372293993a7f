import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { exact } from '../score/text-scorers.ts'
import { parseRun, readRun, withoutOutput } from './run-log.ts'
import { defineSuite, type SuiteOptions } from './suite.ts'

let folder = ''
let file = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-eval-'))
  file = join(folder, 'deep', 'run.jsonl')
})
afterEach(() => rmSync(folder, { recursive: true }))

const cases = Array.from({ length: 10 }, (_, index) => ({ id: `${index}`, input: `text ${index}` }))

/** A suite that counts how often each trial was begun. */
function counted(options: Partial<SuiteOptions<string, unknown>> = {}) {
  const begun = new Map<string, number>()
  const target = (input: string, { case: { id }, trial }: { case: { id: string }; trial: number }): string => {
    begun.set(`${id} ${trial}`, (begun.get(`${id} ${trial}`) ?? 0) + 1)
    return input
  }
  const scorers = [exact({ expected: ({ case: { input } }) => input })]
  return { begun, suite: defineSuite<string, unknown>('counted', { cases, target, scorers, repeats: 2, ...options }) }
}
const linesOf = (): string[] => readFileSync(file, 'utf8').trimEnd().split('\n')

describe('a run file', () => {
  it('has a header, a line a trial with its output, and an end', async () => {
    const { suite } = counted()
    const run = await suite.run({ file })
    const lines = linesOf().map((line) => JSON.parse(line) as { kind: string; output?: unknown })
    expect(lines.map(({ kind }) => kind)).toEqual(['run', ...Array.from({ length: 20 }, () => 'trial'), 'end'])
    expect(lines[1]?.output).toBe('text 0')
    // Outputs of a run with a file are in the file alone.
    expect(run.trials[0]).not.toHaveProperty('output')
    const read = readRun(file)
    expect(read.header).toEqual(run.header)
    expect(read.footer).toEqual(run.footer)
    expect(read.trials.map(withoutOutput)).toEqual(expect.arrayContaining([...run.trials]))
  })

  it('is not written over', async () => {
    const { suite } = counted()
    await suite.run({ file })
    await expect(suite.run({ file })).rejects.toMatchObject({ code: 'eval.run_exists' })
  })
})

describe('resume', () => {
  it('begins a file that is not there', async () => {
    const { trials } = await counted().suite.run({ file, resume: true })
    expect(trials).toHaveLength(20)
  })

  it('does what is missing, and nothing twice, however much of the last line there is', async () => {
    await counted().suite.run({ file })
    const whole = readFileSync(file, 'utf8')
    const [header, ...rest] = whole.trimEnd().split('\n') as [string, ...string[]]
    const torn = rest[7] as string
    for (const kept of ['', torn.slice(0, 1), torn.slice(0, -1), torn]) {
      writeFileSync(file, [header, ...rest.slice(0, 7), kept].join('\n'))
      const { suite, begun } = counted()
      const run = await suite.run({ file, resume: true })
      // A whole line without its end is not known to be whole.
      expect(begun.size).toBe(13)
      expect(new Set(begun.values())).toEqual(new Set([1]))
      expect(run.trials).toHaveLength(20)
      expect(run.footer).toMatchObject({ trials: 20, ended: 'complete' })
      const read = readRun(file)
      expect(read.trials).toHaveLength(20)
      expect(read.header.runId).toBe(run.header.runId)
      expect(linesOf()).toHaveLength(22)
    }
  })

  it('begins anew what was killed within its first line', async () => {
    await counted().suite.run({ file })
    writeFileSync(file, (linesOf()[0] as string).slice(0, 20))
    const { trials } = await counted().suite.run({ file, resume: true })
    expect(trials).toHaveLength(20)
    expect(readRun(file).trials).toHaveLength(20)
  })

  it('repeats nothing of a run that is done', async () => {
    await counted().suite.run({ file })
    const { suite, begun } = counted()
    expect((await suite.run({ file, resume: true })).trials).toHaveLength(20)
    expect(begun.size).toBe(0)
  })

  it('goes on with a run that was stopped', async () => {
    const stop = new AbortController()
    const first = await counted({ concurrency: 1 }).suite.run({
      file,
      signal: stop.signal,
      onProgress: ({ done }) => done === 6 && stop.abort(),
    })
    expect(first.footer?.ended).toBe('aborted')
    const { suite, begun } = counted()
    const second = await suite.run({ file, resume: true })
    expect(begun.size).toBe(14)
    expect(second.trials).toHaveLength(20)
    expect(readRun(file).footer?.ended).toBe('complete')
  })

  it('tries again what failed, unless told not to', async () => {
    const failing = counted({
      target: (input) => {
        if (input === 'text 3') throw new Error('down')
        return input
      },
    })
    await failing.suite.run({ file })
    expect(
      (await counted().suite.run({ file, resume: true, retryErrors: false })).trials.filter(({ error }) => error),
    ).toHaveLength(2)
    const { suite, begun } = counted()
    const { trials } = await suite.run({ file, resume: true })
    expect([...begun.keys()]).toEqual(['3 0', '3 1'])
    expect(trials.filter(({ error }) => error)).toEqual([])
    expect(readRun(file).trials.filter(({ error }) => error)).toEqual([])
  })

  it('adds repeats', async () => {
    await counted().suite.run({ file })
    const { suite, begun } = counted()
    const run = await suite.run({ file, resume: true, repeats: 2, firstTrial: 2 })
    expect(begun.size).toBe(20)
    expect(run.trials).toHaveLength(40)
  })

  it.each<[string, Parameters<typeof counted>[0]]>([
    ['cases', { cases: [...cases, { id: 'new', input: 'new' }] }],
    ['inputs', { cases: cases.map((entry) => ({ ...entry, input: 'other' })) }],
    ['scorers', { scorers: [exact({ name: 'other' })] }],
  ])('refuses a run of other %s', async (_, options) => {
    await counted().suite.run({ file })
    await expect(counted(options).suite.run({ file, resume: true })).rejects.toMatchObject({ code: 'eval.other_run' })
  })

  it('refuses a run of another part', async () => {
    await counted().suite.run({ file, shard: { index: 1, of: 2 } })
    const other = counted().suite.run({ file, resume: true, shard: { index: 2, of: 2 } })
    await expect(other).rejects.toMatchObject({ code: 'eval.other_run' })
  })

  it('refuses what is broken in its midst', async () => {
    await counted().suite.run({ file })
    const lines = linesOf()
    writeFileSync(file, [...lines.slice(0, 3), '{"kind":', ...lines.slice(3)].join('\n'))
    const broken = counted().suite.run({ file, resume: true })
    await expect(broken).rejects.toMatchObject({ code: 'eval.bad_run_file', details: { line: 4 } })
  })
})

describe('parseRun', () => {
  it.each([
    ['nothing', '', 1],
    ['a trial without a header', '{"kind":"trial"}\n', 1],
    ['another version', '{"kind":"run","version":2}\n', 1],
    ['another kind of line', '{"kind":"run","version":1}\n{"kind":"what"}\n', 2],
    ['no object', '{"kind":"run","version":1}\nnull\n', 2],
  ])('refuses %s', (_, text, line) => {
    expect(() => parseRun(text)).toThrow(
      expect.objectContaining({ code: 'eval.bad_run_file', details: { name: 'run', line } }),
    )
  })

  it('takes the last of two lines of one trial, and leaves out a last line that was cut off', async () => {
    await counted().suite.run({ file })
    const trial = JSON.parse(linesOf()[1] as string) as object
    appendFileSync(file, `${JSON.stringify({ ...trial, output: 'again' })}\n{"kind":"tri`)
    const { trials } = readRun(file)
    expect(trials).toHaveLength(20)
    expect(trials[0]?.output).toBe('again')
  })
})

it('repeats nothing after a kill -9 at half', async () => {
  const root = new URL('../..', import.meta.url).pathname
  const count = join(folder, 'count.txt')
  writeFileSync(count, '')
  const start = (hangAfter: string, ...more: string[]) =>
    spawn(
      process.execPath,
      [
        '--conditions=@sluice/source',
        'src/cli/bin.ts',
        'run',
        'fixtures/counted.eval.ts',
        '--out',
        file,
        '--ci',
        ...more,
      ],
      {
        cwd: root,
        env: { ...process.env, COUNT_FILE: count, HANG_AFTER: hangAfter },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    )
  const first = start('20', '--no-baseline')
  let said = ''
  for await (const text of first.stderr) if ((said += String(text)).includes('hanging')) break
  first.kill('SIGKILL')
  await once(first, 'exit')
  expect(first.signalCode).toBe('SIGKILL')
  const before = readRun(file)
  expect(before.footer).toBeUndefined()
  expect(before.trials).toHaveLength(20)
  appendFileSync(file, '{"kind":"trial","id":"case-')

  const second = start('1000', '--no-baseline', '--resume')
  second.stdout.resume()
  second.stderr.resume()
  const [exitCode] = (await once(second, 'exit')) as [number]
  expect(exitCode).toBe(0)
  const answered = readFileSync(count, 'utf8').trimEnd().split('\n')
  expect(answered).toHaveLength(40)
  expect(new Set(answered).size).toBe(40)
  const after = readRun(file)
  expect(after.trials).toHaveLength(40)
  expect(after.header.runId).toBe(before.header.runId)
  expect(after.footer).toMatchObject({ ended: 'complete', trials: 40 })
})
