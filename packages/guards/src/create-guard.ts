import type { Decision } from '@sluice/core'
import type { CheckTextOptions } from './check-text.ts'
import { Deadline } from './deadline.ts'
import type { GuardAction, GuardStage } from './detector.ts'
import { GuardBlockedError } from './errors.ts'
import type { GuardOptions } from './guard-options.ts'
import { GuardReport } from './guard-report.ts'
import { guardSettings, type GuardSettings } from './guard-settings.ts'
import { checkPart, settlePart } from './request/guard-request.ts'
import { VerdictMemory } from './request/verdict-memory.ts'
import type { MaybePromise } from './maybe-promise.ts'
import { checkIsText, checkNames, checkOneOf, refuse } from './option-checks.ts'
import { loadValues, saveValues } from './restore/conversation-values.ts'
import { Placeholders, type RestoreCounts } from './restore/placeholders.ts'
import { Shadows } from './shadows.ts'
import { GrowingText } from './stream/growing-text.ts'
import { Blocked, type GuardScene } from './stream/guarding.ts'

export interface GuardSessionOptions {
  /** Within one conversation equal values have equal placeholders, and values from before come back. @default one of its own */
  readonly conversation?: string
  readonly signal?: AbortSignal
}

/** What became of a text. */
export interface GuardedText {
  /** The strictest that was done. */
  readonly action: GuardAction
  /** The text with everything in it redacted that was to be, or with its values put back. */
  readonly text: string
}

/** A text that grows under guard. */
export interface GuardedStream {
  /** What can be shown now that `delta` is there too. @throws {GuardBlockedError} `guard.blocked` */
  push(delta: string): Promise<string>
  /** All that is left, now that the text is over. @throws {GuardBlockedError} `guard.blocked` */
  end(): Promise<string>
  /** Characters that are held back. */
  readonly held: number
}

/** The guards of one exchange: its input, its output, and the placeholders between the two. */
export interface GuardSession {
  /** Checks a text that goes to the model. @throws {GuardBlockedError} `guard.blocked` */
  input(text: string, about?: GuardedInput): Promise<GuardedText>
  /** Checks a whole text that came back. @throws {GuardBlockedError} `guard.blocked` */
  output(text: string): Promise<GuardedText>
  /** Checks a text while it comes back; `arguments` are those of a tool, as JSON text. */
  stream(channel?: 'text' | 'arguments'): GuardedStream
  /** What was found so far and what it took, as a call's report has it. */
  notes(): readonly Decision[]
  /** How placeholders fared; all 0 where nothing restores. */
  readonly restored: RestoreCounts
}

export interface GuardedInput extends Pick<CheckTextOptions, 'role' | 'source' | 'tool'> {
  /** @default 'input' */
  readonly stage?: Extract<GuardStage, 'input' | 'tool_result' | 'document'>
}

/** Guards without a client: for queues, sockets, servers of your own. Its methods refuse what they cannot read: `config.option`. */
export interface Guard {
  session(options?: GuardSessionOptions): Promise<GuardSession>
}

/**
 * What {@link guards} does to calls, for texts of any origin.
 *
 * @throws {SluiceError} `config.option`, `config.stream_mode`.
 *
 * @example
 * const personal = pii({ restore: true })
 * const guard = createGuard({ input: [personal], output: [personal] })
 * const session = await guard.session({ conversation: 'c1' })
 * const { text } = await session.input('I am ada@example.com') // I am [EMAIL_kqzmxwtb]
 * const answer = await session.output(`You said: ${text}`) // You said: I am ada@example.com
 */
export function createGuard(options: GuardOptions): Guard {
  const settings = guardSettings(options)
  return {
    async session(of = {}) {
      const where = 'session() of createGuard()'
      checkNames(where, of, ['conversation', 'signal'])
      const { conversation, signal } = of
      if (conversation !== undefined && (typeof conversation !== 'string' || conversation === ''))
        refuse(`conversation of ${where} must be a text that is not empty.`)
      const placeholders = settings.restores
        ? new Placeholders(settings.vault, conversation ?? crypto.randomUUID())
        : undefined
      if (placeholders && conversation !== undefined) await loadValues(settings, conversation, placeholders)
      return new Session(settings, placeholders, conversation, signal)
    },
  }
}

