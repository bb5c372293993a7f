import { SluiceError } from '@sluice/core'
import type { Call } from '@sluice/core'
import type { HealthBoard } from '../health/health-board.ts'
import { powerOfTwo } from '../health/power-of-two.ts'
import { expectedNanoUsd } from '../strategy/strategies.ts'
import type { Strategy } from '../strategy/strategy.ts'
import { exclusionOf } from './exclusion.ts'
import type { PeekableRandom } from './peekable-random.ts'
import type { Plan } from './plan.ts'
import { RouteQuery } from './query.ts'
import type { RoutedTarget } from './routed-target.ts'
import type { Stickiness } from './stickiness.ts'

/** What a planner goes by. */
export interface PlannerInit {
  readonly targets: readonly RoutedTarget[]
  /** Targets by alias. */
  readonly groups: ReadonlyMap<string, readonly RoutedTarget[]>
  readonly otherModels: 'pass' | 'route' | 'refuse'
  readonly strategy: Strategy
  readonly stickiness: Stickiness
  readonly board: HealthBoard
  readonly balance: 'p2c' | 'none'
  /** The longest pause of a target that is waited for, in milliseconds. */
  readonly maxWaitMs: number
  readonly regions: ((call: Call) => readonly string[] | undefined) | undefined
  readonly random: PeekableRandom
}

interface Excluded {
  readonly target: RoutedTarget
  readonly reason: string
}

/** Chooses who is asked, and in which order. */
export class Planner {
  readonly #init: PlannerInit
  /** Targets by the names that requests may call them by: id and model. */
  readonly #named = new Map<string, RoutedTarget[]>()

  constructor(init: PlannerInit) {
    this.#init = init
    for (const target of init.targets)
      for (const name of new Set([target.id, target.target.model]))
        this.#named.set(name, [...(this.#named.get(name) ?? []), target])
  }

  /**
   * What would be done with a call now. Nothing is remembered, and no random number used up.
   */
  peek(call: Call, nowMs: number): Plan | undefined {
    return this.#init.random.peek(() => this.plan(call, nowMs))
  }

  /**
   * The plan for a call; `undefined` when its model is none of ours and such calls pass by.
   *
   * @throws {SluiceError} `route.unknown_model` where they are refused.
   */
  plan(call: Call, nowMs: number): Plan | undefined {
    const { groups, otherModels, stickiness, strategy } = this.#init
    const model = call.api.model(call.request)
    const named = groups.has(model) ? undefined : this.#named.get(model)
    const members = this.#members(call, model, named)
    if (!members) {
      if (otherModels === 'pass') return undefined
      throw unknownModel(model, [...groups.keys(), ...this.#named.keys()])
    }
    const group = named ? undefined : model
    const { isPeeking: isPeek } = this.#init.random
    const query = new RouteQuery(call, { group, bond: stickiness.bond(call, nowMs), nowMs, isPeek })
    const excluded: Excluded[] = []
    const fit = this.#fit(members, query, excluded)
    const { usable, isPanic } = this.#usable(fit, query, excluded)
    const scores = strategy.score(usable, query)
    const order = !named && isFalling(scores) ? usable : this.#ordered(usable, scores, { named, nowMs })
    const by = isPanic ? 'panic' : query.needs.heldBy !== undefined ? 'held' : named ? 'named' : strategy.name
    const plan: Plan = { query, order, rated: usable, scores, excluded, by, isPanic }
    return isPanic || named ? plan : this.#stuck(plan)
  }

  /** Whom to choose among; `undefined` when the model is none of ours. */
  #members(call: Call, model: string, named: readonly RoutedTarget[] | undefined): readonly RoutedTarget[] | undefined {
    const { groups, otherModels, targets } = this.#init
    const group = groups.get(model)
    if (call.api.id === 'openai.embeddings') {
      // Vectors of different models cannot be compared: only the same model may stand in.
      const members = named ?? (model === 'auto' ? undefined : group)
      return members?.filter(({ target }) => target.model === members[0]?.target.model)
    }
    return group ?? (named || otherModels === 'route' ? targets : undefined)
  }

  /** Those whose capabilities suffice. */
  #fit(members: readonly RoutedTarget[], query: RouteQuery, excluded: Excluded[]): RoutedTarget[] {
    const { stickiness } = this.#init
    const { call, needs, nowMs } = query
    const regions = this.#init.regions?.(call)
    const allowed = regions && new Set(regions)
    const holder = needs.heldBy === undefined ? undefined : stickiness.holder(needs.heldBy, nowMs)
    const fit: RoutedTarget[] = []
    for (const target of members) {
      const reason = this.#misfit(target, query, holder) ?? exclusionOf(target.target, query, allowed)
      if (reason === undefined) fit.push(target)
      else excluded.push({ target, reason })
    }
    return fit
  }

