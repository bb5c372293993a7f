import Anthropic from '@anthropic-ai/sdk'
import { sluice, type Call, type Middleware, type SluiceOptions } from '@sluice/core'
import { fakeProvider } from '@sluice/core/testing'
import OpenAI from 'openai'
import { createFlights, type Flights, type FlightsOptions } from './flights.ts'

/** Clients whose identical calls share upstream calls, and what became of those that were answered. */
export interface FlightClients {
  readonly flights: Flights
  readonly openai: OpenAI
  readonly anthropic: Anthropic
  /** Whether each answered call followed another's, in the order of the answers. */
  readonly followed: boolean[]
}

interface FixtureOptions {
  readonly inner?: readonly Middleware[]
  readonly outer?: readonly Middleware[]
  readonly sluiceOptions?: SluiceOptions
}

/** For tests: the smallest middleware that shares upstream calls, between `outer` and `inner`. */
export function flightClients(send: typeof fetch, options: FlightsOptions & FixtureOptions = {}): FlightClients {
  const { inner = [], outer = [], sluiceOptions = {}, ...rest } = options
  const flights = createFlights(rest)
  const followed: boolean[] = []
  const sharing: Middleware = async (call, next) => {
    const { reply, isFollower } = await flights.fly(keyOf(call), call, next)
    followed.push(isFollower)
    return reply
  }
  const shared = Object.assign(sharing, { traits: { name: 'flights', needsUsage: true } })
  const middleware = [...outer, shared, ...inner]
  const settings = { apiKey: 'test', fetch: send, maxRetries: 0 }
  return {
    flights,
    followed,
    openai: sluice(new OpenAI(settings), middleware, sluiceOptions),
    anthropic: sluice(new Anthropic(settings), middleware, sluiceOptions),
  }
}

// Dialects load on their first call: no test shall have to wait for that in its midst.
{
  const { openai, anthropic } = flightClients(fakeProvider().fetch)
  const params = { model: 'gpt-5-mini', messages: [{ role: 'user' as const, content: 'Hello.' }] }
  await openai.chat.completions.create(params)
  await anthropic.messages.create({ ...params, max_tokens: 9 })
}

function keyOf({ request }: Call): string {
  const { stream: _, stream_options: __, ...rest } = request as Record<string, unknown>
  return JSON.stringify(rest)
}

/** A provider whose one stream after another is let out by hand. */
export interface Valve {
  readonly fetch: typeof fetch
  /** The requests so far, the oldest first. */
  readonly streams: readonly ValveStream[]
  /** The request at `index`, once it has been made. */
  stream(index: number): Promise<ValveStream>
}

export interface ValveStream {
  /** Frames that were read. */
  readonly pulled: number
  readonly isCancelled: boolean
  /** All frames were read, or it failed. */
  readonly isOver: boolean
  /** Lets out the head, and any number of chunks as they are asked for. */
  let(chunks?: number): void
  /** Breaks the body, or the connection where there was no head yet. */
  fail(error: Error): void
}

/** For tests: answers every call with the same chunks of Chat Completions, when told to. */
export function valve(texts: readonly string[]): Valve {
  const streams: ValveStream[] = []
  const frames = [...texts.map(frameOf), endFrame, 'data: [DONE]\n\n']
  return {
    streams,
    async stream(index) {
      const untilMs = performance.now() + 4_000
      while (performance.now() < untilMs) {
        const made = streams[index]
        // Whoever is on the way to join it shall be there too.
        await turns()
        if (made) return made
      }
      throw new Error(`No request ${index + 1} was made.`)
    },
    fetch: (_url, init) => {
      const stream = new Stream(frames, init?.signal ?? undefined)
      streams.push(stream)
      return stream.response
    },
  }
}

class Stream implements ValveStream {
  readonly response: Promise<Response>
  pulled = 0
  isCancelled = false
  readonly #frames: readonly string[]
  #open = Promise.withResolvers<void>()
  #head = Promise.withResolvers<Response>()
  #allowed = 0
  #failure: Error | undefined

  constructor(frames: readonly string[], signal: AbortSignal | undefined) {
    this.#frames = frames
    this.response = this.#head.promise
    signal?.addEventListener('abort', () => {
      this.isCancelled = true
      this.fail(signal.reason as Error)
    })
  }

  get isOver(): boolean {
    return this.#failure !== undefined || this.pulled === this.#frames.length
  }

  let(chunks = 0): void {
    this.#allowed += chunks
    this.#head.resolve(this.#answer())
    this.#wake()
  }

  fail(error: Error): void {
    this.#failure = error
    this.#head.reject(error)
    this.#wake()
  }

  #wake(): void {
    const { resolve } = this.#open
    this.#open = Promise.withResolvers()
    resolve()
  }

  #answer(): Response {
    const body = new ReadableStream<Uint8Array>(
      {
        pull: async (controller) => {
          while (this.#allowed <= this.pulled && !this.#failure) await this.#open.promise
          if (this.#failure) return controller.error(this.#failure)
          controller.enqueue(Buffer.from(this.#frames[this.pulled++] as string))
          if (this.pulled === this.#frames.length) controller.close()
        },
        cancel: () => {
          this.isCancelled = true
        },
      },
      { highWaterMark: 0 },
    )
    return new Response(body, { headers: { 'content-type': 'text/event-stream', 'x-request-id': 'req_1' } })
  }
}

const base = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'gpt-5-mini' }

/** An empty text is the preamble: the role and no content. */
function frameOf(text: string): string {
  const delta = text === '' ? { role: 'assistant', content: '' } : { content: text }
  return `data: ${JSON.stringify({ ...base, choices: [{ index: 0, delta, finish_reason: null }] })}\n\n`
}

const endFrame = `data: ${JSON.stringify({ ...base, choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })}\n\n`

/** One turn of the event loop, by when everything that can go on has. */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}

/** Several turns. */
export async function turns(count = 5): Promise<void> {
  for (let n = 0; n < count; n += 1) await turn()
}
