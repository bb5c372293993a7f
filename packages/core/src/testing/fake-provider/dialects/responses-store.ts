import type { JsonObject } from '../../../json.ts'
import type { Answer } from '../answer.ts'
import { badRequest, Failure } from '../failure.ts'
import type { Ask } from '../request.ts'
import type { Stamp } from './dialect.ts'
import { itemsOf, responseHead, responseObject, type EarlierItems } from './responses-object.ts'

/** A response that was not created with `store: false`. */
export interface StoredResponse {
  readonly ask: Ask
  readonly answer: Answer
  readonly stamp: Stamp
  /** When a background response starts to run and when it is finished; both the creation time otherwise. */
  readonly startsAtMs: number
  readonly readyAtMs: number
  cancelled: boolean
}

export interface ResponseStore {
  put(response: StoredResponse): void
  /** @throws {Failure} 404 */
  get(id: string): StoredResponse
  /** @throws {Failure} 404 */
  delete(id: string): JsonObject
  /** Stops a background response that is not finished. @throws {Failure} 404, or 400 for one that is not background */
  cancel(id: string, nowMs: number): JsonObject
  readonly earlier: EarlierItems
  clear(): void
}

export function createResponseStore(): ResponseStore {
  const stored = new Map<string, StoredResponse>()
  const get = (id: string): StoredResponse => {
    const found = stored.get(id)
    if (found) return found
    throw new Failure({ status: 404, message: `Response with id '${id}' not found.`, param: 'id' })
  }
  const earlier: EarlierItems = (id) => {
    const found = stored.get(id)
    if (!found) return undefined
    const { output } = responseObject(found.ask, found.answer, found.stamp)
    return [...itemsOf(found.ask.body, earlier), ...(output as JsonObject[])]
  }
  return {
    put: (response) => void stored.set(`resp_${response.stamp.key}`, response),
    get,
    delete(id) {
      get(id)
      stored.delete(id)
      return { id, object: 'response', deleted: true }
    },
    cancel(id, nowMs) {
      const found = get(id)
      if (found.ask.body.background !== true) {
        throw badRequest('Only background responses can be cancelled.')
      }
      if (nowMs < found.readyAtMs) found.cancelled = true
      return responseAt(found, nowMs)
    },
    earlier,
    clear: () => stored.clear(),
  }
}

/** A stored response as it stands at an instant. */
export function responseAt(response: StoredResponse, nowMs: number): JsonObject {
  const { ask, answer, stamp } = response
  if (response.cancelled) return { ...responseHead(ask, stamp), status: 'cancelled' }
  if (nowMs < response.startsAtMs) return { ...responseHead(ask, stamp), status: 'queued' }
  if (nowMs < response.readyAtMs) return responseHead(ask, stamp)
  return { ...responseObject(ask, answer, stamp), completed_at: Math.floor(response.readyAtMs / 1000) }
}

/** The input items of a stored response, newest first, as the list route gives them. */
export function inputItems(response: StoredResponse, earlier: EarlierItems): JsonObject {
  const data = itemsOf(response.ask.body, earlier)
    .map((item, i) => {
      const content = typeof item.content === 'string' ? [{ type: 'input_text', text: item.content }] : item.content
      return { id: `${String(item.type ?? 'message')}_${response.stamp.key}${i}`, type: 'message', ...item, content }
    })
    .reverse()
  return { object: 'list', data, first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null, has_more: false }
}
