import { routes } from '../routes.ts'
import type { Api } from '../api.ts'
import { openaiError, openaiErrorBody } from '../openai-errors.ts'
import { encodeEvent, isUsageOnly, openaiDone, withoutUsageTrace } from '../openai-events.ts'
import { isStream, modelOf, withModel, withStream, withStreamUsage } from '../openai-request.ts'
import { openaiUsage } from '../openai-usage.ts'
import { answer, answerText, mapAnswer } from './answer.ts'
import { replay } from './replay.ts'
import { mapText, prompt } from './request.ts'
import { delta, folder, isContent, isTerminal, mapDelta } from './stream.ts'

/** Chat completions: of OpenAI, and of the many servers that speak this dialect. */
export const openaiChat: Api<'openai.chat'> = {
  id: 'openai.chat',
  trailer: openaiDone,
  match: routes['openai.chat'],
  model: modelOf,
  withModel,
  isStream,
  withStream,
  prompt,
  mapText,
  answer,
  answerText,
  mapAnswer,
  usage: ({ usage }) => openaiUsage(usage),
  delta,
  mapDelta,
  folder,
  replay,
  isContent,
  isTerminal,
  encode: encodeEvent,
  error: openaiError,
  errorBody: openaiErrorBody,
  withStreamUsage,
  isUsageOnly,
  withoutUsageTrace,
}
