import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  flightClients,
  turn,
  turns,
  valve,
  type FlightClients,
  type Valve,
  type ValveStream,
} from './flight-fixture.ts'

const streamed = {
  model: 'gpt-5-mini',
  messages: [{ role: 'user' as const, content: 'How long does a card take?' }],
  stream: true as const,
}
const texts = ['', 'one ', 'two ', 'three ', 'four ', 'five']

/** An application that asks, reads as it is told, and perhaps leaves. */
class Caller {
  readonly #controller = new AbortController()
  #reader: ReadableStreamDefaultReader<Uint8Array> | undefined
  state: 'waiting' | 'reading' | 'whole' | 'failed' | 'left' = 'waiting'
  bytes = ''
  /** Events that it has asked for. */
  asked = 0

  constructor({ openai }: FlightClients) {
    void openai.chat.completions
      .create(streamed, { signal: this.#controller.signal })
      .asResponse()
      .then(({ body }) => {
        if (this.state !== 'waiting') return void body?.cancel()
        this.#reader = (body as ReadableStream<Uint8Array>).getReader()
        this.state = 'reading'
      })
      .catch(() => this.#end('failed'))
  }

  get isThere(): boolean {
    return this.state === 'waiting' || this.state === 'reading'
  }

  read(): void {
    if (this.state !== 'reading') return
    this.asked += 1
    void this.#reader?.read().then(
      ({ done, value }) => {
        if (done) this.#end('whole')
        else this.bytes += Buffer.from(value).toString()
      },
      () => this.#end('failed'),
    )
  }

  leave(way: 'abort' | 'cancel'): void {
    if (!this.isThere) return
    const reader = this.#reader
    this.#end('left')
    if (way === 'abort' || !reader) this.#controller.abort()
    else void reader.cancel()
  }

  #end(state: 'whole' | 'failed' | 'left'): void {
    if (this.isThere) this.state = state
  }
}

type Act =
  | { readonly act: 'join' }
  | { readonly act: 'fail' }
  | { readonly act: 'let'; readonly chunks: number }
  | { readonly act: 'read'; readonly caller: number }
  | { readonly act: 'leave'; readonly caller: number; readonly way: 'abort' | 'cancel' }

const caller = fc.nat({ max: 7 })
const acts: fc.Arbitrary<Act[]> = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.constant<Act>({ act: 'join' }) },
    { weight: 1, arbitrary: fc.constant<Act>({ act: 'fail' }) },
    { weight: 4, arbitrary: fc.record({ act: fc.constant('let' as const), chunks: fc.nat({ max: 3 }) }) },
    { weight: 8, arbitrary: fc.record({ act: fc.constant('read' as const), caller }) },
    {
      weight: 2,
      arbitrary: fc.record({
        act: fc.constant('leave' as const),
        caller,
        way: fc.constantFrom('abort' as const, 'cancel' as const),
      }),
    },
  ),
  { maxLength: 40 },
)

const isLive = ({ isCancelled, isOver }: ValveStream): boolean => !isCancelled && !isOver

/** Does as told, and says what must hold after each act. */
async function play(schedule: readonly Act[], clients: FlightClients, { streams }: Valve): Promise<Caller[]> {
  const callers: Caller[] = []
  for (const step of schedule) {
    if (step.act === 'join') callers.push(new Caller(clients))
    else if (step.act === 'let') streams.at(-1)?.let(step.chunks)
    else if (step.act === 'fail') streams.at(-1)?.fail(new TypeError('terminated'))
    else if (step.act === 'read') callers[step.caller]?.read()
    else callers[step.caller]?.leave(step.way)
    await turns(3)
    const live = streams.filter(isLive)
    expect(live.length).toBeLessThanOrEqual(1)
    if (live.length > 0) expect(callers.some(({ isThere }) => isThere)).toBe(true)
    // Two to the first content, for which a follower waits.
    const most = Math.max(2, ...callers.map(({ asked }) => asked))
    for (const { pulled } of streams) expect(pulled).toBeLessThanOrEqual(most)
  }
  return callers
}

/** Lets everything out until everybody who is still there has read to the end. */
async function finish(callers: readonly Caller[], { streams }: Valve): Promise<void> {
  for (let round = 0; round < 200 && callers.some(({ isThere }) => isThere); round += 1) {
    streams.at(-1)?.let(1)
    for (const one of callers) one.read()
    await turn()
  }
}

describe('any schedule of joining, reading, leaving and failing', () => {
  it('gives each caller the beginning of one answer, and has one upstream call at a time', async () => {
    const { fetch, stream } = valve(texts)
    const alone = flightClients(fetch).openai.chat.completions.create(streamed).asResponse()
    ;(await stream(0)).let(100)
    const whole = await (await alone).text()
    await fc.assert(
      fc.asyncProperty(acts, async (schedule) => {
        const provider = valve(texts)
        const clients = flightClients(provider.fetch, { maxLeads: 100 })
        const callers = await play(schedule, clients, provider)
        await finish(callers, provider)
        await turns(3)
        for (const { state, bytes } of callers) {
          expect(['whole', 'failed', 'left']).toContain(state)
          expect(whole.startsWith(bytes)).toBe(true)
          if (state === 'whole') expect(bytes).toBe(whole)
        }
        expect(provider.streams.filter(isLive)).toEqual([])
        expect(clients.flights.size).toBe(0)
      }),
      { numRuns: 150 },
    )
  })
})
