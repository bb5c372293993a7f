/** What a detector wants done, mildest first. */
export type GuardAction = 'allow' | 'warn' | 'redact' | 'block'

/** Where text is when it is checked. So far only `input`: on its way to the model. */
export type GuardStage = 'input'

/** A piece of the checked text. Offsets are UTF-16 code units, as `slice` takes them. */
export interface Span {
  readonly start: number
  /** The first code unit after it. */
  readonly end: number
  /** What was found, by the name of the rule that found it: `email`. */
  readonly rule: string
  /** What stands in its place when it is redacted: `[EMAIL]`. */
  readonly replacement: string
}

/** What a detector says about a text. It never quotes the text: verdicts go into errors and reports. */
export interface Verdict {
  readonly action: GuardAction
  /** How sure the detector is, 0..1. */
  readonly score: number
  /** What was found and where. Needed to redact; may be empty otherwise. */
  readonly spans: readonly Span[]
  /** The rules that fired, each once. */
  readonly rules: readonly string[]
  /** One line for people, without any of the text: `2 email, 1 card`. */
  readonly explanation: string
}

/** What a detector is told beside the text. */
export interface DetectorContext {
  readonly stage: GuardStage
  readonly signal: AbortSignal | undefined
}

/** Looks at a text and says what is to be done about it. Stateless: it may be asked about many texts at once. */
export interface Detector {
  /** Names the guard in reports and errors: `pii`. */
  readonly name: string
  check(text: string, context: DetectorContext): Verdict | Promise<Verdict>
}

/** The verdict on a text that has nothing in it. */
export const allowed: Verdict = Object.freeze({
  action: 'allow',
  score: 0,
  spans: [],
  rules: [],
  explanation: 'nothing found',
})
