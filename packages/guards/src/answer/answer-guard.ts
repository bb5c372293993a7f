import type { AnswerOf, AnswerText, Api, ApiId, JsonObject, TextPart } from '@sluice/core'
import type { DetectorContext } from '../detector.ts'
import type { GuardSettings } from '../guard-settings.ts'
import { after, each, type MaybePromise } from '../maybe-promise.ts'
import { GrowingText } from '../stream/growing-text.ts'
import { idle, type Guarding, type GuardScene } from '../stream/guarding.ts'
import { isJsonText } from '../stream/open-view.ts'
import { isObject, objects, toolOfCall, toolOfItem, type CalledTool } from './dialect-events.ts'
import { mapSideTexts, sideTexts, type SideText } from './side-texts.ts'
import { unredacted } from './unredacted.ts'

const channels = { call: 'tool', quote: 'text', result: 'text', thought: 'reasoning' } as const

/** What guards the texts of one answer, each apart. */
export class AnswerGuard {
  readonly #settings: GuardSettings
  readonly #scene: GuardScene
  readonly #readPrompt: () => readonly TextPart[]
  readonly #isJson: boolean
  #prompt: readonly TextPart[] | undefined
  /** Side texts that were checked, and what became of them: streams repeat them. */
  #besides: Map<string, string> | undefined

  /** `isJson`: the request asks for JSON in place of text. */
  constructor(settings: GuardSettings, scene: GuardScene, prompt: () => readonly TextPart[], isJson: boolean) {
    this.#settings = settings
    this.#scene = scene
    this.#readPrompt = prompt
    this.#isJson = isJson
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

  /** Whether what it shows can be another text than what came. */
  get rewrites(): boolean {
    const { placeholders } = this.#scene
    return this.withholds || (placeholders !== undefined && !placeholders.isEmpty)
  }

  /** A guard for one growing text. */
  open(part: Pick<AnswerText, 'channel' | 'choice'>, tool?: CalledTool): GrowingText {
    const { channel } = part
    const isArguments = channel === 'tool' ? tool?.isFreeForm !== true : channel === 'text' && this.#isJson
    return this.#growing(part, isArguments, tool?.name)
  }

  #growing(
    { channel, choice }: Pick<AnswerText, 'channel' | 'choice'>,
    isArguments: boolean,
    tool: string | undefined,
  ): GrowingText {
    const { output, calls, channels: chosen } = this.#settings
    const { api } = this.#scene.context
    let stage = channel === 'tool' ? calls : output
    // Anthropic signs thoughts, and refuses those that are no longer what it signed.
    if (channel === 'reasoning' && api?.id === 'anthropic.messages') stage = unredacted(stage)
    const context: DetectorContext = {
      ...this.#scene.context,
      stage: stage.stage,
      role: 'assistant',
      channel,
      choice,
      prompt: (this.#prompt ??= this.#readPrompt()),
    }
    this.#scene.report.text()
    return new GrowingText({
      guarding: chosen.has(channel) ? stage : idle(stage.stage),
      scene: this.#scene,
      isArguments,
      // Thoughts are read by nobody but the provider, who signs them.
      restores: channel !== 'reasoning',
      context: tool === undefined ? context : { ...context, tool },
    })
  }

  /** A whole answer, checked; the same one where nothing is changed. */
  whole<A extends ApiId>(api: Api<A>, value: AnswerOf<A>): MaybePromise<AnswerOf<A>> {
    const texts = api.answerText(value)
    const checks = each(texts, (text) => this.open(text, toolOf(value, text)).finish(text.text, value))
    return after(checks, (written) => {
      const isChanged = written.some((text, index) => text !== texts[index]?.text)
      const left = [...written]
      const mapped = isChanged ? api.mapAnswer(value, ({ text }) => left.shift() ?? text) : value
      return this.beside(mapped, isChanged)
    })
  }

  /**
   * The same for what stands beside the texts: quotations, calls and results of built-in tools, and, where the text was changed,
   * echoes of it. What a stream repeats is shown as it was the first time.
   */
  beside<T>(value: T, dropsEchoes: boolean): MaybePromise<T> {
    const sides = sideTexts(value)
    if (sides.length === 0) return dropsEchoes ? mapSideTexts(value, { map: ({ text }) => text, dropsEchoes }) : value
    return after(
      each(sides, (side) => this.#side(side)),
      (written) => {
        const left = [...written]
        return mapSideTexts(value, { map: ({ text }) => left.shift() ?? text, dropsEchoes })
      },
    )
  }

  #side({ kind, field, text, tool }: SideText): MaybePromise<string> {
    const isCall = kind === 'call'
    const isJson = isCall ? field === 'arguments' : field === 'output_text' ? this.#isJson : isJsonText(text)
    const key = `${kind} ${isJson} ${text}`
    const known = this.#besides?.get(key)
    if (known !== undefined) return known
    const growing = this.#growing({ channel: channels[kind], choice: 0 }, isJson, tool)
    return after(growing.finish(text), (written) => {
      ;(this.#besides ??= new Map()).set(key, written)
      return written
    })
  }
}

function isBusy({ live, sentence, buffer, late, shadow }: Guarding): boolean {
  return live.length + sentence.length + buffer.length + late.length + shadow.length > 0
}

/** The tool that a text was written for, by the path in the answer that names its part. */
function toolOf(value: JsonObject, { channel, part, choice }: AnswerText): CalledTool | undefined {
  if (channel !== 'tool') return undefined
  const [list = '', at, position] = part.split('.')
  const holder = objectAt(value[list], at)
  if (holder) return list === 'output' ? toolOfItem(holder) : toolOfCall({ function: holder })
  const choices = objects(value['choices'])
  const { message } = choices.find(({ index }, place) => (typeof index === 'number' ? index : place) === choice) ?? {}
  if (!isObject(message)) return undefined
  const call = at === 'tool_calls' ? objectAt(message['tool_calls'], position) : { function: message['function_call'] }
  return call && toolOfCall(call)
}

function objectAt(list: unknown, at: string | undefined): JsonObject | undefined {
  const item: unknown = Array.isArray(list) ? list[Number(at)] : undefined
  return isObject(item) ? item : undefined
}
