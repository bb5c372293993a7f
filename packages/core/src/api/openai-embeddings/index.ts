import { routes } from '../routes.ts'
import type { Api, TextPart } from '../api.ts'
import { collect } from '../edit.ts'
import { editTexts } from '../edit-places.ts'
import { openaiError, openaiErrorBody } from '../openai-errors.ts'
import { namedEvents } from '../named-events.ts'
import { modelOf, withModel } from '../openai-request.ts'
import { openaiUsage } from '../openai-usage.ts'
import type { EmbeddingsRequest } from './wire.ts'

/**
 * Embeddings. Never streamed: `withStream` changes nothing and `replay` gives no events. An answer has no text, and an
 * input given as tokens has none either.
 */
export const openaiEmbeddings: Api<'openai.embeddings'> = {
  ...namedEvents,
  id: 'openai.embeddings',
  match: routes['openai.embeddings'],
  model: modelOf,
  withModel,
  isStream: () => false,
  withStream: (request) => request,
  prompt: (request) => collect((see) => mapText(request, see)),
  mapText,
  answer: ({ model }) => ({ id: undefined, model, choices: [] }),
  answerText: () => [],
  mapAnswer: (value) => value,
  usage: (value: { readonly usage?: unknown }) => openaiUsage(value.usage),
  delta: () => [],
  mapDelta: (event) => event,
  folder: () => ({ push: () => undefined, answer: () => undefined, boundaries: () => [] }),
  replay: () => [],
  isContent: () => false,
  isTerminal: () => false,
  error: openaiError,
  errorBody: openaiErrorBody,
}

function mapText(request: EmbeddingsRequest, map: (part: TextPart) => string): EmbeddingsRequest {
  return editTexts(request, ['input'], map)
}

export { openaiEmbeddings as api }
