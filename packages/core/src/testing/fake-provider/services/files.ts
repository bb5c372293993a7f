import { badRequest, Failure } from '../failure.ts'
import { json } from '../message.ts'
import { hexId } from '../model/random.ts'
import type { Route, Visit } from '../route.ts'
import type { State } from '../state.ts'
import type { Outbound } from '../wire.ts'
import { cursorPage } from './page.ts'
import type { Stored } from './shelf.ts'

/** OpenAI's files: upload as a multipart form, list, retrieve, content, delete. Held in memory. */
export const fileRoutes: readonly Route[] = [
  { method: 'POST', pattern: /\/files$/, vendor: 'openai', serve: upload },
  {
    method: 'GET',
    pattern: /\/files$/,
    vendor: 'openai',
    serve({ state, inbound }) {
      const purpose = inbound.url.searchParams.get('purpose')
      const files = [...shelf(state).values()].map((stored) => stored.value)
      const wanted = files.filter((file) => purpose === null || file.purpose === purpose)
      return json(200, cursorPage(wanted, inbound.url.searchParams, 10_000))
    },
  },
  {
    method: 'GET',
    pattern: /\/files\/(?<id>[^/]+)$/,
    vendor: 'openai',
    serve: ({ state, groups }) => json(200, storedFile(state, groups.id).value),
  },
  {
    method: 'DELETE',
    pattern: /\/files\/(?<id>[^/]+)$/,
    vendor: 'openai',
    serve({ state, groups }) {
      const { id } = storedFile(state, groups.id).value
      shelf(state).delete(id)
      return json(200, { id, object: 'file', deleted: true })
    },
  },
  {
    method: 'GET',
    pattern: /\/files\/(?<id>[^/]+)\/content$/,
    vendor: 'openai',
    serve: ({ state, groups }): Outbound => ({
      kind: 'answer',
      status: 200,
      headers: { 'content-type': 'application/octet-stream' },
      body: storedFile(state, groups.id).bytes ?? new Uint8Array(),
    }),
  },
]

async function upload({ state, inbound, number }: Visit): Promise<Outbound> {
  const form = await inbound
    .request()
    .formData()
    .catch(() => undefined)
  const file = form?.get('file')
  const purpose = form?.get('purpose')
  if (!(file instanceof File)) throw badRequest("A multipart form with a part 'file' is required.", 'file')
  if (typeof purpose !== 'string') throw badRequest("'purpose' is a required property", 'purpose')
  const bytes = new Uint8Array(await file.arrayBuffer())
  return json(200, putFile(state, number, file.name, purpose, bytes).value)
}

/** Stores a file; `number` makes its id. */
export function putFile(
  state: State,
  number: number | string,
  filename: string,
  purpose: string,
  bytes: Uint8Array,
): Stored {
  const id = `file-${hexId(24, state.seed, 'file', number, filename)}`
  const value = {
    id,
    object: 'file',
    bytes: bytes.byteLength,
    created_at: Math.floor(state.clock.now() / 1000),
    filename,
    purpose,
    status: 'processed',
  }
  const stored = { value, bytes }
  shelf(state).set(id, stored)
  return stored
}

/** @throws {Failure} 404 */
export function storedFile(state: State, id: string | undefined): Stored {
  const found = shelf(state).get(id ?? '')
  if (found) return found
  throw new Failure({ status: 404, message: `No such File object: ${id}`, param: 'id' })
}

function shelf(state: State): Map<string, Stored> {
  return state.shelf.collection('files')
}
