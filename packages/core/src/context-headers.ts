import { checkContext, contextFields, invalidContext, withoutContextHeaders, type CallContext } from './context.ts'

/** Splits headers into the context they carry and what may be sent. The argument is left as it is. */
export function takeContextHeaders(headers: Headers): { context: CallContext; headers: Headers } {
  const context: Record<string, unknown> = {}
  for (const [field, header] of contextFields) {
    const text = headers.get(header)
    if (text === null) continue
    try {
      if (field === 'tags') context[field] = text.split(',').filter(Boolean).map(decodeURIComponent)
      else if (field === 'deadlineAtMs')
        context[field] = text.trim() === '' ? Number.NaN : Number(decodeURIComponent(text))
      else if (field === 'metadata') context[field] = JSON.parse(decodeURIComponent(text))
      else context[field] = decodeURIComponent(text)
    } catch (cause) {
      throw invalidContext(header, 'a value made by contextHeaders()', cause)
    }
  }
  return { context: checkContext(context), headers: withoutContextHeaders(headers) }
}
