import type { DetectorContext, GuardAction, Span } from '../detector.ts'
import { judge, type GuardRun } from '../judge.ts'
import { after, type MaybePromise } from '../maybe-promise.ts'
import { Redaction, type Replacement } from '../redact.ts'
import { findings, stricter, type Findings } from './findings.ts'
import { Blocked, watch, type Guarding, type GuardScene } from './guarding.ts'
import { look, lookBackOf, type Looks } from './look.ts'
import { openView } from './open-view.ts'
import { sentenceEnd } from './sentence-end.ts'
import { PlainView, type View } from './view.ts'

/** Characters that are kept beyond what is needed, because to drop some costs, too. */
const mostKept = 128

/** One look at a growing text: `looks` where it may go on, the `answer` where it is over. */
interface Pass {
  readonly looks: Looks | undefined
  readonly answer: unknown
}

/** What a growing text is. */
export interface GrowingOptions {
  readonly guarding: Guarding
  readonly scene: GuardScene
  /** Arguments of a tool: read as JSON where they begin like JSON. */
  readonly isArguments: boolean
  /** Whether placeholders in it get their values back. */
  readonly restores: boolean
  /** What detectors are told of it. */
  readonly about: Partial<DetectorContext>
}

/**
 * One growing text under guard: what is pushed in comes out checked, with what was found replaced, as soon as nothing to come
 * can change the judgement on it. However the text is cut into pieces, what comes out is in all the same.
 *
 * @throws {Blocked} from {@link push} and {@link finish}.
 */
export class GrowingText {
  readonly #options: GrowingOptions
  readonly #lookBack: number
  readonly #keepsAll: boolean
  #view: View | undefined
  #redaction: Redaction | undefined
  #lead = ''
  /** How far the live detectors and the placeholders have been judged for good. */
  #judgedTo = 0
  /** How far nothing reaches past what has been judged: no further than that. */
  #settledTo = 0
  /** How far whole sentences have been judged. */
  #sentencesTo = 0
  #sentenceFindings: Replacement[] = []
  /** Warnings without spans that were counted: they are repeated with every look. */
  readonly #warned = new Set<GuardRun['detector']>()
  readonly #needsWhole: boolean
  #whole = ''
  /** The strictest that was done. */
  #did: GuardAction = 'allow'

  constructor(options: GrowingOptions) {
    this.#options = options
    const { live, sentence, buffer, late, shadow } = options.guarding
    const { placeholders } = options.scene
    // A placeholder is told by itself and the character before it.
    this.#lookBack = Math.max(2, ...live.map(({ stream }) => (stream ? lookBackOf(stream) : 0)))
    this.#keepsAll = buffer.length > 0 || sentence.length > 0
    this.#needsWhole = late.length > 0 || shadow.length > 0 || (options.restores && placeholders !== undefined)
  }

  /** The strictest that was done. */
  get action(): GuardAction {
    return this.#did
  }

  /** Characters that are held back. */
  get held(): number {
    return this.#lead.length + (this.#view ? this.#view.end - (this.#redaction as Redaction).at : 0)
  }

  /** What can be shown now that `delta` is there too. */
  push(delta: string): MaybePromise<string> {
    const view = this.#open(delta, false)
    return view ? this.#advance(view, false) : ''
  }

  /** All that is left, now that the text is over with `rest`. `answer` is the whole native answer that it belongs to. */
  finish(rest = '', answer?: unknown): MaybePromise<string> {
    const view = this.#open(rest, true)
    if (!view || view.end === 0) return ''
    view.finish()
    return after(this.#advance(view, true, answer), (written) =>
      after(this.#late(answer), () => {
        if (this.#options.restores) this.#options.scene.placeholders?.countUnknown(this.#whole)
        return written
      }),
    )
  }

