import type { Api, ApiId } from '../api/api.ts'
import type { Call } from '../call.ts'
import { replyOf, type ErrorReply, type Reply, type WholeReply } from '../reply.ts'
import { textResponse } from '../response.ts'

/**
 * A reply over a `Response` that was got for `call`: what it is shows in its status and content type; its body is not
 * touched. A stream that ends without its terminal event is an error to whoever reads its events.
 */
export function responseReply<A extends ApiId>(call: Call<A>, response: Response): Reply<A> {
  return replyOf(call.api, response, () => call.api.isStream(call.request), true)
}

/** A reply over a whole `Response` in a dialect: a refusal by its status, else an answer. */
export function wholeResponseReply<A extends ApiId>(api: Api<A>, response: Response): Reply<A> {
  return replyOf(api, response, () => false, true)
}

/**
 * Reads a reply's body, and makes as many replies over it as are asked for: for an answer that several callers share. The
 * first is the reply itself; the others have its head and its text.
 *
 * @throws what reading the body threw.
 */
export async function replyCopies<A extends ApiId>(reply: WholeReply<A> | ErrorReply<A>): Promise<() => Reply<A>> {
  const { api, head } = reply
  const text = await reply.readText()
  let isGiven = false
  return () => {
    if (isGiven) return replyOf(api, textResponse(text, head), () => false, true)
    isGiven = true
    return reply
  }
}
