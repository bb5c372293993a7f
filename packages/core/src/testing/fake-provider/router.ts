import { isSluiceError } from '../../errors.ts'
import { errorBody, Failure, type FailureInit, type Vendor } from './failure.ts'
import type { OpenCall } from './journal.ts'
import { hexId } from './model/random.ts'
import { fromResponse, json } from './message.ts'
import { modelRoutes } from './model-routes.ts'
import type { FakeRoute } from './options.ts'
import type { NestedAnswer, Serve, Visit } from './route.ts'
import { serviceRoutes } from './services/services.ts'
import type { State } from './state.ts'
import type { Inbound, Outbound } from './wire.ts'

export function createRouter(state: State): Serve {
  const routes = [...modelRoutes(state), ...serviceRoutes]

  return async function serve(inbound) {
    const { method, url, signal } = inbound
    const number = state.nextCall()
    const id = `req_${hexId(24, state.seed, 'request', number)}`
    const startedAtMs = state.clock.now()
    const headers = Object.fromEntries(inbound.headers)
    const call = state.journal.open({ id, method, path: url.pathname, headers, startedAtMs }, signal)
    const route = routes.find((candidate) => candidate.method === method && candidate.pattern.test(url.pathname))
    const vendor = route?.vendor ?? (inbound.headers.has('anthropic-version') ? 'anthropic' : 'openai')

    let outbound: Outbound
    try {
      checkKey(state.options.apiKey, inbound.headers)
      const own = ownRoute(state.options.routes ?? {}, method, url.pathname)
      if (own) outbound = fromResponse(await own(inbound.request()), call)
      else if (!route) throw unknownRoute(method, url.pathname)
      else {
        const stamp = { key: hexId(32, state.seed, 'answer', number), createdAtMs: startedAtMs }
        const groups = route.pattern.exec(url.pathname)?.groups ?? {}
        const nested: Visit['nested'] = async (path, body) => wholeOf(await serve(nestedInbound(inbound, path, body)))
        outbound = await route.serve({ state, inbound, call, number, stamp, groups, vendor, nested })
      }
    } catch (error) {
      if (signal.aborted) throw signal.reason
      const init = initOf(error)
      outbound = json(init.status, errorBody(vendor, init, id), init.headers)
    }
    if (outbound.kind === 'reset') return outbound
    call.status = outbound.status
    if (!isLive(outbound.body)) {
      if (call.chunksSent === 0 && outbound.body) call.sent({ data: outbound.body })
      call.settle(outbound.status < 400 ? 'finished' : 'failed')
    }
    return { ...outbound, headers: { ...standardHeaders(state, vendor, call), ...outbound.headers } }
  }
}

function isLive(body: unknown): body is AsyncGenerator {
  return typeof body === 'object' && body !== null && !(body instanceof Uint8Array)
}

/** @throws {Failure} 401 */
function checkKey(apiKey: string | undefined, headers: Headers): void {
  if (apiKey === undefined) return
  const bearer = headers.get('authorization')?.replace(/^Bearer\s+/i, '')
  if ([bearer, headers.get('x-api-key'), headers.get('api-key')].includes(apiKey)) return
  throw new Failure({
    status: 401,
    code: 'invalid_api_key',
    message: 'Incorrect API key provided.',
    anthropicMessage: 'invalid x-api-key',
  })
}

function ownRoute(routes: Readonly<Record<string, FakeRoute>>, method: string, path: string): FakeRoute | undefined {
  const asked = `${method} ${path}`
  const name = Object.keys(routes).find((key) =>
    key.endsWith('*') ? asked.startsWith(key.slice(0, -1)) : asked === key,
  )
  return name === undefined ? undefined : routes[name]
}

function unknownRoute(method: string, path: string): Failure {
  return new Failure({
    status: 404,
    code: 'unknown_url',
    message: `Unknown request URL: ${method} ${path}. The fake provider has no such route: see its option routes.`,
  })
}

/** An error as the provider answers it. One that a script or route threw is a 500 that the SDKs do not retry. */
function initOf(error: unknown): FailureInit {
  if (error instanceof Failure) return error.init
  const reason = error instanceof Error ? error.message : String(error)
  const message = isSluiceError(error) ? reason : `A script or route of the fake provider threw: ${reason}`
  const headers = { 'x-should-retry': 'false' }
  return { status: isSluiceError(error) ? error.status : 500, code: 'fake_provider_error', message, headers }
}

const requestsPerMinute = 10_000

function standardHeaders(state: State, vendor: Vendor, call: OpenCall): Record<string, string> {
  const nowMs = state.clock.now()
  const sinceMs = nowMs - (nowMs % 60_000)
  const remaining = String(Math.max(0, requestsPerMinute - state.journal.callsThisMinute))
  if (vendor === 'anthropic') {
    return {
      'request-id': call.id,
      'anthropic-organization-id': 'org_fake',
      'anthropic-ratelimit-requests-limit': String(requestsPerMinute),
      'anthropic-ratelimit-requests-remaining': remaining,
      'anthropic-ratelimit-requests-reset': new Date(sinceMs + 60_000).toISOString(),
    }
  }
  return {
    'x-request-id': call.id,
    'openai-organization': 'org-fake',
    'openai-version': '2020-10-01',
    'openai-processing-ms': String(Math.round(nowMs - call.startedAtMs)),
    'x-ratelimit-limit-requests': String(requestsPerMinute),
    'x-ratelimit-remaining-requests': remaining,
    'x-ratelimit-reset-requests': `${Math.ceil((sinceMs + 60_000 - nowMs) / 1000)}s`,
  }
}

function nestedInbound(parent: Inbound, path: string, body: unknown): Inbound {
  const url = new URL(path, parent.url)
  const text = JSON.stringify(body)
  const headers = new Headers(parent.headers)
  headers.set('content-type', 'application/json')
  headers.delete('content-length')
  return {
    method: 'POST',
    url,
    headers,
    signal: parent.signal,
    text: async () => text,
    request: () => new Request(url, { method: 'POST', headers, body: text }),
  }
}

/** A nested answer, read to its end. */
async function wholeOf(outbound: Outbound): Promise<NestedAnswer> {
  const lost = {
    status: 500,
    requestId: '',
    body: { error: { message: 'The connection was reset.', type: 'server_error' } },
  }
  if (outbound.kind === 'reset') return lost
  try {
    let text = ''
    if (isLive(outbound.body)) for await (const frame of outbound.body) text += frame.data
    else text = String(outbound.body ?? '')
    const requestId = outbound.headers['x-request-id'] ?? outbound.headers['request-id'] ?? ''
    return { status: outbound.status, requestId, body: JSON.parse(text) }
  } catch {
    return lost
  }
}
