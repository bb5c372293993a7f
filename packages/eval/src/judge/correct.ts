import { SluiceError } from '@sluice/core'
import { badOption, checkBetween } from '../eval-error.ts'
import { scoreOf } from '../compare/case-scores.ts'
import { predictionPowered, type CorrectedMean } from '../stats/prediction-powered.ts'
import type { LevelOptions } from '../stats/proportion.ts'
import type { EvalRun } from '../suite/run-file.ts'

/** A person's score of one output of a run. */
export interface RunLabel {
  readonly id: string
  /** @default 0 */
  readonly trial?: number
  /** 0 to 1. */
  readonly label: boolean | number
}

/** With fewer labels the interval is narrower than it may be. */
const leastLabels = 100

/**
 * The mean that people would have given a run, from a judge's scores of all of it and people's of a random part.
 *
 * Outputs without a score are left out, labels of outputs that are not in the run too.
 *
 * @param labels of at least 100 outputs, drawn at random: the first hundred of a file that is sorted mislead.
 * @throws {SluiceError} `eval.too_few_labels` for fewer, `eval.out_of_range` when every output is labelled.
 */
export function correctedMean(
  run: EvalRun,
  scorer: string,
  labels: readonly RunLabel[],
  options: LevelOptions = {},
): CorrectedMean {
  if (!(scorer in run.header.scorers))
    throw badOption('correctedMean()', 'scorer', `among ${Object.keys(run.header.scorers).join(', ')}`, scorer)
  for (const { label } of labels) checkBetween('correctedMean()', 'label', Number(label), 0, 1)
  const byOutput = new Map(labels.map(({ id, trial = 0, label }) => [`${trial} ${id}`, Number(label)]))
  const labelled: { label: number; judged: number }[] = []
  const rest: number[] = []
  for (const trial of run.trials) {
    const score = scoreOf(trial, scorer)
    if (score.status !== 'scored') continue
    const label = byOutput.get(`${trial.trial} ${trial.id}`)
    if (label === undefined) rest.push(score.score)
    else labelled.push({ label, judged: score.score })
  }
  if (labelled.length < leastLabels)
    throw new SluiceError({
      code: 'eval.too_few_labels',
      message: `${labelled.length} outputs of the run have a label and a score of "${scorer}"; it takes ${leastLabels} drawn at random.`,
      details: { labelled: labelled.length, needs: leastLabels },
    })
  return predictionPowered(labelled, rest, options)
}
