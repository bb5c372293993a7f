/**
 * Every statistic against values that SciPy, NumPy and textbooks give, and against the answers for whole files of recorded
 * trials and judgements.
 */
import assert from 'node:assert/strict'
import { benjaminiHochberg, holm } from '../src/stats/adjust.ts'
import { cohenKappa, kappaOfLabels, krippendorffAlpha } from '../src/stats/agreement.ts'
import { fisherExact } from '../src/stats/fisher.ts'
import { meanInterval } from '../src/stats/mean.ts'
import { mcNemar, pairedShares, pairedT } from '../src/stats/paired.ts'
import { casesNeeded } from '../src/stats/power.ts'
import { predictionPowered } from '../src/stats/prediction-powered.ts'
import { clopperPearson, wilson } from '../src/stats/proportion.ts'
import { type7 } from '../src/stats/quantile.ts'
import { passAtK, passHatK } from '../src/stats/repeats.ts'
import { betaBinomialLogE, bettingFactor, normalMixtureRatio } from '../src/stats/sequential.ts'
import { betaInc, betaQuantile, normCdf, normQuantile, tCdf, tQuantile } from '../src/stats/special.ts'
import { json, rows } from './eval-data.ts'

interface Reference {
  readonly fn: string
  readonly in: Given
  readonly out: unknown
  readonly tol: number
}

/** What the functions are given: each reads the fields that are its own, of the types that are its own. */
type Given = Readonly<
  Record<
    | ('p' | 'x' | 'df' | 'a' | 'b' | 't' | 'k' | 'n' | 'c' | 'q' | 'd' | 'table' | 'alternative' | 'raters' | 'metric')
    | ('both' | 'only1' | 'only2' | 'neither' | 'delta' | 'omega2' | 'sigma2A' | 'sigma2B' | 'kA' | 'kB')
    | ('alpha' | 'power' | 'level' | 'z' | 's' | 'f' | 'p0' | 'm0' | 'lambda'),
    never
  >
>

const functions: Record<string, (given: Given) => unknown> = {
  normQuantile: ({ p }) => normQuantile(p),
  normCdf: ({ z }) => normCdf(z),
  tQuantile: ({ p, df }) => tQuantile(p, df),
  tCdf: ({ t, df }) => tCdf(t, df),
  betaQuantile: ({ p, a, b }) => betaQuantile(p, a, b),
  betaInc: ({ x, a, b }) => betaInc(x, a, b),
  'propCI.wilson': ({ k, n, level }) => ends(wilson(k, n, { level })),
  'propCI.clopperPearson': ({ k, n, level }) => ends(clopperPearson(k, n, { level })),
  'mcnemar.exact': (counts) => mcNemar(counts).exactP,
  'mcnemar.midp': (counts) => mcNemar(counts).midP,
  'mcnemar.chi2cc': (counts) => mcNemar(counts).chiSquared,
  'pairedProp.newcombe10': ({ both, only1, only2, neither }) => {
    const { difference, low, high } = pairedShares({ both, onlyFirst: only1, onlySecond: only2, neither })
    return { diff: difference, ci: [low, high] }
  },
  fisherExact: ({ table, alternative }) => fisherExact(table, alternative),
  pairedT: ({ d }) => {
    const { t, df, p, low, high } = pairedT(d)
    return { t, df, p, ci: [low, high] }
  },
  'adjust.bh': ({ p }) => benjaminiHochberg(p),
  'adjust.holm': ({ p }) => holm(p),
  'quantile.type7': ({ x, q }) => type7(Float64Array.from(x).sort(), q),
  passAtK: ({ n, c, k }) => passAtK(n, c, k),
  passHatK: ({ n, c, k }) => passHatK(n, c, k),
  cohenKappa: ({ table }) => cohenKappa(table).value,
  krippendorffAlpha: ({ raters, metric }) => krippendorffAlpha(raters, metric),
  'sampleSize.paired': ({ delta, omega2, sigma2A, sigma2B, kA, kB, alpha, power }) =>
    casesNeeded(delta, {
      betweenVariance: omega2,
      withinVariances: [sigma2A, sigma2B],
      repeats: [kA, kB],
      alpha,
      power,
    }),
  'betaBinomialMixture.logE': ({ s, f, p0 }) => betaBinomialLogE(s, f, p0),
  'bettingE.lower': ({ x, m0, lambda }) =>
    (x as number[]).reduce((capital, outcome) => capital * bettingFactor(outcome, m0, lambda), 1),
  'eCusum.log': ({ x, m0, lambda }) => {
    let sum = 0
    return (x as number[]).map((outcome) => (sum = Math.max(sum, 0) + Math.log(bettingFactor(outcome, m0, lambda))))
  },
  'msprt.normal': (given) => normalMixtureRatio(given as never),
}

