import { createHash } from 'node:crypto'
import { badOption, checkBetween, checkNames, checkWhole } from '../eval-error.ts'
import type { SeenCall } from './seen-call.ts'

export interface SampleOptions {
  /** Share of calls that are evaluated, 0 to 1; drawn by the call's id, or its session's, so that services agree. @default 0.01 */
  readonly rate?: number
  /** At most so many a window, each call of the window with the same chance: a fixed price whatever the traffic. @default by rate alone */
  readonly reservoir?: { readonly size: number; readonly windowMs: number }
  /** Groups that each get at least `minimum` calls a window of `windowMs`: by model, tag, version of a prompt. @default none */
  readonly strata?: {
    readonly by: (call: SeenCall) => string
    readonly minimum: number
    /** @default 3_600_000 */
    readonly windowMs?: number
  }
  /** Calls that are always evaluated: slow, expensive, cut off, blocked. Their scores are weighted as what they are: many. @default none */
  readonly always?: (call: SeenCall) => boolean
  /** Whether a session's calls are drawn together. @default false */
  readonly bySession?: boolean
}

/** A call that is to be evaluated. */
export interface Drawn {
  readonly call: SeenCall
  /** The chance with which a call like this one is evaluated: means are weighted by its inverse. */
  readonly probability: number
  /** Drawn by chance alone, and so fit for alarms; not because it was slow or dear. */
  readonly isRandom: boolean
}

/** Decides which calls are evaluated. */
export interface Sampler {
  /** Whether a call may be evaluated, told before its answer is there: one that may not need not be gathered. */
  mayDraw(callId: string, session: string | undefined): boolean
  /** What is to be evaluated now: this call, or nothing. */
  offer(call: SeenCall): Drawn | undefined
  /** What a window's reservoir held, when the window is over at `nowMs`. */
  due(nowMs: number): readonly Drawn[]
}

/** A sampler. @throws {SluiceError} `config.option` */
export function createSampler(options: SampleOptions, random: () => number = Math.random): Sampler {
  const of = 'monitor({ sample })'
  checkNames(of, options, ['rate', 'reservoir', 'strata', 'always', 'bySession'])
  const { rate = 0.01, reservoir, strata, always, bySession = false } = options
  checkBetween(of, 'rate', rate, 0, 1)
  if (reservoir) {
    checkWhole(of, 'reservoir.size', reservoir.size, 1)
    checkWhole(of, 'reservoir.windowMs', reservoir.windowMs, 1)
    if (strata) throw badOption(of, 'strata', 'left out with a reservoir, which has no rates to raise', 'it')
    if (bySession) throw badOption(of, 'bySession', 'left out with a reservoir, which draws single calls', bySession)
  }
  if (strata) checkWhole(of, 'strata.minimum', strata.minimum, 1)
  const held = reservoir && createReservoir(reservoir.size, reservoir.windowMs, random)
  const rates = strata && stratumRates(rate, strata)

  return {
    mayDraw: (callId, session) =>
      Boolean(held || strata || always) || fraction((bySession ? session : undefined) ?? callId) < rate,
    offer(call) {
      const share = rates ? rates.rateOf(strata.by(call), call.endedAtMs) : rate
      const isAlways = always?.(call) ?? false
      if (held && !isAlways) {
        held.offer(call)
        return undefined
      }
      const isRandom = !held && fraction((bySession ? call.context.session : undefined) ?? call.id) < share
      if (isAlways) return { call, probability: 1, isRandom }
      return isRandom ? { call, probability: share, isRandom } : undefined
    },
    due: (nowMs) => held?.due(nowMs) ?? [],
  }
}

/** A number from 0 to 1 that an id always has. */
function fraction(id: string): number {
  return createHash('sha256').update(id).digest().readUInt32BE(0) / 2 ** 32
}

/** Raises the rate of groups that would get fewer than their minimum, by how many calls they had in the window before. */
function stratumRates(
  rate: number,
  { minimum, windowMs = 3_600_000 }: NonNullable<SampleOptions['strata']>,
): { rateOf(stratum: string, nowMs: number): number } {
  const seen = new Map<string, { window: number; now: number; before: number }>()
  return {
    rateOf(stratum, nowMs) {
      const window = Math.floor(nowMs / windowMs)
      let counts = seen.get(stratum)
      if (!counts) seen.set(stratum, (counts = { window, now: 0, before: 0 }))
      if (counts.window !== window) {
        counts.before = counts.window === window - 1 ? counts.now : 0
        counts.now = 0
        counts.window = window
      }
      counts.now += 1
      // A group that is new, or was silent, is small until it has shown otherwise.
      const expected = Math.max(counts.before, counts.now)
      return Math.min(1, Math.max(rate, minimum / expected))
    },
  }
}

interface Reservoir {
  offer(call: SeenCall): void
  due(nowMs: number): readonly Drawn[]
}

/**
 * An equal chance for every call of a window, in one pass and with few random numbers: algorithm L.
 *
 * @see Li: Reservoir-sampling algorithms of time complexity O(n(1 + log(N/n))). ACM Trans. Math. Softw. 20 (1994).
 */
function createReservoir(size: number, windowMs: number, random: () => number): Reservoir {
  let window: number | undefined
  let calls: SeenCall[] = []
  let seen = 0
  let weight = 1
  let next = 0
  let finished: Drawn[] = []

  const skip = (): void => {
    weight *= Math.exp(Math.log(1 - random()) / size)
    next = seen + Math.floor(Math.log(1 - random()) / Math.log(1 - weight)) + 1
  }
  const turn = (now: number): void => {
    if (window === now) return
    const probability = Math.min(1, size / Math.max(1, seen))
    finished.push(...calls.map((call) => ({ call, probability, isRandom: true })))
    window = now
    calls = []
    seen = 0
    weight = 1
  }
  return {
    offer(call) {
      turn(Math.floor(call.endedAtMs / windowMs))
      seen += 1
      if (calls.length < size) {
        calls.push(call)
        if (calls.length === size) skip()
      } else if (seen === next) {
        calls[Math.floor(random() * size)] = call
        skip()
      }
    },
    due(nowMs) {
      if (window !== undefined) turn(Math.floor(nowMs / windowMs))
      const done = finished
      finished = []
      return done
    },
  }
}
