import { isObject, type JsonObject } from '../../json.ts'
import { badRequest, Failure } from './failure.ts'
import type { OpenCall } from './journal.ts'
import { playResponse } from './play.ts'
import type { Inbound, Outbound } from './wire.ts'

/** A request's JSON object. @throws {Failure} 400 when the body is none */
export async function bodyOf(inbound: Inbound): Promise<JsonObject> {
  let value: unknown
  try {
    value = JSON.parse(await inbound.text())
  } catch {
    value = undefined
  }
  if (isObject(value)) return value
  throw badRequest('We could not parse the JSON body of your request.')
}

/** The model that a request asks for, in its path or its body. @throws {Failure} 400 when it names none */
export function modelOf(body: JsonObject, deployment: string | undefined): string {
  const model = deployment ?? body.model
  if (typeof model === 'string' && model !== '') return model
  const message = 'you must provide a model parameter'
  throw new Failure({ status: 400, param: 'model', message, anthropicMessage: 'model: Field required' })
}

/** A JSON answer. */
export function json(status: number, value: unknown, headers?: Readonly<Record<string, string>>): Outbound {
  return jsonText(status, JSON.stringify(value), headers)
}

/** An answer that claims to be JSON. */
export function jsonText(
  status: number,
  body: Extract<Outbound, { kind: 'answer' }>['body'],
  headers?: Readonly<Record<string, string>>,
): Outbound {
  return { kind: 'answer', status, headers: { 'content-type': 'application/json', ...headers }, body }
}

/** An answer that a script or a route of the user's own made. */
export function fromResponse(response: Response, call: OpenCall): Outbound {
  if (!response.body) call.settle(response.ok ? 'finished' : 'failed')
  const body = response.body && playResponse(response.body, call, response.ok)
  return { kind: 'answer', status: response.status, headers: Object.fromEntries(response.headers), body }
}
