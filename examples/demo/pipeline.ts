import { cache, createCache, type Cache } from '@sluice/cache'
import { consensus, lexicalEmbedder, semantic } from '@sluice/cache/semantic'
import type { Clock, Middleware } from '@sluice/core'
import { budget, createLedger, type BudgetLimit, type Ledger } from '@sluice/core/budget'
import { guards, memoryVault, pii, promptInjection, secrets } from '@sluice/guards'
import { cascade, createRouter, router, type Router } from '@sluice/router'
import type { Endpoint } from './endpoint.ts'
import { helpful, helpfulFrom } from './helpful.ts'
import { dearestBook } from './prices.ts'
import { tenants } from './traffic.ts'

export interface Pipeline {
  /** For `sluice(client, middleware)`. */
  readonly middleware: readonly Middleware[]
  readonly routes: Router
  /** What the cache knows, for asking it why. */
  readonly answers: Cache
  /** `undefined`: no budget. */
  readonly ledger: Ledger | undefined
}

/** What the application adds to its client. On a real endpoint of the user's: no cascade, and no budget to run into. */
export function pipelineFor({ targets, cheap, model, book }: Endpoint, clock: Clock): Pipeline {
  const priced = book && { price: book.price }
  const limits: readonly BudgetLimit[] = [
    { scope: 'tenant', usd: 1, window: 'day' },
    { scope: 'tenant', id: tenants.trial, usd: 0.004, window: 'day' },
  ]
  const ledger = cheap === undefined ? undefined : createLedger({ limits, clock })
  // An outage of the demo is over within seconds, and so are the waits here.
  const routes = createRouter({
    targets,
    midStream: 'continue',
    retry: { initialDelayMs: 100 },
    breaker: { openMs: 500, maxOpenMs: 1_000 },
    clock,
    ...priced,
  })
  // What customers write about themselves leaves as placeholders, and comes back in the answers.
  const personal = pii({ restore: true })
  // Drawn anew in each process by default; given, so that a run can be repeated.
  const vault = memoryVault({ secret: 'no secret, since this is a demo with a seed' })
  const answers = createCache({
    ttlMs: 3_600_000,
    // What is about one customer's account is that customer's; the rest is the same for everyone of a tenant.
    tenant: ({ tenant = '', user = '', tags }) => (tags?.includes('personal') ? `${tenant} ${user}` : tenant),
    semantic: semantic({
      embedder: lexicalEmbedder(),
      policy: consensus({ k: 2 }),
      sameForEveryone: true,
      auditShare: 0,
    }),
    ...priced,
  })
  const middleware = [
    ...(ledger
      ? [
          budget({
            ledger,
            price: dearestBook,
            subject: ({ tenant }) => ({ tenant }),
            expectedOutputTokens: 100,
            clock,
          }),
        ]
      : []),
    guards({ input: [promptInjection(), secrets(), personal], output: [personal], vault }),
    cache(answers),
    ...(cheap === undefined
      ? []
      : [cascade({ steps: [cheap, model], accept: helpful, floor: helpfulFrom, clock, ...priced })]),
    router(routes),
  ]
  return { middleware, routes, answers, ledger }
}
