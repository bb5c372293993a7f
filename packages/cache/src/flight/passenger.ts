import { streamReply, type Api, type ApiId, type Call, type EventOf, type Reply } from '@sluice/core'
import { untilAborted } from '@sluice/core/transport'
import type { Failure } from './failure.ts'
import type { Landing, Seat } from './flight.ts'
import { StreamReader } from './stream-reader.ts'

interface Passenger<A extends ApiId> {
  readonly seat: Seat<A>
  readonly call: Call<A>
  readonly shown?: ((event: EventOf<A>) => EventOf<A> | undefined) | undefined
}

/** The leader's way: what came is its own, failures too. */
export async function ride<A extends ApiId>(passenger: Passenger<A>): Promise<Reply<A>> {
  const landing = await whileWaiting(passenger, passenger.seat.landing)
  return own(passenger, landing)
}

/**
 * A follower's way: the reply, or how to go on where another try may have more luck. A stream is a reply only from its
 * first content on, because a caller that has been given the head cannot ask anew.
 *
 * @param passenger.isPatient a failure that may pass is not its own yet.
 */
export async function follow<A extends ApiId>(
  passenger: Passenger<A> & { readonly isPatient: boolean },
): Promise<Reply<A> | Exclude<Failure['others'], 'share'>> {
  const { seat, isPatient } = passenger
  const landing = await whileWaiting(passenger, seat.landing)
  const failure = landing.kind === 'stream' ? await whileWaiting(passenger, landing.stream.begun()) : landing.failure
  const others = failure?.others ?? 'share'
  if (others === 'share' || (others === 'ask' && !isPatient)) return own(passenger, landing)
  seat.leave()
  return others
}

/** Waits for the flight, but no longer than the caller does. */
async function whileWaiting<A extends ApiId, T>({ seat, call }: Passenger<A>, work: Promise<T>): Promise<T> {
  try {
    return await untilAborted(work, call.signal, () => undefined)
  } catch (error) {
    seat.leave(error)
    throw error
  }
}

function own<A extends ApiId>({ seat, call, shown }: Passenger<A>, landing: Landing<A>): Reply<A> {
  if (landing.kind !== 'stream') {
    seat.leave()
    if (landing.kind === 'thrown') throw landing.error
    return landing.copy()
  }
  const { stream, from } = landing
  const reader = new StreamReader(from, { stream, signal: call.signal, shown, onLeave: seat.leave })
  return readerReply(call.api, reader, stream.reply)
}

/** The reply of one reader: with the head of the upstream reply, but leaving it leaves the reader only. */
function readerReply<A extends ApiId>(api: Api<A>, reader: StreamReader<A>, upstream: Reply<A>): Reply<A> {
  const { status, headers, head } = upstream
  const abandon = async (): Promise<void> => void (await reader.return())
  const from = { status, headers, head, abandon }
  return streamReply(api, reader, from)
}
