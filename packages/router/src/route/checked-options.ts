import { SluiceError } from '@sluice/core'
import { bridge } from '../bridge/bridge.ts'
import { checkErrorRules } from '../engine/check-error-rules.ts'
import { defaultTimeouts, type Timeouts } from '../engine/timeouts.ts'
import { checkNames, checkNumbers, refuse, type OptionRanges } from '../health/option-check.ts'
import { namedStrategy } from '../strategy/strategies.ts'
import type { Strategy } from '../strategy/strategy.ts'
import { isTarget } from '../target/is-target.ts'
import { modelTarget } from '../target/model-target.ts'
import type { Target } from '../target/target.ts'
import type { RouterOptions } from './options.ts'

const optionNames = (
  'targets groups otherModels strategy balance retry hedge breaker ejection latency probe timeouts stickiness midStream ' +
  'bridge errors regions price random clock'
).split(' ')

/** A limit may be `Infinity`: there is none. */
const aboveZero = { min: 0, above: true, max: Infinity }
const limits: OptionRanges = Object.fromEntries(Object.keys(defaultTimeouts).map((name) => [name, aboveZero]))
const probeRanges: OptionRanges = { idleMs: aboveZero, timeoutMs: aboveZero }
const delays: OptionRanges = {
  maxRetries: { min: 0, whole: true },
  initialDelayMs: { min: 0 },
  maxDelayMs: { min: 0 },
  maxWaitMs: { min: 0, max: Infinity },
}

function oneOf(name: string, value: unknown, allowed: readonly string[]): void {
  if (value !== undefined && !allowed.includes(value as string))
    refuse(`${name} of the router must be ${allowed.join(', ')}, got ${JSON.stringify(value)}.`)
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The targets of a router, strings made into models of the wrapped client. */
export function checkedTargets({ targets }: RouterOptions): readonly Target[] {
  if (!Array.isArray(targets) || targets.length === 0)
    throw badTargets('A router needs at least one target: router({ targets: [openaiTarget(client, "gpt-5-mini")] }).')
  const made = targets.map((each: Target | string) => (typeof each === 'string' ? modelTarget(each) : each))
  const seen = new Set<string>()
  for (const [place, target] of made.entries()) {
    if (!isTarget(target))
      throw badTargets(
        `Target ${place + 1} is none. Make it with openaiTarget, anthropicTarget or defineTarget, or name a model.`,
      )
    if (seen.has(target.id))
      throw badTargets(
        `Two targets have the id "${target.id}". Give one another: openaiTarget(client, model, { id: '…' }).`,
      )
    seen.add(target.id)
  }
  return made
}

function badTargets(message: string): SluiceError {
  return new SluiceError({ code: 'config.targets', message })
}

/** Refuses everything about the options but the targets. */
export function checkRouterOptions(options: RouterOptions): void {
  if (!isObject(options)) refuse('router() takes an object with targets.')
  checkNames('router()', options, optionNames)
  const { otherModels, balance, midStream, random, clock, price, errors, regions } = options
  oneOf('otherModels', otherModels, ['pass', 'route', 'refuse'])
  oneOf('balance', balance, ['p2c', 'none'])
  oneOf('midStream', midStream, ['error', 'continue', 'restart'])
  if (random !== undefined && typeof random !== 'function')
    refuse('random of the router must be a function that returns 0 to 1.')
  if (price !== undefined && typeof price !== 'function')
    refuse('price of the router must be a function of usage and model.')
  if (clock !== undefined && !(typeof clock?.now === 'function' && typeof clock.sleep === 'function'))
    refuse('clock of the router must have now() and sleep(ms, signal).')
  if (errors !== undefined) checkErrorRules(errors)
  if (regions !== undefined && typeof regions !== 'function' && !isTexts(regions))
    refuse("regions of the router must be a list such as ['eu'] or a function of the call.")
  checkParts(options)
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => typeof each === 'string')
}

function checkParts({ timeouts, probe, hedge, retry, bridge: bridging, stickiness, groups }: RouterOptions): void {
  if (timeouts !== undefined) checkNumbers('timeouts', timeouts, limits)
  if (probe !== undefined && typeof probe !== 'boolean') checkNumbers('probe', probe, probeRanges)
  if (hedge !== undefined && typeof hedge !== 'boolean') {
    checkNames('hedge', hedge, ['afterMs', 'share', 'windowMs'])
    const { afterMs } = hedge
    checkNumbers('hedge', { afterMs }, { afterMs: { min: 0, above: true } })
  }
  if (bridging !== undefined && bridging !== false) {
    if (!isObject(bridging)) refuse(`bridge of the router must be false or its options, got ${String(bridging)}.`)
    // Its own check: the dialects do not matter to it.
    bridge('openai.chat', 'anthropic.messages', bridging)
  }
  if (stickiness !== undefined && stickiness !== false && !isObject(stickiness))
    refuse(`stickiness of the router must be false or its options, got ${String(stickiness)}.`)
  if (groups !== undefined && !isObject(groups))
    refuse("groups of the router must be an object of lists: { fast: ['target-id'] }.")
  if (retry !== undefined) checkRetry(retry)
}

function checkRetry(retry: NonNullable<RouterOptions['retry']>): void {
  checkNames('retry', retry, [...Object.keys(delays), 'jitter', 'budget'])
  const { jitter, budget, ...numbers } = retry
  oneOf('jitter of retry', jitter, ['full', 'none'])
  if (budget !== undefined && !isObject(budget)) refuse('budget of retry must be a RetryBudget or its options.')
  checkNumbers('retry', numbers, delays)
}

/** The limits with their defaults. */
export function timeoutsOf({ timeouts }: RouterOptions): Timeouts {
  const given = Object.entries(timeouts ?? {}).filter(([, value]) => value !== undefined)
  return { ...defaultTimeouts, ...Object.fromEntries(given) }
}

/** The groups by name, as places in the list of targets. */
export function groupsOf(options: RouterOptions, targets: readonly Target[]): ReadonlyMap<string, readonly number[]> {
  const groups = new Map<string, readonly number[]>([['auto', targets.map((_, place) => place)]])
  for (const [name, ids] of Object.entries(options.groups ?? {})) {
    if (!isTexts(ids) || ids.length === 0) refuse(`The group "${name}" must be a list of target ids with at least one.`)
    const places = ids.map((id: string) => {
      const place = targets.findIndex((target) => target.id === id)
      const known = targets.map((target) => target.id).join(', ')
      return place < 0 ? refuse(`The group "${name}" names the target "${id}", which is none of ${known}.`) : place
    })
    const twice = ids.find((id, at) => ids.indexOf(id) < at)
    if (twice !== undefined) refuse(`The group "${name}" names the target "${twice}" twice.`)
    groups.set(name, places)
  }
  return groups
}

/** The strategy, checked against the targets it is to choose among. */
export function strategyOf(options: RouterOptions, targets: readonly Target[], random: () => number): Strategy {
  const { strategy = 'priority', price } = options
  const isOwn = typeof strategy === 'object' && typeof strategy?.score === 'function'
  const made = isOwn ? strategy : namedStrategy(strategy as never, random)
  made.check?.({ targets, price })
  return made
}
