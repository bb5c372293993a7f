import type { JsonObject } from '../../json.ts'
import type { Boundaries } from '../api.ts'
import { piecesOf } from '../pieces.ts'
import { growingByHolder, textAt } from './growing.ts'
import { answerText } from './text.ts'
import type { ResponsesAnswer, ResponsesEvent, ResponsesItem } from './wire.ts'

/** What built-in tools report between `in_progress` and their end. */
const progress: { readonly [type: string]: string } = {
  web_search_call: 'searching',
  file_search_call: 'searching',
  image_generation_call: 'generating',
  code_interpreter_call: 'interpreting',
  mcp_call: '',
  mcp_list_tools: '',
}

/** An item or part as it is announced: before its text came. */
function blank(holder: JsonObject): JsonObject {
  const copy: Record<string, unknown> = { ...holder }
  const { field = '' } = growingByHolder.get(holder['type']) ?? {}
  if (copy[field]) copy[field] = ''
  for (const list of ['content', 'summary', 'annotations', 'logprobs']) if (Array.isArray(copy[list])) copy[list] = []
  if ('status' in copy) copy['status'] = 'in_progress'
  return copy
}

/**
 * The sequence of events that the provider documents, item by item and part by part. An answer that is not finished is
 * replayed as a stream that is not: its items in progress stay open, and no terminal event follows. A cancelled answer
 * ends as an incomplete one, since the provider documents no event for it.
 */
export function replay(answer: ResponsesAnswer, boundaries?: Boundaries): readonly ResponsesEvent[] {
  const pieces = Map.groupBy(piecesOf(answerText(answer), boundaries), ({ part }) => part)
  const events: ResponsesEvent[] = []
  const emit = (type: string, fields: JsonObject): void => {
    events.push({ type: `response.${type}`, ...fields, sequence_number: events.length })
  }

  const emitText = (holder: JsonObject, at: JsonObject, output: number, index: number, open: boolean): void => {
    const kind = growingByHolder.get(holder['type'])
    const text = kind && holder[kind.field]
    if (!kind || typeof text !== 'string') return
    const { name, field } = kind
    // Events of output text all have them; which delta they came with is not known.
    let logprobs = name === 'output_text' && { logprobs: holder['logprobs'] ?? [] }
    const done = { ...at, [field]: text, ...logprobs }
    for (const { text: delta } of pieces.get(textAt(kind, output, index, text).part) ?? []) {
      emit(`${name}.delta`, { ...at, delta, ...logprobs })
      logprobs &&= { logprobs: [] }
    }
    for (const [annotation_index, annotation] of Object.entries(holder['annotations'] ?? []))
      emit(`${name}.annotation.added`, { ...at, annotation_index: +annotation_index, annotation })
    if (!open) emit(`${name}.done`, done)
  }

  const emitItem = (item: ResponsesItem, output_index: number): void => {
    const { type = '', status = 'completed' } = item
    const open = status === 'in_progress'
    const at = { item_id: item.id ?? '', output_index }
    const report = progress[type ?? '']
    emit('output_item.added', { output_index, item: blank(item) })
    if (report !== undefined) emit(`${type}.in_progress`, at)
    emitText(item, at, output_index, 0, open)
    for (const [list, name] of [
      ['summary', 'reasoning_summary_part'],
      ['content', 'content_part'],
    ] as const)
      for (const [index, part] of Array.isArray(item[list]) ? item[list].entries() : []) {
        const here = { ...at, [`${list}_index`]: index }
        emit(`${name}.added`, { ...here, part: blank(part) })
        emitText(part, here, output_index, index, open)
        if (!open) emit(`${name}.done`, { ...here, part })
      }
    if (report) emit(`${type}.${report}`, at)
    const end = item['error'] ? 'failed' : status
    if (report === '' ? /completed|failed/.test(end ?? '') : report && end === 'completed') emit(`${type}.${end}`, at)
    if (!open) emit('output_item.done', { output_index, item })
  }

  const { status = 'completed', output } = answer
  const opening: Record<string, unknown> = {
    ...answer,
    status: status === 'queued' ? status : 'in_progress',
    output: [],
  }
  for (const later of ['usage', 'error', 'incomplete_details', 'completed_at'])
    if (later in opening) opening[later] = null
  emit('created', { response: opening })
  if (status !== 'queued') emit('in_progress', { response: opening })
  output.forEach(emitItem)
  emit(/^(completed|failed|in_progress|queued)$/.test(status) ? status : 'incomplete', { response: answer })
  return events
}
