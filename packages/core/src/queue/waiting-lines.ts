/** Somebody who waits, as the lines know it. */
export interface Waiter {
  readonly priority: number
  readonly key: string
}

interface Place<W> {
  readonly waiter: W
  before: Place<W> | undefined
  after: Place<W> | undefined
}

/** Those who wait for one key, in the order in which they came. */
interface Lane<W> {
  readonly key: string
  first: Place<W> | undefined
  last: Place<W> | undefined
  length: number
  /** How many more are served before it is the next lane's turn. */
  credit: number
}

/** The lanes of one priority. Whose turn it is stands first in `lanes`. */
interface Line<W> {
  readonly priority: number
  readonly lanes: Map<string, Lane<W>>
}

/**
 * Who is next: the highest priority first, within it the keys in turn (each served as often as its weight says), within a
 * key in the order of coming. All but finding whom to turn out takes the same time however many wait.
 */
export class WaitingLines<W extends Waiter> {
  readonly #weightOf: (key: string) => number
  /** The highest priority first; there are few. */
  readonly #lines: Line<W>[] = []
  readonly #places = new Map<W, Place<W>>()

  constructor(weightOf: (key: string) => number) {
    this.#weightOf = weightOf
  }

  get size(): number {
    return this.#places.size
  }

  add(waiter: W): void {
    const lane = this.#lane(waiter)
    const place: Place<W> = { waiter, before: lane.last, after: undefined }
    if (lane.last) lane.last.after = place
    else lane.first = place
    lane.last = place
    lane.length += 1
    this.#places.set(waiter, place)
  }

  /** Takes out who is next. */
  next(): W | undefined {
    const [line] = this.#lines
    const [lane] = line?.lanes.values() ?? []
    const waiter = lane?.first?.waiter
    if (!line || !lane || !waiter) return undefined
    if (lane.credit <= 0) lane.credit = this.#weightOf(lane.key)
    lane.credit -= 1
    this.remove(waiter)
    if (lane.credit <= 0 && lane.length > 0) {
      line.lanes.delete(lane.key)
      line.lanes.set(lane.key, lane)
    }
    return waiter
  }

  /** Takes out somebody who went away. Returns whether they waited. */
  remove(waiter: W): boolean {
    const place = this.#places.get(waiter)
    const line = this.#lines.find(({ priority }) => priority === waiter.priority)
    const lane = line?.lanes.get(waiter.key)
    if (!place || !line || !lane) return false
    this.#places.delete(waiter)
    if (place.before) place.before.after = place.after
    else lane.first = place.after
    if (place.after) place.after.before = place.before
    else lane.last = place.before
    lane.length -= 1
    if (lane.length === 0) line.lanes.delete(lane.key)
    if (line.lanes.size === 0) this.#lines.splice(this.#lines.indexOf(line), 1)
    return true
  }

  /**
   * Who gives way to a newcomer when there is no more room: the last to come of the lowest priority below its own, or of
   * the longest lane of its own priority when the newcomer's lane is shorter even with it. Nobody else.
   */
  givesWay(newcomer: Waiter): W | undefined {
    const line = this.#lines.at(-1)
    if (!line || line.priority > newcomer.priority) return undefined
    let longest: Lane<W> | undefined
    for (const lane of line.lanes.values()) if (!longest || lane.length > longest.length) longest = lane
    if (!longest) return undefined
    const own = line.lanes.get(newcomer.key)?.length ?? 0
    return line.priority < newcomer.priority || longest.length > own + 1 ? longest.last?.waiter : undefined
  }

  #lane({ priority, key }: Waiter): Lane<W> {
    let at = this.#lines.findIndex((line) => line.priority <= priority)
    if (at === -1) at = this.#lines.length
    let line = this.#lines[at]
    if (line?.priority !== priority) this.#lines.splice(at, 0, (line = { priority, lanes: new Map() }))
    let lane = line.lanes.get(key)
    if (!lane) line.lanes.set(key, (lane = { key, first: undefined, last: undefined, length: 0, credit: 0 }))
    return lane
  }
}
