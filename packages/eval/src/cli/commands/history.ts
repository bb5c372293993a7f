import { existsSync } from 'node:fs'
import { summarise } from '../../compare/summarise.ts'
import { dollars, interval, score } from '../../report/figures.ts'
import { readRun } from '../../suite/run-log.ts'
import { fileAt, type CliOptions } from '../options.ts'
import { placesOf, runFiles } from '../places.ts'
import { say } from '../say.ts'

/** `sluice-eval history <suite name>` */
export function history(options: CliOptions): number {
  const suite = fileAt(options, 0, 'the name of a suite')
  const places = placesOf(options.flags.dir, suite)
  const files = [
    ...(existsSync(places.baseline) ? [['baseline', places.baseline] as const] : []),
    ...runFiles(places.history).map((file) => ['history', file] as const),
    ...runFiles(places.runs).map((file) => ['run', file] as const),
  ]
  if (files.length === 0) say(`No runs of "${suite}" in ${options.flags.dir}`)
  for (const [kind, file] of files) {
    const run = readRun(file)
    const { metrics, targetNanoUsd } = summarise(run)
    const means = metrics.map(({ scorer, mean }) =>
      mean ? `${scorer} ${score(mean.mean)} ${interval(mean.low, mean.high)}` : `${scorer} none`,
    )
    const labels = Object.entries(run.header.labels).map(([name, text]) => `${name}=${text}`)
    const at = new Date(run.header.startedAtMs).toISOString().slice(0, 16)
    say(
      [kind.padEnd(8), at, ...means, dollars(targetNanoUsd), ...labels, run.footer?.ended ?? 'unfinished'].join('   '),
    )
  }
  return 0
}
