/** Recorded verdicts of judges, audited: agreement with people, leniency, what the order does, and correction by few labels. */
import assert from 'node:assert/strict'
import { judgeAgreement, orderEffect, type OrderedVerdicts } from '../src/judge/agreement.ts'
import { predictionPowered } from '../src/stats/prediction-powered.ts'
import { seededRandom } from '../src/stats/random.ts'
import { rows } from './eval-data.ts'

leniency()
orders()
coverage()

interface Judged {
  readonly model: string
  readonly final: number
  readonly judge: number | null
}

function xstest(): Map<string, Judged[]> {
  return Map.groupBy(rows<Judged>('xstest_human_vs_judge.jsonl'), ({ model }) => model)
}

function leniency(): void {
  const published = {
    gpt4: [0.88, 0.51, 0.57],
    llama2new: [0.62, 0.39, 0.59],
    llama2orig: [0.55, 0.22, 0.42],
    mistralguard: [0.64, 0.47, 0.64],
  } as const
  for (const [model, items] of xstest()) {
    const { kappa, bias, unscored } = judgeAgreement(
      items.map(({ final, judge }) => ({ label: final === 1 ? 1 : 0, judged: judge === 1 ? 1 : 0 })),
    )
    console.log(
      `${model}: κ ${kappa.value.toFixed(2)} [${kappa.low.toFixed(2)}, ${kappa.high.toFixed(2)}], ` +
        `judge − people ${bias.mean.toFixed(3)} [${bias.low.toFixed(3)}, ${bias.high.toFixed(3)}], unscored ${unscored.value}`,
    )
    const [wanted, people, judge] = published[model as keyof typeof published]
    assert.ok(Math.abs(kappa.value - wanted) <= 0.006 && Math.abs(bias.mean - (judge - people)) <= 0.011)
  }
}

function orders(): void {
  interface Pair {
    readonly subset: string
    readonly label: number
    readonly verdicts: Record<string, readonly [string, string]>
  }
  const pairs = rows<Pair>('llmbar_judge_verdicts.jsonl')
  const named = (verdict: string): OrderedVerdicts['given'] =>
    verdict === '1' ? 'first' : verdict === '2' ? 'second' : undefined
  const table = [
    ['GPT-4', 'Vanilla_NoRules', 0.03, 0.1],
    ['GPT-4', 'Vanilla', 0.05, 0.06],
    ['GPT-4', 'CoT', 0.09, 0.1],
    ['ChatGPT', 'Vanilla', 0.29, 0.32],
    ['ChatGPT', 'CoT', 0.36, 0.39],
  ] as const
  const names = Object.keys(pairs[0]?.verdicts ?? {})
  for (const [judge, strategy, natural, adversarial] of table) {
    const name = names.find((each) => each.startsWith(`${judge}/`) && each.endsWith(`/${strategy}`))
    if (!name) {
      console.log(
        `${judge} ${strategy}: not recorded (${names.filter((each) => each.endsWith(`/${strategy}`)).join(', ')})`,
      )
      continue
    }
    const effect = (isNatural: boolean): ReturnType<typeof orderEffect> =>
      orderEffect(
        pairs
          .filter(({ subset }) => (subset === 'Natural') === isNatural)
          .map(({ verdicts }) => {
            const [given, swapped] = verdicts[name] as readonly [string, string]
            return { given: named(given), swapped: named(swapped) }
          }),
      )
    const [easy, hard] = [effect(true), effect(false)]
    const share = (of: { value: number } | undefined): string => `${((of?.value ?? Number.NaN) * 100).toFixed(1)} %`
    console.log(
      `${name}: flips ${share(easy.flips)} / ${share(hard.flips)}, of which the first shown won ${share(hard.firstShown)}`,
    )
    assert.ok(Math.abs((easy.flips?.value ?? 1) - natural) <= 0.012)
    assert.ok(Math.abs((hard.flips?.value ?? 1) - adversarial) <= 0.012)
  }
}

/** How often the corrected interval of 100 labels and 1,000 judged outputs holds what people say of all. */
function coverage(): void {
  const random = seededRandom(17)
  const worlds = 2_000
  for (const [model, items] of xstest()) {
    const scores = items.map(({ final, judge }) => ({ label: final === 1 ? 1 : 0, judged: judge === 1 ? 1 : 0 }))
    const truth = scores.reduce((sum, { label }) => sum + label, 0) / scores.length
    let [covered, judgeOnly, width] = [0, 0, 0]
    for (let world = 0; world < worlds; world += 1) {
      const draw = (): (typeof scores)[number] =>
        scores[Math.floor(random() * scores.length)] as (typeof scores)[number]
      const labelled = Array.from({ length: 100 }, draw)
      const judged = Array.from({ length: 1_000 }, () => draw().judged)
      const { low, high } = predictionPowered(labelled, judged)
      if (low <= truth && truth <= high) covered += 1
      width += high - low
      const mean = judged.reduce((sum, each) => sum + each, 0) / judged.length
      const spread = 1.96 * Math.sqrt((mean * (1 - mean)) / judged.length)
      if (Math.abs(mean - truth) <= spread) judgeOnly += 1
    }
    console.log(
      `${model}: interval holds the truth in ${((covered / worlds) * 100).toFixed(1)} % (judge alone ${((judgeOnly / worlds) * 100).toFixed(1)} %), width ${(width / worlds).toFixed(3)}`,
    )
    assert.ok(covered / worlds >= 0.92 && covered / worlds <= 0.97)
  }
}
