export { sluice, type WrappableClient } from './sluice.ts'
export { sluiceFetch, type SluiceFetchOptions, type SluiceOptions } from './fetch.ts'
export { compose, defineMiddleware, type Handler, type Middleware, type MiddlewareTraits } from './pipeline.ts'
export type { AttemptEnd, AttemptInit, AttemptRecord } from './attempt.ts'
export { isCall, type Call, type CallChange, type CallHttp } from './call.ts'
export {
  streamReply,
  wholeReply,
  type ErrorReply,
  type Reply,
  type ReplyInit,
  type StreamReply,
  type WholeReply,
} from './reply.ts'
export { contextHeaders, currentContext, withContext, type CallContext } from './context.ts'
export {
  onReport,
  reportChannelName,
  withReport,
  type Attempt,
  type CallReport,
  type Cost,
  type Decision,
  type Pricer,
  type Reported,
  type ReportListener,
} from './report.ts'
export {
  IncompleteStreamError,
  isSluiceError,
  SluiceError,
  type PartialAnswer,
  type SluiceErrorInit,
} from './errors.ts'
export { sluiceErrorOf } from './errors-http.ts'
export { systemClock, type Clock } from './clock.ts'
export {
  addUsage,
  inputMeters,
  inputTokens,
  latestUsage,
  outputMeters,
  outputTokens,
  usageOf,
  type Meter,
  type Usage,
} from './usage.ts'
export type { JsonObject } from './json.ts'
export type {
  AnswerOf,
  AnswerText,
  AnswerView,
  Api,
  ApiId,
  ApiWires,
  Boundaries,
  Channel,
  ChoiceView,
  EventOf,
  EventText,
  Finish,
  Folder,
  ProviderError,
  RequestOf,
  Role,
  TextPart,
  ToolCallView,
} from './api/api.ts'
