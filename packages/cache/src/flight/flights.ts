import { SluiceError, type Api, type ApiId, type Call, type EventOf, type Reply } from '@sluice/core'
import { BacklogRoom } from './backlog-room.ts'
import { Flight, type Lead, type Seat } from './flight.ts'
import { follow, ride } from './passenger.ts'
import { foldedReply } from './folded-reply.ts'

export interface FlightsOptions {
  /**
   * The longest backlog kept of one stream for callers that join it later, in bytes, about. A stream that grows past it
   * takes no more of them; those who read it already are not affected. @default 1 MiB
   */
  readonly maxBacklogBytes?: number
  /** The same for all streams under way together. @default 64 MiB */
  readonly maxTotalBacklogBytes?: number
  /**
   * How often a caller that waits for another's upstream call sees one fail before it takes the failure for its own, 1 or
   * more. After each failure before it one of those who wait asks the provider in its turn. @default 3
   */
  readonly maxLeads?: number
}

/** The answer to a call that may have shared its upstream call with others. */
export interface Flown<A extends ApiId> {
  readonly reply: Reply<A>
  /** The upstream call was another caller's. */
  readonly isFollower: boolean
}

/** Identical calls that are under way at the same time, answered by one upstream call. Made by {@link createFlights}. */
export interface Flights {
  /**
   * Answers `call` with the upstream call that is under way for `key`, or makes one with `lead`. Calls under one key must
   * want the same answer, in everything that an answer repeats of its request; whether they want it streamed, and with
   * its usage, may differ.
   *
   * `lead` is called at once, in the caller's own async context, with a copy of the call whose signal aborts only when
   * nobody waits or reads any more. It must send the copy it is given. When the lead fails before any content with an
   * error that may pass (a failure below HTTP, 408, 429, 5xx), the leader gets it, and one of the others leads with its
   * own `lead`; other errors are everybody's, each with a copy.
   *
   * A stream is read at the pace of its fastest reader, except that whoever follows waits for the first content. Each
   * reader gets every event from the first on. A reply that is dropped unread holds nobody up, and leaves when it is
   * garbage-collected.
   *
   * @throws `call.signal.reason` when the caller gives up, at once; what `lead` threw.
   */
  fly<A extends ApiId>(key: string, call: Call<A>, lead: (call: Call<A>) => Promise<Reply<A>>): Promise<Flown<A>>
  /** Upstream calls that can be joined now. */
  readonly size: number
}

/**
 * Makes a place where identical calls of one process meet.
 *
 * @throws {SluiceError} `config.option`
 */
export function createFlights(options: FlightsOptions = {}): Flights {
  return new FlightBoard(checked(options))
}

class FlightBoard implements Flights {
  readonly #options: Required<FlightsOptions>
  readonly #room: BacklogRoom
  /** Those that can be joined, by slot. */
  readonly #flights = new Map<string, Flight<ApiId>>()

  constructor(options: Required<FlightsOptions>) {
    this.#options = options
    this.#room = new BacklogRoom(options.maxTotalBacklogBytes)
  }

  get size(): number {
    return this.#flights.size
  }

  async fly<A extends ApiId>(key: string, call: Call<A>, lead: Lead<A>): Promise<Flown<A>> {
    const delivery = deliveryOf(call)
    for (let failures = 1; ; failures += 1) {
      call.signal?.throwIfAborted()
      const found = this.#find<A>(key, call, delivery)
      if (!found) return this.#leading(key, call, lead, delivery)
      const shown = found.delivery === delivery ? undefined : asIfNotAsked(call.api)
      const outcome = await follow({
        seat: found.flight.board(),
        call,
        shown,
        isPatient: failures < this.#options.maxLeads,
      })
      if (typeof outcome === 'object') return { reply: outcome, isFollower: true }
      if (outcome === 'ask_own') failures -= 1
    }
  }

