/** Scorers against pairs with known scores: restated from other libraries' tests and from papers. */
import assert from 'node:assert/strict'
import { json as jsonScorer, jsonDiff } from '../src/score/json-scorers.ts'
import { listOverlap } from '../src/score/list-overlap.ts'
import { numeric } from '../src/score/numeric.ts'
import { bleu, rouge } from '../src/score/overlap-scorers.ts'
import type { Scorer } from '../src/score/scorer.ts'
import { exact, levenshtein } from '../src/score/text-scorers.ts'
import { toolCalls } from '../src/score/tool-calls.ts'
import { answerView, textOf } from '../src/suite/answer-view.ts'
import { rows } from './eval-data.ts'

interface Vector {
  readonly scorer: string
  readonly args: {
    readonly output?: unknown
    readonly called?: unknown
    readonly expected?: unknown
    readonly schema?: Record<string, unknown>
    readonly allowExtra?: boolean
  }
  readonly score: number
  readonly note?: string
}

const scorers: Record<string, (args: Vector['args']) => Scorer> = {
  exactMatch: () => exact(),
  levenshtein: () => levenshtein(),
  numericDiff: () => numeric({ graded: true }),
  jsonDiff: () => jsonDiff(),
  validJson: ({ schema }) => jsonScorer(schema ? { schema } : {}),
  listContains: ({ allowExtra = false }) => listOverlap({ allowExtra }),
  toolCallF1: () => toolCalls({ arguments: 'ignore' }),
  rouge1F: () => rouge({ kind: '1' }),
  rougeLF: () => rouge(),
  bleu1: () => bleu({ n: 1, smoothing: 'none' }),
  bleu4: () => bleu({ n: 4, smoothing: 'none' }),
}

const vectors = rows<Vector>('scorer_vectors.jsonl')
let differing = 0
for (const { scorer, args, score: wanted, note } of vectors) {
  const make = scorers[scorer]
  assert.ok(make, `no scorer for ${scorer}`)
  const output = args.output ?? args.called ?? null
  const answer = answerView(output)
  const score = await make(args).score({
    case: { id: '1', cluster: '1', input: '', ...(args.expected !== undefined && { expected: args.expected }) },
    trial: 0,
    output,
    text: textOf(output, answer),
    answer,
    measures: { latencyMs: 1, models: [], isCached: false },
    signal: new AbortController().signal,
  })
  const got = score.status === 'scored' ? score.score : Number.NaN
  if (Math.abs(got - wanted) <= 5e-5) continue
  differing += 1
  console.log(`${scorer} ${JSON.stringify(args)}: ${got} instead of ${wanted}${note ? ` (${note})` : ''}`)
}
console.log(`${vectors.length} scores, ${differing} differ`)
assert.equal(differing, 0)
