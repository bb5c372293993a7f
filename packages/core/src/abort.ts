/**
 * `work`, or a rejection with the signal's reason as soon as it aborts: middleware that does not listen to `call.signal`
 * shall not keep a caller waiting past its timeout. What `work` brings after that goes to `late`. Leaves no listener.
 */
export function untilAborted<T>(
  work: Promise<T>,
  signal: AbortSignal | undefined,
  late: (result: T) => unknown,
): Promise<T> {
  if (!signal) return work
  return new Promise<T>((resolve, reject) => {
    const abort = (): void => {
      reject(signal.reason)
      work.then(late).catch(() => undefined)
    }
    if (signal.aborted) return abort()
    signal.addEventListener('abort', abort)
    const ended = (): void => signal.removeEventListener('abort', abort)
    work.then(
      (result) => {
        ended()
        resolve(result)
      },
      (error: unknown) => {
        ended()
        reject(error)
      },
    )
  })
}
