import type { JsonObject } from '../../../json.ts'
import { Failure } from '../failure.ts'
import { json } from '../message.ts'
import type { FakeModel } from '../options.ts'
import type { Route, Visit } from '../route.ts'
import { idPage } from './page.ts'

const releasedAtS = 1_750_000_000

/** The list of models, in the shape of the vendor that the request's headers are for, and a health check. */
export const modelListRoutes: readonly Route[] = [
  {
    method: 'GET',
    pattern: /\/models$/,
    serve({ state, inbound, vendor }) {
      const data = state.models.map((model) => describe(model, vendor))
      return json(200, vendor === 'anthropic' ? idPage(data, inbound.url.searchParams, 20) : { object: 'list', data })
    },
  },
  {
    method: 'GET',
    pattern: /\/models\/(?<id>[^/]+)$/,
    serve({ state, groups, vendor }) {
      const id = decodeURIComponent(groups.id ?? '')
      const model = state.models.find((candidate) => candidate.id === id)
      if (model) return json(200, describe(model, vendor))
      throw new Failure({
        status: 404,
        code: 'model_not_found',
        param: 'model',
        message: `The model '${id}' does not exist`,
        anthropicMessage: `model: ${id}`,
      })
    },
  },
  { method: 'GET', pattern: /\/health$/, serve: () => json(200, { status: 'ok' }) },
]

function describe(model: FakeModel, vendor: Visit['vendor']): JsonObject & { readonly id: string } {
  if (vendor === 'openai') {
    return { id: model.id, object: 'model', created: releasedAtS, owned_by: 'fake-provider' }
  }
  return {
    type: 'model',
    id: model.id,
    display_name: model.id,
    created_at: new Date(releasedAtS * 1000).toISOString(),
    max_input_tokens: model.contextWindow,
    max_tokens: model.maxOutput,
    capabilities: null,
    deprecated_at: null,
    retires_at: null,
    lifecycle: 'active',
    line: null,
  }
}
