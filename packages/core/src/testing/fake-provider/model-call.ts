import type { JsonObject } from '../../json.ts'
import { compose, contextLength, measure, type Answer } from './answer.ts'
import type { Dialect, RawCall, Stamp } from './dialects/dialect.ts'
import { embeddings, readEmbeddings } from './dialects/embeddings.ts'
import { filtered, isFatal, proxyPage, streamFailure, throwFailure } from './fault-effects.ts'
import { errorBody, type Vendor } from './failure.ts'
import { striking, type Strike } from './faults.ts'
import type { OpenCall } from './journal.ts'
import { seeded } from './model/random.ts'
import type { FakeModel } from './options.ts'
import { fromResponse, json, jsonText } from './message.ts'
import { playHalf, playStream, type Playback } from './play.ts'
import type { Ask } from './request.ts'
import { resolveReply, type FakeAnswer } from './script.ts'
import type { Visit } from './route.ts'
import type { State } from './state.ts'
import { untilAborted, type Inbound, type Outbound } from './wire.ts'

/** What serves one model route. */
export interface ModelRoute {
  readonly vendor: Vendor
  ask(call: RawCall): Ask
  /** `undefined`: embeddings, which have no text answer and no stream. */
  readonly dialect: Dialect | undefined
}

export const embeddingsRoute: ModelRoute = { vendor: 'openai', ask: readEmbeddings, dialect: undefined }

export function textRoute(dialect: Dialect): ModelRoute {
  return { vendor: dialect.vendor, ask: dialect.ask, dialect }
}

/**
 * Serves one model call: reads it, lets faults and scripts have their say, and answers.
 *
 * @throws {Failure} whatever the provider answers with an error status
 */
export async function modelCall(
  { state, inbound, call, stamp }: Pick<Visit, 'state' | 'inbound' | 'call' | 'stamp'>,
  route: ModelRoute,
  raw: RawCall,
): Promise<Outbound> {
  call.model = raw.model
  const ask = route.ask(raw)
  call.api = ask.api
  call.stream = ask.stream
  const model = state.model(ask.model)
  let strike = state.faults.strike(ask)
  const early = strike && (await before(strike, route, ask, model, inbound, call))
  if (early) return early

  const tokenizer = await state.tokenizer()
  // Scripts are for text answers; an embeddings call is scripted by a Response only, and uses up nothing queued.
  const reply = await resolveReply(route.dialect ? state.script.take(ask) : undefined, ask)
  if (reply instanceof Response) return fromResponse(reply, call)
  if (reply.fault && !strike) {
    strike = { fault: striking(reply.fault) }
    const outbound = await before(strike, route, ask, model, inbound, call)
    if (outbound) return outbound
  }
  call.fault = strike?.fault
  const nowMs = state.clock.now()
  const speed = speedOf(state, model, reply, strike, ask)
  const playback: Playback = { clock: state.clock, signal: inbound.signal, ...speed, strike, call }
  if (!route.dialect) {
    const { tokens } = measure(ask, tokenizer)
    if (tokens > model.contextWindow * ask.questions.length) throw contextLength(tokens, model.contextWindow)
    call.usage = { ...noUsage, inputTokens: tokens }
    return whole(embeddings(ask, state.seed, tokens), 0, route.vendor, playback)
  }
  const brain = { seed: state.seed, tokenizer, cache: state.cache }
  const composed = compose(ask, reply, model, brain, nowMs)
  const answer = strike?.fault === 'content-filter-finish' ? filtered(composed, strike) : composed
  return textAnswer(state, route.dialect, ask, answer, stamp, playback)
}

