import { join } from 'node:path'
import { recordVariable } from '../../record/recorded-calls.ts'
import { collectCases } from '../../suite/collect-cases.ts'
import { readRun } from '../../suite/run-log.ts'
import type { EvalRun } from '../../suite/run-file.ts'
import type { RunOptions, Suite } from '../../suite/suite.ts'
import { baselineFor, checkJudging, confirmed, judged, type Judged } from '../judge-run.ts'
import { loadSuite } from '../load-suite.ts'
import { fileAt, numberOf, usage, type CliOptions, type Flags } from '../options.ts'
import { placesOf, runFiles, runName } from '../places.ts'
import { progressBar } from '../progress.ts'
import { watch } from '../watch.ts'
import { writeReports } from '../write-reports.ts'
import { streamForPeople } from '../say.ts'

/** `--on-inconclusive=rerun` looks at most so often, each time at a share of alpha, so that all looks together keep it. */
const mostLooks = 3

/** `sluice-eval run <suite>` */
export async function run(options: CliOptions): Promise<number> {
  const { flags } = options
  const source = fileAt(options, 0, 'a suite file')
  if (flags.watch) return await watch(source, process.argv.slice(3))
  // Set before the suite is loaded: its recordedCalls() reads it when it is made.
  if (flags.record !== undefined && flags.replay !== undefined) throw usage('Give --record or --replay, not both.')
  if (flags.record !== undefined) process.env[recordVariable] = `record:${flags.record}`
  if (flags.replay !== undefined) process.env[recordVariable] = `replay:${flags.replay}`
  const suite = await loadSuite(source)
  const file = flags.out ?? runFileOf(suite.name, flags)
  const stream = streamForPeople(flags)
  const stop = new AbortController()
  const interrupt = (): void => stop.abort(new Error('interrupted'))
  process.once('SIGINT', interrupt)
  try {
    const { ended, result } = await runAndJudge(suite, file, options, stop.signal)
    const cases = flags.html === undefined ? [] : await collectCases(suite.name, suite.options.cases)
    writeReports(result, options, new Map(cases.map((entry) => [entry.id, entry])))
    if (result.triedAgain !== undefined) stream.write(`  ${result.triedAgain}\n`)
    stream.write(`  ${file}\n`)
    if (ended === 'aborted') {
      stream.write(`  stopped: go on with  sluice-eval run ${source} --out ${file} --resume\n`)
      return 2
    }
    return result.gate.exitCode
  } finally {
    process.off('SIGINT', interrupt)
  }
}

/** A new file, or the newest where that is to be gone on with. */
function runFileOf(suite: string, { dir, resume }: Flags): string {
  const { runs } = placesOf(dir, suite)
  return (resume ? runFiles(runs).at(-1) : undefined) ?? join(runs, runName(Date.now()))
}

async function runAndJudge(
  suite: Suite,
  file: string,
  options: CliOptions,
  signal: AbortSignal,
): Promise<{ readonly ended: string | undefined; readonly result: Judged }> {
  const { flags } = options
  const bar = progressBar(flags.ci ? ({ isTTY: false } as NodeJS.WriteStream) : process.stderr)
  const settings = { ...runOptions(options), file, signal, onProgress: bar.show }
  const repeats = settings.repeats ?? suite.options.repeats ?? 1
  const rerun = flags['on-inconclusive'] === 'rerun'
  const alpha = (numberOf('alpha', flags.alpha) ?? 0.05) / (rerun ? mostLooks : 1)
  checkJudging(options)
  const baseline = baselineFor(suite.name, options)
  let footer = (await suite.run(settings)).footer
  let result = judgedFile()
  for (let look = 1; rerun && look < mostLooks && result.comparison?.verdict === 'inconclusive'; look += 1) {
    footer = (await suite.run({ ...settings, resume: true, repeats, firstTrial: look * repeats })).footer
    result = judgedFile()
  }
  if (footer?.ended === 'complete') result = await confirmed(suite, result, options, { signal, onProgress: bar.show })
  bar.end()
  return { ended: footer?.ended, result }

  // Outputs are in the file only: what is in memory of a run has none.
  function judgedFile(): Judged {
    const whole: EvalRun = readRun(file)
    return judged(whole, baseline, options, rerun ? alpha : undefined)
  }
}

function runOptions({ flags }: CliOptions): RunOptions {
  const repeats = numberOf('repeats', flags.repeats)
  const { only } = flags
  return {
    resume: flags.resume,
    labels: Object.fromEntries(flags.label.map(labelOf)),
    ...(repeats !== undefined && { repeats }),
    ...(flags.shard !== undefined && { shard: shardOf(flags.shard) }),
    ...(only !== undefined && {
      only: ({ id, tags = [] }) => id.includes(only) || tags.some((tag) => tag.includes(only)),
    }),
  }
}

function labelOf(text: string): readonly [string, string] {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? []
  if (name === undefined) throw usage(`--label must be name=text, got "${text}".`)
  return [name, value as string]
}

function shardOf(text: string): { readonly index: number; readonly of: number } {
  const [, index, of] = /^(\d+)\/(\d+)$/.exec(text) ?? []
  if (index === undefined) throw usage(`--shard must be like 1/4, got "${text}".`)
  return { index: Number(index), of: Number(of) }
}
