import { inputTokens, outputTokens, SluiceError } from '@sluice/core'
import type { Call, Usage } from '@sluice/core'
import { BoundedMap } from './bounded-map.ts'

/** How a conversation stays with its target. */
export interface StickinessOptions {
  /**
   * What belongs together; `undefined` for a call that belongs to nothing.
   * @default `context.session`
   */
  readonly by?: (call: Call) => string | undefined
  /**
   * How long a prompt cache stays warm after its last use, in milliseconds: Anthropic's 5 minutes, or 3,600,000 with its
   * 1 h cache. @default 300_000
   */
  readonly ttlMs?: number
  /** Conversations to remember. @default 10_000 */
  readonly maxSessions?: number
}

/** Where a conversation was answered last. */
export interface Bond {
  readonly target: string
  /** Tokens of its prompt and answer, which the prompt cache of the target should hold. */
  readonly tokens: number
}

/** Responses that providers keep: a request that goes on with one must go to whoever has it. A day of them at most. */
const heldTtlMs = 86_400_000
const maxHeld = 50_000

/** Remembers which target answered which conversation. */
export class Stickiness {
  readonly #by: (call: Call) => string | undefined
  readonly #sessions: BoundedMap<Bond>
  readonly #held = new BoundedMap<string>(maxHeld, heldTtlMs)

  /** @throws {SluiceError} `config.option` */
  constructor(options: StickinessOptions = {}) {
    const { by = (call: Call) => call.context.session, ttlMs = 300_000, maxSessions = 10_000, ...unknown } = options
    for (const name of Object.keys(unknown))
      throw refused(`stickiness has no option "${name}". The options are by, ttlMs, maxSessions.`)
    if (typeof by !== 'function') throw refused('by of stickiness must be a function of the call.')
    if (!(typeof ttlMs === 'number' && ttlMs > 0))
      throw refused(`ttlMs of stickiness must be milliseconds above 0, got ${String(ttlMs)}.`)
    if (!(Number.isSafeInteger(maxSessions) && maxSessions > 0))
      throw refused(`maxSessions of stickiness must be a whole number of at least 1, got ${String(maxSessions)}.`)
    this.#by = by
    this.#sessions = new BoundedMap(maxSessions, ttlMs)
  }

  /** The bond of the call's conversation, while the cache is warm. */
  bond(call: Call, nowMs: number): Bond | undefined {
    const key = this.#by(call)
    return key === undefined ? undefined : this.#sessions.get(key, nowMs)
  }

  /** The target that holds a response or conversation, where it was seen. */
  holder(id: string, nowMs: number): string | undefined {
    return this.#held.get(id, nowMs)
  }

  /** Notes who answered. */
  answered(call: Call, target: string, told: () => Usage | undefined, nowMs: number): void {
    const key = this.#by(call)
    if (key === undefined) return
    const usage = told()
    const tokens = usage ? inputTokens(usage) + outputTokens(usage) : 0
    this.#sessions.set(key, { target, tokens }, nowMs)
  }

  /** Notes who holds a response. */
  holds(id: string, target: string, nowMs: number): void {
    this.#held.set(id, target, nowMs)
  }
}

function refused(message: string): SluiceError {
  return new SluiceError({ code: 'config.option', message })
}
