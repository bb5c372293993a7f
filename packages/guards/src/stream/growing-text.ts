import type { Detector, DetectorContext, GuardAction, Span } from '../detector.ts'
import { judge, type GuardRun } from '../judge.ts'
import { after, each, type MaybePromise } from '../maybe-promise.ts'
import { Redaction, type Replacement } from '../redact.ts'
import { findings, stricter, type Findings } from './findings.ts'
import { Blocked, type Guarding, type GuardScene } from './guarding.ts'
import { type Growing, lastLook, look, type Looks } from './look.ts'
import { openView } from './open-view.ts'
import { Sentences, type Sentence } from './sentences.ts'
import { PlainView, type View } from './view.ts'

/** Characters that are kept beyond what is needed, because to drop some costs, too. */
const mostKept = 128
/**
 * A look costs as much time as there is text that is open. Of more than so much, only every so many parts of it are looked at:
 * a long key that comes in single characters takes linear time, and what follows it waits for a sixteenth of it at most.
 */
const [longOpen, openParts] = [256, 16]

/** What is judged: a text that may go on has `looks`, one that is over has its `answer`. */
interface Pass {
  readonly detectors: readonly Detector[]
  readonly looks?: Looks
  readonly answer?: unknown
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
  readonly context: DetectorContext
}

/**
 * One growing text under guard: what is pushed in comes out checked, with what was found replaced, as soon as nothing to come
 * can change the judgement on it. However the text is cut into pieces, what comes out is in all the same.
 *
 * @throws {Blocked} from {@link push} and {@link finish}.
 */
export class GrowingText {
  readonly #options: GrowingOptions
  readonly #keepsAll: boolean
  #view: View | undefined
  #redaction: Redaction | undefined
  #lead = ''
  /** How far the live detectors and the placeholders have been judged for good. */
  #judgedTo = 0
  /** How far nothing reaches past what has been judged: no further than that. */
  #settledTo = 0
  readonly #sentences = new Sentences()
  /** What was found in whole sentences and is not written yet. */
  #sentenceFindings: Replacement[] = []
  /** Where the text must end before it is looked at again. */
  #nextLook = 0
  /** How far the placeholders are known, and those that are not written yet. */
  #placedTo = 0
  #placed: Replacement[] = []
  /** Warnings without spans that were counted: they are repeated with every look. */
  readonly #warned = new Set<GuardRun['detector']>()
  /** What detectors keep of it from look to look. */
  readonly #memories = new Map<Detector, unknown>()
  readonly #needsWhole: boolean
  #whole = ''
  /** The strictest that was done. */
  #did: GuardAction = 'allow'

  constructor(options: GrowingOptions) {
    this.#options = options
    const { buffer, late, shadow } = options.guarding
    const { placeholders } = options.scene
    this.#keepsAll = buffer.length > 0
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
    return view ? this.#advance(view) : ''
  }

