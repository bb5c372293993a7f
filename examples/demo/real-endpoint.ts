import OpenAI from 'openai'
import type { Endpoint } from './endpoint.ts'
import { UsageError, type RealEndpoint } from './options.ts'
import { book, priceDateOf } from './prices.ts'

/** The endpoint that the environment names: one model, so there is nobody to fail over to and no cascade. */
export async function realEndpoint({ baseURL, apiKey, model: wanted }: RealEndpoint): Promise<Endpoint> {
  const openai = new OpenAI({ apiKey, ...(baseURL !== undefined && { baseURL }) })
  const model = wanted ?? (await firstModel(openai))
  if (model === undefined) throw new UsageError(`${openai.baseURL} lists no model. Name one with SLUICE_MODEL.`)
  const { host } = new URL(openai.baseURL)
  // Other servers take other prices for models of the same name.
  const pricesOf = host === 'api.openai.com' ? priceDateOf(model) : undefined
  return {
    openai,
    model,
    targets: [model],
    cheap: undefined,
    calm: undefined,
    label: `REAL endpoint ${host}, ${model}: these calls cost real money`,
    pricesOf,
    book: pricesOf === undefined ? undefined : book,
    answerKey: new Map(),
    headersOf: () => ({}),
    close: async () => undefined,
  }
}

async function firstModel(openai: OpenAI): Promise<string | undefined> {
  try {
    return (await openai.models.list()).data[0]?.id
  } catch (error) {
    throw new UsageError(
      `${openai.baseURL} does not list its models (${(error as Error).message}). Name one with SLUICE_MODEL.`,
    )
  }
}
