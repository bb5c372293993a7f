import { SluiceError } from '@sluice/core'
import { defaultTimeouts } from '../engine/timeouts.ts'
import { checkNames, refuse } from '../health/option-check.ts'
import { isTarget } from '../target/is-target.ts'
import { modelTarget } from '../target/model-target.ts'
import type { Target } from '../target/target.ts'
import { isEstimator, type Estimator, type StepView } from './estimator.ts'
import type { CascadeOptions, CascadeStep } from './options.ts'

/** A step as it was checked. */
export interface CheckedStep extends StepView {
  /** `undefined` for the last step. */
  readonly estimator: Estimator | undefined
  /** `undefined` for a step that is left out, and for the last. */
  readonly threshold: number | undefined
  /** It is a model of the wrapped client. */
  readonly isWrapped: boolean
}

const optionNames = [
  'steps',
  'accept',
  'floor',
  'thresholds',
  'maxCostNanoUsd',
  'otherModels',
  'onLastFailure',
  'refusals',
  'breaker',
  'ejection',
  'timeouts',
  'bridge',
  'errors',
  'price',
  'clock',
]

/** Refuses options that cannot work. @throws {SluiceError} `config.option`, `config.steps` */
export function checkedSteps(options: CascadeOptions): readonly CheckedStep[] {
  checkNames('cascade()', options, optionNames)
  checkSettings(options)
  const { steps, accept, floor = 0.5, thresholds } = options
  if (!Array.isArray(steps) || steps.length < 2)
    throw refusedSteps(
      `A cascade needs two steps or more, the cheapest first, got ${Array.isArray(steps) ? steps.length : typeof steps}: ` +
        "cascade({ steps: ['gpt-5-nano', 'gpt-5'], accept: format('json') }).",
    )
  const inner = steps.length - 1
  if (thresholds !== undefined && !(Array.isArray(thresholds) && thresholds.length === inner))
    refuse(`thresholds of cascade() must be a list of ${inner}, one for each step but the last.`)
  const made = steps.map((each, index): CheckedStep => {
    const isLast = index === inner
    const step = stepOf(each, index)
    const target = typeof step.target === 'string' ? modelTarget(step.target) : step.target
    const { id } = target
    const own = isLast ? step.accept : (step.accept ?? accept)
    if (isLast && (step.accept !== undefined || step.threshold !== undefined))
      throw refusedSteps(`The answer of the last step "${id}" is not judged: it takes neither accept nor threshold.`)
    if (!isLast && !isEstimator(own))
      throw refusedSteps(
        `Step "${id}" has nothing to judge its answers by. Give it, or the cascade, an estimator: accept: format('json').`,
      )
    const threshold = thresholds?.[index] === undefined ? step.threshold : thresholds[index]
    if (threshold != null && !isShare(threshold))
      refuse(`The threshold of step "${id}" must be 0 to 1, or null to leave the step out, got ${String(threshold)}.`)
    const checked = { index, id, target, isWrapped: typeof step.target === 'string' }
    if (isLast) return { ...checked, estimator: undefined, threshold: undefined }
    own?.checkStep?.(checked)
    return { ...checked, estimator: own, threshold: threshold === null ? undefined : (threshold ?? floor) }
  })
  checkIds(made)
  if (options.maxCostNanoUsd !== undefined) checkPrices(made, options)
  return made
}

function stepOf(value: Target | string | CascadeStep, index: number): CascadeStep {
  if (typeof value === 'string' && value !== '') return { target: value }
  if (isTarget(value)) return { target: value }
  const { target } = (value ?? {}) as Partial<CascadeStep>
  if (typeof value !== 'object' || !((typeof target === 'string' && target !== '') || isTarget(target)))
    throw refusedSteps(
      `Step ${index + 1} is none. Make it with openaiTarget, anthropicTarget or defineTarget, name a model, or give ` +
        '{ target, accept }.',
    )
  const step = value as CascadeStep
  checkNames(`step ${index + 1} of cascade()`, step, ['target', 'accept', 'threshold'])
  if (step.accept !== undefined && !isEstimator(step.accept))
    throw refusedSteps(
      `accept of step ${index + 1} must be an estimator such as format('json'), got ${typeof step.accept}.`,
    )
  return step
}

function checkSettings(options: CascadeOptions): void {
  const {
    accept,
    floor,
    maxCostNanoUsd,
    otherModels,
    onLastFailure,
    refusals,
    bridge,
    errors,
    price,
    clock,
    timeouts,
  } = options
  if (accept !== undefined && !isEstimator(accept))
    refuse(
      `accept of cascade() must be an estimator such as format('json'), got ${typeof accept}. For a function: verify(fn).`,
    )
  if (floor !== undefined && !isShare(floor)) refuse(`floor of cascade() must be 0 to 1, got ${String(floor)}.`)
  if (maxCostNanoUsd !== undefined && !(Number.isFinite(maxCostNanoUsd) && maxCostNanoUsd > 0))
    refuse(`maxCostNanoUsd of cascade() must be nano-dollars above 0, got ${String(maxCostNanoUsd)}.`)
  oneOf('otherModels', otherModels, ['pass', 'cascade', 'refuse'])
  oneOf('onLastFailure', onLastFailure, ['best', 'error'])
  oneOf('refusals', refusals, ['deliver', 'judge'])
  if (bridge !== undefined && bridge !== false && (typeof bridge !== 'object' || bridge === null))
    refuse('bridge of cascade() must be false or its options.')
  if (errors !== undefined && !Array.isArray(errors))
    refuse('errors of cascade() must be a list of rows like those of errorTable.')
  if (price !== undefined && typeof price !== 'function')
    refuse('price of cascade() must be a function of usage and model.')
  if (clock !== undefined && !(typeof clock?.now === 'function' && typeof clock.sleep === 'function'))
    refuse('clock of cascade() must have now() and sleep(ms, signal).')
  if (timeouts === undefined) return
  const owner = 'timeouts of cascade()'
  checkNames(owner, timeouts, Object.keys(defaultTimeouts))
  for (const [name, ms] of Object.entries(timeouts as Record<string, unknown>))
    if (ms !== undefined && !(typeof ms === 'number' && ms > 0))
      refuse(`${name} of ${owner} must be a number of milliseconds above 0, got ${String(ms)}.`)
}

function checkIds(steps: readonly CheckedStep[]): void {
  const seen = new Set<string>()
  for (const { id } of steps) {
    if (seen.has(id))
      throw refusedSteps(`Two steps have the id "${id}". Give one another: openaiTarget(client, model, { id: '…' }).`)
    seen.add(id)
  }
}

/** A limit on money needs to know what everything costs. */
function checkPrices(steps: readonly CheckedStep[], { price }: CascadeOptions): void {
  if (price) return
  for (const { target, estimator } of steps)
    for (const { id, price: own } of [target, ...(estimator?.asks ?? [])])
      if (!own)
        refuse(
          `maxCostNanoUsd needs to know what "${id}" costs. Give the cascade or the target a price, such as ` +
            'createPriceBook(…).price.',
        )
}

function oneOf(name: string, value: unknown, allowed: readonly string[]): void {
  if (value !== undefined && !allowed.includes(value as string))
    refuse(`${name} of cascade() must be ${allowed.join(' or ')}, got ${JSON.stringify(value)}.`)
}

function isShare(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value <= 1
}

function refusedSteps(message: string): SluiceError {
  return new SluiceError({ code: 'config.steps', message })
}
