import type { AnswerOf, AnswerText, Api, ApiId, TextPart } from '@sluice/core'
import type { DetectorContext } from '../detector.ts'
import type { GuardSettings } from '../guard-settings.ts'
import { after, all, type MaybePromise } from '../maybe-promise.ts'
import { GrowingText } from '../stream/growing-text.ts'
import type { Guarding, GuardScene } from '../stream/guarding.ts'
import { mapSideTexts, sideTexts } from './side-texts.ts'

/** What guards the texts of one answer, each apart. */
export class AnswerGuard {
  readonly #settings: GuardSettings
  readonly #scene: GuardScene
  readonly #readPrompt: () => readonly TextPart[]
  #prompt: readonly TextPart[] | undefined

  constructor(settings: GuardSettings, scene: GuardScene, prompt: () => readonly TextPart[]) {
    this.#settings = settings
    this.#scene = scene
    this.#readPrompt = prompt
  }

  /** Whether answers have to be read at all. */
  get isNeeded(): boolean {
    const { output, calls } = this.#settings
    const { placeholders } = this.#scene
    return isBusy(output) || isBusy(calls) || (placeholders !== undefined && !placeholders.isEmpty)
  }

  /** Whether what it shows can differ from what came, or be held back. */
  get withholds(): boolean {
    const { output, calls } = this.#settings
    return [output, calls].some(({ live, sentence, buffer }) => live.length + sentence.length + buffer.length > 0)
  }

  /** Whether anything is judged by the whole answer. */
  get wantsAnswer(): boolean {
    const { output, calls } = this.#settings
    return [output, calls].some(({ buffer, late, shadow }) => buffer.length + late.length + shadow.length > 0)
  }

  /** A guard for one growing text. */
  open({ channel, choice }: Pick<AnswerText, 'channel' | 'choice'>, tool?: string): GrowingText {
    const { output, calls, channels } = this.#settings
    const isArguments = channel === 'tool'
    const stage = isArguments ? calls : output
    const about: Partial<DetectorContext> = {
      role: 'assistant',
      channel,
      choice,
      ...(tool !== undefined && { tool }),
      prompt: (this.#prompt ??= this.#readPrompt()),
    }
    this.#scene.report.text()
    return new GrowingText({
      guarding: channels.has(channel) ? stage : idle(stage),
      scene: this.#scene,
      isArguments,
      // Thoughts are read by nobody but the provider, who signs them.
      restores: channel !== 'reasoning',
      about,
    })
  }

  /** A whole answer, checked; the same one where nothing is changed. */
  whole<A extends ApiId>(api: Api<A>, value: AnswerOf<A>): MaybePromise<AnswerOf<A>> {
    const texts = api.answerText(value)
    const names = toolsOf(api, value, texts)
    const checks = texts.map((each, index) => this.open(each, names[index]).finish(each.text, value))
    return after(all(checks), (written) => {
      const isChanged = written.some((text, index) => text !== texts[index]?.text)
      const left = [...written]
      const mapped = isChanged ? api.mapAnswer(value, ({ text }) => left.shift() ?? text) : value
      return this.beside(mapped, isChanged)
    })
  }

  /** The same for what stands beside the texts: quotations and, where the text was changed, echoes of it. */
  beside<T>(value: T, dropsEchoes: boolean): MaybePromise<T> {
    const quoted = sideTexts(value)
    if (quoted.length === 0) return dropsEchoes ? mapSideTexts(value, (text) => text, true) : value
    const checks = quoted.map((text) => this.open({ channel: 'text', choice: 0 }).finish(text))
    return after(all(checks), (written) => {
      const left = [...written]
      return mapSideTexts(value, (text) => left.shift() ?? text, dropsEchoes)
    })
  }
}

function isBusy({ live, sentence, buffer, late, shadow }: Guarding): boolean {
  return live.length + sentence.length + buffer.length + late.length + shadow.length > 0
}

function idle({ stage }: Guarding): Guarding {
  return { stage, live: [], sentence: [], buffer: [], late: [], shadow: [] }
}

/** The tool of each text that is the arguments of one: both are listed in their order, choice by choice. */
function toolsOf<A extends ApiId>(
  api: Api<A>,
  value: AnswerOf<A>,
  texts: readonly AnswerText[],
): readonly (string | undefined)[] {
  if (!texts.some(({ channel }) => channel === 'tool')) return []
  const calls = new Map(
    api.answer(value).choices.map(({ index, toolCalls }) => [
      index,
      // Calls without arguments have no text.
      toolCalls.filter((call) => call.arguments !== '' && call.arguments !== '{}').map(({ name }) => name),
    ]),
  )
  return texts.map(({ channel, choice, text }) =>
    channel === 'tool' && text !== '{}' ? calls.get(choice)?.shift() : undefined,
  )
}
