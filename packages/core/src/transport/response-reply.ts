import type { Api, ApiId } from '../api/api.ts'
import type { Call } from '../call.ts'
import { replyOf, type Reply } from '../reply.ts'

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
