import { wholeReply, type ApiId, type Call, type WholeReply } from '@sluice/core'
import { untilAborted } from '@sluice/core/transport'
import type { Seat } from './flight.ts'
import { StreamReader } from './stream-reader.ts'

/**
 * The whole answer of a stream that is under way; `undefined` when it does not come to a good end, which the caller has
 * not seen anything of.
 */
export async function foldedReply<A extends ApiId>(
  { landing, leave }: Seat<A>,
  { api, signal }: Call<A>,
): Promise<WholeReply<A> | undefined> {
  try {
    const landed = await untilAborted(landing, signal, () => undefined)
    if (landed.kind !== 'stream') return undefined
    const { stream, from } = landed
    const folder = api.folder()
    let isFinished = false
    for await (const event of new StreamReader(from, { stream, signal, shown: undefined, onLeave: leave })) {
      if (api.error(event)) return undefined
      folder.push(event)
      isFinished ||= api.isTerminal(event)
    }
    const answer = isFinished ? folder.answer() : undefined
    return answer && wholeReply(api, answer, stream.reply)
  } catch {
    signal?.throwIfAborted()
    return undefined
  } finally {
    leave()
  }
}
