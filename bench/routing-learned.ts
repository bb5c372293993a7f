/** What the public functions give: one model, learned once, and tested on rows that it never saw. */
import { resolve } from 'node:path'
import { evaluateRouting, learnRouting, scoreRouting } from '@sluice/router'
import type { RoutingModel, RoutingOutcome } from '@sluice/router'
import { shuffledIndices } from '../packages/router/src/learn/seeded.ts'
import { gsm8kFiles, mmluFiles, readOutcomes } from './routing-data.ts'

interface Pair {
  readonly weak: string
  readonly strong: string
}

/** Learns from the rows of some subjects and tests on other subjects, whose labels it does not know. */
export function otherSubjects(pair: Pair): void {
  const [first, second] = mmluFiles.map((file) => readOutcomes([file])) as [RoutingOutcome[], RoutingOutcome[]]
  console.log('\nMMLU, learned from some subjects, tested on others')
  for (const [name, train, test] of [
    ['first file → second', first, second],
    ['second file → first', second, first],
  ] as const)
    console.log(`  ${name}: ${said(learnRouting(train), test, pair)}`)
}

/** How much traffic a head needs, and how often one is refused. */
export function learningCurve(outcomes: readonly RoutingOutcome[], pair: Pair): void {
  console.log('\nMMLU, learnRouting() on so many rows, tested on the others, 5 draws: APGR, and what was used')
  for (const size of [100, 300, 1_000]) {
    const draws = [1, 2, 3, 4, 5].map((seed) => {
      const order = [...shuffledIndices(outcomes.length, seed)].map((index) => outcomes[index] as RoutingOutcome)
      const model = learnRouting(order.slice(0, size), { resamples: 400 })
      const { apgr } = evaluateRouting(order.slice(size), model, { ...pair, resamples: 100 })
      // The head that sees the most and was not refused decides.
      const { sees = [], method = 'refused' } = model.heads.findLast(({ fit }) => fit) ?? {}
      return { apgr, method: sees.includes('label') ? `${method} with labels` : method }
    })
    const cells = draws.map(({ apgr, method }) => `${apgr.toFixed(3)} ${method}`.padStart(26))
    const mean = draws.reduce((sum, { apgr }) => sum + apgr, 0) / draws.length
    console.log(`  ${String(size).padStart(5)}: mean ${mean.toFixed(3)}  ${cells.join('')}`)
  }
}

/** CPU time of learning and of a decision. */
export function timing(mmlu: readonly RoutingOutcome[], gsm8k: readonly RoutingOutcome[], weak: string): void {
  console.log('\nCPU time')
  const models = [
    { name: 'MMLU', outcomes: mmlu },
    { name: 'GSM8K with answers', outcomes: gsm8k },
  ].map(({ name, outcomes }) => {
    const start = process.cpuUsage()
    const model = learnRouting(outcomes)
    const seconds = cpuUs(start) / 1e6
    const kilobytes = JSON.stringify(model).length / 1024
    console.log(
      `  learning from ${outcomes.length} rows of ${name}, cross-validation included: ${seconds.toFixed(1)} s; the model: ${kilobytes.toFixed(0)} KiB of JSON`,
    )
    return model
  }) as [RoutingModel, RoutingModel]
  const text = mmlu.map(({ prompt }) => prompt).join('\n\n')
  const prompts = Array.from({ length: 1_000 }, (_, index) => text.slice(index * 500, index * 500 + 500))
  const label = mmlu[0]?.label ?? ''
  const loaded = JSON.parse(JSON.stringify(models[0])) as RoutingModel
  const start = process.cpuUsage()
  scoreRouting(loaded, prompts[0] as string, { label })
  console.log(`  first decision of a loaded model: ${(cpuUs(start) / 1_000).toFixed(1)} ms`)
  decision('a prompt of 500 characters and a label', 1_000, (index) =>
    scoreRouting(models[0], prompts[index] as string, { label }),
  )
  const [ids, answers] = [gsm8k.map(({ prompt }) => prompt), gsm8k.map((each) => each.models[weak]?.answer ?? '')]
  decision('a prompt and an answer of GSM8K', gsm8k.length, (index) =>
    scoreRouting(models[1], ids[index] as string, { answer: answers[index] as string }),
  )
}

/** Learns from all rows of the data folder and tests on the other rows of a folder with files of the same names. */
export function otherRows(folder: string, pair: Pair): void {
  console.log(`\nLearned from all rows of the data folder, tested on the rows of ${folder} that are not among them`)
  for (const [name, files, answerOf] of [
    ['MMLU', mmluFiles, undefined],
    ['GSM8K, prompt only', gsm8kFiles, undefined],
    ['GSM8K, weak answer seen', gsm8kFiles, pair.weak],
  ] as const) {
    const train = readOutcomes(files)
    const known = new Set(train.map(({ id }) => id))
    const test = readOutcomes(files, resolve(folder)).filter(({ id }) => !known.has(id))
    console.log(`  ${name}: ${said(learnRouting(train), test, pair, answerOf)}`)
  }
}

function said(model: RoutingModel, test: readonly RoutingOutcome[], pair: Pair, answerOf?: string): string {
  const evaluation = evaluateRouting(test, model, { ...pair, ...(answerOf !== undefined && { answerOf }) })
  const { rows, apgr, cpt50, cpt80, intervals } = evaluation
  const [low, high] = [intervals.apgr?.low ?? Number.NaN, intervals.apgr?.high ?? Number.NaN]
  return `${rows} rows, APGR ${apgr.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)}), CPT50 ${cpt50.toFixed(3)}, CPT80 ${cpt80.toFixed(3)}`
}

function decision(name: string, count: number, decide: (index: number) => unknown): void {
  const rounds: number[] = []
  for (let round = 0; round < 20; round += 1) {
    const start = process.cpuUsage()
    for (let index = 0; index < count; index += 1) decide(index)
    rounds.push(cpuUs(start) / count)
  }
  const sorted = rounds.toSorted((a, b) => a - b)
  console.log(
    `  a decision, ${name}: ${(sorted[2] as number).toFixed(1)} µs on a quiet machine, median ${(sorted[10] as number).toFixed(1)} µs`,
  )
}

function cpuUs(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start)
  return user + system
}
