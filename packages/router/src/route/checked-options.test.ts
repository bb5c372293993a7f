import { SluiceError } from '@sluice/core'
import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { RetryBudget } from '../health/retry-budget.ts'
import { createRouter, fallback, router } from '../router.ts'
import { openaiTarget } from '../target/client-targets.ts'
import type { RouterOptions } from './options.ts'

const openai = new OpenAI({ apiKey: 'test' })
const targets = [openaiTarget(openai, 'gpt-5-mini'), openaiTarget(openai, 'gpt-5-nano')]

/** The error of a construction. */
function refused(options: unknown): SluiceError {
  for (const make of [createRouter, router] as ((given: never) => unknown)[]) {
    try {
      make(options as never)
    } catch (error) {
      if (SluiceError.isInstance(error)) return error
      throw error
    }
  }
  throw new Error('Nothing was refused.')
}

const withTargets = (options: object): unknown => ({ targets, ...options })

describe('a router refuses at construction', () => {
  it.each([
    ['no targets', { targets: [] }, 'config.targets', /at least one/],
    ['targets left out', {}, 'config.targets', /at least one/],
    ['targets that are none', { targets: 'gpt-5' }, 'config.targets', /at least one/],
    ['something that is no target', { targets: [targets[0], {}] }, 'config.targets', /2/],
    ['a client for a target', { targets: [openai] }, 'config.targets', /openaiTarget/],
    ['nothing for a target', { targets: [undefined] }, 'config.targets', /openaiTarget/],
    ['an empty name for a model', { targets: [''] }, 'config.target', /non-empty/],
    ['two targets of one id', { targets: [targets[0], targets[0]] }, 'config.targets', /gpt-5-mini/],
    ['two models of one name', { targets: ['gpt-5', 'gpt-5'] }, 'config.targets', /gpt-5/],
  ])('%s', (_, options, code, message) => {
    expect(refused(options)).toMatchObject({ code, message: expect.stringMatching(message) })
  })

  it.each<readonly [string, unknown, RegExp]>([
    ['an unknown option', { strategie: 'cost' }, /strategie.*targets/],
    ['no object', undefined, /object/],
    ['null', null, /object/],
    ['a text', 'gpt-5', /./],
    ['otherModels', { otherModels: 'ignore' }, /otherModels.*"ignore"/],
    ['balance', { balance: 'random' }, /balance.*"random"/],
    ['midStream', { midStream: 'resume' }, /midStream.*"resume"/],
    ['random', { random: 0.5 }, /random/],
    ['price', { price: 3 }, /price/],
    ['clock', { clock: { now: Date.now } }, /clock/],
    ['clock null', { clock: null }, /clock/],
    ['errors', { errors: {} }, /errors/],
    ['regions', { regions: 'eu' }, /regions/],
    ['bridge', { bridge: true }, /bridge/],
    ['bridge null', { bridge: null }, /bridge/],
    ['an unknown option of bridge', { bridge: { strikt: true } }, /strikt/],
    ['a wrong option of bridge', { bridge: { strict: 'yes' } }, /strict/],
    ['hedge', { hedge: 5 }, /hedge/],
    ['hedge null', { hedge: null }, /hedge/],
    ['afterMs of hedge', { hedge: { afterMs: 0 } }, /afterMs.*0/],
    ['afterMs of hedge as text', { hedge: { afterMs: '100' } }, /afterMs/],
    ['afterMs of hedge endless', { hedge: { afterMs: Number.NaN } }, /afterMs/],
    ['share of hedge', { hedge: { share: 2 } }, /share/],
    ['an unknown option of hedge', { hedge: { after: 2 } }, /after/],
    ['timeouts', { timeouts: { firstTokenMs: -1 } }, /firstTokenMs.*-1/],
    ['timeouts 0', { timeouts: { totalMs: 0 } }, /totalMs.*0/],
    ['timeouts not a number', { timeouts: { attemptMs: Number.NaN } }, /attemptMs.*NaN/],
    ['timeouts as text', { timeouts: { attemptMs: '30s' } }, /attemptMs.*30s/],
    ['an unknown timeout', { timeouts: { connect: 100 } }, /connect.*connectMs/],
    ['timeouts as a number', { timeouts: 1000 }, /timeouts/],
    ['timeouts null', { timeouts: null }, /timeouts/],
    ['maxRetries', { retry: { maxRetries: 1.5 } }, /maxRetries.*1.5/],
    ['maxRetries below 0', { retry: { maxRetries: -1 } }, /maxRetries.*-1/],
    ['initialDelayMs', { retry: { initialDelayMs: -5 } }, /initialDelayMs.*-5/],
    ['maxDelayMs', { retry: { maxDelayMs: 'long' } }, /maxDelayMs.*long/],
    ['maxWaitMs', { retry: { maxWaitMs: Number.NaN } }, /maxWaitMs.*NaN/],
    ['jitter', { retry: { jitter: 'half' } }, /jitter.*"half"/],
    ['an unknown option of retry', { retry: { retries: 3 } }, /retries.*maxRetries/],
    ['retry as a number', { retry: 3 }, /retry/],
    ['retry null', { retry: null }, /retry/],
    ['retry false', { retry: false }, /retry/],
    ['budget', { retry: { budget: 10 } }, /budget/],
    ['a share of the budget', { retry: { budget: { share: -1 } } }, /share/],
    ['an unknown option of the budget', { retry: { budget: { ratio: 1 } } }, /ratio/],
    ['breaker', { breaker: { failureRate: 2 } }, /failureRate/],
    ['breaker as true', { breaker: true }, /breaker/],
    ['an unknown option of breaker', { breaker: { threshold: 2 } }, /threshold/],
    ['ejection', { ejection: { maxShare: 3 } }, /maxShare/],
    ['latency', { latency: { decayMs: 0 } }, /decayMs/],
    ['stickiness ttl', { stickiness: { ttlMs: 0 } }, /ttlMs.*0/],
    ['stickiness by', { stickiness: { by: 'session' } }, /by/],
    ['stickiness sessions', { stickiness: { maxSessions: 0.5 } }, /maxSessions.*0.5/],
    ['an unknown option of stickiness', { stickiness: { ttl: 3 } }, /"ttl"/],
    ['stickiness true', { stickiness: true }, /stickiness/],
    ['stickiness null', { stickiness: null }, /stickiness/],
    ['an empty group', { groups: { fast: [] } }, /fast/],
    ['a group that is no list', { groups: { fast: 'gpt-5-mini' } }, /fast/],
    ['a group of nobody', { groups: { fast: ['gpt-6'] } }, /gpt-6.*gpt-5-mini/],
    [
      'a group with somebody twice',
      { groups: { fast: ['gpt-5-mini', 'gpt-5-mini'] } },
      /fast.*gpt-5-mini|gpt-5-mini.*fast/,
    ],
    ['groups that are no object', { groups: ['fast'] }, /groups/],
    ['a rule without an action', { errors: [{ name: 'mine', class: 'server' }] }, /action/],
    ['a rule without a class', { errors: [{ name: 'mine', action: 'next' }] }, /class/],
    ['a rule of an unknown action', { errors: [{ name: 'mine', class: 'server', action: 'skip' }] }, /skip/],
    ['a rule that is nothing', { errors: [null] }, /errors|row|rule/],
  ])('%s', (_, options, message) => {
    const given = typeof options === 'object' && options !== null ? withTargets(options) : options
    expect(refused(given)).toMatchObject({
      code: expect.stringMatching(/^config\./),
      message: expect.stringMatching(message),
    })
  })

  it.each([
    ['an unknown strategy', 'fastest', /fastest.*priority/],
    ['a strategy without score()', { name: 'mine' }, /score/],
    ['null', null, /./],
    ['quality without qualities', 'quality', /gpt-5-mini.*quality/],
    ['cost without prices', 'cost', /gpt-5-mini.*price/],
  ])('%s', (_, strategy, message) => {
    expect(refused({ targets, strategy })).toMatchObject({
      code: 'config.strategy',
      message: expect.stringMatching(message),
    })
  })

  it('asks a strategy of your own whether it has what it goes by', () => {
    const strategy = {
      name: 'mine',
      score: () => [],
      check: () => {
        throw new SluiceError({ code: 'config.strategy', message: 'It lacks a map.' })
      },
    }
    expect(refused({ targets, strategy })).toMatchObject({ message: 'It lacks a map.' })
  })

  it('the same of fallback()', () => {
    expect(() => fallback([])).toThrow(expect.objectContaining({ code: 'config.targets' }))
    expect(() => fallback(targets, { midStream: 'x' as never })).toThrow(
      expect.objectContaining({ code: 'config.option' }),
    )
    expect(() => fallback(targets, { strategy: 'cost' } as never)).not.toThrow(TypeError)
  })
})

