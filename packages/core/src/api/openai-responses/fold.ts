import type { Folder } from '../api.ts'
import { error, isTerminal } from './ending.ts'
import { growingByEvent, placeOf, textAt } from './growing.ts'
import type { ResponsesAnswer, ResponsesEvent } from './wire.ts'

/** A piece of the answer under construction: ours alone, so it may be written to. */
type Draft = Record<string, unknown>

/**
 * The terminal event brings the answer along, and that is the answer. Until then it is put together from the items,
 * parts and deltas, so that a stream that is cut leaves what it delivered.
 */
export function folder(): Folder<'openai.responses'> {
  const items: Draft[] = []
  const boundaries: [string, number][] = []
  let whole: ResponsesAnswer | undefined
  let head: object | undefined

  const push = (event: ResponsesEvent): void => {
    const { type, response, item, part, annotation, logprobs, summary_index } = event
    const [output, index] = placeOf(event)
    const [kind, mode] = growingByEvent.get(type) ?? []
    const known = items[output]
    const adds = mode === 'delta'
    const text = kind && event[adds ? mode : kind.field]
    const partsOf = (at: Draft): Draft[] => (at[summary_index === undefined ? 'content' : 'summary'] ??= []) as Draft[]
    if (kind && adds && text) boundaries.push([textAt(kind, output, index, '').part, (text as string).length])

    if (response) {
      if (isTerminal(event) && Array.isArray(response.output)) whole = response
      for (const [at, sent] of (response.output ?? []).entries()) items[at] = structuredClone({ ...sent })
      head = response
    } else if (item) items[output] = structuredClone({ ...item })
    else if (type === 'error') {
      const { code, message } = error(event) ?? {}
      head = { ...head, status: 'failed', error: { code, message } }
    } else if (!known) return
    else if (part) partsOf(known)[index] = structuredClone({ ...part })
    else if (kind || annotation) {
      const holder = kind && !kind.list ? known : partsOf(known)[index]
      if (!holder) return
      if (kind && typeof text === 'string') holder[kind.field] = (adds ? (holder[kind.field] ?? '') : '') + text
      // Those of a whole text take the place of those of its deltas.
      if (logprobs?.length) {
        if (!adds || !holder['logprobs']) holder['logprobs'] = []
        ;(holder['logprobs'] as unknown[]).push(...logprobs)
      }
      if (annotation) ((holder['annotations'] ??= []) as unknown[])[event.annotation_index ?? 0] = annotation
    } else if (type.startsWith(`response.${known['type']}.`) && /_call\.(?!partial_image)/.test(type))
      // Progress of a built-in tool: response.web_search_call.searching.
      known['status'] = type.slice(type.lastIndexOf('.') + 1)
  }
  return {
    push: (event) => whole ?? push(event),
    answer() {
      if (whole || !(head || items.length)) return whole
      // Items that are not here yet leave holes.
      const output = structuredClone(items.filter(Boolean))
      return { id: '', object: 'response', model: '', ...(head ?? { status: 'in_progress' }), output } as never
    },
    boundaries: () => [...boundaries],
  }
}
