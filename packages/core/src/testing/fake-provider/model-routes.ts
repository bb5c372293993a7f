import { measure } from './answer.ts'
import { chat } from './dialects/chat.ts'
import { completions } from './dialects/completions.ts'
import type { RawCall } from './dialects/dialect.ts'
import { messages, readMessages } from './dialects/messages.ts'
import { responses } from './dialects/responses.ts'
import { inputItems, responseAt } from './dialects/responses-store.ts'
import { badRequest } from './failure.ts'
import { bodyOf, json, modelOf } from './message.ts'
import { embeddingsRoute, modelCall, textRoute, type ModelRoute } from './model-call.ts'
import { playStream } from './play.ts'
import type { Route, Visit } from './route.ts'
import type { State } from './state.ts'
import type { Outbound } from './wire.ts'

/** The routes of the five dialects. */
export function modelRoutes(state: State): Route[] {
  const dialect = responses(state.responses.earlier)
  const azure = String.raw`(?:/deployments/(?<deployment>[^/]+))?`
  return [
    modelRoute(new RegExp(`${azure}/chat/completions$`), textRoute(chat)),
    modelRoute(new RegExp(`${azure}/completions$`), textRoute(completions)),
    modelRoute(new RegExp(`${azure}/embeddings$`), embeddingsRoute),
    modelRoute(/\/responses$/, textRoute(dialect)),
    // Not every path that ends so: other APIs have messages of their own.
    modelRoute(/^(?:.*\/v\d+)?\/messages$/, textRoute(messages)),
    {
      method: 'POST',
      pattern: /\/messages\/count_tokens$/,
      vendor: 'anthropic',
      serve: async (visit) => json(200, { input_tokens: await promptTokens(visit, readMessages) }),
    },
    {
      method: 'POST',
      pattern: /\/responses\/input_tokens$/,
      vendor: 'openai',
      serve: async (visit) =>
        json(200, { object: 'response.input_tokens', input_tokens: await promptTokens(visit, dialect.ask) }),
    },
    {
      method: 'POST',
      pattern: /\/responses\/(?<id>[^/]+)\/cancel$/,
      vendor: 'openai',
      serve: ({ groups }) => json(200, state.responses.cancel(groups.id ?? '', state.clock.now())),
    },
    {
      method: 'DELETE',
      pattern: /\/responses\/(?<id>[^/]+)$/,
      vendor: 'openai',
      serve: ({ groups }) => json(200, state.responses.delete(groups.id ?? '')),
    },
    {
      method: 'GET',
      pattern: /\/responses\/(?<id>[^/]+)\/input_items$/,
      vendor: 'openai',
      serve: ({ groups }) => json(200, inputItems(state.responses.get(groups.id ?? ''), state.responses.earlier)),
    },
    { method: 'GET', pattern: /\/responses\/(?<id>[^/]+)$/, vendor: 'openai', serve: retrieve },
  ]

  function retrieve({ inbound, groups, call }: Visit): Outbound {
    const stored = state.responses.get(groups.id ?? '')
    const query = inbound.url.searchParams
    if (query.get('stream') !== 'true') return json(200, responseAt(stored, state.clock.now()))
    const after = Number(query.get('starting_after') ?? -1)
    if (!Number.isInteger(after)) throw badRequest('starting_after must be a whole number.', 'starting_after')
    call.stream = true
    const frames = [...dialect.frames(stored.ask, stored.answer, stored.stamp)].slice(after + 1)
    const body = playStream(frames, dialect, stored.answer.usage, {
      clock: state.clock,
      signal: inbound.signal,
      // A background response that still runs is followed to its end.
      ttftMs: Math.max(0, stored.readyAtMs - state.clock.now()),
      msPerToken: 0,
      strike: undefined,
      call,
    })
    return { kind: 'answer', status: 200, headers: { 'content-type': 'text/event-stream; charset=utf-8' }, body }
  }
}

function modelRoute(pattern: RegExp, route: ModelRoute): Route {
  return {
    method: 'POST',
    pattern,
    vendor: route.vendor,
    serve: async (visit) => modelCall(visit, route, await rawCall(visit)),
  }
}

async function rawCall({ inbound, call, number, groups }: Visit): Promise<RawCall> {
  const body = await bodyOf(inbound)
  call.body = body
  const model = modelOf(body, groups.deployment && decodeURIComponent(groups.deployment))
  return { call: number, path: inbound.url.pathname, headers: Object.fromEntries(inbound.headers), body, model }
}

async function promptTokens(visit: Visit, read: ModelRoute['ask']): Promise<number> {
  const raw = await rawCall(visit)
  visit.call.model = raw.model
  return measure(read(raw), await visit.state.tokenizer()).tokens
}
