import type { EventOf } from '@sluice/core'
import { openaiResponses } from '@sluice/core/apis'
import type { Loss } from '../lossy.ts'
import { AnswerLosses, changed, leftOut } from './answer-losses.ts'
import type { Logprobs, PartKind, StreamDecoder, StreamPiece } from './piece.ts'

type Event = EventOf<'openai.responses'>
type Item = NonNullable<Event['item']>
type Part = NonNullable<Event['part']>

interface OpenPart {
  readonly part: number
  readonly kind: PartKind
  /** Of a tool call. */
  readonly id: string
  length: number
  ended: boolean
}

/** What grows, by the name of its events: the kind, and the field of `*.done` that repeats all of it. */
const growing: {
  readonly [name: string]: readonly [kind: PartKind, field: 'text' | 'refusal' | 'arguments' | 'input']
} = {
  output_text: ['text', 'text'],
  refusal: ['refusal', 'refusal'],
  reasoning_text: ['reasoning', 'text'],
  reasoning_summary_text: ['reasoning', 'text'],
  function_call_arguments: ['tool', 'arguments'],
  custom_tool_call_input: ['tool', 'input'],
}

/**
 * Responses as pieces. Text that only a `*.done` event or the terminal event brings is made up for, because servers
 * leave events out. Built-in tools and calls other than of functions and custom tools are lost.
 */
