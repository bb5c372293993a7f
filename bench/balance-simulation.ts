import type { NamedPolicy, Sent } from './balance-policies.ts'
import { Backend, drawTry, seeded, Timeline, type Drawn, type Try, type World } from './balance-world.ts'

/** What one policy made of one seed. */
export interface Run {
  /** What callers waited at each of the shares asked for, in milliseconds. */
  readonly quantiles: readonly number[]
  /** Calls sent a second time, as a share of all. */
  readonly hedgeShare: number
}

interface Attempt {
  readonly one: Try
  readonly backend: number
  readonly sent: Sent
}

/** Runs one policy on the calls of one seed, which are the same for every policy. */
export function simulate(world: World, { create }: NamedPolicy, seed: number, shares: readonly number[]): Run {
  const timeline = new Timeline()
  const policy = create(world.backends, seeded(seed * 3 + 1))
  const backends = Array.from({ length: world.backends }, (_, index) => new Backend(world, timeline, index === 0))
  const waits: number[] = []
  let hedges = 0

  const arrive = (beganAtMs: number, first: Drawn, second: Drawn): void => {
    const attempts: Attempt[] = []
    const send = (backend: number, drawn: Drawn, atMs: number): void => {
      const sent = policy.sent(backend, atMs)
      const answered = (nowMs: number): void => {
        waits.push(nowMs - beganAtMs)
        sent.answered(nowMs)
        for (const other of attempts) {
          if (other.one.state === 'over') continue
          other.sent.cancelled(nowMs)
          backends[other.backend]!.cancel(other.one, nowMs)
        }
      }
      const one: Try = { ...drawn, answered, state: 'queued' }
      attempts.push({ one, backend, sent })
      backends[backend]!.take(one, atMs)
    }
    policy.call?.(beganAtMs)
    const backend = policy.pick(beganAtMs)
    const afterMs = policy.hedgeAfterMs?.(backend, beganAtMs)
    send(backend, first, beganAtMs)
    if (afterMs === undefined) return
    timeline.at(beganAtMs + afterMs, (nowMs) => {
      if (attempts[0]!.one.state === 'over' || !policy.mayHedge?.(nowMs)) return
      hedges += 1
      send(policy.pick(nowMs, backend), second, nowMs)
    })
  }

  const calls = plan(world, timeline, seed, arrive)
  timeline.run()
  if (waits.length !== calls) throw new Error(`${waits.length} of ${calls} calls were answered`)
  waits.sort((a, b) => a - b)
  return { quantiles: shares.map((q) => waits[Math.ceil(q * calls) - 1]!), hedgeShare: hedges / calls }
}

function plan(
  world: World,
  timeline: Timeline,
  seed: number,
  arrive: (atMs: number, first: Drawn, second: Drawn) => void,
): number {
  const arrivals = seeded(seed * 3 + 2)
  const services = seeded(seed * 3 + 3)
  let calls = 0
  for (let atMs = 0; ; calls += 1) {
    atMs += (-Math.log(1 - arrivals()) * 1000) / world.callsPerSecond
    if (atMs >= world.lengthMs) return calls
    const [first, second] = [drawTry(world, services), drawTry(world, services)]
    timeline.at(atMs, (nowMs) => arrive(nowMs, first, second))
  }
}
