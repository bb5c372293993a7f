import type { LedgerStep, LedgerStore } from './store.ts'

interface Message {
  readonly root: string
  /** Made when it is sent: it may tell the time. */
  readonly step: () => LedgerStep
  readonly done: (() => void) | undefined
}

/** Beyond this the oldest go: what they held is dealt with when it expires. */
const maxMessages = 10_000

/**
 * What the store could not be told of, in its order: settlements, and after them releases of what may be held, because nobody
 * knows whether the store heard of it. While a store is down, callers that try again make many of the latter; they take no room
 * from the former, which are about money that was spent.
 */
export class Outbox {
  readonly #store: LedgerStore
  readonly #settlements: Message[] = []
  readonly #doubts: Message[] = []
  #flushing: Promise<void> | undefined

  constructor(store: LedgerStore) {
    this.#store = store
  }

  get size(): number {
    return this.#settlements.length + this.#doubts.length
  }

  settle(root: string, step: () => LedgerStep, done?: () => void): void {
    add(this.#settlements, { root, step, done })
  }

  release(root: string, step: () => LedgerStep): void {
    add(this.#doubts, { root, step, done: undefined })
  }

  /** Tells the store all it can; ends quietly at the first failure. */
  flush(): Promise<void> {
    this.#flushing ??= this.#send().finally(() => (this.#flushing = undefined))
    return this.#flushing
  }

  async #send(): Promise<void> {
    for (;;) {
      const messages = this.#settlements.length > 0 ? this.#settlements : this.#doubts
      const [first] = messages
      if (!first) return
      try {
        await this.#store.step(first.root, first.step())
      } catch {
        return
      }
      // The oldest may have been dropped meanwhile.
      const at = messages.indexOf(first)
      if (at >= 0) messages.splice(at, 1)
      first.done?.()
    }
  }
}

function add(messages: Message[], message: Message): void {
  if (messages.length >= maxMessages) messages.shift()
  messages.push(message)
}
