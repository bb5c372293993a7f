/**
 * A value now, or a promise of it. Most detectors answer at once, and a stream passes thousands of texts through them: what is
 * known already shall not wait for the next turn.
 */
export type MaybePromise<T> = T | Promise<T>

export function isPromise<T>(value: MaybePromise<T>): value is Promise<T> {
  return typeof (value as { then?: unknown } | undefined)?.then === 'function'
}

/** `next` of the value, at once where it is there. */
export function after<T, U>(value: MaybePromise<T>, next: (value: T) => MaybePromise<U>): MaybePromise<U> {
  return isPromise(value) ? value.then(next) : next(value)
}

/** What `run` makes of each item, side by side; at once where it has to wait for none. The first failure is that of all. */
export function each<T, U>(
  items: readonly T[],
  run: (item: T, index: number) => MaybePromise<U>,
): MaybePromise<readonly U[]> {
  const results: MaybePromise<U>[] = []
  let waits = false
  try {
    for (let index = 0; index < items.length; index += 1) {
      const result = run(items[index] as T, index)
      waits ||= isPromise(result)
      results.push(result)
    }
  } catch (error) {
    // Nobody waits for those that were begun before, and a failure that nobody hears of would end the process.
    for (const result of results) if (isPromise(result)) result.catch(() => undefined)
    throw error
  }
  return waits ? Promise.all(results) : (results as readonly U[])
}
