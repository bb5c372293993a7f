import type { AnswerOf, ApiId } from './api/api.ts'
import type { AttemptRecord } from './attempt.ts'
import type { Call, CallState, PipelineCall } from './call.ts'
import type { Clock } from './clock.ts'
import { isSluiceError } from './errors.ts'
import { isObject, type JsonObject } from './json.ts'
import { streamReply, type BodyEnd, type Reply } from './reply.ts'
import {
  currentReportScope,
  emitReport,
  type Attempt,
  type CallReport,
  type Cost,
  type Decision,
  type Pricer,
} from './report.ts'
import { WatchedEvents, type Progress } from './report-events.ts'
import { serviceTierOf } from './service-tier.ts'
import { latestUsage, type Meter, type Usage } from './usage.ts'

type Outcome = CallReport['outcome']

/** Writes the report of one call that somebody wants to hear about. It never throws into the call. */
export class CallObserver {
  readonly #call: PipelineCall
  readonly #clock: Clock
  readonly #price: Pricer | undefined
  readonly #startedAtMs: number
  readonly #settle: (report: CallReport) => void
  #outcome: Outcome = 'open'
  #isStream = false
  #status: number | undefined
  #errorCode: string | undefined
  #model: string | undefined
  #serviceTier: string | undefined
  #usage: Usage | undefined
  #headMs: number | undefined
  #ttftMs: number | undefined
  #totalMs: number | undefined

  constructor(call: PipelineCall, clock: Clock, price: Pricer | undefined) {
    this.#call = call
    this.#clock = clock
    this.#price = price
    this.#startedAtMs = clock.now()
    const { promise, resolve } = Promise.withResolvers<CallReport>()
    this.#settle = resolve
    const scope = currentReportScope()
    scope?.begun.push(() => this.snapshot())
    scope?.ended.push(promise)
  }

