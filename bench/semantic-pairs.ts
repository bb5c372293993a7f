import {
  compareReadings,
  consensus,
  readText,
  threshold,
  unsuited,
  type Embedder,
  type Policy,
} from '../packages/cache/src/semantic/index.ts'
import { upperBound } from '../packages/cache/src/semantic/statistics/binomial.ts'
import { draws, readPairs, type QuestionPair } from './semantic-data.ts'
import { minimalPairs } from './semantic-minimal-pairs.ts'
import { heading, line, percent, target } from './semantic-table.ts'
import { ours, plainThreshold, type Answerer } from './semantic-world.ts'

/** Pairs of questions that look alike: what is served of those with different answers, and of those with the same. */
export async function pairTables(embedder: Embedder): Promise<void> {
  const sets: readonly (readonly [string, readonly QuestionPair[]])[] = [
    ['minimal pairs, generated', minimalPairs(draws(17), 40)],
    ['checklist-qqp', readPairs('checklist-qqp')],
    ['sts16-stackexchange', readPairs('sts16-stackexchange')],
  ]
  heading('vetoes alone: what they say of pairs', 'different', 'barred', 'same', 'barred')
  for (const [name, pairs] of sets) {
    const [different, same] = [pairs.filter(({ same: isSame }) => !isSame), pairs.filter(({ same: isSame }) => isSame)]
    const [caught, falsely] = [different, same].map((list) => list.filter(isBarred).length / list.length) as [
      number,
      number,
    ]
    line(name, String(different.length), percent(caught, 1), String(same.length), percent(falsely, 1))
    if (name === 'checklist-qqp')
      target('≥ 75 % of different pairs at ≤ 15 % of the same', caught >= 0.75 && falsely <= 0.15)
  }
  heading(
    `served: one question stored in three spellings, the other asked; ${embedder.id}`,
    ...sets.flatMap(([name]) => [name.split(/[ -]/)[0] ?? '', 'bound', 'same']),
  )
  for (const [name, make] of caches(embedder)) {
    const found = await Promise.all(sets.map(([, pairs]) => served(make, pairs)))
    line(
      name,
      ...found.flatMap(({ wrong, bound, right }) => [percent(wrong, 2), `≤ ${percent(bound, 2)}`, percent(right, 1)]),
    )
    if (name === 'consensus()') target('≤ 1 % of the different minimal pairs served', (found[0]?.wrong ?? 1) <= 0.01)
  }
}

function isBarred({ a, b }: QuestionPair): boolean {
  return (
    compareReadings(readText(a), readText(b)).vetoes.length > 0 ||
    unsuited(a) !== undefined ||
    unsuited(b) !== undefined
  )
}

function caches(embedder: Embedder): readonly (readonly [string, () => Answerer])[] {
  const own = (policy: Policy) => (): Answerer => ours(policy, { embedder, auditShare: 0 })
  return [
    ['plain cosine ≥ 0.80 (GPTCache)', () => plainThreshold(0.8, embedder)],
    ['plain cosine ≥ 0.95 (Portkey)', () => plainThreshold(0.95, embedder)],
    ['threshold(0.8)', own(threshold(0.8))],
    ['threshold(0.95)', own(threshold(0.95))],
    ['consensus()', own(consensus())],
  ]
}

/** Each pair in a scope of its own; its first question is there in three spellings, so that there can be a consensus. */
async function served(
  make: () => Answerer,
  pairs: readonly QuestionPair[],
): Promise<{ wrong: number; bound: number; right: number }> {
  const counts = { different: 0, wrong: 0, same: 0, right: 0 }
  const cache = make()
  for (const [at, { a, b, same }] of pairs.entries()) {
    const scope = `pair ${at}`
    for (const text of [a, `Hello, ${a}`, `${a} Thanks.`]) await cache.tell({ text, answer: 'a', scope })
    const isServed = (await cache.ask({ text: b, answer: same ? 'a' : 'b', scope })) !== undefined
    counts[same ? 'same' : 'different'] += 1
    if (isServed) counts[same ? 'right' : 'wrong'] += 1
  }
  return {
    wrong: counts.wrong / counts.different,
    bound: upperBound(counts.wrong, counts.different),
    right: counts.right / Math.max(counts.same, 1),
  }
}