const references = rows<Reference>('stat_reference_values.jsonl')
let worst = 0
for (const { fn, in: given, out, tol } of references) {
  const compute = functions[fn]
  assert.ok(compute, `no function for ${fn}`)
  worst = Math.max(worst, compare(compute(given), out, tol, `${fn} ${JSON.stringify(given)}`))
}
console.log(`${references.length} reference values, furthest off ${worst.toExponential(1)}`)

wholeFiles()
publishedKappas()

function ends({ low, high }: { low: number; high: number }): readonly number[] {
  return [low, high]
}

/** Compares numbers wherever they are, and gives the greatest distance. */
function compare(got: unknown, wanted: unknown, tolerance: number, where: string): number {
  if (typeof wanted === 'number') {
    const off = Math.abs((got as number) - wanted)
    assert.ok(off <= tolerance * Math.max(1, Math.abs(wanted)), `${where}: ${String(got)} instead of ${wanted}`)
    return off
  }
  const [ours, theirs] = [Object.entries(got as object), Object.entries(wanted as object)]
  assert.deepEqual(Object.keys(got as object), Object.keys(wanted as object), where)
  return Math.max(
    ...theirs.map(([key, value], index) => compare(ours[index]?.[1], value, tolerance, `${where} ${key}`)),
  )
}

interface Expected {
  readonly routerarena: Record<string, number> & { readonly mcnemar: { n: number; exactP: number } }
  readonly taubench: Record<string, number> & Record<'passHatK' | 'passAtK', Record<string, number>>
  readonly xstest: Record<string, Record<string, number>>
  readonly xstestPpiLlama2newFirst100: Record<string, number>
}

