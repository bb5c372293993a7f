import { compare } from '../../compare/compare.ts'
import { noiseFloor } from '../../compare/noise.ts'
import { points } from '../../report/figures.ts'
import { loadSuite } from '../load-suite.ts'
import { fileAt, numberOf, type CliOptions } from '../options.ts'
import { progressBar } from '../progress.ts'
import { say } from '../say.ts'

/** `sluice-eval aa <suite>`: how far two runs of the same thing lie apart. */
export async function aa(options: CliOptions): Promise<number> {
  const suite = await loadSuite(fileAt(options, 0, 'a suite file'))
  const repeats = numberOf('repeats', options.flags.repeats) ?? 2
  const bar = progressBar(process.stderr)
  const first = await suite.run({ repeats, onProgress: bar.show })
  const second = await suite.run({ repeats, firstTrial: repeats, onProgress: bar.show })
  bar.end()
  const { metrics, cases } = compare(second, first)
  const floor = repeats > 1 ? new Map(noiseFloor(first).map((noise) => [noise.scorer, noise])) : undefined
  for (const { scorer, difference, verdict, detectable } of metrics) {
    const noise = floor?.get(scorer)
    say(
      `${scorer}: two runs of the same differ by ${points(difference.mean)} points` +
        (noise
          ? `, ±${points(2 * noise.differenceSd).slice(1)} is noise; ${noise.flaky.length} of ${noise.cases} cases flaky`
          : '') +
        `; sees falls of ${points(detectable).slice(1)} points; ${verdict === 'regressed' ? 'FALSE ALARM' : 'no alarm'}`,
    )
  }
  const broken = cases.filter(({ status }) => status === 'broken')
  if (broken.length > 0) say(`FALSE ALARM on ${broken.length} cases`)
  return metrics.some(({ verdict }) => verdict === 'regressed') || broken.length > 0 ? 1 : 0
}
