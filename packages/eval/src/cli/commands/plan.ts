import { planSuite } from '../../compare/noise.ts'
import { points } from '../../report/figures.ts'
import { fileAt, numberOf, type CliOptions } from '../options.ts'
import { readRunFile } from '../read-run-file.ts'
import { say } from '../say.ts'

/** `sluice-eval plan <run>` */
export function plan(options: CliOptions): number {
  const { flags } = options
  const run = readRunFile(fileAt(options, 0, 'a run file with repeats'))
  const [difference, power, alpha] = [
    numberOf('difference', flags.difference) ?? 0.03,
    numberOf('power', flags.power),
    numberOf('alpha', flags.alpha),
  ]
  const plans = planSuite(run, {
    difference,
    ...(power !== undefined && { power }),
    ...(alpha !== undefined && { alpha }),
  })
  for (const { scorer, options: ways, betweenVariance, withinVariance } of plans) {
    say(`${scorer}: to see a fall of ${points(difference).slice(1)} points`)
    for (const { repeats, cases, detectable } of ways)
      say(
        `  ${repeats} × ${cases} cases (with the ${run.header.cases} of now: falls of ${points(detectable).slice(1)} points)`,
      )
    say(
      `  variance within cases ${withinVariance.toFixed(3)}, of the change between cases ${betweenVariance.toFixed(3)} (assumed)`,
    )
  }
  return 0
}
