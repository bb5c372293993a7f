import { AsyncLocalStorage } from 'node:async_hooks'

/** Which trial of which case calls are made for. */
export interface CurrentTrial {
  readonly id: string
  readonly trial: number
}

const storage = new AsyncLocalStorage<CurrentTrial>()

/** Runs a target or a scorer as part of a trial. */
export function inTrial<T>(trial: CurrentTrial, run: () => T): T {
  return storage.run(trial, run)
}

/** The trial that runs now; `undefined` outside a suite. */
export function currentTrial(): CurrentTrial | undefined {
  return storage.getStore()
}
