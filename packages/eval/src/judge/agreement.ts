import { kappaOfLabels, type Agreement } from '../stats/agreement.ts'
import { meanInterval, type MeanEstimate } from '../stats/mean.ts'
import { wilson, type Proportion } from '../stats/proportion.ts'

/** What people and a judge said of one output. */
export interface JudgedItem {
  /** 0 to 1. */
  readonly label: number
  /** 0 to 1; `undefined` where the judge gave no score. */
  readonly judged: number | undefined
}

/** How a judge stands to people. */
export interface JudgeAgreement {
  readonly items: number
  /** Cohen's κ of pass and fail, over the items that the judge scored. */
  readonly kappa: Agreement
  /** Mean of judge − people: above 0 the judge is lenient. */
  readonly bias: MeanEstimate
  readonly unscored: Proportion
}

/**
 * How well a judge agrees with people on whether outputs pass.
 *
 * @param passAt from which score on an output has passed. @default 0.5
 * @throws {SluiceError} `eval.out_of_range` when the judge scored nothing.
 */
export function judgeAgreement(items: readonly JudgedItem[], passAt = 0.5): JudgeAgreement {
  const scored = items.flatMap(({ label, judged }) => (judged === undefined ? [] : [{ label, judged }]))
  const passes = (score: number): string => (score >= passAt ? 'pass' : 'fail')
  return {
    items: items.length,
    kappa: kappaOfLabels(
      scored.map(({ judged }) => passes(judged)),
      scored.map(({ label }) => passes(label)),
    ),
    bias: meanInterval(scored.map(({ label, judged }) => judged - label)),
    unscored: wilson(items.length - scored.length, items.length),
  }
}

/** The winner of one pair as a judge saw it, in the order given and in the other; `tie` or `undefined` where it named none. */
export interface OrderedVerdicts {
  readonly given: 'first' | 'second' | 'tie' | undefined
  /** With the outputs shown in the other order; the words still mean the outputs, not their places. */
  readonly swapped: 'first' | 'second' | 'tie' | undefined
}

/** What the order in which outputs are shown does to a judge. */
export interface OrderEffect {
  /** Pairs with a winner in both orders. */
  readonly pairs: number
  /** Share of them whose winner changed with the order. */
  readonly flips: Proportion | undefined
  /** Of those, the share in which the one shown first won both times. 0.5 is no preference; `undefined` without flips. */
  readonly firstShown: Proportion | undefined
}

/** How far the order decides. Ties and missing verdicts are left out. */
export function orderEffect(verdicts: readonly OrderedVerdicts[]): OrderEffect {
  const decided = verdicts.filter(({ given, swapped }) => isWinner(given) && isWinner(swapped))
  const flipped = decided.filter(({ given, swapped }) => given !== swapped)
  const byPlace = flipped.filter(({ given }) => given === 'first').length
  return {
    pairs: decided.length,
    flips: decided.length > 0 ? wilson(flipped.length, decided.length) : undefined,
    firstShown: flipped.length > 0 ? wilson(byPlace, flipped.length) : undefined,
  }
}

function isWinner(verdict: OrderedVerdicts['given']): boolean {
  return verdict === 'first' || verdict === 'second'
}
