import { SluiceError, usageOf } from '@sluice/core'
import type { RouteQuery } from '../route/query.ts'
import type { TargetView } from '../route/view.ts'
import type { Strategy, StrategyName } from './strategy.ts'

/** In the order of the list; the next is asked when one cannot. */
export const priority: Strategy = {
  name: 'priority',
  score: (candidates) => candidates.map((_, place) => 0 - place),
}

/** All alike: the least loaded is asked, by two random choices. */
export const latency: Strategy = {
  name: 'latency',
  score: (candidates) => candidates.map(() => 0),
}

/** The best first, by the `quality` of each target. */
export const quality: Strategy = {
  name: 'quality',
  check({ targets }) {
    const lacking = targets.find((target) => target.quality === undefined)
    if (lacking)
      throw lacksData('quality', lacking.id, 'a quality of 0..1: openaiTarget(client, model, { quality: 0.8 })')
  },
  score: (candidates) => candidates.map(({ target }) => target.quality ?? 0),
}

/** Cheapest first: what this very request should cost, its part that a prompt cache holds included. */
export const cost: Strategy = {
  name: 'cost',
  check({ targets, price }) {
    const lacking = price ? undefined : targets.find((target) => !target.price)
    if (lacking)
      throw lacksData(
        'cost',
        lacking.id,
        "a price: the router's or the target's option `price`, such as createPriceBook(…).price",
      )
  },
  score: (candidates, query) => candidates.map((candidate) => -(expectedNanoUsd(candidate, query) ?? Infinity)),
}

/** Tokens of an answer when nothing is known: the mean answer of Azure's 2023 conversation trace has 211. */
const usualOutputTokens = 200

/** What a call should cost at a target, in nano-dollars; `undefined` where nobody knows its price. */
export function expectedNanoUsd(view: TargetView, query: RouteQuery): number | undefined {
  const { price, target, outputTokens = usualOutputTokens } = view
  if (!price) return undefined
  const { inputTokens, needs } = query
  const cacheRead = query.warmTokens(target.id)
  const output = Math.round(Math.min(outputTokens, needs.maxOutputTokens ?? Infinity))
  const usage = usageOf({ fresh: inputTokens - cacheRead, cacheRead, output })
  const priced = price(usage, { model: target.model, atMs: query.nowMs })
  return 'unpriced' in priced ? undefined : priced.nanoUsd
}

/** Each target in turn. */
export function roundRobin(): Strategy {
  let turn = 0
  return {
    name: 'roundRobin',
    score(candidates, { isPeek }) {
      const first = turn % Math.max(1, candidates.length)
      if (!isPeek) turn += 1
      return candidates.map((_, place) => 0 - ((place - first + candidates.length) % candidates.length))
    },
  }
}

/**
 * At random, each target in proportion to its weight. The order of the rest is drawn in the same way, so that a target
 * that is down leaves its share to the others by their weights.
 *
 * @see Efraimidis, Spirakis: Weighted random sampling with a reservoir, 2006
 */
export function weighted(random: () => number): Strategy {
  return {
    name: 'weighted',
    score: (candidates) => candidates.map(({ target }) => Math.log(1 - random()) / target.weight),
  }
}

/** The strategy that goes by a name. */
export function namedStrategy(name: StrategyName, random: () => number): Strategy {
  switch (name) {
    case 'priority':
      return priority
    case 'cost':
      return cost
    case 'latency':
      return latency
    case 'quality':
      return quality
    case 'weighted':
      return weighted(random)
    case 'roundRobin':
      return roundRobin()
    default:
      throw new SluiceError({
        code: 'config.strategy',
        message:
          `There is no strategy "${String(name)}". The strategies are priority, cost, latency, quality, weighted, ` +
          'roundRobin, learned(model) or an object with a name and score().',
      })
  }
}

export function lacksData(strategy: string, target: string, what: string): SluiceError {
  return new SluiceError({
    code: 'config.strategy',
    message: `The strategy "${strategy}" goes by data that target "${target}" lacks. Give it ${what}.`,
    details: { strategy, target },
  })
}
