/** Work that is done beside the requests, so much of it at once. */
export interface WorkQueue {
  /** Takes a task, or drops it when too many wait. Tasks do not reject. */
  offer(task: () => Promise<void>): boolean
  readonly waiting: number
  readonly dropped: number
  /** Resolves when nothing waits or runs. */
  idle(): Promise<void>
}

export function createWorkQueue(size: number, concurrency: number): WorkQueue {
  const waiting: (() => Promise<void>)[] = []
  const listeners: (() => void)[] = []
  let running = 0
  let dropped = 0

  const next = (): void => {
    while (running < concurrency) {
      const task = waiting.shift()
      if (!task) break
      running += 1
      void task().finally(() => {
        running -= 1
        next()
      })
    }
    if (running === 0 && waiting.length === 0) for (const listener of listeners.splice(0)) listener()
  }
  return {
    offer(task) {
      if (waiting.length >= size) {
        dropped += 1
        return false
      }
      waiting.push(task)
      // Not in the turn of whoever offers: the answer goes out first.
      setImmediate(next)
      return true
    },
    get waiting() {
      return waiting.length
    },
    get dropped() {
      return dropped
    },
    idle: async () => {
      if (running > 0 || waiting.length > 0) await new Promise<void>((resolve) => listeners.push(resolve))
    },
  }
}
