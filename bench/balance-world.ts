/** Seeded random numbers: 0 ≤ x < 1. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Something that happens at an instant of virtual time. */
interface Event {
  readonly atMs: number
  readonly order: number
  readonly run: (nowMs: number) => void
}

/** Virtual time: runs what was planned, in order, until nothing is left. */
export class Timeline {
  readonly #heap: Event[] = []
  #planned = 0

  at(atMs: number, run: (nowMs: number) => void): void {
    const heap = this.#heap
    let index = heap.length
    const event: Event = { atMs, order: (this.#planned += 1), run }
    heap.push(event)
    while (index > 0) {
      const parent = (index - 1) >> 1
      if (!earlier(event, heap[parent]!)) break
      heap[index] = heap[parent]!
      index = parent
    }
    heap[index] = event
  }

  run(): void {
    for (let event = this.#take(); event; event = this.#take()) event.run(event.atMs)
  }

  #take(): Event | undefined {
    const heap = this.#heap
    const first = heap[0]
    const last = heap.pop()
    if (!first || !last || heap.length === 0) return first
    let index = 0
    for (;;) {
      let child = index * 2 + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && earlier(heap[child + 1]!, heap[child]!)) child += 1
      if (!earlier(heap[child]!, last)) break
      heap[index] = heap[child]!
      index = child
    }
    heap[index] = last
    return first
  }
}

function earlier(one: Event, other: Event): boolean {
  return one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order)
}

/** What every run of the simulation is made of; times in milliseconds. */
export interface World {
  readonly backends: number
  /** Calls that a backend works on at the same time; more wait in its queue, first come first served. */
  readonly slots: number
  readonly callsPerSecond: number
  readonly lengthMs: number
  /** Service times are log-normal with this median and this sigma of the logarithm. */
  readonly medianMs: number
  readonly sigma: number
  /** Share of calls that stall, whichever backend serves them, and for how long. */
  readonly stallShare: number
  readonly stallMs: number
  /** Backend 0 is this many times slower for the middle third of the run. */
  readonly slowFactor: number
}

/** How long one try takes. */
export interface Drawn {
  /** What its service takes at full speed. */
  readonly workMs: number
  readonly stallMs: number
}

/** One try of a call at a backend. */
export interface Try extends Drawn {
  readonly answered: (nowMs: number) => void
  state: 'queued' | 'served' | 'over'
}

/** A backend that serves `slots` calls at a time. */
export class Backend {
  readonly #world: World
  readonly #timeline: Timeline
  readonly #slow: boolean
  readonly #queue: Try[] = []
  #busy = 0

  constructor(world: World, timeline: Timeline, slow: boolean) {
    this.#world = world
    this.#timeline = timeline
    this.#slow = slow
  }

  take(one: Try, nowMs: number): void {
    this.#queue.push(one)
    this.#serve(nowMs)
  }

  /** Stops working on a try: its slot is free at once. */
  cancel(one: Try, nowMs: number): void {
    if (one.state === 'served') this.#busy -= 1
    one.state = 'over'
    this.#serve(nowMs)
  }

  #serve(nowMs: number): void {
    while (this.#busy < this.#world.slots) {
      const one = this.#queue.shift()
      if (!one) return
      if (one.state === 'over') continue
      one.state = 'served'
      this.#busy += 1
      this.#timeline.at(nowMs + one.workMs * this.#factor(nowMs) + one.stallMs, (doneAtMs) => this.#done(one, doneAtMs))
    }
  }

  #done(one: Try, nowMs: number): void {
    if (one.state !== 'served') return
    one.state = 'over'
    this.#busy -= 1
    one.answered(nowMs)
    this.#serve(nowMs)
  }

  #factor(nowMs: number): number {
    const { lengthMs, slowFactor } = this.#world
    return this.#slow && nowMs >= lengthMs / 3 && nowMs < (lengthMs * 2) / 3 ? slowFactor : 1
  }
}

/** Draws how long one try takes. */
export function drawTry(world: World, random: () => number): Drawn {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  return {
    workMs: world.medianMs * Math.exp(world.sigma * normal),
    stallMs: random() < world.stallShare ? world.stallMs : 0,
  }
}
