import { SluiceError } from '@sluice/core'

/** What one model made of one request. */
export interface ModelOutcome {
  /** How good its answer was, higher is better; any finite scale, the same for all models. Usually 0..1. */
  readonly score: number
  /** What that one request cost with it, in US dollars, 0 or more. */
  readonly costUsd?: number
  /** The text of its answer. Needed only to learn from answers. */
  readonly answer?: string
}

/** One request and what became of it with each model that was tried on it. */
export interface RoutingOutcome {
  /** Unique among the outcomes. */
  readonly id: string
  /** The request's text; empty where it was not kept. */
  readonly prompt: string
  /** The kind of task, if the application knows it before the call: an endpoint, a feature, a subject. */
  readonly label?: string
  readonly models: Readonly<Record<string, ModelOutcome>>
}

/** Outcomes as columns: only rows that have every model. */
export interface OutcomeTable<O extends RoutingOutcome = RoutingOutcome> {
  readonly rows: readonly O[]
  readonly models: readonly string[]
  /** `scores[model][row]`. */
  readonly scores: readonly Float64Array[]
  /** `costs[model][row]`, where every used row or `costsUsd` of the options has one. */
  readonly costs: readonly Float64Array[] | undefined
  /** Outcomes left out since a model is missing. */
  readonly incomplete: number
}

export interface TableOptions {
  readonly models?: readonly string[] | undefined
  readonly costsUsd?: Readonly<Record<string, number>> | undefined
}

/** Checks outcomes and turns them into columns. `caller` names the function in the error. */
export function outcomeTable<O extends RoutingOutcome>(
  outcomes: readonly O[],
  { models: wanted, costsUsd }: TableOptions,
  caller: string,
): OutcomeTable<O> {
  if (!Array.isArray(outcomes) || outcomes.length === 0) refuse(caller, 'needs at least one outcome, got none.')
  const ids = new Set<string>()
  const known = new Set<string>()
  for (const outcome of outcomes) {
    if (typeof outcome?.id !== 'string')
      refuse(caller, `needs a string as the id of every outcome, got ${show(outcome?.id)}.`)
    if (ids.has(outcome.id)) refuse(caller, `got two outcomes with the id "${outcome.id}". Make the ids unique.`)
    ids.add(outcome.id)
    if (typeof outcome.prompt !== 'string')
      refuse(
        caller,
        `needs the prompt of "${outcome.id}" as a string (empty where unknown), got ${show(outcome.prompt)}.`,
      )
    for (const [model, result] of Object.entries<ModelOutcome>(outcome.models ?? {})) {
      known.add(model)
      checkResult(caller, outcome.id, model, result)
    }
  }
  const models = wanted ?? [...known]
  for (const model of models)
    if (!known.has(model)) refuse(caller, `no outcome has a model "${model}". Known: ${[...known].join(', ')}.`)
  if (new Set(models).size !== models.length) refuse(caller, `got a model twice: ${models.join(', ')}.`)
  if (models.length < 2)
    refuse(caller, `needs at least two models to choose among, got ${models.join(', ') || 'none'}.`)
  for (const [model, cost] of Object.entries(costsUsd ?? {}))
    if (!(Number.isFinite(cost) && cost >= 0))
      refuse(caller, `costsUsd of "${model}" must be US dollars of at least 0, got ${String(cost)}.`)

  const rows = outcomes.filter((outcome) => models.every((model) => outcome.models[model] !== undefined))
  if (rows.length === 0) refuse(caller, `no outcome has all of the models ${models.join(', ')}.`)
  const scores = models.map((model) => Float64Array.from(rows, (row) => row.models[model]?.score ?? 0))
  const costs = models.map((model) =>
    Float64Array.from(rows, (row) => row.models[model]?.costUsd ?? costsUsd?.[model] ?? Number.NaN),
  )
  const priced = costs.every((column) => column.every((cost) => !Number.isNaN(cost)))
  return { rows, models, scores, costs: priced ? costs : undefined, incomplete: outcomes.length - rows.length }
}

function checkResult(caller: string, id: string, model: string, result: ModelOutcome): void {
  const { score, costUsd } = result
  if (!Number.isFinite(score))
    refuse(caller, `needs a finite score of "${model}" in "${id}", got ${String(score)}. Leave the model out instead.`)
  if (costUsd !== undefined && !(Number.isFinite(costUsd) && costUsd >= 0))
    refuse(caller, `needs costUsd of "${model}" in "${id}" to be at least 0, got ${String(costUsd)}.`)
}

/** Refuses options that `caller` does not have. */
export function refuseUnknown(caller: string, unknown: object, known: string): void {
  for (const name of Object.keys(unknown)) refuse(caller, `has no option "${name}". The options are ${known}.`)
}

/** Refuses a number outside of `min` … `max`. */
export function checkNumber(
  caller: string,
  name: string,
  value: number,
  { min, max, whole = true }: { min: number; max: number; whole?: boolean },
): void {
  if (typeof value === 'number' && value >= min && value <= max && (!whole || Number.isInteger(value))) return
  refuse(caller, `${name} must be ${whole ? 'a whole number' : 'a number'} from ${min} to ${max}, got ${show(value)}.`)
}

/** @throws {SluiceError} `config.option`. */
export function refuse(caller: string, message: string): never {
  throw new SluiceError({ code: 'config.option', message: `${caller}() ${message}` })
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? 'undefined'
}

export function meanOf(values: ArrayLike<number>): number {
  let sum = 0
  for (let index = 0; index < values.length; index += 1) sum += values[index] as number
  return values.length === 0 ? 0 : sum / values.length
}