class Session implements GuardSession {
  readonly #settings: GuardSettings
  readonly #conversation: string | undefined
  readonly #placeholders: Placeholders | undefined
  readonly #report = new GuardReport()
  readonly #shadows: Shadows | undefined
  readonly #signal: AbortSignal | undefined

  constructor(
    settings: GuardSettings,
    placeholders: Placeholders | undefined,
    conversation: string | undefined,
    signal: AbortSignal | undefined,
  ) {
    this.#settings = settings
    this.#placeholders = placeholders
    this.#conversation = conversation
    this.#signal = signal
    this.#shadows = settings.watches ? new Shadows(settings) : undefined
  }

  async input(text: string, about: GuardedInput = {}): Promise<GuardedText> {
    const where = 'input() of a session'
    checkIsText(where, text)
    checkNames(where, about, ['stage', 'role', 'source', 'tool'])
    const { stage = 'input', role, source, tool } = about
    checkOneOf(where, 'stage', stage, ['input', 'tool_result', 'document'])
    const { detectors, shadow } = this.#settings
    const scene = this.#scene()
    const isOfTool = stage === 'tool_result'
    const part = {
      path: [],
      role: role ?? (isOfTool ? 'tool' : 'user'),
      kind: isOfTool ? 'tool_result' : 'text',
      text,
    } as const
    const checked = await checkPart(
      {
        part,
        stage,
        detectors: detectors[stage],
        shadow: shadow[stage],
        isHistory: false,
        redactsOnly: false,
        source: source ?? tool,
        tool,
      },
      scene,
      new VerdictMemory(0),
    )
    const settled = settlePart(checked, scene)
    if (settled.blocking) throw new GuardBlockedError(settled.blocking)
    if (this.#placeholders && this.#conversation !== undefined)
      await saveValues(this.#settings, this.#conversation, this.#placeholders)
    return { action: settled.action, text: settled.text }
  }

  async output(text: string): Promise<GuardedText> {
    checkIsText('output() of a session', text)
    const growing = this.#open('text')
    const written = await unblocked(() => growing.finish(text))
    return { action: growing.action, text: written }
  }

  stream(channel: 'text' | 'arguments' = 'text'): GuardedStream {
    checkOneOf('stream() of a session', 'channel', channel, ['text', 'arguments'])
    const growing = this.#open(channel)
    let shownCharacters = 0
    const push = (delta: string): MaybePromise<string> => {
      checkIsText('push() of a stream', delta)
      return growing.push(delta)
    }
    const shown = async (written: () => MaybePromise<string>): Promise<string> => {
      const text = await unblocked(written, () => shownCharacters)
      shownCharacters += text.length
      return text
    }
    return {
      push: (delta) => shown(() => push(delta)),
      end: () => shown(() => growing.finish()),
      get held() {
        return growing.held
      },
    }
  }

  notes(): readonly Decision[] {
    return [...this.#report.notes('session'), ...(this.#shadows?.notes() ?? [])]
  }

  get restored(): RestoreCounts {
    return this.#placeholders?.counts ?? { sent: 0, seen: 0, restored: 0, unknown: 0 }
  }

  #open(channel: 'text' | 'arguments'): GrowingText {
    const { output, calls } = this.#settings
    const isArguments = channel === 'arguments'
    const guarding = isArguments ? calls : output
    const scene = this.#scene()
    this.#report.text()
    return new GrowingText({
      guarding,
      scene,
      isArguments,
      restores: true,
      context: { ...scene.context, stage: guarding.stage, role: 'assistant', channel: isArguments ? 'tool' : 'text' },
    })
  }

  #scene(): GuardScene {
    const { onError, budgetMs, clock, fingerprint } = this.#settings
    const context = { signal: this.#signal, clock }
    const policy = { onError, deadline: new Deadline(budgetMs, clock) }
    const [report, placeholders, shadows] = [this.#report, this.#placeholders, this.#shadows]
    return { policy, report, placeholders, shadows, fingerprint, context }
  }
}

async function unblocked(run: () => MaybePromise<string>, shownCharacters?: () => number): Promise<string> {
  try {
    return await run()
  } catch (error) {
    if (!(error instanceof Blocked)) throw error
    throw new GuardBlockedError({ ...error.blocking, shownCharacters: shownCharacters?.() })
  }
}
