import { routes } from '../routes.ts'
import type { Api, TextPart } from '../api.ts'
import { collect, editTexts } from '../edit.ts'
import { openaiError, openaiErrorBody } from '../openai-errors.ts'
import { encodeEvent } from '../openai-events.ts'
import { modelOf, withModel } from '../openai-request.ts'
import { openaiUsage } from '../openai-usage.ts'
import type { EmbeddingsRequest } from './wire.ts'

/**
 * Embeddings. Never streamed: `withStream` changes nothing and `replay` gives no events. An answer has no text, and an
 * input given as tokens has none either.
 */
export const openaiEmbeddings: Api<'openai.embeddings'> = {
  id: 'openai.embeddings',
  trailer: '',
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
  encode: encodeEvent,
  error: openaiError,
  errorBody: openaiErrorBody,
  withStreamUsage: (request) => request,
  isUsageOnly: () => false,
}

function mapText(request: EmbeddingsRequest, map: (part: TextPart) => string): EmbeddingsRequest {
  return editTexts(request, 'input', (text, path) => map({ path, role: 'user', kind: 'text', text }))
}