  #open(delta: string, isFinal: boolean): View | undefined {
    if (this.#view) {
      this.#read(this.#view, delta)
      return this.#view
    }
    this.#lead += delta
    // The first character that is no space tells how arguments are to be read.
    const view = this.#options.isArguments ? openView(this.#lead) : new PlainView()
    if (!view && !isFinal) return undefined
    this.#view = view ?? new PlainView()
    this.#redaction = new Redaction(this.#view)
    this.#read(this.#view, this.#lead)
    this.#lead = ''
    return this.#view
  }

  #read(view: View, delta: string): void {
    const before = view.end
    view.push(delta)
    if (this.#needsWhole) this.#whole += view.text.slice(before - view.from)
  }

  #advance(view: View, isFinal: boolean, answer?: unknown): MaybePromise<string> {
    const { buffer } = this.#options.guarding
    if (buffer.length > 0 && !isFinal) return ''
    return after(this.#sentences(view, isFinal), () => {
      const looks = isFinal
        ? undefined
        : look(view.text, this.#settledTo - view.from, this.#options.guarding.live, this.#context())
      const limit = looks ? this.#limit(view, looks) : view.end
      if (limit <= this.#judgedTo && !isFinal) return ''
      return after(this.#judge(view, limit, { looks, answer }), (replacements) =>
        this.#release(view, replacements, limit),
      )
    })
  }

  /** How far nothing that is still to come can change anything. */
  #limit(view: View, looks: Looks): number {
    const { guarding, scene, restores } = this.#options
    const { text, from } = view
    let open = looks.openAt
    if (restores && scene.placeholders) open = Math.min(open, scene.placeholders.couldGrow(text))
    const limit = view.cut(from + open)
    return guarding.sentence.length > 0 ? Math.min(limit, this.#sentencesTo) : limit
  }

  #judge(view: View, limit: number, { looks, answer }: Pass): MaybePromise<readonly Replacement[]> {
    const { guarding, scene, restores } = this.#options
    const { text, from } = view
    const since = this.#judgedTo
    const isDecided = ({ start }: Span): boolean => from + start >= since && from + start < limit
    const restored = restores ? this.#restored(text, from, isDecided) : []
    const detectors = looks ? guarding.live : [...guarding.live, ...guarding.buffer]
    if (detectors.length === 0) return restored
    const context = this.#context(answer)
    return after(judge(text, detectors, context, scene.policy, looks?.check), (runs) => {
      scene.report.took(runs)
      const spanless = runs.filter(({ verdict }) => verdict.action !== 'allow' && verdict.spans.length === 0)
      const shown =
        limit < view.end && spanless.length > 0 ? this.#again(spanless, text.slice(0, limit - from)) : spanless
      return after(shown, (wholly) => {
        const named = spanless.length > 0 ? runs.filter((each) => !spanless.includes(each)) : runs
        const isNew = ({ detector }: GuardRun): boolean => !this.#warned.has(detector)
        const decided = findings(guarding.stage, [...named, ...wholly], { scene, text, isDecided, isNew })
        for (const { detector } of wholly) this.#warned.add(detector)
        return [...restored, ...this.#noted(decided, from)]
      })
    })
  }

  /** Verdicts that name no place: what they say of the part that is about to be shown. */
  #again(runs: readonly GuardRun[], text: string): MaybePromise<readonly GuardRun[]> {
    const detectors = runs.map(({ detector }) => detector)
    return after(judge(text, detectors, this.#context(), this.#options.scene.policy), (again) =>
      again.filter(({ verdict }) => verdict.action !== 'allow'),
    )
  }

  #restored(text: string, from: number, isDecided: (span: Span) => boolean): readonly Replacement[] {
    const { placeholders } = this.#options.scene
    if (!placeholders || placeholders.isEmpty) return []
    const spans = placeholders.find(text).filter(isDecided)
    placeholders.count(spans.length, spans.length)
    return spans.map(({ start, end, replacement }) => ({ start: from + start, end: from + end, text: replacement }))
  }

  /** Judges the sentences that have become whole. */
  #sentences(view: View, isFinal: boolean): MaybePromise<void> {
    const { guarding, scene } = this.#options
    if (guarding.sentence.length === 0) return
    const { from } = view
    const begin = this.#sentencesTo
    const end = isFinal ? view.end : view.cut(from + sentenceEnd(view.text, begin - from))
    if (end <= begin) return
    const text = view.text.slice(begin - from, end - from)
    return after(judge(text, guarding.sentence, this.#context(), scene.policy), (runs) => {
      scene.report.took(runs)
      this.#sentenceFindings.push(...this.#noted(findings(guarding.stage, runs, { scene, text }), begin))
      this.#sentencesTo = end
    })
  }

  #release(view: View, replacements: readonly Replacement[], limit: number): string {
    const due = this.#sentenceFindings.filter(({ start }) => start < limit)
    this.#sentenceFindings = this.#sentenceFindings.filter(({ start }) => start >= limit)
    const written = (this.#redaction as Redaction).write([...replacements, ...due], limit)
    this.#judgedTo = Math.max(this.#judgedTo, limit)
    // What reaches past the judged part still decides about what it overlaps with there.
    const reaching = replacements.filter(({ end }) => end > limit).map(({ start }) => start)
    this.#settledTo = Math.min(limit, ...reaching)
    const needed = this.#keepsAll ? 0 : this.#settledTo - this.#lookBack
    if (needed - view.from > mostKept) view.drop(needed)
    return written
  }

  /** Detectors that look at the whole when it is over. */
  #late(answer: unknown): MaybePromise<void> {
    const { guarding, scene } = this.#options
    const { late, shadow } = guarding
    if (late.length === 0 && shadow.length === 0) return
    const text = this.#whole
    const context = this.#context(answer)
    watch(text, shadow, context, { report: scene.report, did: this.#did })
    if (late.length === 0) return
    return after(judge(text, late, context, scene.policy), (runs) => {
      scene.report.took(runs)
      this.#noted(findings(guarding.stage, runs, { scene, text, isShown: true }), 0)
    })
  }

  #noted({ replacements, action, blocking }: Findings, by: number): readonly Replacement[] {
    if (blocking) throw new Blocked(blocking)
    this.#did = stricter(this.#did, action)
    return replacements.map(({ start, end, text }) => ({ start: start + by, end: end + by, text }))
  }

  #context(answer?: unknown): DetectorContext {
    const { guarding, scene, about } = this.#options
    const { stage } = guarding
    return { ...scene.context, ...about, stage, ...(answer !== undefined && { answer }) }
  }
}
