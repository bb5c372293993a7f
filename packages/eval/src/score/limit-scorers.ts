import type { Finish } from '@sluice/core'
import { badOption, checkBetween, checkNames } from '../eval-error.ts'
import { defineScorer, type ScorerOptions } from './define-scorer.ts'
import { passedIf, unscored } from './outcome.ts'
import type { Scored, Scorer } from './scorer.ts'

type LimitOptions = Pick<ScorerOptions, 'name'>

/** Whether the target took at most so many milliseconds. An answer from a cache is left unscored (`cached`). */
export function maxLatency(ms: number, options: LimitOptions = {}): Scorer {
  return limit('maxLatency', ms, options, ({ measures }) => (measures.isCached ? 'cached' : measures.latencyMs))
}

/** Whether the first content of a stream came within so many milliseconds. Unscored where nothing was streamed. */
export function maxTimeToFirstToken(ms: number, options: LimitOptions = {}): Scorer {
  return limit('maxTimeToFirstToken', ms, options, ({ measures }) =>
    measures.isCached ? 'cached' : (measures.ttftMs ?? 'not_streamed'),
  )
}

/** Whether the target's calls cost at most so many US dollars. Unscored where they have no price. */
export function maxCost(usd: number, options: LimitOptions = {}): Scorer {
  return limit('maxCost', usd, options, ({ measures }) =>
    measures.costNanoUsd === undefined ? 'unpriced' : measures.costNanoUsd / 1e9,
  )
}

/** Whether the target's calls took at most so many tokens, input and output together. Unscored where none were reported. */
export function maxTokens(tokens: number, options: LimitOptions = {}): Scorer {
  return limit('maxTokens', tokens, options, ({ measures: { inputTokens, outputTokens } }) =>
    inputTokens === undefined || outputTokens === undefined ? 'no_usage' : inputTokens + outputTokens,
  )
}

function limit(name: string, most: number, options: LimitOptions, read: (scored: Scored) => number | string): Scorer {
  checkNames(`${name}()`, options, ['name'])
  checkBetween(`${name}()`, 'limit', most, 0, Number.MAX_VALUE)
  return defineScorer({
    name,
    options,
    settings: [String(most)],
    score(scored) {
      const value = read(scored)
      return typeof value === 'string' ? unscored(value) : passedIf(value <= most, { evidence: { value, most } })
    },
  })
}

/** Whether the answer ended for one of these reasons: `stop`, `tool_calls`, … Unscored where the output is no provider's answer. */
export function finishedBy(finishes: readonly Finish[], options: LimitOptions = {}): Scorer {
  if (!Array.isArray(finishes) || finishes.length === 0)
    throw badOption('finishedBy()', 'finishes', 'a list of reasons', finishes)
  checkNames('finishedBy()', options, ['name'])
  return defineScorer({
    name: 'finishedBy',
    options,
    settings: [finishes.join()],
    score({ answer }) {
      const finish = answer?.choices[0]?.finish
      return finish === undefined ? unscored('no_finish') : passedIf(finishes.includes(finish), { label: finish })
    },
  })
}
