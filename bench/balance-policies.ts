import { HealthBoard } from '../packages/router/src/health/health-board.ts'
import { HedgeBudget } from '../packages/router/src/health/hedge-budget.ts'

/** A try that a policy was told of. */
export interface Sent {
  answered(nowMs: number): void
  /** Given up because another try of the same call answered first. */
  cancelled(nowMs: number): void
}

/** Chooses a backend for each call. */
export interface Policy {
  /** Picks a backend; `not` is one to leave out. */
  pick(nowMs: number, not?: number): number
  sent(backend: number, nowMs: number): Sent
  /** After how long to send a call to a second backend; `undefined` for never. */
  hedgeAfterMs?(backend: number, nowMs: number): number | undefined
  /** Whether that may be done now. */
  mayHedge?(nowMs: number): boolean
  /** A call has arrived. */
  call?(nowMs: number): void
}

export interface NamedPolicy {
  readonly name: string
  readonly create: (backends: number, random: () => number) => Policy
}

const untold: Sent = { answered: () => undefined, cancelled: () => undefined }

function random(backends: number, draw: () => number): Policy {
  return { pick: () => Math.floor(draw() * backends), sent: () => untold }
}

function roundRobin(backends: number): Policy {
  let next = 0
  return { pick: () => next++ % backends, sent: () => untold }
}

/** The lowest moving average wins: what latency-based routing does that knows no calls under way. */
function lowestLatency(backends: number, draw: () => number): Policy {
  const averages = Array.from({ length: backends }, () => 0)
  return {
    pick: () => indexOfLowest(averages, draw),
    sent: (backend, beganAtMs) => ({
      answered: (nowMs) => {
        const tookMs = nowMs - beganAtMs
        const average = averages[backend]!
        averages[backend] = average === 0 ? tookMs : average + 0.2 * (tookMs - average)
      },
      cancelled: () => undefined,
    }),
  }
}

function leastInFlight(backends: number, draw: () => number): Policy {
  const inFlight = Array.from({ length: backends }, () => 0)
  return {
    pick: () => indexOfLowest(inFlight, draw),
    sent: (backend) => {
      inFlight[backend]! += 1
      const over = (): void => void (inFlight[backend]! -= 1)
      return { answered: over, cancelled: over }
    },
  }
}

function ours(backends: number, draw: () => number): Policy {
  const ids = Array.from({ length: backends }, (_, index) => `backend-${index}`)
  const board = new HealthBoard(ids, {}, draw)
  return {
    pick(nowMs, not) {
      const wanted = not === undefined ? ids : ids.filter((_, index) => index !== not)
      return ids.indexOf(board.pick(board.candidates(wanted, nowMs), nowMs)!.id)
    },
    sent(backend, beganAtMs) {
      const flight = board.get(ids[backend]!).begin(beganAtMs)
      return {
        answered(nowMs) {
          flight.firstContent(nowMs)
          flight.end(nowMs, 'ok')
        },
        cancelled: (nowMs) => flight.end(nowMs, 'cancelled'),
      }
    },
    hedgeAfterMs: (backend, nowMs) => board.get(ids[backend]!).ttftMs(0.95, nowMs),
    mayHedge: () => false,
  }
}

function oursHedged(backends: number, draw: () => number): Policy {
  const budget = new HedgeBudget()
  return {
    ...ours(backends, draw),
    call: (nowMs) => budget.call(nowMs),
    mayHedge: (nowMs) => budget.trySpend(nowMs),
  }
}

function indexOfLowest(values: readonly number[], draw: () => number): number {
  const lowest = Math.min(...values)
  const ties = values.flatMap((value, index) => (value === lowest ? [index] : []))
  return ties[Math.floor(draw() * ties.length)]!
}

export const policies: readonly NamedPolicy[] = [
  { name: 'random', create: random },
  { name: 'round robin', create: roundRobin },
  { name: 'lowest latency', create: lowestLatency },
  { name: 'least in flight', create: leastInFlight },
  { name: 'ours', create: ours },
  { name: 'ours + hedge', create: oursHedged },
]
