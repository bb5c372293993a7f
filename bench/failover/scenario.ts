import type { Trial } from './trial.ts'
import type { Cell } from './verdict.ts'

/**
 * When a scenario is run. `long`: at once and beside all else, it mostly waits. `usual`: some at a time. `alone`: after
 * those, one at a time, because it looks at milliseconds or makes a crowd.
 */
export type Lane = 'long' | 'usual' | 'alone'

/** Something that happens to a client. */
export interface Scenario {
  readonly id: string
  readonly title: string
  readonly lane: Lane
  /** `open` gives the client and a new server of its own; its log and the caller's views end up in the evidence. */
  run(open: () => Promise<Trial>): Promise<Pick<Cell, 'verdict' | 'reason' | 'findings'>>
}
