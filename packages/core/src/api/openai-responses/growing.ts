import type { AnswerText, Channel, EventText } from '../api.ts'
import type { ResponsesEvent } from './wire.ts'

/** A kind of text that grows event by event. */
export interface Growing {
  /** Its events are `response.<name>.delta`, which adds `delta`, and `….done`, which repeats all of it as `<field>`. */
  readonly name: string
  /** Type of what holds the text: a part in a list of the item, or an item that has no parts. */
  readonly holder: string
  readonly field: string
  readonly channel: Channel
  readonly list: string | undefined
}

const kinds = [
  'output_text output_text text text content',
  'refusal refusal refusal refusal content',
  'audio.transcript output_audio transcript text content',
  'reasoning_text reasoning_text text reasoning content',
  'reasoning_summary_text summary_text text reasoning summary',
  'function_call_arguments function_call arguments tool',
  'mcp_call_arguments mcp_call arguments tool',
  'custom_tool_call_input custom_tool_call input tool',
  'code_interpreter_call_code code_interpreter_call code tool',
].map((line) => {
  const [name, holder, field, channel, list] = line.split(' ')
  return { name, holder, field, channel, list } as Growing
})

export const growingByHolder: ReadonlyMap<unknown, Growing> = new Map(kinds.map((kind) => [kind.holder, kind]))

/** By the type of the event. */
export const growingByEvent: ReadonlyMap<string, readonly [Growing, EventText['mode']]> = new Map(
  kinds.flatMap((kind): [string, [Growing, EventText['mode']]][] => [
    [`response.${kind.name}.delta`, [kind, 'delta']],
    [`response.${kind.name}.done`, [kind, 'snapshot']],
  ]),
)

/** Where in the answer an event belongs. Audio transcripts come without any index. */
export function placeOf(event: ResponsesEvent): readonly [output: number, index: number] {
  return [event.output_index ?? 0, event.summary_index ?? event.content_index ?? 0]
}

/** A part is named by its path in the answer. */
export function textAt(kind: Growing, output: number, index: number, text: string): AnswerText {
  const { list, field, channel } = kind
  return { part: `output.${output}.${list ? `${list}.${index}.` : ''}${field}`, choice: 0, channel, text }
}
