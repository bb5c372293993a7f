import type { JsonObject } from '@sluice/core'

interface Tool {
  readonly type?: unknown
  readonly name?: unknown
  readonly custom?: { readonly name?: unknown } | null
}

/** Names of the tools of a request of chat or Responses that take free text instead of JSON. */
export function customToolsOf(request: JsonObject | undefined): ReadonlySet<string> {
  const tools = request?.['tools']
  const names = (Array.isArray(tools) ? (tools as Tool[]) : []).map((tool) =>
    tool.type === 'custom' ? (tool.custom?.name ?? tool.name) : undefined,
  )
  return new Set(names.filter((name) => typeof name === 'string'))
}