export function decodeResponses(): StreamDecoder<'openai.responses'> {
  const losses = new AnswerLosses()
  const parts = new Map<string, OpenPart>()
  /** Items that are over, by their place. */
  const done = new Set<number>()
  let out: StreamPiece[] = []
  let count = 0
  let started = false
  let refused = false
  let called = false

  const lose = (loss: Loss): void => {
    if (losses.add(loss)) out.push({ type: 'loss', loss })
  }
  const at = (output: number, list: string, index: number): string => `${output}.${list}.${index}`
  const begin = (key: string, kind: PartKind, id = ''): OpenPart => {
    const open = { part: count++, kind, id, length: 0, ended: false }
    parts.set(key, open)
    return open
  }
  const add = (key: string, kind: PartKind, text: unknown, raw: boolean, logprobs?: Logprobs | null): void => {
    const words = typeof text === 'string' ? text : ''
    if (words === '' && !logprobs?.length) return
    const open = parts.get(key) ?? (kind === 'tool' ? undefined : begin(key, kind))
    if (!open || open.ended) return
    const { part, id } = open
    open.length += words.length
    refused ||= kind === 'refusal'
    if (kind === 'tool') out.push({ type: 'toolDelta', part, id, text: words })
    else if (kind === 'reasoning') out.push({ type: kind, part, text: words, ...(raw && { raw }) })
    else out.push({ type: kind, part, text: words, ...(logprobs?.length && { logprobs }) })
  }
  /** Ends a part with what of its text no delta brought. */
  const end = (key: string, kind: PartKind, text: unknown, raw: boolean, logprobs?: Logprobs | null): void => {
    const known = parts.get(key)?.length ?? 0
    if (typeof text === 'string' && text.length > known) add(key, kind, text.slice(known), raw, known ? null : logprobs)
    const open = parts.get(key)
    if (!open || open.ended) return
    open.ended = true
    out.push({ type: 'partEnd', part: open.part, kind, ...(kind === 'tool' && { id: open.id }) })
  }
  const endPart = (output: number, list: string, index: number, part: Part): void => {
    const { type, annotations, transcript } = part as Part & { readonly transcript?: unknown }
    const key = at(output, list, index)
    if (Array.isArray(annotations) && annotations.length > 0) loseAnnotations(output, index)
    if (type === 'output_text') end(key, 'text', part.text, false, part.logprobs as Logprobs)
    else if (type === 'refusal') end(key, 'refusal', part.refusal, false)
    else if (type === 'reasoning_text') end(key, 'reasoning', part.text, true)
    else if (type === 'summary_text') end(key, 'reasoning', part.text, false)
    else if (type === 'output_audio') {
      end(key, 'text', transcript, false)
      lose(changed(['output', output, list, index], 'the transcript is kept as text, the sound is not'))
    } else lose(leftOut(['output', output, list, index], `no other dialect has ${type} parts`))
  }
  const loseAnnotations = (output: number, index: number): void =>
    lose(leftOut(['output', output, 'content', index, 'annotations'], 'every dialect cites in its own way'))
  const addItem = (output: number, { type, id, call_id, name, arguments: args, input }: Item): void => {
    if (type === 'message' || type === 'reasoning') return
    const custom = type === 'custom_tool_call'
    if (!custom && type !== 'function_call')
      return lose(leftOut(['output', output], `no other dialect has ${type} items`))
    const key = at(output, 'call', 0)
    const open = begin(key, 'tool', call_id ?? id ?? '')
    called = true
    out.push({ type: 'toolStart', part: open.part, id: open.id, name: name ?? '', ...(custom && { custom }) })
    add(key, 'tool', args ?? input, false)
  }
  const endItem = (output: number, item: Item): void => {
    if (done.has(output)) return
    done.add(output)
    const { type, summary, content, encrypted_content, status, arguments: args, input } = item
    const call = at(output, 'call', 0)
    if (type === 'function_call' || type === 'custom_tool_call') {
      if (!parts.has(call)) addItem(output, item)
      return end(call, 'tool', args ?? input, false)
    }
    if (type !== 'message' && type !== 'reasoning') return addItem(output, item)
    for (const [index, part] of (summary ?? []).entries()) endPart(output, 'summary', index, part)
    for (const [index, part] of (Array.isArray(content) ? content : []).entries())
      endPart(output, 'content', index, part)
    // The parts that the item does not repeat.
    for (const [key, { kind }] of parts) if (key.startsWith(`${output}.`)) end(key, kind, undefined, false)
    const path = ['output', output, 'encrypted_content']
    const seal = encrypted_content ? { by: 'openai.responses' as const, value: encrypted_content, path } : undefined
    const incomplete = status === 'incomplete'
    out.push({ type: 'itemEnd', kind: type, ...(seal && { seal }), ...(incomplete && { incomplete }) })
  }
  const finish = (response: NonNullable<Event['response']>): void => {
    const output = response.output ?? []
    for (const [place, item] of output.entries()) endItem(place, item)
    const reason = openaiResponses.answer({ ...response, output }).choices[0]?.finish ?? 'stop'
    if (reason === 'error') return
    const native = response.incomplete_details?.reason ?? response.status ?? ''
    out.push({
      type: 'finish',
      // Backends that leave the output out of the last event have called all the same.
      reason: reason !== 'stop' ? reason : called ? 'tool_calls' : refused ? 'refusal' : 'stop',
      ...(reason === 'other' && { native }),
    })
  }

  return {
    push(event) {
      out = []
      const { type, response, item, part, output_index: output = 0, logprobs } = event
      const list = event.summary_index === undefined ? 'content' : 'summary'
      const index = event.summary_index ?? event.content_index ?? 0
      const [, name = '', step] = /^response\.(\w+)\.(delta|done)$/.exec(type) ?? []
      const grows = growing[name]
      if (response) {
        const { id, model, created_at } = response as typeof response & { readonly created_at?: number }
        if (!started)
          out.push({ type: 'start', id: id || undefined, model: model || undefined, createdAtS: created_at })
        started = true
        const usage = openaiResponses.usage(event)
        if (usage) out.push({ type: 'usage', usage })
        if (openaiResponses.isTerminal(event) && type !== 'response.failed') finish(response)
      } else if (type === 'response.output_item.added' && item) addItem(output, item)
      else if (type === 'response.output_item.done' && item) endItem(output, item)
      else if (/(content|summary)_part\.done$/.test(type) && part) endPart(output, list, index, part)
      else if (type === 'response.output_text.annotation.added') loseAnnotations(output, index)
      else if (grows) {
        const [kind, field] = grows
        const key = kind === 'tool' ? at(output, 'call', 0) : at(output, list, index)
        const raw = name === 'reasoning_text'
        if (step === 'delta') add(key, kind, event.delta, raw, logprobs as Logprobs)
        else end(key, kind, event[field], raw, logprobs as Logprobs)
      }
      const error = type === 'error' || type === 'response.failed' ? openaiResponses.error(event) : undefined
      if (error) out.push({ type: 'error', error })
      return out
    },
    end: () => [],
  }
}
