import { settingsOf, type SemanticOptions } from './options.ts'
import { Tier } from './semantic-tier.ts'
import type { SemanticOption } from './tier.ts'

/**
 * The tier of a cache that answers questions by likeness: `createCache({ semantic: semantic({ embedder }) })`.
 *
 * Likeness only makes candidates. In this order: a question that takes no part (about now, about the one who asks, or one
 * that acts) is a miss; one that differs from a stored one in spelling only is a hit; of the nearest neighbours those are
 * barred that a typed veto or a rejection stands against; the policy decides. A random share of the hits is compared with
 * what the provider would have said, and when too many were wrong the tier serves nothing until its figures are good again.
 *
 * Stateless requests only: one user turn of text, and system messages. Candidates are apart by tenant, dialect, address,
 * model, system prompt, tools, schema, parameters and embedder.
 *
 * @throws {SluiceError} `config.option` at construction.
 *
 * @example
 * const answers = createCache({
 *   ttlMs: 3_600_000,
 *   tenant: 'context',
 *   semantic: semantic({ embedder: lexicalEmbedder(), policy: consensus({ k: 3 }), maxFalseHitRate: 0.01 }),
 * })
 */
export function semantic(options: SemanticOptions): SemanticOption {
  const settings = settingsOf(options)
  return { id: 'semantic', open: (host) => new Tier(settings, host) }
}
