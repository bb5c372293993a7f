import { isSluiceError } from '@sluice/core'
import { describe, expect, it } from 'vitest'
import { bleu, rouge } from './overlap-scorers.ts'
import { embeddingSimilarity } from './embedding-similarity.ts'
import { exact, includes, levenshtein, regex } from './text-scorers.ts'
import { finishedBy, maxCost, maxLatency, maxTimeToFirstToken, maxTokens } from './limit-scorers.ts'
import { fromAutoevals } from './from-autoevals.ts'
import { json, jsonDiff } from './json-scorers.ts'
import { listOverlap } from './list-overlap.ts'
import { numeric } from './numeric.ts'
import { refusal } from './refusal.ts'
import { toolCalls } from './tool-calls.ts'
import type { Scorer } from './scorer.ts'

const embed = async (): Promise<number[][]> => []

/** Every scorer, given options that may be wrong. */
const scorers: Readonly<Record<string, (more: object) => Scorer>> = {
  exact: (more) => exact(more),
  includes: (more) => includes(more),
  regex: (more) => regex({ pattern: /x/, ...more }),
  levenshtein: (more) => levenshtein(more),
  numeric: (more) => numeric(more),
  json: (more) => json(more),
  jsonDiff: (more) => jsonDiff(more),
  listOverlap: (more) => listOverlap(more),
  rouge: (more) => rouge(more),
  bleu: (more) => bleu(more),
  embeddingSimilarity: (more) => embeddingSimilarity({ embed, model: 'm', ...more }),
  toolCalls: (more) => toolCalls(more),
  refusal: (more) => refusal(more),
  maxLatency: (more) => maxLatency(1, more),
  maxTimeToFirstToken: (more) => maxTimeToFirstToken(1, more),
  maxCost: (more) => maxCost(1, more),
  maxTokens: (more) => maxTokens(1, more),
  finishedBy: (more) => finishedBy(['stop'], more),
  fromAutoevals: (more) => fromAutoevals(async () => ({ name: 'x' }), { version: '1', ...more }),
}

describe.each(Object.entries(scorers))('%s', (_, make) => {
  it('takes a name', () => {
    expect(make({ name: 'other' }).name).toBe('other')
  })

  it.each([
    ['an option that it does not have', { treshold: 1 }],
    ['an empty name', { name: '' }],
    ['a name that is no text', { name: 7 }],
  ])('refuses %s', (__, more) => {
    expect(() => make(more)).toThrow(expect.objectContaining({ code: 'config.option' }))
  })
})

describe('values that are refused', () => {
  it.each<[string, () => unknown]>([
    ['includes mode', () => includes({ mode: 'some' as never })],
    ['includes texts', () => includes({ texts: [] })],
    ['regex pattern', () => regex({ pattern: 'x' as never })],
    ['numeric absolute', () => numeric({ absolute: -1 })],
    ['numeric relative', () => numeric({ relative: Number.NaN })],
    ['jsonDiff lists', () => jsonDiff({ lists: 'bag' as never })],
    ['listOverlap similarity', () => listOverlap({ similarity: 1 as never })],
    ['rouge kind', () => rouge({ kind: '3' as never })],
    ['bleu n', () => bleu({ n: 0 })],
    ['bleu smoothing', () => bleu({ smoothing: 'some' as never })],
    ['embeddingSimilarity embed', () => embeddingSimilarity({ model: 'm' } as never)],
    ['embeddingSimilarity model', () => embeddingSimilarity({ embed, model: '' })],
    ['toolCalls order', () => toolCalls({ order: 'reverse' as never })],
    ['toolCalls arguments', () => toolCalls({ arguments: 'some' as never })],
    ['toolCalls of', () => toolCalls({ of: () => [] } as never)],
    ['refusal wanted', () => refusal({ wanted: 'both' as never })],
    ['refusal expected', () => refusal({ expected: () => 1 } as never)],
    ['exact of', () => exact({ of: 'output' as never })],
    ['exact expected', () => exact({ expected: 'text' as never })],
    ['maxLatency limit', () => maxLatency(-1)],
    ['maxLatency of', () => maxLatency(1, { of: () => 1 } as never)],
    ['finishedBy finishes', () => finishedBy([])],
    ['fromAutoevals scorer', () => fromAutoevals('Factuality' as never, { version: '1' })],
    ['fromAutoevals version', () => fromAutoevals(async () => ({ name: 'x' }), {} as never)],
    ['fromAutoevals models', () => fromAutoevals(async () => ({ name: 'x' }), { version: '1', models: 'm' as never })],
  ])('%s', (named, make) => {
    const [, option = ''] = named.split(' ')
    try {
      make()
    } catch (error) {
      expect(isSluiceError(error) && [error.code, error.message.includes(`"${option}"`)]).toEqual([
        'config.option',
        true,
      ])
      return
    }
    expect.unreachable('nothing was refused')
  })
})
