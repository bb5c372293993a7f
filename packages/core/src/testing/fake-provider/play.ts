import type { Clock } from '../../clock.ts'
import type { Dialect } from './dialects/dialect.ts'
import { isFatal, streamFailure } from './fault-effects.ts'
import type { Strike } from './faults.ts'
import type { OpenCall } from './journal.ts'
import type { FakeUsage } from './script.ts'
import { ConnectionCut, untilAborted, type Frame } from './wire.ts'

/** How an answer is sent: when, how it fails, and who keeps the books. */
export interface Playback {
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly ttftMs: number
  readonly msPerToken: number
  readonly strike: Strike | undefined
  readonly call: OpenCall
}

/** The frames of a streamed answer as they are pulled: paced, broken where a fault strikes, and booked. */
export async function* playStream(
  frames: Iterable<Frame>,
  dialect: Pick<Dialect, 'errorFrame' | 'isEndMark'>,
  usage: FakeUsage,
  playback: Playback,
): AsyncGenerator<Frame, void, undefined> {
  const { strike, signal, call, clock } = playback
  const fault = strike?.fault
  const finish = (): void => {
    if (!isFatal(strike)) call.usage = usage
    call.settle(isFatal(strike) ? 'failed' : 'finished')
  }
  try {
    if (fault === 'empty-body') return call.settle('failed')
    if (playback.ttftMs > 0) await clock.sleep(playback.ttftMs, signal)
    // Booked before it is handed out: a caller that has an error or the last frame may never pull again.
    const failed = (frame: Frame): Frame => {
      const sent = call.sent(frame)
      call.settle('failed')
      return sent
    }
    const failure = (): Frame => failed({ data: dialect.errorFrame(streamFailure(strike as Strike)) })
    if (fault === 'error-in-stream') return yield failure()
    const threshold = strike?.afterTokens ?? Math.floor(usage.outputTokens / 2)
    let tokens = 0
    let waiting = fault !== undefined && midway.has(fault)
    for (const frame of frames) {
      if (waiting && (frame.last || ((frame.tokens ?? 0) > 0 && tokens >= threshold))) {
        waiting = false
        if (fault === 'cut') throw new ConnectionCut()
        if (fault === 'truncated') return call.settle('failed')
        if (fault === 'stall') await untilAborted(signal)
        if (fault === 'late-error-in-stream') return yield failure()
        yield failed(brokenCopy(frame))
      }
      if (fault === 'missing-done' && dialect.isEndMark(frame)) continue
      if (playback.msPerToken > 0 && frame.tokens && tokens > 0) {
        await clock.sleep(frame.tokens * playback.msPerToken, signal)
      }
      tokens += frame.tokens ?? 0
      const sent = call.sent(frame)
      if (frame.last) finish()
      yield sent
    }
    finish()
  } catch (error) {
    call.settle('failed')
    throw error
  }
}

const midway: ReadonlySet<Strike['fault']> = new Set([
  'cut',
  'truncated',
  'stall',
  'malformed-chunk',
  'late-error-in-stream',
])

/** A frame whose JSON ends too early. Whoever skips it misses nothing: the whole one follows. */
function brokenCopy(frame: Frame): Frame {
  const text = String(frame.data).trimEnd()
  const json = text.slice(text.lastIndexOf('data: ') + 6)
  return { data: `${text.slice(0, text.length - Math.ceil(json.length / 2))}\n\n` }
}

/** A whole body that breaks off, stalls or is cut: its first half, then the fault. */
export async function* playHalf(body: string, playback: Playback): AsyncGenerator<Frame, void, undefined> {
  const { strike, signal, call } = playback
  yield call.sent({ data: body.slice(0, Math.ceil(body.length / 2)) })
  if (strike?.fault === 'stall') await untilAborted(signal)
  call.settle('failed')
  if (strike?.fault === 'cut') throw new ConnectionCut()
}

/** The body of a `Response` that a script or route made. */
export async function* playResponse(
  body: ReadableStream<Uint8Array>,
  call: OpenCall,
  ok: boolean,
): AsyncGenerator<Frame, void, undefined> {
  const reader = body.getReader()
  let whole = false
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      yield call.sent({ data: value })
    }
    whole = true
  } finally {
    call.settle(whole && ok ? 'finished' : 'failed')
    if (!whole) await reader.cancel().catch(() => {})
    reader.releaseLock()
  }
}
