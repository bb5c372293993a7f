import { portrait } from './portrait.ts'

/** What the helpers of both SDKs emit their events with. */
interface Emitter {
  on(name: string, listener: (...args: unknown[]) => void): unknown
}

/** Writes down the events of a helper, in order, each as it was at that moment: snapshots go on growing. */
export function recordEvents(emitter: object, names: readonly string[]): unknown[] {
  const log: unknown[] = []
  for (const name of names) (emitter as Emitter).on(name, (...args) => void log.push([name, ...args.map(portrait)]))
  return log
}

/**
 * Everything an iteration gives, each item as it was when it came, and the error that ended it, if one did. `then` runs
 * while the item after the given one is being waited for.
 */
export async function recordItems(
  items: AsyncIterable<unknown>,
  after?: readonly [items: number, then: () => void],
): Promise<unknown[]> {
  const log: unknown[] = []
  try {
    for await (const item of items) {
      log.push(portrait(item))
      if (log.length === after?.[0]) setTimeout(after[1], 1)
    }
  } catch (error) {
    log.push(['thrown', portrait(error)])
  }
  return log
}

/** What a call throws. It fails where nothing is thrown, so that a behaviour is what its name says. */
export async function thrownBy(run: () => PromiseLike<unknown>): Promise<unknown> {
  try {
    await run()
  } catch (error) {
    return error
  }
  throw new Error('Expected an error, but nothing was thrown.')
}

/** Runs `then` as soon as something holds. */
export function once(holds: () => boolean, then: () => void): void {
  if (holds()) then()
  else setTimeout(() => once(holds, then), 1)
}
