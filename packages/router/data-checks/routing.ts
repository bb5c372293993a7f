/**
 * Learned routing on real outcomes, `routing/routellm-*.jsonl`: what the held-out figures inside the models and a few
 * laws must at least show. The floors lie well below what `npm run bench -- routing` prints, since a few hundred rows are
 * noisy; they catch a head that has stopped learning, not one that learns a little less.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { evaluateRouting, learnRouting, scoreRouting, splitCases } from '@sluice/router'
import type { RoutingHead, RoutingModel, RoutingOutcome } from '@sluice/router'

const folder = join(process.env['SLUICE_DATA'] ?? '../shared/data', 'routing')
const [weak, strong] = ['mixtral-8x7b-instruct', 'gpt-4-1106-preview']

interface Line {
  readonly id: string
  readonly task: string
  readonly prompt: string
  readonly contaminated: boolean
  readonly models: Readonly<Record<string, { score: number; text?: string }>>
}

function read(...files: string[]): RoutingOutcome[] {
  return files
    .flatMap((file) =>
      readFileSync(join(folder, `${file}.jsonl`), 'utf8')
        .trim()
        .split('\n'),
    )
    .map((line) => JSON.parse(line) as Line)
    .filter(({ contaminated }) => !contaminated)
    .map(({ id, task, prompt, models }) => ({
      id,
      prompt,
      label: task,
      models: Object.fromEntries(
        Object.entries(models).map(([model, { score, text }]) => [
          model,
          { score, ...(text !== undefined && { answer: text }) },
        ]),
      ),
    }))
}

let failed = 0
function check(what: string, holds: boolean): void {
  console.log(`${holds ? 'ok    ' : 'FAILED'} ${what}`)
  if (!holds) failed += 1
}

function headOf({ heads }: RoutingModel, ...sees: string[]): RoutingHead | undefined {
  return heads.find((head) => head.sees.join() === sees.join())
}

function heldOut(head: RoutingHead | undefined): number {
  return head?.pairs[0]?.apgr ?? Number.NaN
}

const mmlu = read('routellm-mmlu-1', 'routellm-mmlu-2')
const start = process.cpuUsage()
const model = learnRouting(mmlu, { resamples: 400 })
const seconds = process.cpuUsage(start).user / 1e6
const labelled = headOf(model, 'prompt', 'label')
check(`MMLU held out with labels: APGR ${heldOut(labelled).toFixed(3)} ≥ 0.64`, heldOut(labelled) >= 0.64)
const prompts = headOf(model, 'prompt')
check(`MMLU held out, prompt only: APGR ${heldOut(prompts).toFixed(3)} ≥ 0.60`, heldOut(prompts) >= 0.6)
check(`the head with labels is a learned one: ${labelled?.why}`, labelled?.method === 'head')
check(`learning took ${seconds.toFixed(1)} s of CPU ≤ 30 s`, seconds <= 30)

const [train, test] = splitCases(mmlu, { share: 0.7, seed: 7 })
const { apgr } = evaluateRouting(test, learnRouting(train, { resamples: 400 }), { weak, strong, resamples: 400 })
check(`MMLU, learned from 70 %, tested on the others: APGR ${apgr.toFixed(3)} ≥ 0.61`, apgr >= 0.61)

const gsm8k = read('routellm-gsm8k')
const answers = learnRouting(gsm8k, { resamples: 400 })
const seen = headOf(answers, 'prompt', 'answer')
check(`GSM8K held out, weak answer seen: APGR ${heldOut(seen).toFixed(3)} ≥ 0.70`, heldOut(seen) >= 0.7)
check(`the answer is that of the weak model: ${answers.answerOf}`, answers.answerOf === weak)

// Scores that belong to other prompts leave nothing to learn.
const moved = gsm8k.map((outcome, row) => ({ ...outcome, models: gsm8k[(row + 97) % gsm8k.length]?.models ?? {} }))
const none = learnRouting(
  moved.map(({ models, ...rest }) => ({
    ...rest,
    models: Object.fromEntries(Object.entries(models).map(([id, { score }]) => [id, { score }])),
  })),
  { resamples: 400 },
)
check(`scores of other prompts: ${none.heads[0]?.why}`, none.heads[0]?.method === 'none')

const text = mmlu.map(({ prompt }) => prompt).join('\n')
const pieces = Array.from({ length: 1_000 }, (_, index) => text.slice(index * 500, index * 500 + 500))
const rounds = Array.from({ length: 10 }, () => {
  const from = process.cpuUsage()
  for (const piece of pieces) scoreRouting(model, piece, { label: 'philosophy' })
  return process.cpuUsage(from).user / pieces.length
})
const decision = Math.min(...rounds)
check(`a decision on 500 characters: ${decision.toFixed(1)} µs of CPU ≤ 100 µs`, decision <= 100)

if (failed > 0) throw new Error(`${failed} of the checks failed`)
