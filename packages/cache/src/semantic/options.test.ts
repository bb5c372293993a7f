import { isSluiceError } from '@sluice/core'
import { describe, expect, it } from 'vitest'
import { lexicalEmbedder } from '../embed/lexical-embedder.ts'
import { flatIndex } from '../vector/flat-index.ts'
import { pgvectorIndex } from '../vector/pgvector-index.ts'
import { createCache } from '../create-cache.ts'
import type { SemanticOptions } from './options.ts'
import { semantic } from './semantic.ts'

const embedder = lexicalEmbedder()

describe('options of semantic()', () => {
  it.each<[string, unknown]>([
    ['no options', undefined],
    ['no embedder', {}],
    ['an embedder that is none', { embedder: 'lexical' }],
    ['an index that is none', { embedder, index: {} }],
    ['a policy that is none', { embedder, policy: 'consensus' }],
    ['a policy of no candidates', { embedder, policy: { id: 'x', k: 0, decide: () => undefined } }],
    ['a share in percent', { embedder, maxFalseHitRate: 1 }],
    ['no share at all', { embedder, maxFalseHitRate: 0 }],
    ['more audits than hits', { embedder, auditShare: 2 }],
    ['a similarity out of range', { embedder, compareFrom: 1.5 }],
    ['a time that is none', { embedder, timeoutMs: 0 }],
    ['a flag that is none', { embedder, shadow: 'yes' }],
    ['a judge that is no function', { embedder, sameAnswer: true }],
    ['an option that is none', { embedder, treshold: 0.9 }],
    ['an index of other dimensions', { embedder, index: { ...flatIndex(), dimensions: 1536 } }],
    [
      'a table of other dimensions',
      { embedder, index: pgvectorIndex({ query: async () => ({ rows: [] }) }, { dimensions: 1536 }) },
    ],
  ])('are refused at construction: %s', (_, options) => {
    let thrown: unknown
    try {
      semantic(options as SemanticOptions)
    } catch (error) {
      thrown = error
    }
    expect(isSluiceError(thrown) && thrown.code).toBe('config.option')
  })

  it('say what to do', () => {
    expect(() => semantic({ embedder, index: { ...flatIndex(), dimensions: 1536 } } as never)).toThrow(
      /1536 dimensions.*384/s,
    )
    expect(() => semantic({ embedder, treshold: 0.9 } as never)).toThrow(/no option "treshold".*maxFalseHitRate/s)
  })

  it('are enough with an embedder', async () => {
    const answers = createCache({ ttlMs: 60_000, tenant: 'shared', semantic: semantic({ embedder }) })
    expect(answers.stats().semantic).toMatchObject({ lookups: 0, hits: 0, isTripped: false, wrongOfHits: undefined })
  })
})