  #misfit(target: RoutedTarget, { call, needs }: RouteQuery, holder: string | undefined): string | undefined {
    const { api } = call
    const isNative = target.target.apis.includes(api.id)
    if (!isNative && target.route(api.id) === undefined) return 'dialect'
    if (needs.heldBy === undefined) return undefined
    // What lies at a provider cannot be taken elsewhere, least of all into another dialect. Whoever goes on with a thread
    // of Anthropic can send it all again, so that nobody has to guess who holds it.
    const isElsewhere =
      api.id === 'anthropic.messages' ? holder !== target.id : holder !== undefined && holder !== target.id
    return !isNative || isElsewhere ? 'held_elsewhere' : undefined
  }

  /** Those that are healthy and have room; when none is healthy the least bad, when none has room all. */
  #usable(
    fit: readonly RoutedTarget[],
    query: RouteQuery,
    excluded: Excluded[],
  ): { usable: readonly RoutedTarget[]; isPanic: boolean } {
    const { board } = this.#init
    const { nowMs } = query
    if (fit.every(({ health, allowance }) => !allowance && health.admit(nowMs))) return { usable: fit, isPanic: false }
    const free = fit.filter((target) => target.hasRoom(query, nowMs))
    const roomy = free.length > 0 ? free : fit
    const soon = this.#coolSoon(roomy, nowMs)
    const candidates = board.candidates(soon ? [soon.id] : roomy.map(({ id }) => id), nowMs)
    const ids = new Set(candidates.map(({ id }) => id))
    for (const target of fit) {
      if (ids.has(target.id)) continue
      const reason = roomy.includes(target) ? (target.health.out(nowMs)?.cause ?? 'probing') : 'limit'
      excluded.push({ target, reason })
    }
    return {
      usable: roomy.filter(({ id }) => ids.has(id)),
      isPanic: candidates.some(({ admission }) => admission === 'panic'),
    }
  }

  /** When nobody may be asked now: who asked for a short pause is better waited for than who fails asked again. */
  #coolSoon(roomy: readonly RoutedTarget[], nowMs: number): RoutedTarget | undefined {
    if (roomy.some(({ health }) => health.admit(nowMs))) return undefined
    let soonest: RoutedTarget | undefined
    let soonestMs = nowMs + this.#init.maxWaitMs
    for (const target of roomy) {
      const out = target.health.out(nowMs)
      if (out?.cause !== 'cooling' || out.untilAtMs > soonestMs) continue
      soonest = target
      soonestMs = out.untilAtMs
    }
    return soonest
  }

  /** By score, the named ones first; of equal ones the less loaded of two drawn at random, then by load. */
  #ordered(
    usable: readonly RoutedTarget[],
    scores: readonly number[],
    known: { named: readonly RoutedTarget[] | undefined; nowMs: number },
  ): RoutedTarget[] {
    const { named, nowMs } = known
    const rank = (target: RoutedTarget): number => (named?.includes(target) ? 0 : 1)
    const score = (target: RoutedTarget): number => scores[usable.indexOf(target)] ?? -Infinity
    const sorted = usable.toSorted((a, b) => rank(a) - rank(b) || score(b) - score(a) || 0)
    if (this.#init.balance === 'none') return sorted
    const order: RoutedTarget[] = []
    for (let start = 0; start < sorted.length;) {
      const first = sorted[start] as RoutedTarget
      let end = start + 1
      while (end < sorted.length && isEqual(sorted[end] as RoutedTarget, first)) end += 1
      order.push(...(end - start > 1 ? this.#balanced(sorted.slice(start, end), nowMs) : [first]))
      start = end
    }
    return order

    function isEqual(a: RoutedTarget, b: RoutedTarget): boolean {
      return rank(a) === rank(b) && score(a) === score(b)
    }
  }

  #balanced(equal: readonly RoutedTarget[], nowMs: number): RoutedTarget[] {
    const load = (target: RoutedTarget): number => target.load(nowMs)
    const first = powerOfTwo(equal, load, this.#init.random.next) as RoutedTarget
    return [first, ...equal.filter((each) => each !== first).sort((a, b) => load(a) - load(b))]
  }

  /** A conversation stays where its prompt cache is warm, unless leaving saves more than reading it all anew costs. */
  #stuck(plan: Plan): Plan {
    const { query, order } = plan
    const { bond } = query
    const [first] = order
    const warm = bond && order.find(({ id }) => id === bond.target)
    if (!warm || !first || warm === first) return plan
    const stays = expectedNanoUsd(warm, query)
    const leaves = expectedNanoUsd(first, query)
    if (stays !== undefined && leaves !== undefined && leaves < stays) return plan
    return { ...plan, order: [warm, ...order.filter((each) => each !== warm)], by: 'sticky' }
  }
}

/** Whether the targets are in order already, and no two are equal: most lists are. */
function isFalling(scores: readonly number[]): boolean {
  for (let place = 1; place < scores.length; place += 1)
    if (!((scores[place - 1] as number) > (scores[place] as number))) return false
  return true
}

function unknownModel(model: string, known: readonly string[]): SluiceError {
  return new SluiceError({
    code: 'route.unknown_model',
    message: `The router has no model or group "${model}". It has ${[...new Set(known)].join(', ')}.`,
    details: { model },
    status: 404,
  })
}
