import type { Call } from '@sluice/core'
import { anthropicMessages, openaiChat, openaiResponses } from '@sluice/core/apis'
import { createCall } from '@sluice/core/transport'
import type { RoutedTarget } from '../route/routed-target.ts'
import type { RouterCore } from '../route/router-core.ts'
import type { Target } from '../target/target.ts'
import { classify } from './error-table.ts'
import { outcomeOf } from './health-outcome.ts'
import { Try } from './try.ts'

/** How targets are tried by requests of the router's own. */
export interface ProbeOptions {
  /**
   * Also try a healthy target that nobody has asked for so long, in milliseconds, so that its latency is known and an
   * outage found before a call meets it. @default Infinity: only targets that failed
   */
  readonly idleMs?: number
  /** How long a probe may take, in milliseconds. @default 10_000 */
  readonly timeoutMs?: number
}

const messages = [{ role: 'user' as const, content: 'ping' }]

/** The least that can be asked of a target: an answer of one token. `undefined` where none of its dialects has such a thing. */
function probeCall({ apis, model, probe }: Target, clock: RouterCore['clock']): Call | undefined {
  if (probe) return probe()
  const options = { clock }
  if (apis.includes('openai.chat'))
    return createCall(openaiChat, { model, messages, max_completion_tokens: 1 }, options) as Call
  if (apis.includes('anthropic.messages'))
    return createCall(anthropicMessages, { model, messages, max_tokens: 1 }, options) as Call
  if (apis.includes('openai.responses'))
    // The least that the API takes.
    return createCall(openaiResponses, { model, input: 'ping', max_output_tokens: 16 }, options) as Call
  return undefined
}

/** Tries targets that failed, and idle ones, with requests of one token, so that no call of the application has to. */
export class Prober {
  readonly #core: RouterCore
  readonly #options: Required<ProbeOptions>
  readonly #usedAtMs = new Map<RoutedTarget, number>()

  constructor(core: RouterCore, options: ProbeOptions) {
    this.#core = core
    this.#options = { idleMs: Infinity, timeoutMs: 10_000, ...options }
  }

  /** Begins the probes that are due. Called when a call comes: without calls nobody needs to know. */
  look(nowMs: number): void {
    for (const target of this.#core.targets) {
      const lastMs = this.#usedAtMs.get(target)
      if (target.health.inFlight > 0) this.#usedAtMs.set(target, nowMs)
      else if (lastMs === undefined) this.#usedAtMs.set(target, nowMs)
      const isIdle = nowMs - (this.#usedAtMs.get(target) ?? nowMs) >= this.#options.idleMs
      const admission = target.health.admit(nowMs)
      if (admission === 'probe' || (admission === 'normal' && isIdle)) this.#probe(target, nowMs)
    }
  }

  #probe(target: RoutedTarget, nowMs: number): void {
    const { clock, errors, timeouts } = this.#core
    const call = target.isOfClient ? undefined : probeCall(target.target, clock)
    const flight = call && target.health.tryBegin(nowMs, false)
    if (!call || !flight) return
    this.#usedAtMs.set(target, nowMs)
    const labels = { target: target.id, model: target.target.model, reason: 'probe' }
    const endsAtMs = nowMs + this.#options.timeoutMs
    const attempt = new Try({
      target: target.target,
      send: target.send,
      call,
      labels,
      next: undefined,
      timeouts,
      endsAtMs,
      clock,
    })
    attempt.run().then(
      (result) => {
        const isOk = result.kind === 'committed'
        flight.end(clock.now(), isOk ? 'ok' : outcomeOf(classify(result.failure, errors)))
        return isOk ? result.reply.discard() : result.discard()
      },
      () => flight.end(clock.now(), 'failure'),
    )
  }
}
