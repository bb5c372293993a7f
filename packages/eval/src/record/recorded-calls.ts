import { createHash } from 'node:crypto'
import { defineMiddleware, SluiceError, streamReply, wholeReply } from '@sluice/core'
import type { ApiId, Boundaries, Call, EventOf, Middleware, Reply } from '@sluice/core'
import { badOption, checkNames } from '../eval-error.ts'
import { canonicalJson } from '../suite/digest.ts'
import { currentTrial, type CurrentTrial } from '../suite/current-trial.ts'
import { openRecording, type RecordedAnswer, type Recording } from './recording.ts'

/**
 * `record`: everything is sent, and kept. `replay`: nothing is sent; a call that was not recorded fails. `auto`: what was
 * recorded is not sent again. `off`: as if it were not there.
 */
export type RecordMode = 'record' | 'replay' | 'auto' | 'off'

export interface RecordedCallsOptions {
  /** JSONL, one answer a line; holds prompts' digests and answers' texts. @default the file in SLUICE_EVAL_CALLS */
  readonly file?: string
  /** @default the mode in SLUICE_EVAL_CALLS (`replay:runs/calls.jsonl`), else 'off' */
  readonly mode?: RecordMode
}

const modes: readonly RecordMode[] = ['record', 'replay', 'auto', 'off']

/** What `sluice-eval --record` and `--replay` set. */
export const recordVariable = 'SLUICE_EVAL_CALLS'

/**
 * Middleware that keeps the answers of a suite's calls, the target's and the judges', so that it runs again without a network,
 * a key or a bill. Answers are found by the request's content, whatever the order of its fields, and by the trial: repeats
 * stay apart, as they must, and so do the votes of a judge. Streams are replayed cut as they came. Refusals by a provider are not kept.
 *
 * @throws {SluiceError} `config.option`; while running `eval.not_recorded` for a call that a replay does not have,
 * `eval.bad_recording` for a file that is none.
 *
 * @example
 * const openai = sluice(new OpenAI(), [recordedCalls()])
 */
export function recordedCalls(options: RecordedCallsOptions = {}): Middleware {
  checkNames('recordedCalls()', options, ['file', 'mode'])
  const [mode, file] = settled(options)
  if (!modes.includes(mode)) throw badOption('recordedCalls()', 'mode', modes.join(', '), mode)
  if (mode !== 'off' && !file) throw badOption('recordedCalls()', 'file', 'the path of a file', file)
  if (mode === 'off') return defineMiddleware({ name: 'recordedCalls' }, (call, next) => next(call))
  let recording: Recording | undefined
  return defineMiddleware({ name: 'recordedCalls' }, async (call, next) => {
    recording ??= openRecording(file as string, mode)
    const asked = askedOf(call)
    const turns = turnsOf(asked)
    const key = keyOf(asked, turns.taken)
    const known = mode === 'record' ? undefined : recording.get(key)
    if (known) {
      turns.take()
      call.note({ by: 'recordedCalls', action: 'replay' })
      return replayed(call, known)
    }
    if (mode === 'replay') throw notRecorded(file as string, key)
    return kept(call, await next(call), (answer) => recording?.add(keyOf(asked, turns.take()), answer))
  })
}

function settled(options: RecordedCallsOptions): readonly [RecordMode, string | undefined] {
  const [, mode, file] = /^([^:]+):(.+)$/.exec(process.env[recordVariable] ?? '') ?? []
  return [options.mode ?? (mode as RecordMode | undefined) ?? 'off', options.file ?? file]
}

/** What is asked, and for which trial; whole and streamed answers are told apart by the request itself. */
function askedOf({ api, request }: Call): string {
  return `${api.id} ${currentTrial()?.trial ?? 0} ${canonicalJson(request)}`
}

/** A digest of what is asked, for the how-manieth time in its trial. */
function keyOf(asked: string, turn: number): string {
  const counted = turn === 0 ? asked : `${turn} times before: ${asked}`
  return createHash('sha256').update(counted).digest('hex').slice(0, 32)
}

/** How often one thing was answered in a trial: the votes of a judge are asked for alike, and each is an answer of its own. */
interface Turns {
  readonly taken: number
  /** Counts one more answer; gives the number of those before it. */
  take(): number
}

const answeredIn = new WeakMap<CurrentTrial, Map<string, number>>()

/** Outside a suite there are no trials to tell apart, and equal calls have one answer. */
function turnsOf(asked: string): Turns {
  const trial = currentTrial()
  if (!trial) return { taken: 0, take: () => 0 }
  const counts = answeredIn.get(trial) ?? new Map<string, number>()
  answeredIn.set(trial, counts)
  return {
    get taken() {
      return counts.get(asked) ?? 0
    },
    take() {
      const taken = counts.get(asked) ?? 0
      counts.set(asked, taken + 1)
      return taken
    },
  }
}

function replayed<A extends ApiId>({ api, request }: Call<A>, { answer, boundaries }: RecordedAnswer): Reply<A> {
  if (!api.isStream(request)) return wholeReply(api, answer as never)
  const events = api.replay(answer as never, boundaries)
  const wantsUsage = api.withStreamUsage(request) === request
  return streamReply(api, wantsUsage ? events : events.filter((event) => !api.isUsageOnly(event)))
}

async function kept<A extends ApiId>(
  { api }: Call<A>,
  reply: Reply<A>,
  keep: (answer: RecordedAnswer) => void,
): Promise<Reply<A>> {
  if (reply.kind === 'error') return reply
  if (reply.kind === 'whole') {
    keep({ answer: await reply.value() })
    return reply
  }
  async function* events(): AsyncGenerator<EventOf<A>> {
    const folder = api.folder()
    for await (const event of (reply as Extract<Reply<A>, { kind: 'stream' }>).events()) {
      folder.push(event)
      yield event
    }
    // Only a stream that came to its end is an answer.
    const answer = folder.answer()
    if (answer !== undefined) keep({ answer, boundaries: folder.boundaries() as Boundaries })
  }
  return streamReply(api, events(), reply)
}

function notRecorded(file: string, key: string): SluiceError {
  return new SluiceError({
    code: 'eval.not_recorded',
    message: `"${file}" has no answer to this call (${key}): the prompt, the model or a setting changed since. Record again.`,
    details: { file, key },
    status: 404,
  })
}
