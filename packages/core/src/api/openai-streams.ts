import { openaiError, openaiErrorBody } from './openai-errors.ts'
import { encodeEvent, isUsageOnly, openaiDone, withoutUsageTrace } from './openai-events.ts'
import { isStream, modelOf, withModel, withStream, withStreamUsage } from './openai-request.ts'

/** What chat and completions have in common: requests that ask for usage in a stream, and events without names. */
export const openaiStreams: {
  readonly trailer: string
  readonly model: typeof modelOf
  readonly withModel: typeof withModel
  readonly isStream: typeof isStream
  readonly withStream: typeof withStream
  readonly withStreamUsage: typeof withStreamUsage
  readonly encode: typeof encodeEvent
  readonly error: typeof openaiError
  readonly errorBody: typeof openaiErrorBody
  readonly isUsageOnly: typeof isUsageOnly
  readonly withoutUsageTrace: typeof withoutUsageTrace
} = {
  trailer: openaiDone,
  model: modelOf,
  withModel,
  isStream,
  withStream,
  withStreamUsage,
  encode: encodeEvent,
  error: openaiError,
  errorBody: openaiErrorBody,
  isUsageOnly,
  withoutUsageTrace,
}
