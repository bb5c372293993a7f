import type { LedgerStep, LedgerStore } from './store.ts'

interface Message {
  readonly root: string
  /** Made when it is sent: it may tell the time. */
  readonly step: () => LedgerStep
  readonly done: (() => void) | undefined
}

/** Beyond this the oldest go: what they held is dealt with when it expires. */
const maxMessages = 10_000

/** Settlements that the store could not be told of, in their order. */
export class Outbox {
  readonly #store: LedgerStore
  readonly #messages: Message[] = []
  #flushing: Promise<void> | undefined

  constructor(store: LedgerStore) {
    this.#store = store
  }

  get size(): number {
    return this.#messages.length
  }

  add(root: string, step: () => LedgerStep, done?: () => void): void {
    if (this.#messages.length >= maxMessages) this.#messages.shift()
    this.#messages.push({ root, step, done })
  }

  /** Tells the store all it can; ends quietly at the first failure. */
  flush(): Promise<void> {
    this.#flushing ??= this.#send().finally(() => (this.#flushing = undefined))
    return this.#flushing
  }

  async #send(): Promise<void> {
    for (;;) {
      const [first] = this.#messages
      if (!first) return
      try {
        await this.#store.step(first.root, first.step())
      } catch {
        return
      }
      // The oldest may have been dropped meanwhile.
      const at = this.#messages.indexOf(first)
      if (at >= 0) this.#messages.splice(at, 1)
      first.done?.()
    }
  }
}
