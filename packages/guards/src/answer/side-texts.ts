import type { JsonObject } from '@sluice/core'

/** Fields of an answer that quote, beside its own text: citations, annotations, what built-in tools found and printed. */
const quoting = new Set(['cited_text', 'title', 'document_title', 'quote', 'logs', 'stdout', 'stderr', 'url'])
/** What is no quotation: the application's own, or text that is checked as the answer's. */
const skipped = new Set(
  'input arguments metadata tools instructions text reasoning tool_choice parameters usage prompt'.split(' '),
)
/** What spells the answer once more, so that it would show what was redacted. */
const echoing = new Set(['logprobs', 'reasoning_details'])

/**
 * A copy of an answer or an event with its quotations rewritten and, with `dropsEchoes`, without what spells its text a second
 * time (log probabilities, OpenRouter's `reasoning_details`); the same one where nothing is to be done.
 */
export function mapSideTexts<T>(value: T, map: (text: string) => string, dropsEchoes: boolean): T {
  return visit(value, map, dropsEchoes, false) as T
}

/** The quotations, in the order in which they are mapped. */
export function sideTexts(value: unknown): readonly string[] {
  const texts: string[] = []
  const collect = (text: string): string => {
    texts.push(text)
    return text
  }
  visit(value, collect, false, false)
  return texts
}

function visit(value: unknown, map: (text: string) => string, dropsEchoes: boolean, inResults: boolean): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => visit(item, map, dropsEchoes, inResults))
    return items.every((item, at) => item === value[at]) ? value : items
  }
  if (typeof value !== 'object' || value === null) return value
  let copy: Record<string, unknown> | undefined
  for (const [field, old] of Object.entries(value as JsonObject)) {
    let edited: unknown = old
    if (echoing.has(field)) {
      if (dropsEchoes && old !== null) edited = Array.isArray(old) ? (old.length > 0 ? [] : old) : null
    } else if (typeof old === 'string') {
      if (old !== '' && isQuotation(field, value as JsonObject, inResults)) edited = map(old)
    } else if (!skipped.has(field)) edited = visit(old, map, dropsEchoes, inResults || field === 'results')
    if (edited !== old) (copy ??= { ...(value as JsonObject) })[field] = edited
  }
  return copy ?? value
}

function isQuotation(field: string, { type }: JsonObject, inResults: boolean): boolean {
  return quoting.has(field) || (field === 'text' && inResults) || (field === 'output' && type === 'mcp_call')
}
