import type { JsonObject } from '../../../json.ts'
import { badRequest } from '../failure.ts'

type Item = JsonObject & { readonly id: string }

/** One page of a list as OpenAI's cursor pages it: `after`, `limit`, `order`; newest first unless `order=asc`. */
export function cursorPage(items: readonly Item[], query: URLSearchParams, defaultLimit: number): JsonObject {
  const ordered = query.get('order') === 'asc' ? items : [...items].reverse()
  const data = slice(ordered, query.get('after'), limitOf(query, defaultLimit))
  return { object: 'list', data: data.items, ...ends(data.items), has_more: data.more }
}

/** One page of a list as Anthropic's API pages it: `after_id`, `before_id`, `limit`; in the order given. */
export function idPage(items: readonly Item[], query: URLSearchParams, defaultLimit: number): JsonObject {
  const limit = limitOf(query, defaultLimit)
  const before = query.get('before_id')
  if (before === null) {
    const data = slice(items, query.get('after_id'), limit)
    return { data: data.items, ...ends(data.items), has_more: data.more }
  }
  const end = items.findIndex((item) => item.id === before)
  const data = items.slice(Math.max(0, end - limit), Math.max(0, end))
  return { data, ...ends(data), has_more: end > limit }
}

function slice(items: readonly Item[], after: string | null, limit: number): { items: readonly Item[]; more: boolean } {
  const start = after === null ? 0 : items.findIndex((item) => item.id === after) + 1
  if (after !== null && start === 0) throw badRequest(`No such object: ${after}`, 'after')
  return { items: items.slice(start, start + limit), more: start + limit < items.length }
}

function ends(items: readonly Item[]): JsonObject {
  return { first_id: items[0]?.id ?? null, last_id: items.at(-1)?.id ?? null }
}

function limitOf(query: URLSearchParams, fallback: number): number {
  const limit = Number(query.get('limit') ?? fallback)
  if (Number.isInteger(limit) && limit > 0) return limit
  throw badRequest(`Invalid limit: ${query.get('limit')}`, 'limit')
}
