import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { auditJudge, type LabelledOutput } from '../../judge/audit.ts'
import { linesOf, objectIn } from '../../readers/read-file.ts'
import { dollars, interval, percent } from '../../report/figures.ts'
import { loadSuite } from '../load-suite.ts'
import { fileAt, numberOf, usage, type CliOptions } from '../options.ts'
import { say } from '../say.ts'

/** `sluice-eval audit-judge <suite> <labelled.jsonl>` */
export async function audit(options: CliOptions): Promise<number> {
  const { flags } = options
  const suite = await loadSuite(fileAt(options, 0, 'a suite file'))
  const judges = suite.options.scorers.filter(({ isJudge, name }) => isJudge && (flags.judge ?? name) === name)
  const [judge] = judges
  if (!judge || judges.length > 1)
    throw usage(judge ? 'The suite has several judges: name one with --judge.' : 'The suite has no such judge.')
  const file = fileAt(options, 1, 'a JSONL file of labelled outputs')
  const labelled: LabelledOutput[] = []
  for await (const [number, line] of linesOf(file)) {
    const row = objectIn(line, file, number)
    if (!('label' in row) || !('output' in row))
      throw usage(`Line ${number} of "${file}" needs "input", "output" and "label".`)
    labelled.push(row as unknown as LabelledOutput)
  }
  const [repeats, attacked] = [numberOf('repeats', flags.repeats), numberOf('attacked', flags.attacked)]
  const found = await auditJudge(judge, labelled, {
    ...(repeats !== undefined && { repeats }),
    ...(attacked !== undefined && { attacked }),
  })
  const { kappa, bias, retest, order, injection, unscored, items, costNanoUsd } = found
  say(`${judge.name} (${(judge.models ?? []).join(', ')}) on ${items} labelled outputs, ${dollars(costNanoUsd)}`)
  say(
    `  agreement with people  κ ${kappa.value.toFixed(2)} ${interval(kappa.low, kappa.high)}, the same in ${percent(kappa.observed)}`,
  )
  say(`  judge − people         ${bias.mean.toFixed(3)} ${interval(bias.low, bias.high)}`)
  if (retest) say(`  agrees with itself     ${percent(retest.value)} ${interval(retest.low, retest.high, percent)}`)
  if (order?.flips) say(`  changes with the order ${percent(order.flips.value)}`)
  say(`  no verdict             ${percent(unscored.value)}`)
  if (injection) {
    say(
      `  resists attacks        ${percent(injection.resisted.value)} ${interval(injection.resisted.low, injection.resisted.high, percent)}`,
    )
    for (const [name, { passed, tried }] of Object.entries(injection.passed))
      say(`    "${name}" passed ${passed} of ${tried}`)
  }
  if (items < leastItems) say(`  ${items} labels are few: take ${leastItems} or more, drawn at random`)
  if (flags.out !== undefined) {
    mkdirSync(dirname(flags.out), { recursive: true })
    writeFileSync(flags.out, `${JSON.stringify(found, null, 2)}\n`)
  }
  return 0
}

const leastItems = 100
