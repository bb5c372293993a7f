export { untilAborted } from '../abort.ts'
export { clientTransport, type ClientTransportOptions, type SendingClient } from './client-transport.ts'
export { createCall, deriveCall, type CallOptions } from './make-call.ts'
export { replyCopies, responseReply, wholeResponseReply } from './response-reply.ts'
