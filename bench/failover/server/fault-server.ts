import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Timings } from '../timings.ts'
import { Exchange, type Seen } from './exchange.ts'
import { faultsOf } from './faults.ts'
import { factsOf, type Body } from './request-facts.ts'

/**
 * A provider on the loopback interface that speaks OpenAI's chat completions and Anthropic's messages, and misbehaves as
 * the model's name says. Its log is what the benchmark believes.
 */
export class FaultServer {
  readonly log: Seen[] = []
  readonly #timings: Timings
  readonly #server: Server
  readonly #faults = faultsOf()
  readonly #attempts = new Map<string, number>()
  readonly #startedAtMs = performance.now()

  private constructor(timings: Timings) {
    this.#timings = timings
    this.#server = createServer((request, response) => void this.#answer(request, response))
    // A client that keeps connections open must not find one closed under it: that would be a fault that nobody asked for.
    this.#server.keepAliveTimeout = 0
    this.#server.requestTimeout = 0
  }

  static async start(timings: Timings): Promise<FaultServer> {
    const server = new FaultServer(timings)
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve))
    return server
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** Milliseconds since it began: the time of the log. */
  readonly now = (): number => Math.round(performance.now() - this.#startedAtMs)

  of(model: string): readonly Seen[] {
    return this.log.filter((seen) => seen.model === model)
  }

  close(): void {
    this.#server.closeAllConnections()
    this.#server.close()
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const atMs = this.now()
    const facts = factsOf(await bodyOf(request))
    const { model } = facts
    const attempt = (this.#attempts.get(model) ?? 0) + 1
    this.#attempts.set(model, attempt)
    const seen: Seen = { ...facts, atMs, path: request.url ?? '', attempt, did: '', wordsSent: 0 }
    this.log.push(seen)
    const exchange = new Exchange(seen, response, { timings: this.#timings, now: this.now })
    const fault = this.#faults[model]
    if (fault) return fault(exchange)
    seen.did = '404'
    exchange.refuse(404, {
      message: `There is no model "${model}".`,
      type: 'invalid_request_error',
      code: 'model_not_found',
    })
  }
}

async function bodyOf(request: IncomingMessage): Promise<Body> {
  const parts: Buffer[] = []
  try {
    for await (const part of request) parts.push(part as Buffer)
    return JSON.parse(Buffer.concat(parts).toString()) as Body
  } catch {
    return {}
  }
}
