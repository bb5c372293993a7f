import { isObject, type JsonObject } from '../../../json.ts'
import { badRequest, Failure } from '../failure.ts'
import { bodyOf, json } from '../message.ts'
import { hexId } from '../model/random.ts'
import type { Route, Visit } from '../route.ts'
import type { State } from '../state.ts'
import type { Outbound } from '../wire.ts'
import { putFile, storedFile } from './files.ts'
import { cursorPage } from './page.ts'
import type { Stored } from './shelf.ts'

/**
 * OpenAI's batches. A batch is `validating` when created and `in_progress` at the first look; at the second look its
 * lines have run, each as a model call of its own, with scripts and faults, and its result files exist.
 */
export const batchRoutes: readonly Route[] = [
  { method: 'POST', pattern: /\/v\d+\/batches$/, vendor: 'openai', serve: create },
  {
    method: 'GET',
    pattern: /\/v\d+\/batches$/,
    vendor: 'openai',
    serve: ({ state, inbound }) => {
      const batches = [...shelf(state).values()].map((stored) => stored.value)
      return json(200, cursorPage(batches, inbound.url.searchParams, 20))
    },
  },
  { method: 'GET', pattern: /\/v\d+\/batches\/(?<id>[^/]+)$/, vendor: 'openai', serve: look },
  { method: 'POST', pattern: /\/v\d+\/batches\/(?<id>[^/]+)\/cancel$/, vendor: 'openai', serve: cancel },
]

async function create({ state, inbound, call, number }: Visit): Promise<Outbound> {
  const body = await bodyOf(inbound)
  call.body = body
  for (const field of ['input_file_id', 'endpoint', 'completion_window']) {
    if (typeof body[field] !== 'string') throw badRequest(`'${field}' is a required property`, field)
  }
  const lines = linesOf(storedFile(state, body.input_file_id as string))
  const nowS = seconds(state)
  const value = {
    id: `batch_${hexId(24, state.seed, 'batch', number)}`,
    object: 'batch',
    endpoint: body.endpoint,
    errors: null,
    input_file_id: body.input_file_id,
    completion_window: body.completion_window,
    status: 'validating',
    output_file_id: null,
    error_file_id: null,
    created_at: nowS,
    expires_at: nowS + 86_400,
    request_counts: { total: lines.length, completed: 0, failed: 0 },
    metadata: body.metadata ?? null,
  }
  shelf(state).set(value.id, { value })
  return json(200, value)
}

async function look(visit: Visit): Promise<Outbound> {
  const { state, groups } = visit
  const batch = storedBatch(state, groups.id)
  const { status } = batch.value
  if (status === 'validating') change(batch, { status: 'in_progress', in_progress_at: seconds(state) })
  else if (status === 'in_progress') await run(visit, batch)
  else if (status === 'cancelling') change(batch, { status: 'cancelled', cancelled_at: seconds(state) })
  return json(200, batch.value)
}

function cancel({ state, groups }: Visit): Outbound {
  const batch = storedBatch(state, groups.id)
  if (batch.value.status !== 'validating' && batch.value.status !== 'in_progress') {
    throw new Failure({ status: 409, message: `Cannot cancel a batch with status '${String(batch.value.status)}'.` })
  }
  change(batch, { status: 'cancelling', cancelling_at: seconds(state) })
  return json(200, batch.value)
}

async function run({ state, nested }: Visit, batch: Stored): Promise<void> {
  // Marked first: a second look while the lines run must not run them again.
  change(batch, { status: 'finalizing', finalizing_at: seconds(state) })
  const good: string[] = []
  const bad: string[] = []
  for (const [i, line] of linesOf(storedFile(state, batch.value.input_file_id as string)).entries()) {
    const { status, requestId, body } = await nested(String(line.url ?? batch.value.endpoint), line.body)
    const result = {
      id: `batch_req_${hexId(24, batch.value.id, i)}`,
      custom_id: line.custom_id ?? null,
      response: { status_code: status, request_id: requestId, body },
      error: null,
    }
    ;(status < 400 ? good : bad).push(JSON.stringify(result))
  }
  const file = (kind: string, lines: string[]): string | null => {
    if (lines.length === 0) return null
    const bytes = new TextEncoder().encode(`${lines.join('\n')}\n`)
    return putFile(state, batch.value.id, `${batch.value.id}_${kind}.jsonl`, 'batch_output', bytes).value.id
  }
  change(batch, {
    status: 'completed',
    completed_at: seconds(state),
    output_file_id: file('output', good),
    error_file_id: file('error', bad),
    request_counts: { total: good.length + bad.length, completed: good.length, failed: bad.length },
  })
}

/** @throws {Failure} 400 for a line that is no JSON object */
function linesOf(file: Stored): JsonObject[] {
  const lines = new TextDecoder().decode(file.bytes).split('\n')
  return lines
    .filter((line) => line.trim() !== '')
    .map((line, i) => {
      try {
        const value: unknown = JSON.parse(line)
        if (isObject(value)) return value
      } catch {
        // Told below, together with values that are no objects.
      }
      throw badRequest(`Line ${i + 1} of the input file is not a JSON object.`, 'input_file_id', 'invalid_json_line')
    })
}

/** @throws {Failure} 404 */
function storedBatch(state: State, id: string | undefined): Stored {
  const found = shelf(state).get(id ?? '')
  if (found) return found
  throw new Failure({ status: 404, message: `No batch found with id '${id}'.`, param: 'batch_id' })
}

function change(batch: Stored, fields: JsonObject): void {
  batch.value = { ...batch.value, ...fields }
}

function seconds(state: State): number {
  return Math.floor(state.clock.now() / 1000)
}

function shelf(state: State): Map<string, Stored> {
  return state.shelf.collection('batches')
}
