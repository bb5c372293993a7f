import type { ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import type { Timings } from '../timings.ts'
import type { RequestFacts } from './request-facts.ts'

/** One line of the server's log. Times are milliseconds since the server began. */
export interface Seen extends RequestFacts {
  readonly atMs: number
  readonly path: string
  /** Of this model, from 1. */
  readonly attempt: number
  /** What was done about it. */
  did: string
  /** Words, or pieces of a tool call, that were sent. */
  wordsSent: number
  /** When the client hung up before the server was through. */
  leftAtMs?: number
  /** When the server was through. */
  doneAtMs?: number
}

/** What a fault has in its hands: one request, and the socket to answer it on. */
export class Exchange {
  readonly seen: Seen
  readonly timings: Timings
  readonly #response: ServerResponse
  readonly #now: () => number
  readonly #left = new AbortController()
  #isDone = false

  constructor(seen: Seen, response: ServerResponse, known: { timings: Timings; now: () => number }) {
    this.seen = seen
    this.timings = known.timings
    this.#response = response
    this.#now = known.now
    response.on('close', () => {
      if (this.#isDone) return
      seen.leftAtMs = this.#now()
      this.#left.abort()
    })
  }

  /** Milliseconds since the server began. */
  get elapsedMs(): number {
    return this.#now()
  }

  /** The client has hung up. */
  get isLeft(): boolean {
    return this.#left.signal.aborted
  }

  /** Waits, no longer than the client does. */
  async sleep(ms: number): Promise<void> {
    await wait(ms, undefined, { signal: this.#left.signal }).catch(() => undefined)
  }

  json(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): void {
    this.#done()
    this.#response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value))
  }

  /** Refuses in the words of whichever dialect the request came in. */
  refuse(
    status: number,
    error: { message: string; type: string; code?: string | null },
    headers: Readonly<Record<string, string>> = {},
  ): void {
    const { message, type, code = null } = error
    const body = this.seen.path.endsWith('/messages')
      ? { type: 'error', error: { type, message } }
      : { error: { message, type, param: null, code } }
    this.json(status, body, headers)
  }

  /** Resets the connection: the client gets no byte. */
  reset(): void {
    this.#done()
    this.#response.socket?.resetAndDestroy()
  }

  /** Sends headers only. */
  begin(): void {
    this.#response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' })
    this.#response.flushHeaders()
  }

  /** Sends one event of a stream, as it stands. */
  frame(data: string, event?: string): void {
    if (!this.isLeft) this.#response.write(`${event === undefined ? '' : `event: ${event}\n`}data: ${data}\n\n`)
  }

  /** Ends the body as it should be ended. */
  finish(): void {
    this.#done()
    this.#response.end()
  }

  /** Closes the connection without the chunk that ends a body. */
  async cut(): Promise<void> {
    // What was written goes out first.
    await wait(1)
    this.#done()
    this.#response.socket?.destroySoon()
  }

  /** Declares a body and sends a part of it, then closes the connection. */
  async cutWhole(value: unknown, share: number): Promise<void> {
    const body = JSON.stringify(value)
    this.#response.writeHead(200, { 'content-type': 'application/json', 'content-length': String(body.length) })
    this.#response.write(body.slice(0, Math.floor(body.length * share)))
    await this.cut()
  }

  #done(): void {
    if (!this.isLeft) this.seen.doneAtMs ??= this.#now()
    this.#isDone = true
  }
}
