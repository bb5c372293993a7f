import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ModelOutcome, RoutingOutcome } from '@sluice/router'

const folder = process.env['SLUICE_DATA'] ?? '../shared/data'

interface Line {
  readonly id: string
  readonly task: string
  readonly prompt: string | null
  readonly contaminated?: boolean
  readonly models: Readonly<Record<string, { score: number; cost?: number; text?: string }>>
}

/** The outcomes of some files of the data folder, without those that the publishers mark as contaminated. */
export function readOutcomes(files: readonly string[], from: string = join(folder, 'routing')): RoutingOutcome[] {
  return files
    .flatMap((file) =>
      readFileSync(join(from, `${file}.jsonl`), 'utf8')
        .trim()
        .split('\n'),
    )
    .map((text) => JSON.parse(text) as Line)
    .filter(({ contaminated }) => contaminated !== true)
    .map(({ id, task, prompt, models }) => ({
      id,
      prompt: prompt ?? '',
      label: task,
      models: Object.fromEntries(Object.entries(models).map(([model, result]) => [model, outcomeOf(result)])),
    }))
}

function outcomeOf({ score, cost, text }: { score: number; cost?: number; text?: string }): ModelOutcome {
  return { score, ...(cost !== undefined && { costUsd: cost }), ...(text !== undefined && { answer: text }) }
}

/** RouteLLM's figures on the same files, as its paper and a re-implementation publish them. */
export function publishedFigures(): {
  readonly mmlu_best: Published
  readonly mt_bench: Readonly<Record<string, Published>>
  readonly gsm8k_reimplementation_RAGRouter: Readonly<Record<string, Published>>
} {
  const { routellm_paper } = JSON.parse(readFileSync(join(folder, 'routing/published.json'), 'utf8')) as {
    routellm_paper: ReturnType<typeof publishedFigures>
  }
  return routellm_paper
}

export interface Published {
  readonly apgr: number
  readonly cpt50: number
  readonly cpt80: number
}

export const mixtral = 'mixtral-8x7b-instruct'
export const gpt4 = 'gpt-4-1106-preview'
export const mmluFiles: readonly string[] = ['routellm-mmlu-1', 'routellm-mmlu-2']
export const gsm8kFiles: readonly string[] = ['routellm-gsm8k']

/**
 * What a thousand tokens of the pair cost in US dollars, taken for one request: only their ratio matters for AIQ.
 * @see RouteLLM, https://arxiv.org/abs/2406.18665, section 5: $24.7 and $0.24 a million tokens
 */
export const routeLlmCosts: Readonly<Record<string, number>> = { [mixtral]: 0.00024, [gpt4]: 0.0247 }