  /** All that is left, now that the text is over with `rest`. `answer` is the whole native answer that it belongs to. */
  finish(rest = '', answer?: unknown): MaybePromise<string> {
    // Of a text that comes whole nothing was shown: there is no stream for any detector to look at in a way of its own.
    const isWhole = this.#view === undefined
    const view = this.#open(rest, true)
    if (!view || view.end === 0) return ''
    view.finish()
    const { guarding, scene, restores } = this.#options
    const { live, buffer, late } = guarding
    const detectors = isWhole ? joined(joined(live, buffer), late) : joined(live, buffer)
    const looks = isWhole ? undefined : lastLook(this.#growing(view))
    return after(this.#last(view, { detectors, answer, ...(looks && { looks }) }), (written) => {
      scene.shadows?.watch(this.#whole, guarding.shadow, this.#context(answer), this.#did)
      return after(isWhole ? undefined : this.#late(answer), () => {
        if (restores) scene.placeholders?.countUnknown(this.#whole)
        return written
      })
    })
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

  #advance(view: View): MaybePromise<string> {
    const { live, buffer } = this.#options.guarding
    if (buffer.length > 0) return ''
    return after(this.#judgeSentences(view, false), () => {
      if (view.end < this.#nextLook) return ''
      const looks = look(this.#growing(view), live, this.#context())
      const limit = this.#limit(view, looks.openAt, this.#place(view, false))
      this.#nextLook = this.#lookAfter(view.end, Math.max(limit, this.#judgedTo))
      if (limit <= this.#judgedTo) return ''
      return after(this.#judge(view, limit, { detectors: live, looks }), (replacements) =>
        this.#release(view, replacements, limit, looks),
      )
    })
  }

  #growing({ text, from }: View): Growing {
    return { text, from, judged: this.#settledTo - from, memories: this.#memories }
  }

  #last(view: View, pass: Pass): MaybePromise<string> {
    return after(this.#judgeSentences(view, true), () => {
      this.#place(view, true)
      return after(this.#judge(view, view.end, pass), (replacements) => this.#release(view, replacements, view.end))
    })
  }

  /** Not before there is more of a long open part, or the most is held that may be. */
  #lookAfter(end: number, openAt: number): number {
    const open = end - openAt
    if (open <= longOpen) return end
    const most = Math.max(0, ...this.#options.guarding.live.map(({ stream }) => stream?.maxMatch ?? 0))
    return Math.min(end + Math.floor(open / openParts), openAt + most)
  }

  /** How far nothing that is still to come can change anything. */
  #limit(view: View, openAt: number, placedTo: number): number {
    const limit = view.cut(Math.min(view.from + openAt, placedTo))
    return this.#options.guarding.sentence.length > 0 ? Math.min(limit, this.#sentences.to) : limit
  }

  /** Finds the placeholders that nothing to come can change; how far that is. */
  #place(view: View, isOver: boolean): number {
    const { scene, restores } = this.#options
    if (!restores || !scene.placeholders) return view.end
    const { text, from } = view
    const { spans, openAt } = scene.placeholders.look(text, this.#placedTo - from, isOver)
    for (const { start, end, text: value } of spans)
      this.#placed.push({ start: from + start, end: from + end, text: value })
    this.#placedTo = from + openAt
    return this.#placedTo
  }

  #judge(view: View, limit: number, { detectors, looks, answer }: Pass): MaybePromise<readonly Replacement[]> {
    const { guarding, scene } = this.#options
    const { text, from } = view
    if (detectors.length === 0) return []
    const since = this.#judgedTo
    const isDecided = ({ start }: Span): boolean => from + start >= since && from + start < limit
    const context = this.#context(answer)
    return after(judge(text, detectors, context, scene.policy, looks?.check), (runs) => {
      scene.report.took(runs)
      // Most looks find nothing.
      if (runs.every(({ verdict }) => verdict.action === 'allow')) return []
      const spanless = runs.filter(({ verdict }) => verdict.action !== 'allow' && verdict.spans.length === 0)
      const shown =
        limit < view.end && spanless.length > 0 ? this.#again(spanless, text.slice(0, limit - from)) : spanless
      return after(shown, (wholly) => {
        const named = spanless.length > 0 ? runs.filter((run) => !spanless.includes(run)) : runs
        const isNew = ({ detector }: GuardRun): boolean => !this.#warned.has(detector)
        const decided = findings(guarding.stage, [...named, ...wholly], { scene, text, isDecided, isNew })
        for (const { detector } of wholly) this.#warned.add(detector)
        return this.#noted(decided, from)
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

  /** Judges the sentences that have become whole, each by itself. */
  #judgeSentences(view: View, isOver: boolean): MaybePromise<void> {
    const { guarding, scene } = this.#options
    if (guarding.sentence.length === 0) return
    const sentences = this.#sentences.next(view, isOver)
    const context = this.#context()
    const judged = each(sentences, ({ text }) => judge(text, guarding.sentence, context, scene.policy))
    return after(judged, (all) => {
      for (const [index, runs] of all.entries()) {
        const { text, start } = sentences[index] as Sentence
        scene.report.took(runs)
        this.#sentenceFindings.push(...this.#noted(findings(guarding.stage, runs, { scene, text }), start))
      }
    })
  }

  #release(view: View, replacements: readonly Replacement[], limit: number, looks?: Looks): string {
    const written = (this.#redaction as Redaction).write(this.#due(replacements, limit), limit)
    this.#judgedTo = Math.max(this.#judgedTo, limit)
    this.#settledTo = limit
    // What reaches past the judged part still decides about what it overlaps with there.
    for (const { start, end } of replacements) if (end > limit) this.#settledTo = Math.min(this.#settledTo, start)
    if (!looks || this.#keepsAll) return written
    const needed = Math.min(this.#settledTo - looks.lookBack, looks.neededFrom)
    if (needed - view.from > mostKept) view.drop(needed)
    return written
  }

  /** With the placeholders and what was found in whole sentences, as far as it begins before `limit`. */
  #due(replacements: readonly Replacement[], limit: number): readonly Replacement[] {
    if (this.#placed.length === 0 && this.#sentenceFindings.length === 0) return replacements
    const [placed, placedLater] = parted(this.#placed, limit)
    const [found, foundLater] = parted(this.#sentenceFindings, limit)
    this.#placed = placedLater
    this.#sentenceFindings = foundLater
    this.#options.scene.placeholders?.count(placed.length)
    return [...placed, ...replacements, ...found]
  }

  /** Detectors that look at the whole when it was shown. */
  #late(answer: unknown): MaybePromise<void> {
    const { guarding, scene } = this.#options
    if (guarding.late.length === 0) return
    const text = this.#whole
    return after(judge(text, guarding.late, this.#context(answer), scene.policy), (runs) => {
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
    const { context } = this.#options
    return answer === undefined ? context : { ...context, answer }
  }
}

function parted(replacements: Replacement[], limit: number): readonly [due: Replacement[], later: Replacement[]] {
  const later = replacements.filter(({ start }) => start >= limit)
  return later.length === 0 ? [replacements, later] : [replacements.filter(({ start }) => start < limit), later]
}

function joined<T>(one: readonly T[], other: readonly T[]): readonly T[] {
  return other.length === 0 ? one : [...one, ...other]
}