  async #leading<A extends ApiId>(key: string, call: Call<A>, lead: Lead<A>, delivery: Delivery): Promise<Flown<A>> {
    const streamed = delivery === 'whole' ? this.#at<A>(key, call, 'stream_usage') : undefined
    if (!streamed)
      return { reply: await ride({ seat: this.#start(key, call, lead, delivery), call }), isFollower: false }
    let isFollower = false
    const foldOrLead: Lead<A> = async (given) => {
      const folded = await foldedReply(streamed.board(), given)
      isFollower = folded !== undefined
      return folded ?? lead(given)
    }
    const reply = await ride({ seat: this.#start(key, call, foldOrLead, delivery), call })
    return { reply, isFollower }
  }

  #start<A extends ApiId>(key: string, call: Call<A>, lead: Lead<A>, delivery: Delivery): Seat<A> {
    const slot = slotOf(key, call, delivery)
    const flight = new Flight<A>({
      room: this.#room,
      maxBacklogBytes: this.#options.maxBacklogBytes,
      onClosed: () => {
        if (this.#flights.get(slot) === erased) this.#flights.delete(slot)
      },
    })
    const erased = flight as unknown as Flight<ApiId>
    this.#flights.set(slot, erased)
    // Taken before the lead begins, which may end the flight at once.
    const seat = flight.board()
    void flight.begin(call, lead)
    return seat
  }

  #find<A extends ApiId>(key: string, call: Call<A>, delivery: Delivery): Found<A> | undefined {
    const own = this.#at<A>(key, call, delivery)
    if (own || delivery !== 'stream') return own && { flight: own, delivery }
    const more = this.#at<A>(key, call, 'stream_usage')
    return more && { flight: more, delivery: 'stream_usage' }
  }

  #at<A extends ApiId>(key: string, call: Call<A>, delivery: Delivery): Flight<A> | undefined {
    // The slot names the dialect.
    return this.#flights.get(slotOf(key, call, delivery)) as Flight<A> | undefined
  }
}

interface Found<A extends ApiId> {
  readonly flight: Flight<A>
  readonly delivery: Delivery
}

/** How an answer is wanted: calls that differ in it differ in what is sent. */
type Delivery = 'whole' | 'stream' | 'stream_usage'

function deliveryOf<A extends ApiId>({ api, request }: Call<A>): Delivery {
  if (!api.isStream(request)) return 'whole'
  return api.withStreamUsage(request) === request ? 'stream_usage' : 'stream'
}

function slotOf(key: string, { api }: Call, delivery: Delivery): string {
  return `${api.id} ${delivery} ${key}`
}

/** Events as a caller sees them that did not ask for usage. */
function asIfNotAsked<A extends ApiId>(api: Api<A>) {
  return (event: EventOf<A>): EventOf<A> | undefined =>
    api.isUsageOnly(event) ? undefined : (api.withoutUsageTrace?.(event) ?? event)
}

const defaults: Required<FlightsOptions> = { maxBacklogBytes: 2 ** 20, maxTotalBacklogBytes: 2 ** 26, maxLeads: 3 }

function checked(options: FlightsOptions): Required<FlightsOptions> {
  for (const [name, value] of Object.entries(options)) {
    if (!(name in defaults))
      throw optionError(`createFlights() has no option "${name}". It has ${Object.keys(defaults).join(', ')}.`)
    const least = name === 'maxLeads' ? 1 : 0
    if (
      value === undefined ||
      (typeof value === 'number' && value >= least && (Number.isInteger(value) || value === Infinity))
    )
      continue
    throw optionError(
      `The option "${name}" of createFlights() must be an integer from ${least}, or Infinity; got ${String(value)}.`,
    )
  }
  const {
    maxBacklogBytes = defaults.maxBacklogBytes,
    maxTotalBacklogBytes = defaults.maxTotalBacklogBytes,
    maxLeads = defaults.maxLeads,
  } = options
  return { maxBacklogBytes, maxTotalBacklogBytes, maxLeads }
}

function optionError(message: string): SluiceError {
  return new SluiceError({ code: 'config.option', message })
}
