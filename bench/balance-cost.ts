import { HealthBoard } from '../packages/router/src/health/health-board.ts'
import { measure } from './measure.ts'

const calls = 200_000

/**
 * CPU time of looking at three targets and taking one call from its beginning over its first content to its end on each,
 * in microseconds for all three: in a quiet round, and the median.
 */
export async function healthCost(): Promise<{ quietUs: number; medianUs: number }> {
  const board = new HealthBoard(['one', 'two', 'three'])
  const targets = ['one', 'two', 'three'].map((id) => board.get(id))
  let nowMs = Date.UTC(2026, 0, 1)
  const run = async (): Promise<void> => {
    for (let call = 0; call < calls; call += 1) {
      nowMs += 7.5
      for (const health of targets) {
        if (health.admit(nowMs) === undefined) continue
        const flight = health.begin(nowMs)
        flight.firstContent(nowMs + 300 + (call % 100))
        flight.end(nowMs + 900 + (call % 500), 'ok')
      }
    }
  }
  const [figure] = await measure([{ name: 'health', run, per: calls }], { rounds: 15, runs: 1, warmUp: 2 })
  return figure!
}