function wholeFiles(): void {
  const expected = json<Expected>('expected_results.json')
  const pairs = rows<{ cluster: string; a: { score: number }; b: { score: number } }>('routerarena_pairs.jsonl')
  const differences = pairs.map(({ a, b }) => b.score - a.score)
  const plain = pairedT(differences)
  const clustered = pairedT(differences, { clusters: pairs.map(({ cluster }) => cluster) })
  const { routerarena } = expected
  compare(plain.mean, routerarena['diff'], 1e-12, 'routerarena difference')
  compare(plain.standardError, routerarena['sePaired'], 1e-9, 'routerarena paired')
  compare(clustered.standardError, routerarena['seClusteredFinite'], 1e-9, 'routerarena clustered')
  const binary = pairs.filter(({ a, b }) => [0, 1].includes(a.score) && [0, 1].includes(b.score))
  const [b, c] = [binary.filter((pair) => pair.a.score > pair.b.score), binary.filter((p) => p.a.score < p.b.score)]
  compare(mcNemar({ b: b.length, c: c.length }).exactP, routerarena.mcnemar.exactP, 1e-15, 'routerarena McNemar')

  const trials = rows<{ task: number; reward: number }>('taubench_airline_gpt4o_trials.jsonl')
  const tasks = Map.groupBy(trials, ({ task }) => task)
  for (const k of [1, 2, 3, 4]) {
    const mean = (of: typeof passAtK): number =>
      meanInterval([...tasks.values()].map((runs) => of(runs.length, runs.filter((run) => run.reward === 1).length, k)))
        .mean
    compare(mean(passHatK), expected.taubench.passHatK[k], 1e-12, `pass^${k}`)
    compare(mean(passAtK), expected.taubench.passAtK[k], 1e-12, `pass@${k}`)
  }
  const rewards = trials.map(({ reward }) => reward)
  const byTask = meanInterval(rewards, { clusters: trials.map(({ task }) => String(task)) })
  compare(meanInterval(rewards).standardError, expected.taubench['seNaive'], 1e-9, 'tau-bench naive')
  // Theirs is without the correction for few clusters.
  const uncorrected = byTask.standardError * Math.sqrt((tasks.size - 1) / tasks.size)
  compare(uncorrected, expected.taubench['seClustered'], 1e-9, 'tau-bench clustered')

  interface Judged {
    readonly model: string
    readonly h1: number
    readonly h2: number
    readonly final: number
    readonly judge: number | null
    readonly strmatch: number
  }
  const judged = Map.groupBy(rows<Judged>('xstest_human_vs_judge.jsonl'), ({ model }) => model)
  for (const [model, items] of judged) {
    const complies = (label: number | null): number => (label === 1 ? 1 : 0)
    const wanted = expected.xstest[model] as Record<string, number>
    const kappa = (first: (item: Judged) => number, second: (item: Judged) => number): number =>
      kappaOfLabels(items.map(first), items.map(second)).value
    compare(
      kappa(
        ({ h1 }) => h1,
        ({ h2 }) => h2,
      ),
      wanted['kappaHumanHuman3'],
      1e-9,
      `${model} people`,
    )
    compare(
      kappa(
        ({ judge }) => complies(judge),
        ({ final }) => complies(final),
      ),
      wanted['kappaJudgeHumanBinary'],
      1e-9,
      `${model} judge`,
    )
    compare(
      kappa(
        ({ strmatch }) => complies(strmatch),
        ({ final }) => complies(final),
      ),
      wanted['kappaStrmatchHumanBinary'],
      1e-9,
      `${model} string match`,
    )
    if (model === 'llama2new') {
      const both = items.map((item) => ({ label: complies(item.final), judged: complies(item.judge) }))
      const rest = both.slice(100).map((item) => item.judged)
      const corrected = predictionPowered(both.slice(0, 100), rest, { weight: 1 })
      compare(corrected.mean, expected.xstestPpiLlama2newFirst100['theta'], 1e-9, 'prediction-powered mean')
      compare(corrected.standardError, expected.xstestPpiLlama2newFirst100['se'], 1e-9, 'prediction-powered error')
    }
  }
  console.log('recorded trials, pairs and labels: as computed elsewhere')
}

/** Agreement of a judge with itself when the order of the two answers is swapped. */
function publishedKappas(): void {
  interface Verdicts {
    readonly subset: string
    readonly verdicts: Record<string, readonly [string, string]>
  }
  interface Published {
    readonly subset: string
    readonly judge: string
    readonly strategy: string
    readonly all_valid: boolean
    readonly kappa_orders: number
  }
  const verdicts = rows<Verdicts>('llmbar_judge_verdicts.jsonl')
  const published = rows<Published>('llmbar_published_stats.jsonl').filter((row) => row.all_valid)
  for (const row of published) {
    const pairs = verdicts
      .filter(({ subset }) => subset === row.subset)
      .map(({ verdicts: of }) => of[`${row.judge}/${row.strategy}`] as readonly [string, string])
    const { value } = kappaOfLabels(
      pairs.map(([first]) => first),
      pairs.map(([, second]) => second),
    )
    if (Number.isFinite(row.kappa_orders))
      compare(value, row.kappa_orders, 1e-9, `${row.subset} ${row.judge} ${row.strategy}`)
  }
  console.log(`${published.length} published kappas: equal to 1e-9`)
}
