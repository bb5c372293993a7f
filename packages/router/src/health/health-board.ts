import type { Admission } from './circuit-breaker.ts'
import { healthSettings, type HealthOptions } from './health-options.ts'
import type { Out, OutCause, TargetSnapshot } from './health-snapshot.ts'
import { refuse } from './option-check.ts'
import { OutlierEjection } from './outlier-ejection.ts'
import { powerOfTwo } from './power-of-two.ts'
import { TargetHealth } from './target-health.ts'

/** A target that may be used now. */
export interface Candidate {
  readonly id: string
  readonly health: TargetHealth
  /** `panic`: it is out like all the others, and the least bad of them. */
  readonly admission: Admission | 'panic'
  /** With `panic`: why it is out and until when. On `cooling` and `auth` waiting or giving up may be wiser than to send. */
  readonly out?: Out
}

const badness: Readonly<Record<OutCause, number>> = { probing: 0, open: 1, ejected: 1, cooling: 2, auth: 3 }

/**
 * The health of a set of targets: who may be used, who is used when nobody may, who is picked. It has no timer; every
 * method is told the time.
 */
export class HealthBoard {
  readonly #targets = new Map<string, TargetHealth>()
  readonly #random: () => number

  /**
   * `random` gives 0 ≤ x < 1.
   * @throws {SluiceError} `config.option` for bad options, an empty or a repeated id
   */
  constructor(ids: readonly string[], options: HealthOptions = {}, random: () => number = Math.random) {
    const { ejection } = healthSettings(options)
    if (typeof random !== 'function') refuse('random of health must be a function that returns 0 to 1.')
    const set = ejection && new OutlierEjection(ejection)
    this.#random = random
    for (const id of ids) {
      if (typeof id !== 'string' || id === '') refuse(`A target's id must be a non-empty string, got ${String(id)}.`)
      if (this.#targets.has(id)) refuse(`Two targets have the id "${id}"; give each its own.`)
      this.#targets.set(id, new TargetHealth(options, set?.join()))
    }
  }

  /** The health of a target. @throws {SluiceError} `config.option` for an id that the board was not made with */
  get(id: string): TargetHealth {
    return (
      this.#targets.get(id) ??
      refuse(`There is no target "${id}". The targets are ${[...this.#targets.keys()].join(', ')}.`)
    )
  }

  /**
   * Those of `ids` that may be used now, in the order given. When none may, the one that is least bad: half-open before
   * open or ejected, those before cooling, credentials refused last; of equals the one that is back soonest.
   */
  candidates(ids: readonly string[], nowMs: number): readonly Candidate[] {
    const candidates: Candidate[] = []
    for (const id of ids) {
      const health = this.get(id)
      const admission = health.admit(nowMs)
      if (admission) candidates.push({ id, health, admission })
    }
    return candidates.length > 0 || ids.length === 0 ? candidates : [this.#leastBad(ids, nowMs)]
  }

  /** The less loaded of two candidates drawn at random; `undefined` for none. */
  pick(candidates: readonly Candidate[], nowMs: number): Candidate | undefined {
    return powerOfTwo(candidates, ({ health }) => health.load(nowMs), this.#random)
  }

  /** Every target's health by its id. */
  snapshot(nowMs: number): Record<string, TargetSnapshot> {
    return Object.fromEntries([...this.#targets].map(([id, health]) => [id, health.snapshot(nowMs)]))
  }

  #leastBad(ids: readonly string[], nowMs: number): Candidate {
    const ranked = ids.map((id): Candidate & { readonly out: Out } => {
      const health = this.get(id)
      const out = health.out(nowMs) ?? { cause: 'probing', untilAtMs: nowMs }
      return { id, health, admission: 'panic', out }
    })
    return ranked.reduce((best, other) => {
      const worse = badness[other.out.cause] - badness[best.out.cause] || other.out.untilAtMs - best.out.untilAtMs
      return worse < 0 ? other : best
    })
  }
}
