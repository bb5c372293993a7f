import type { Clock } from '../../clock.ts'
import { AimdWindow, type AimdOptions } from './aimd.ts'
import { quotaReadings, retryAfterMs, type QuotaName } from './quota-headers.ts'

/** What a call takes of each quota that a provider may count. */
export type QuotaCost = Readonly<Record<QuotaName, number>>

/** How one quota stands, as far as we know. */
export interface QuotaStanding {
  readonly name: QuotaName
  readonly limit: number
  /** What is left for calls that are not under way yet. */
  readonly left: number
  readonly fullInMs: number
}

interface Mirror {
  limit: number
  remaining: number
  atMs: number
  /** Units a millisecond. */
  refill: number
}

/** A call that was let through. */
export interface QuotaTicket {
  /** The head of the answer came: what it says of the quotas counts from now on. */
  responded(status: number, headers: Headers): void
  /** The call is over. A second time does nothing. */
  done(): void
}

interface Waiter {
  readonly cost: QuotaCost
  readonly admit: (ticket: QuotaTicket) => void
}

/** Where no reset is told, a quota is taken to be one of a minute. */
const usualPeriodMs = 60_000

/** Statuses with which providers say that it is too much. */
const refusals = new Set([429, 529])

/** What is known of one key and model at one provider, and who waits for it. */
export class QuotaState {
  readonly #clock: Clock
  readonly #reserve: number
  readonly #window: AimdWindow
  readonly #mirrors = new Map<QuotaName, Mirror>()
  readonly #waiting = new Set<Waiter>()
  /** Taken by calls whose answer has not begun: the provider may or may not have counted them. */
  readonly #sent: Record<QuotaName, number> = { requests: 0, tokens: 0, 'input-tokens': 0, 'output-tokens': 0 }
  #underWay = 0
  #closedUntilMs = -Infinity
  #timer: AbortController | undefined

  constructor(clock: Clock, reserve: number, aimd: AimdOptions) {
    this.#clock = clock
    this.#reserve = reserve
    this.#window = new AimdWindow(aimd)
  }

  /** Milliseconds until a call fits, as far as can be told: 0 now, `undefined` when it depends on calls under way. */
  waitMs(cost: QuotaCost): number | undefined {
    const nowMs = this.#clock.now()
    if (this.#mirrors.size === 0 && this.#underWay >= this.#window.size) return undefined
    let waitMs = Math.max(0, this.#closedUntilMs - nowMs)
    for (const [name, mirror] of this.#mirrors) {
      // What is larger than the whole quota is for the provider to refuse.
      const needed = Math.min(cost[name], this.#usable(mirror))
      const left = this.#left(name, mirror, nowMs)
      if (needed <= left) continue
      if (mirror.refill <= 0) return undefined
      waitMs = Math.max(waitMs, Math.ceil((needed - left) / mirror.refill))
    }
    return waitMs
  }

  /** Lets the call through when it fits and it is its turn. */
  enter(cost: QuotaCost, signal: AbortSignal | undefined, atMostMs: number): Promise<QuotaTicket | undefined> {
    if (signal?.aborted) return Promise.reject(signal.reason)
    if (this.#waiting.size === 0 && this.waitMs(cost) === 0) return Promise.resolve(this.#admit(cost))
    return new Promise((resolve, reject) => {
      const timer = new AbortController()
      const over = (): void => {
        this.#waiting.delete(waiter)
        timer.abort()
        signal?.removeEventListener('abort', abort)
      }
      const waiter: Waiter = {
        cost,
        admit: (ticket) => {
          over()
          resolve(ticket)
        },
      }
      const abort = (): void => {
        over()
        reject(signal?.reason)
        this.#look()
      }
      this.#waiting.add(waiter)
      signal?.addEventListener('abort', abort, { once: true })
      this.#clock.sleep(atMostMs, timer.signal).then(
        () => {
          if (!this.#waiting.has(waiter)) return
          over()
          resolve(undefined)
          this.#look()
        },
        () => undefined,
      )
      this.#look()
    })
  }

  standings(): QuotaStanding[] {
    const nowMs = this.#clock.now()
    return [...this.#mirrors].map(([name, mirror]) => {
      const left = Math.max(0, Math.floor(this.#left(name, mirror, nowMs)))
      const missing = this.#usable(mirror) - left
      const fullInMs = missing <= 0 ? 0 : mirror.refill > 0 ? Math.ceil(missing / mirror.refill) : Infinity
      return { name, limit: mirror.limit, left, fullInMs }
    })
  }

  get underWay(): number {
    return this.#underWay
  }

  /** How many calls may be under way where the provider tells nothing. */
  get window(): number {
    return this.#window.size
  }

  get isIdle(): boolean {
    return this.#underWay === 0 && this.#waiting.size === 0
  }

  #usable({ limit }: Mirror): number {
    return limit * (1 - this.#reserve)
  }

  #left(name: QuotaName, mirror: Mirror, nowMs: number): number {
    const told = Math.min(mirror.limit, mirror.remaining + mirror.refill * (nowMs - mirror.atMs))
    return told - mirror.limit * this.#reserve - this.#sent[name]
  }

  #admit(cost: QuotaCost): QuotaTicket {
    const { round } = this.#window
    this.#underWay += 1
    this.#count(cost, 1)
    let isSent = true
    let isDone = false
    const arrived = (): void => {
      if (isSent) this.#count(cost, -1)
      isSent = false
    }
    return {
      responded: (status, headers) => {
        arrived()
        this.#read(status, headers, cost)
        if (refusals.has(status)) this.#window.refused(round)
        else if (status < 400) this.#window.succeeded()
        this.#look()
      },
      done: () => {
        if (isDone) return
        isDone = true
        arrived()
        this.#underWay -= 1
        this.#look()
      },
    }
  }

  #count(cost: QuotaCost, sign: 1 | -1): void {
    for (const name of Object.keys(this.#sent) as QuotaName[]) this.#sent[name] += sign * cost[name]
  }

  #read(status: number, headers: Headers, cost: QuotaCost): void {
    const nowMs = this.#clock.now()
    const readings = quotaReadings(headers, nowMs)
    for (const { name, remaining, fullInMs = usualPeriodMs, ...told } of readings) {
      const limit = Math.max(told.limit ?? this.#mirrors.get(name)?.limit ?? 0, remaining)
      const missing = limit - remaining
      const refill = missing > 0 ? missing / Math.max(1, fullInMs) : limit / usualPeriodMs
      this.#mirrors.set(name, { limit, remaining, atMs: nowMs, refill })
    }
    // A provider that did not say this time has counted the call all the same.
    const isTold = new Set(readings.map(({ name }) => name))
    for (const [name, mirror] of this.#mirrors) if (!isTold.has(name)) mirror.remaining -= cost[name]
    if (!refusals.has(status)) return
    const awayMs = retryAfterMs(headers, nowMs)
    if (awayMs !== undefined) this.#closedUntilMs = Math.max(this.#closedUntilMs, nowMs + awayMs)
  }

  /** Lets in whoever fits, first come first, and looks again when the first of those left may. */
  #look(): void {
    this.#timer?.abort()
    this.#timer = undefined
    for (const waiter of this.#waiting) {
      const waitMs = this.waitMs(waiter.cost)
      if (waitMs === undefined) return
      if (waitMs > 0) return this.#lookIn(waitMs)
      waiter.admit(this.#admit(waiter.cost))
    }
  }

  #lookIn(ms: number): void {
    const timer = (this.#timer = new AbortController())
    this.#clock.sleep(ms, timer.signal).then(
      () => this.#look(),
      () => undefined,
    )
  }
}