describe('a router takes', () => {
  it.each<[string, Omit<RouterOptions, 'targets'>]>([
    ['nothing but targets', {}],
    ['endless limits', { timeouts: { totalMs: Infinity, betweenTokensMs: Infinity } }],
    ['no retries', { retry: { maxRetries: 0 } }],
    ['a budget that is shared', { retry: { budget: new RetryBudget() } }],
    ['hedges by default', { hedge: true }],
    ['no hedges', { hedge: false }],
    [
      'no breaker, no ejection, no bridge, no stickiness',
      { breaker: false, ejection: false, bridge: false, stickiness: false },
    ],
    ['a strict bridge', { bridge: { strict: true } }],
    ['regions', { regions: ['eu'] }],
    ['a function of regions', { regions: () => undefined }],
    ['a group', { groups: { fast: ['gpt-5-nano'], auto: ['gpt-5-nano', 'gpt-5-mini'] } }],
    ['a row of its own', { errors: [{ name: 'mine', statuses: [499], class: 'server', action: 'next' }] }],
  ])('%s', (_, options) => {
    const routes = createRouter({ targets, ...options })
    expect(routes.decide({ model: 'auto', messages: [] }).candidates.length).toBeGreaterThan(0)
    expect(typeof router(routes)).toBe('function')
  })

  it('an option of undefined as one that is left out', () => {
    const names =
      'groups otherModels strategy balance retry hedge breaker ejection latency timeouts stickiness midStream bridge errors regions price random clock'
    const options = Object.fromEntries(names.split(' ').map((name) => [name, undefined]))
    expect(createRouter({ targets, ...options }).decide({ model: 'auto', messages: [] }).target).toBe('gpt-5-mini')
    const parts = createRouter({
      targets,
      retry: { maxRetries: undefined, budget: undefined, jitter: undefined, initialDelayMs: undefined } as never,
      timeouts: { connectMs: undefined, totalMs: undefined } as never,
      stickiness: { ttlMs: undefined, by: undefined } as never,
    })
    expect(parts.decide({ model: 'auto', messages: [] }).target).toBe('gpt-5-mini')
  })
})