async function textAnswer(
  state: State,
  dialect: Dialect,
  ask: Ask,
  answer: Answer,
  stamp: Stamp,
  playback: Playback,
): Promise<Outbound> {
  const { call, ttftMs, msPerToken } = playback
  const total = answer.usage.outputTokens
  if (ask.api === 'openai.responses' && ask.body.store !== false) {
    const startsAtMs = stamp.createdAtMs + (ask.body.background === true ? ttftMs : 0)
    const readyAtMs = ask.body.background === true ? startsAtMs + total * msPerToken : startsAtMs
    state.responses.put({ ask, answer, stamp, startsAtMs, readyAtMs, cancelled: false })
  }
  if (ask.stream) {
    call.usage = { ...answer.usage, outputTokens: 0, reasoningTokens: 0 }
    const body = playStream(dialect.frames(ask, answer, stamp), dialect, answer.usage, playback)
    return { kind: 'answer', status: 200, headers: { 'content-type': 'text/event-stream; charset=utf-8' }, body }
  }
  call.usage = answer.usage
  const value = dialect.whole(ask, answer, stamp)
  if (ask.api === 'openai.responses' && ask.body.background === true) {
    const queued = { ...value, status: 'queued', output: [], usage: null, completed_at: null, incomplete_details: null }
    return whole(queued, 0, dialect.vendor, { ...playback, ttftMs: 0 })
  }
  const outbound = await whole(value, total, dialect.vendor, playback)
  call.answerText = (answer.choices[0]?.text ?? []).map((piece) => piece.text).join('')
  return outbound
}

/** Faults that strike before there is an answer. */
async function before(
  strike: Strike,
  route: ModelRoute,
  ask: Ask,
  model: FakeModel,
  inbound: Inbound,
  call: OpenCall,
): Promise<Outbound | undefined> {
  call.fault = strike.fault
  if (strike.fault === 'silence') return untilAborted(inbound.signal)
  if (strike.fault === 'reset-before-headers') {
    call.settle('failed')
    return { kind: 'reset' }
  }
  if (strike.fault === 'html') {
    call.settle('failed')
    return { kind: 'answer', status: 502, headers: { 'content-type': 'text/html' }, body: proxyPage }
  }
  if (strike.fault === 'context-length' && strike.message === undefined) {
    throw contextLength(model.contextWindow + 1, model.contextWindow)
  }
  throwFailure(strike)
  if (strike.fault === 'error-in-stream' || strike.fault === 'late-error-in-stream') {
    if (ask.stream) return undefined
    call.settle('failed')
    return json(200, errorBody(route.vendor, streamFailure(strike), call.id))
  }
  return undefined
}

/** A whole answer, after the time it takes, broken where a fault strikes. */
async function whole(value: JsonObject, tokens: number, vendor: Vendor, playback: Playback): Promise<Outbound> {
  const { strike, call, clock, signal } = playback
  const waitMs = playback.ttftMs + tokens * playback.msPerToken
  if (waitMs > 0) await clock.sleep(waitMs, signal)
  const text = JSON.stringify(value)
  const fault = strike?.fault
  if (fault === 'cut' || fault === 'truncated' || fault === 'stall') return jsonText(200, playHalf(text, playback))
  const body = fault === 'empty-body' ? '' : fault === 'malformed-chunk' ? `${text}}` : text
  call.sent({ data: body })
  call.settle(isFatal(strike) ? 'failed' : 'finished')
  return jsonText(200, body)
}

function speedOf(
  state: State,
  model: FakeModel,
  reply: FakeAnswer,
  strike: Strike | undefined,
  ask: Ask,
): { ttftMs: number; msPerToken: number } {
  const realistic = (model.pace ?? state.pace) === 'realistic'
  const vary = 0.8 + 0.45 * seeded(state.seed, 'pace', ask.call).next()
  const late = strike?.fault === 'slow-first-token' ? (strike.delayMs ?? 5000) : 0
  const perSecond = reply.tokensPerSecond ?? (realistic ? model.tokensPerSecond : Number.POSITIVE_INFINITY)
  return {
    ttftMs: (reply.ttftMs ?? (realistic ? model.ttftMs * vary : 0)) + late,
    msPerToken: perSecond > 0 ? 1000 / perSecond : 0,
  }
}

const noUsage = {
  inputTokens: 0,
  outputTokens: 0,
  cacheReadTokens: 0,
  cacheWrite5mTokens: 0,
  cacheWrite1hTokens: 0,
  reasoningTokens: 0,
}
