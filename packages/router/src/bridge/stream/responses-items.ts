import type { EventOf } from '@sluice/core'

type Event = EventOf<'openai.responses'>
type Draft = Record<string, unknown>

/** What a part of an item holds; reasoning stands in two lists. */
export type ItemPartKind = 'output_text' | 'refusal' | 'summary_text' | 'reasoning_text'

export interface ItemPart {
  readonly list: 'content' | 'summary'
  readonly index: number
  readonly kind: string
  /** `said`: its text is whole, its end is not yet told. */
  state: 'open' | 'said' | 'done'
  /** Number of the piece's part that it grows by; `undefined`: another source began it. */
  part: number | undefined
}

/** One item of the answer as the consumer knows it. */
export interface OutputItem {
  readonly index: number
  draft: Draft
  readonly parts: ItemPart[]
  done: boolean
  part: number | undefined
}

/** The field in which a part or a call has its text. */
export const textField: { readonly [kind: string]: string } = {
  output_text: 'text',
  refusal: 'refusal',
  summary_text: 'text',
  reasoning_text: 'text',
  function_call: 'arguments',
  custom_tool_call: 'input',
}

/** The items of a streamed response, learned from its events alone, whoever sent them. */
export class ResponsesItems {
  readonly list: OutputItem[] = []

  learn(event: Event): void {
    const { type, item, part, output_index = 0, logprobs, annotation } = event
    const index = event.summary_index ?? event.content_index ?? 0
    const listName = event.summary_index === undefined ? 'content' : 'summary'
    const known = this.list[output_index]
    if (type === 'response.output_item.added' && item)
      this.list[output_index] = { index: output_index, draft: copy(item), parts: [], done: false, part: undefined }
    else if (!known) return
    else if (type === 'response.output_item.done' && item) {
      known.draft = copy(item)
      known.done = true
    } else if (part) {
      ;((known.draft[listName] ??= []) as unknown[])[index] = copy(part)
      const held = known.parts.find((one) => one.list === listName && one.index === index)
      const state = type.endsWith('.done') ? 'done' : 'open'
      if (held) held.state = state
      else known.parts.push({ list: listName, index, kind: part.type, state, part: undefined })
    } else if (annotation) {
      const holder = this.#holder(known, listName, index)
      if (holder) ((holder['annotations'] ??= []) as unknown[]).push(annotation)
    } else if (/\.(delta|done)$/.test(type)) {
      const holder = this.#holder(known, listName, index)
      const field = textField[String(holder?.['type'])]
      if (!holder || field === undefined) return
      const isDelta = type.endsWith('.delta')
      const text = isDelta ? event.delta : event[field]
      if (typeof text === 'string')
        holder[field] = isDelta ? `${(holder[field] as string | undefined) ?? ''}${text}` : text
      if (logprobs?.length)
        holder['logprobs'] = isDelta ? [...((holder['logprobs'] ?? []) as []), ...logprobs] : logprobs
      const held = known.parts.find((one) => one.list === listName && one.index === index)
      if (held && !isDelta) held.state = 'said'
    }
  }

  /** What of an item has the text that grows: one of its parts, or a call itself. */
  #holder({ draft }: OutputItem, list: string, index: number): Draft | undefined {
    if (textField[String(draft['type'])]) return draft
    return (draft[list] as Draft[] | undefined)?.[index]
  }

  /** The message or the train of thought that is not over. */
  get current(): OutputItem | undefined {
    return this.list.findLast(
      ({ draft, done }) => !done && (draft['type'] === 'message' || draft['type'] === 'reasoning'),
    )
  }

  get openCalls(): readonly OutputItem[] {
    return this.list.filter(({ draft, done }) => !done && /^(function|custom_tool)_call$/.test(String(draft['type'])))
  }

  /** The output as it stands. Items that are not here yet leave holes. */
  output(): Draft[] {
    return this.list.filter(Boolean).map(({ draft }) => copy(draft))
  }
}

function copy(value: object): Draft {
  return structuredClone({ ...value }) as Draft
}
