/**
 * Learned routing on real outcomes: MMLU, GSM8K, MT-Bench (RouteLLM's files), RouterArena and LiveCodeBench, from the
 * data folder (`SLUICE_DATA`, else ../shared/data). Whatever is learned is tested on rows that neither its training nor
 * the choice of its settings saw: nested cross-validation in several seeded splits.
 *
 * `npm run bench -- routing [folder]`: with a folder that holds other rows in files of the same names, it also learns from
 * all rows of the data folder and tests on those.
 */
import { machine } from './measure.ts'
import { gpt4, gsm8kFiles, mixtral, mmluFiles, publishedFigures, readOutcomes, routeLlmCosts } from './routing-data.ts'
import { learningCurve, otherRows, otherSubjects, timing } from './routing-learned.ts'
import * as tested from './routing-policies.ts'
import { compare, published, type Row } from './routing-table.ts'

const pair = { weak: mixtral, strong: gpt4 }
const figures = publishedFigures()
console.log(machine())

const mmlu = readOutcomes(mmluFiles)
const mmluRows = compare(
  'MMLU',
  mmlu,
  [
    tested.fixed(mmlu, 'longer prompts first', ({ prompt }) => prompt.length),
    ...[tested.taskTable, tested.clusterTable, tested.promptHead, tested.combination].map((family) =>
      tested.crossValidated(mmlu, family, { ...pair, repeats: 3 }),
    ),
  ],
  { ...pair, costsUsd: routeLlmCosts },
)
published('RouteLLM, best', figures.mmlu_best)

const gsm8k = readOutcomes(gsm8kFiles)
const gsm8kRows = compare(
  'GSM8K',
  gsm8k,
  [
    tested.fixed(gsm8k, 'longer prompts first', ({ prompt }) => prompt.length),
    tested.crossValidated(gsm8k, tested.clusterTable, { ...pair, repeats: 8 }),
    tested.crossValidated(gsm8k, tested.promptHead, { ...pair, repeats: 8 }),
    tested.fixed(
      gsm8k,
      'answer seen: format check',
      ({ models }) => (/####\s*\$?-?[\d,.]+\s*$/m.test(models[mixtral]?.answer ?? '') ? 0 : 1),
      mixtral,
    ),
    ...tested.answerHeads(mixtral).map((family) => tested.crossValidated(gsm8k, family, { ...pair, repeats: 8 })),
  ],
  { ...pair, costsUsd: routeLlmCosts },
)
for (const [name, row] of Object.entries(figures.gsm8k_reimplementation_RAGRouter))
  published(`RouteLLM ${name}, re-implemented, prompt only`, row)

const mtBench = readOutcomes(['routellm-mtbench'])
compare(
  'MT-Bench (too few rows to say anything; learnRouting() refuses fewer than 20)',
  mtBench,
  [
    tested.fixed(mtBench, 'longer prompts first', ({ prompt }) => prompt.length),
    tested.crossValidated(mtBench, tested.taskTable, { ...pair, repeats: 8 }),
    tested.crossValidated(mtBench, tested.promptHead, { ...pair, repeats: 8 }),
  ],
  { ...pair, costsUsd: routeLlmCosts },
)
for (const [name, row] of Object.entries(figures.mt_bench)) published(`RouteLLM ${name}, 80 questions`, row)

const arena = readOutcomes(['routerarena-sub10'])
const arenaPair = { weak: 'claude-3-haiku-20240307', strong: 'gemini-2.0-flash-001' }
compare(
  'RouterArena (a dominated pair: the better model is also cheaper)',
  arena,
  [
    tested.fixed(arena, 'longer prompts first', ({ prompt }) => prompt.length),
    ...[tested.taskTable, tested.promptHead, tested.combination, ...tested.answerHeads(arenaPair.weak, true)].map(
      (family) => tested.crossValidated(arena, family, { ...arenaPair, repeats: 5 }),
    ),
  ],
  arenaPair,
)

const code = readOutcomes(['livecodebench-gen-2025-01'])
for (const strong of ['Claude-3.5-Sonnet-20241022', 'O1-2024-12-17 (N=1) (High)']) {
  const codePair = { weak: 'GPT-4O-mini-2024-07-18', strong }
  compare(
    `LiveCodeBench (platform and difficulty only, no costs), ${codePair.weak} → ${strong}`,
    code,
    [
      tested.crossValidated(code, tested.taskTable, { ...codePair, repeats: 5 }),
      tested.fixed(
        code,
        'answer seen: a perfect verifier',
        ({ models }) => -(models[codePair.weak]?.score ?? 0),
        codePair.weak,
      ),
    ],
    codePair,
  )
}

otherSubjects(pair)
learningCurve(mmlu, pair)
timing(mmlu, gsm8k, mixtral)
const folder = process.argv[2]
if (folder !== undefined) otherRows(folder, pair)

console.log(`
Tried on these rows and left out, since it lost or gained less than 0.003, by APGR in cross-validation: pairs of words and
characters as columns beside single words; rarity or length left out of the weighting; words cut to stems; label times
word columns; latent dimensions of the words; likeness of labels by their words or names; a Gaussian kernel on the
surface; "the weak model fails" or "only the strong one is right" as what to predict instead of the gain; two predicted
scores multiplied; rows weighted by how noisy their label is; averaging all settings instead of choosing.`)

console.log('\nTargets')
target('MMLU, APGR', mmluRows, tested.combination.name, 0.66)
target('GSM8K with the weak answer seen, APGR', gsm8kRows, 'answer seen: signs, surface, words', 0.69)

function target(what: string, rows: readonly Row[], name: string, wanted: number): void {
  const row = rows.find((each) => each.name === name)
  const reached = row?.apgr ?? Number.NaN
  const { low = Number.NaN, high = Number.NaN } = row?.interval ?? {}
  console.log(
    `  ${what}: ${reached.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)}), target ${wanted}: ${reached >= wanted ? 'met' : 'NOT met'}`,
  )
}