  /** Notes the pipeline's reply; the one that comes back must be used in its place. Nothing is read sooner for it. */
  replied<A extends ApiId>(reply: Reply<A>): Reply<A> {
    this.#headMs = this.#elapsed()
    this.#status = reply.status
    this.#isStream = reply.kind === 'stream'
    if (reply.kind === 'stream')
      return streamReply(reply.api, new WatchedEvents(reply, this.#call.signal, this.#progress), reply)
    reply.watch((end) => this.#bodyEnded(reply, end))
    return reply
  }

  #bodyEnded<A extends ApiId>({ api, kind, status }: Reply<A>, end: BodyEnd): void {
    if ('error' in end) {
      const isLeft = end.error === undefined || this.#call.signal?.aborted
      if (end.error !== undefined) this.#errorCode = nameOf(end.error)
      return this.#end(isLeft ? 'cancelled' : 'error')
    }
    let value: unknown
    try {
      value = JSON.parse(end.text)
    } catch {
      value = undefined
    }
    const failure = api.error(value)
    if (kind === 'error') this.#errorCode = failure?.code ?? `http_${status}`
    else if (failure) this.#errorCode = failure.code
    else if (!isObject(value)) this.#errorCode = 'reply.malformed'
    else {
      this.#usage = api.usage(value as AnswerOf<A>)
      this.#model = modelNamed(value)
      this.#serviceTier = serviceTierOf(value)
    }
    this.#end(this.#errorCode ? 'error' : 'ok')
  }

  readonly #progress: Progress = {
    event: (api, event) => {
      this.#ttftMs ??= api.isContent(event) ? this.#elapsed() : undefined
      this.#model ??= modelNamed(event)
      this.#serviceTier = serviceTierOf(event) ?? this.#serviceTier
      this.#usage = latestUsage(this.#usage, api.usage(event))
      this.#errorCode ??= api.error(event)?.code
    },
    end: (how, error) => {
      if (error !== undefined) this.#errorCode = nameOf(error)
      if (how === 'left' || (how === 'broken' && this.#call.signal?.aborted))
        this.#end(this.#errorCode && how === 'left' ? 'error' : 'cancelled')
      else if (this.#errorCode) this.#end(this.#errorCode === 'stream.incomplete' ? 'incomplete' : 'error')
      else this.#end('ok')
    },
  }

  threw(error: unknown): void {
    this.#errorCode = nameOf(error)
    this.#status = isSluiceError(error) ? error.status : undefined
    this.#end(this.#call.signal?.aborted ? 'cancelled' : 'error')
  }

  /** The report as it stands. */
  snapshot(): CallReport {
    const { id, api, context, state } = this.#call
    const requestedModel = modelOf(this.#call)
    const attempts = state.attempts.map((record) => plainAttempt(record, this.#price, this.#serviceTier))
    return {
      id,
      api: api.id,
      context,
      requestedModel,
      model: this.#model,
      isStream: this.#isStream,
      outcome: this.#outcome,
      status: this.#status,
      errorCode: this.#errorCode,
      attempts,
      decisions: state.decisions.filter(isTold),
      usage: this.#usage,
      ...this.#priced(this.#model ?? requestedModel, attempts),
      timings: { startedAtMs: this.#startedAtMs, headMs: this.#headMs, ttftMs: this.#ttftMs, totalMs: this.#totalMs },
    }
  }

  #priced(model: string, attempts: readonly Attempt[]): Priced {
    // An answer that no provider was asked for (a cache hit) costs nothing, whatever tokens it once took.
    if (this.#usage && this.#price && attempts.length === 0)
      return { cost: { nanoUsd: 0, byMeter: {} }, unpriced: undefined }
    const accounted = attempts.filter(({ usage }) => usage !== undefined)
    const parts: Priced[] = accounted.map(({ cost, unpriced }) => ({ cost, unpriced }))
    // What an answer took is in its own try, where somebody accounted for that.
    const isOpen = attempts.some(({ usage, status }) => usage === undefined && status !== undefined && status < 400)
    if (this.#usage && isOpen && !accounted.some(({ outcome }) => outcome === 'answered'))
      parts.push(priced(this.#usage, this.#price, { model, atMs: this.#startedAtMs, serviceTier: this.#serviceTier }))
    return sumOf(parts)
  }

  #elapsed(): number {
    return this.#clock.now() - this.#startedAtMs
  }

  #end(outcome: Outcome): void {
    if (this.#outcome !== 'open') return
    this.#outcome = outcome
    this.#totalMs = this.#elapsed()
    if (outcome === 'ok' && !this.#isStream) this.#ttftMs = this.#totalMs
    const late = this.#late()
    if (late.length === 0) this.#tell()
    else void Promise.all(late).then(() => this.#tell())
  }

  /** Puts the lines that are still to come in their places. */
  #late(): Promise<void>[] {
    const { decisions } = this.#call.state
    const pending = decisions.filter(isLate)
    return pending.map(async (each) => {
      const told = await each.catch(() => [])
      decisions.splice(decisions.indexOf(each), 1, ...told)
    })
  }

  #tell(): void {
    const report = this.snapshot()
    this.#settle(report)
    emitReport(report)
  }
}

type Note = CallState['decisions'][number]

function isTold(note: Note): note is Decision {
  return !(note instanceof Promise)
}

function isLate(note: Note): note is Promise<readonly Decision[]> {
  return note instanceof Promise
}

/** A cost, or why there is none. */
interface Priced {
  readonly cost: Cost | undefined
  readonly unpriced: string | undefined
}

function priced(usage: Usage, price: Pricer | undefined, of: Parameters<Pricer>[1]): Priced {
  if (!price) return { cost: undefined, unpriced: undefined }
  try {
    const result = price(usage, of)
    if ('unpriced' in result) return { cost: undefined, unpriced: result.unpriced }
    return { cost: result, unpriced: undefined }
  } catch {
    // A pricer that throws must not fail the call it prices.
    return { cost: undefined, unpriced: 'the pricer failed' }
  }
}

/** A part without a price leaves the sum without one: a figure that leaves out what was paid would be wrong. */
function sumOf(parts: readonly Priced[]): Priced {
  const lacking = parts.find(({ cost }) => cost === undefined)
  if (lacking || parts.length === 0) return { cost: undefined, unpriced: lacking?.unpriced }
  const byMeter: Partial<Record<Meter, number>> = {}
  let nanoUsd = 0
  for (const { cost } of parts) {
    nanoUsd += cost?.nanoUsd ?? 0
    for (const [meter, value] of Object.entries(cost?.byMeter ?? {}) as [Meter, number][])
      byMeter[meter] = (byMeter[meter] ?? 0) + value
  }
  return { cost: { nanoUsd, byMeter }, unpriced: undefined }
}

/** The record of a try as data; `serviceTier` is the one that the answer of the call tells of. */
function plainAttempt(record: AttemptRecord, pipelinePrice: Pricer | undefined, serviceTier?: string): Attempt {
  const { target, reason, sent, status, thrown, startedAtMs, headMs, ttftMs, totalMs, ended } = record
  const { outcome, isEstimated } = ended ?? {}
  const { usage } = record
  const error = ended?.error ?? (thrown === undefined ? undefined : nameOf(thrown))
  const model = record.model ?? (sent ? modelOf(sent) : '')
  const of = { model, atMs: startedAtMs, serviceTier: outcome === 'answered' ? serviceTier : undefined }
  const price = usage && priced(usage, ended?.price ?? pipelinePrice, of)
  const known = { target, reason, status, error, headMs, ttftMs, totalMs, outcome, usage, isEstimated, ...price }
  const present = Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined))
  return { host: sent ? hostOf(record.url ?? sent.http.url) : '', model, startedAtMs, ...present }
}

function modelOf(call: Call): string {
  try {
    return call.api.model(call.request)
  } catch {
    // A body that is not JSON names no model; the call fails where somebody needs it.
    return ''
  }
}

function modelNamed(value: JsonObject): string | undefined {
  const { model, message, response } = value
  const named = model ?? (isObject(message) ? message['model'] : isObject(response) ? response['model'] : undefined)
  return typeof named === 'string' ? named : undefined
}

function hostOf(url: string): string {
  return URL.parse(url)?.host ?? ''
}

/** An error's code or name. Its message may quote the prompt, so it stays out of reports. */
export function nameOf(error: unknown): string {
  if (isSluiceError(error)) return error.code
  if (!(error instanceof Error)) return 'unknown'
  const { cause } = error
  const code = isObject(cause) || cause instanceof Error ? (cause as { code?: unknown }).code : undefined
  return typeof code === 'string' ? code : error.name
}
