import { outputTokens, SluiceError } from '@sluice/core'
import type { ApiId, Call, Handler, Pricer, Reply, Usage } from '@sluice/core'
import { withoutBridgedReasoning } from '../bridge/answer/bridged-reasoning.ts'
import { bridge, type BridgeOptions } from '../bridge/bridge.ts'
import { translatable } from '../bridge/request/index.ts'
import { FailoverGate } from '../engine/failover-gate.ts'
import type { TargetHealth } from '../health/target-health.ts'
import { isModelTarget } from '../target/model-target.ts'
import type { Target } from '../target/target.ts'
import { Allowance } from './allowance.ts'
import type { RouteQuery } from './query.ts'
import type { TargetView } from './view.ts'

/** Output tokens to allow where the dialect demands a limit and the application set none: none of its answers shall be cut. */
const longAnswer = 16_384

/** Weight of one more answer in the mean length of answers: some twenty answers are remembered. */
const recency = 0.1

/** A target with all that its router knows of it. */
export class RoutedTarget implements TargetView {
  readonly target: Target
  readonly health: TargetHealth
  readonly price: Pricer | undefined
  readonly allowance: Allowance | undefined
  readonly gate: FailoverGate = new FailoverGate()
  outputTokens: number | undefined
  readonly #bridge: BridgeOptions | false
  readonly #bridged = new Map<ApiId, (call: Call, next: Handler | undefined) => Promise<Reply>>()

  constructor(
    target: Target,
    known: { health: TargetHealth; price: Pricer | undefined; bridge: BridgeOptions | false },
  ) {
    this.target = target
    this.health = known.health
    this.price = target.price ?? known.price
    this.allowance = target.limits && new Allowance(target.limits)
    this.#bridge = known.bridge
  }

  get id(): string {
    return this.target.id
  }

  /** A model of the wrapped client: nobody can ask it but within a call. */
  get isOfClient(): boolean {
    return isModelTarget(this.target)
  }

  /** Whether its `limits` leave room for a call. */
  hasRoom(query: RouteQuery, nowMs: number): boolean {
    const { allowance } = this
    return !allowance || allowance.allows(allowance.countsTokens ? query.inputTokens : 0, nowMs)
  }

  load(nowMs: number): number {
    return this.health.load(nowMs)
  }

  /** The dialect in which calls in `api` reach it; `undefined` when they cannot. */
  route(api: ApiId): ApiId | undefined {
    const { apis } = this.target
    if (apis.includes(api)) return api
    return this.#bridge === false ? undefined : apis.find((each) => translatable(api, each))
  }

  /** Sends a call for its model, in whatever dialect. */
  readonly send = (call: Call, next: Handler | undefined): Promise<Reply> => {
    const { id } = call.api
    const { target } = this
    return target.apis.includes(id) ? target.handle(withoutForeignReasoning(call), next) : this.#over(id)(call, next)
  }

  /** Notes how long an answer was. */
  answered(usage: Usage | undefined): void {
    if (!usage) return
    const tokens = outputTokens(usage)
    const mean = this.outputTokens
    this.outputTokens = mean === undefined ? tokens : mean + recency * (tokens - mean)
  }

  #over(from: ApiId): (call: Call, next: Handler | undefined) => Promise<Reply> {
    const known = this.#bridged.get(from)
    if (known) return known
    const to = this.route(from)
    if (to === undefined || this.#bridge === false) throw unreachable(this.id, from)
    const { target } = this
    const over = bridge(from, to, {
      maxOutputTokens: Math.min(target.capabilities.maxOutputTokens ?? 4_096, longAnswer),
      ...this.#bridge,
    })
    const send = (call: Call, next: Handler | undefined): Promise<Reply> =>
      over((translated) => target.handle(translated, next))(call)
    this.#bridged.set(from, send)
    return send
  }
}

/** Reasoning that a bridge brought from another provider is refused by the one that it is sent to now. */
function withoutForeignReasoning(call: Call): Call {
  const { id } = call.api
  if (id !== 'openai.responses' && id !== 'anthropic.messages') return call
  const request = withoutBridgedReasoning(id, call.request as never)
  return request === call.request ? call : call.with({ request })
}

function unreachable(id: string, api: ApiId): SluiceError {
  return new SluiceError({
    code: 'route.dialect',
    message: `Target "${id}" cannot be asked in ${api}. Give it a dialect that it speaks, or leave the bridge on.`,
    details: { target: id, api },
    status: 500,
  })
}
