import type { Api, Channel, Clock, Role, TextPart } from '@sluice/core'

/** What a detector wants done, mildest first. */
export type GuardAction = 'allow' | 'warn' | 'redact' | 'block'

/**
 * Where text is when it is checked: `input` on its way to the model, `output` on its way back. `tool_result` and
 * `document` are input that the application fetched for the model, and `tool_call` arguments that the model wrote.
 */
export type GuardStage = 'input' | 'tool_result' | 'document' | 'output' | 'tool_call'

/**
 * How strong the evidence is, whatever is done about it: `block` is meant to be refused without asking, `warn` to be
 * watched or asked about, `none` says nothing was found.
 */
export type EvidenceTier = 'none' | 'warn' | 'block'

/** A piece of the checked text. Offsets are UTF-16 code units, as `slice` takes them. */
export interface Span {
  readonly start: number
  /** The first code unit after it. */
  readonly end: number
  /** What was found, by the name of the rule that found it: `email`. */
  readonly rule: string
  /** How sure the rule is, 0..1. @default that of the verdict */
  readonly score?: number
  /** What stands in its place when it is redacted: `[EMAIL]`. */
  readonly replacement: string
  /** What may be shown of it: `a••@e••.com`. Never enough to use or to find the rest. @default nothing */
  readonly preview?: string
  /**
   * Names the value without telling it: a salted hash, equal for equal values under one salt. For allow-lists and for
   * finding the same value again. @default none
   */
  readonly fingerprint?: string
}

/** What a detector says about a text. It never quotes the text: verdicts go into errors and reports. */
export interface Verdict {
  readonly action: GuardAction
  /** How sure the detector is, 0..1. */
  readonly score: number
  /** @default `block` where the action is one, else `none` for `allow` and `warn` for the rest */
  readonly tier?: EvidenceTier
  /** What was found and where. Needed to redact; may be empty otherwise. */
  readonly spans: readonly Span[]
  /** The rules that fired, each once. */
  readonly rules: readonly string[]
  /** One line for people, without any of the text: `2 email, 1 card`. */
  readonly explanation: string
  /** What the check cost, in nano-dollars, where it asked a model. @default 0 */
  readonly costNanoUsd?: number
}

/** What a detector is told beside the text. */
export interface DetectorContext {
  readonly stage: GuardStage
  /** Whose text it is. @default by the stage */
  readonly role?: Role
  /** What part of a request it is. */
  readonly kind?: TextPart['kind']
  /** Which channel of an answer it is on. */
  readonly channel?: Channel
  /** Where a document or a tool result came from, as the application named it. */
  readonly source?: string
  /** The tool that was called. */
  readonly tool?: string
  readonly api?: Api
  /** The request that an answer belongs to, as its text parts. */
  readonly prompt?: readonly TextPart[]
  /** The whole native answer that the text is a part of; absent while it is still streaming. */
  readonly answer?: unknown
  /** Which choice of the answer the text belongs to. */
  readonly choice?: number
  readonly signal: AbortSignal | undefined
  readonly clock?: Clock
}

/**
 * How a detector can be run on text that is still growing, so that what is found is what would be found in the whole.
 */
export interface StreamTrait {
  /** The longest match in code units, context that decides about it included. */
  readonly maxMatch: number
  /**
   * Where the earliest match begins that more text could still complete, lengthen or decide; `tail.length` when there is
   * none. `tail` is the end of the text so far, at least `maxMatch` long where there is that much. What is before that
   * place is judged for good.
   */
  couldGrow(tail: string): number
  /**
   * How far before its beginning what decides about a match can lie, in code units: words around it, the run that it must not
   * be a part of. No more than that of what was judged is looked at again. @default twice `maxMatch`
   */
  readonly lookBack?: number
  /**
   * `check` and `couldGrow` in one pass over the text, where that is cheaper. What begins before `judged` was found already and
   * may be left out. The pipeline gives a `memory` of the growing text, so that what was learnt need not be learnt anew.
   */
  judge?(
    tail: string,
    context: DetectorContext,
    judged: number,
    memory?: StreamMemory,
  ): { readonly verdict: Verdict; readonly openAt: number }
  /**
   * `check` of a growing text that is over now, for a detector to which it matters what it learnt from what is before `tail`. What
   * begins before `judged` was found already and may be left out. @default `check` of the tail
   */
  finish?(tail: string, context: DetectorContext, judged: number, memory: StreamMemory): Verdict
}

/** What a detector keeps of one growing text between two looks at it. */
export interface StreamMemory {
  /** Where the `tail` of this look begins in the text, in code units. */
  readonly from: number
  /** The detector's own; `undefined` at the first look. */
  notes: unknown
  /** Set by the detector: where what the next look needs begins in the text. @default `lookBack` before what is judged */
  neededFrom?: number
}

/**
 * How a detector that can only judge a whole text runs on a streamed answer. `buffer`: nothing of a part is shown before
 * all of it was checked. `sentence`: each sentence is held back and judged by itself, and so are those of an answer that comes
 * whole. `after-disclosure`: everything is shown at once and judged when it is over, so that a block comes after the reader has
 * seen what it is about; an answer that comes whole is judged first.
 */
export type StreamMode = 'buffer' | 'sentence' | 'after-disclosure'

/** Looks at a text and says what is to be done about it. Stateless: it may be asked about many texts at once. */
export interface Detector {
  /** Names the guard in reports and errors: `pii`. */
  readonly name: string
  check(text: string, context: DetectorContext): Verdict | Promise<Verdict>
  /** Absent for one that can only judge a whole text. */
  readonly stream?: StreamTrait
  /** `model` for one that asks a model or a service: it runs after the local ones, and only where they are in doubt. @default 'local' */
  readonly effort?: 'local' | 'model'
  /**
   * What its verdicts can ask for beside `allow`. One that declares `redact` fails closed and sees the whole history; one
   * that declares only `warn` fails open and holds nothing back on streams. @default all
   */
  readonly actions?: readonly Exclude<GuardAction, 'allow'>[]
  /** How it runs on streams where it has no `stream`. @default that of the guard */
  readonly streamMode?: StreamMode
  /**
   * For one that asks a model: it runs only where the local guard of that name scored within these bounds, 0..1, inclusive.
   * @default whenever no local guard has blocked
   */
  readonly doubt?: { readonly guard: string; readonly from: number; readonly to: number }
  /** What a failure of this detector means. @default by its `actions`, else that of the guard */
  readonly onError?: 'closed' | 'open'
  /**
   * Whether what it redacts is to come back: the pipeline then puts placeholders of its own in place of the spans'
   * replacements, and the values in place of those in the answer. @default false
   */
  readonly restore?: boolean
}

/** The verdict on a text that has nothing in it. */
export const allowed: Verdict = Object.freeze({
  action: 'allow',
  score: 0,
  tier: 'none',
  spans: [],
  rules: [],
  explanation: 'nothing found',
})

/** Whether a detector can do nothing but warn, and so is in nobody's way. */
export function onlyWarns({ actions }: Detector): boolean {
  return actions !== undefined && actions.length > 0 && actions.every((action) => action === 'warn')
}
