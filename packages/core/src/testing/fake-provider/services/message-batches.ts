import { isObject, type JsonObject } from '../../../json.ts'
import { badRequest, Failure } from '../failure.ts'
import { bodyOf, json } from '../message.ts'
import { hexId } from '../model/random.ts'
import type { Route, Visit } from '../route.ts'
import type { State } from '../state.ts'
import type { Outbound } from '../wire.ts'
import { idPage } from './page.ts'
import type { Stored } from './shelf.ts'

/**
 * Anthropic's message batches. A batch is `in_progress` when created and at the first look; at the second look its
 * requests have run, each as a model call of its own, with scripts and faults, and its results can be read.
 */
export const messageBatchRoutes: readonly Route[] = [
  { method: 'POST', pattern: /\/messages\/batches$/, vendor: 'anthropic', serve: create },
  {
    method: 'GET',
    pattern: /\/messages\/batches$/,
    vendor: 'anthropic',
    serve: ({ state, inbound }) => {
      const newestFirst = [...shelf(state).values()].map((stored) => stored.value).reverse()
      return json(200, idPage(newestFirst, inbound.url.searchParams, 20))
    },
  },
  { method: 'GET', pattern: /\/messages\/batches\/(?<id>[^/]+)$/, vendor: 'anthropic', serve: look },
  { method: 'POST', pattern: /\/messages\/batches\/(?<id>[^/]+)\/cancel$/, vendor: 'anthropic', serve: cancel },
  {
    method: 'DELETE',
    pattern: /\/messages\/batches\/(?<id>[^/]+)$/,
    vendor: 'anthropic',
    serve({ state, groups }) {
      const { id, processing_status } = storedBatch(state, groups.id).value
      if (processing_status !== 'ended') throw badRequest('Only a batch that has ended can be deleted.')
      shelf(state).delete(id)
      return json(200, { id, type: 'message_batch_deleted' })
    },
  },
  {
    method: 'GET',
    pattern: /\/messages\/batches\/(?<id>[^/]+)\/results$/,
    vendor: 'anthropic',
    serve({ state, groups }): Outbound {
      const { bytes } = storedBatch(state, groups.id)
      if (!bytes) throw badRequest('The results of this batch are not available yet.')
      return { kind: 'answer', status: 200, headers: { 'content-type': 'application/x-jsonl' }, body: bytes }
    },
  },
]

/** The requests of a batch, kept beside its JSON until they run. */
const inputs = new WeakMap<Stored, readonly JsonObject[]>()

async function create({ state, inbound, call, number }: Visit): Promise<Outbound> {
  const body = await bodyOf(inbound)
  call.body = body
  const requests = Array.isArray(body.requests) ? body.requests.filter(isObject) : []
  if (requests.length === 0) throw badRequest('requests: at least one request is required')
  const nowMs = state.clock.now()
  const id = `msgbatch_${hexId(24, state.seed, 'batch', number)}`
  const value = {
    id,
    type: 'message_batch',
    processing_status: 'in_progress',
    request_counts: { processing: requests.length, succeeded: 0, errored: 0, canceled: 0, expired: 0 },
    created_at: new Date(nowMs).toISOString(),
    expires_at: new Date(nowMs + 86_400_000).toISOString(),
    ended_at: null,
    archived_at: null,
    cancel_initiated_at: null,
    results_url: null,
  }
  const stored: Stored = { value, polls: 0 }
  inputs.set(stored, requests)
  shelf(state).set(id, stored)
  return json(200, value)
}

async function look(visit: Visit): Promise<Outbound> {
  const batch = storedBatch(visit.state, visit.groups.id)
  const { processing_status: status } = batch.value
  batch.polls = (batch.polls ?? 0) + 1
  if (status === 'canceling') await end(visit, batch, true)
  else if (status === 'in_progress' && batch.polls === 2) await end(visit, batch, false)
  return json(200, batch.value)
}

function cancel({ state, groups }: Visit): Outbound {
  const batch = storedBatch(state, groups.id)
  if (batch.value.processing_status !== 'in_progress') throw badRequest('This batch has already ended.')
  const cancel_initiated_at = new Date(state.clock.now()).toISOString()
  batch.value = { ...batch.value, processing_status: 'canceling', cancel_initiated_at }
  return json(200, batch.value)
}

async function end({ state, inbound, nested }: Visit, batch: Stored, canceled: boolean): Promise<void> {
  const counts = { processing: 0, succeeded: 0, errored: 0, canceled: 0, expired: 0 }
  const lines: string[] = []
  for (const { custom_id, params } of inputs.get(batch) ?? []) {
    let result: JsonObject = { type: 'canceled' }
    if (!canceled) {
      const { status, body } = await nested('/v1/messages', params)
      result = status < 400 ? { type: 'succeeded', message: body } : { type: 'errored', error: body }
    }
    counts[result.type as keyof typeof counts]++
    lines.push(JSON.stringify({ custom_id, result }))
  }
  batch.bytes = new TextEncoder().encode(lines.map((line) => `${line}\n`).join(''))
  batch.value = {
    ...batch.value,
    processing_status: 'ended',
    request_counts: counts,
    ended_at: new Date(state.clock.now()).toISOString(),
    results_url: new URL(`/v1/messages/batches/${batch.value.id}/results`, inbound.url).href,
  }
}

/** @throws {Failure} 404 */
function storedBatch(state: State, id: string | undefined): Stored {
  const found = shelf(state).get(id ?? '')
  if (found) return found
  throw new Failure({ status: 404, message: `Message batch not found: ${id}` })
}

function shelf(state: State): Map<string, Stored> {
  return state.shelf.collection('message batches')
}
