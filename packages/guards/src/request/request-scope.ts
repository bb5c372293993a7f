import type { Call, JsonObject, TextPart } from '@sluice/core'
import type { Detector, GuardStage } from '../detector.ts'
import type { GuardsSettings } from '../guard-settings.ts'

/** A text of a request, and who looks at it. */
export interface Scoped {
  readonly part: TextPart
  readonly stage: GuardStage
  readonly detectors: readonly Detector[]
  readonly shadow: readonly Detector[]
  /** It is part of an earlier turn. */
  readonly isHistory: boolean
  /** Only what is redacted in it counts. */
  readonly redactsOnly: boolean
  readonly source: string | undefined
  readonly tool: string | undefined
}

/** The texts of a request that are checked. What the model thought is left alone: its provider signed it, and wrote it. */
export function scopeOf(call: Call, parts: readonly TextPart[], settings: GuardsSettings): readonly Scoped[] {
  const { roles, messages, provenance } = settings
  const lastAnswer = Math.max(-1, ...parts.flatMap((part) => (part.role === 'assistant' ? indexOf(part) : [])))
  let names: ReadonlyMap<string, string> | undefined
  return parts.flatMap((part): Scoped | readonly never[] => {
    const { role, kind, text, path } = part
    const isAnswer = role === 'assistant'
    const isDefinition = kind === 'tool_definition'
    if (text === '' || kind === 'reasoning') return []
    if (!isDefinition && !(roles ? roles.has(role) : role !== 'system')) return []
    const redactsOnly = isAnswer && roles === undefined
    const holders = holdersOf(call.request, path)
    const told = provenance?.(part, call)
    const stage = stageOf(part, told !== undefined || holders.some(isDocument))
    const select = (list: readonly Detector[]): readonly Detector[] =>
      redactsOnly ? list.filter(({ actions }) => !actions || actions.includes('redact')) : list
    const place = isDefinition ? 'definition' : stage
    const detectors = select(settings.detectors[place])
    const shadow = select(settings.shadow[place])
    if (detectors.length === 0 && shadow.length === 0) return []
    const isOfTool = stage === 'tool_result' || stage === 'tool_call'
    const tool = isOfTool ? toolOf(holders, (names ??= toolNames(call.request))) : undefined
    const isHistory = messages === 'new' && (indexOf(part)[0] ?? Infinity) < lastAnswer
    return { part, stage, detectors, shadow, isHistory, redactsOnly, source: told?.source ?? tool, tool }
  })
}

/** The conversation of a call, or `undefined` for one that has none. */
export function conversationOf(call: Call, settings: GuardsSettings): string | undefined {
  if (settings.conversation) return settings.conversation(call)
  const { tenant, user, session } = call.context
  return session === undefined ? undefined : JSON.stringify([tenant ?? null, user ?? null, session])
}

/**
 * What stands for the conversation of a call that has none: whose it is and how it begins, which is the same in all of its
 * turns. Placeholders are derived with it; nothing is kept under it.
 */
export function beginningOf({ context }: Call, parts: readonly TextPart[]): string {
  const first = parts.find(({ role, kind }) => role === 'user' && kind === 'text')
  return JSON.stringify([context.tenant ?? null, context.user ?? null, 'beginning', first?.text ?? ''])
}

/** The message that a part belongs to. */
function indexOf({ path: [list, index] }: TextPart): readonly number[] {
  return (list === 'messages' || list === 'input') && typeof index === 'number' ? [index] : []
}

function stageOf({ kind }: TextPart, isDocument: boolean): GuardStage {
  if (isDocument) return 'document'
  return kind === 'tool_result' || kind === 'tool_call' ? kind : 'input'
}

/** The objects that a part is in, from the outside. */
function holdersOf(request: JsonObject, path: TextPart['path']): readonly JsonObject[] {
  const holders: JsonObject[] = []
  let at: unknown = request
  for (const step of path) {
    at = (at as JsonObject | undefined)?.[step]
    if (typeof at === 'object' && at !== null && !Array.isArray(at)) holders.push(at as JsonObject)
  }
  return holders
}

function isDocument({ type }: JsonObject): boolean {
  return type === 'document' || type === 'search_result'
}

function toolOf(holders: readonly JsonObject[], names: ReadonlyMap<string, string>): string | undefined {
  for (const holder of holders) {
    const named = nameOf(holder)
    if (named !== undefined) return named
    const id = holder['tool_call_id'] ?? holder['tool_use_id'] ?? holder['call_id']
    if (typeof id === 'string' && names.has(id)) return names.get(id)
  }
  return undefined
}

function nameOf({ name, function: fn, custom }: JsonObject): string | undefined {
  const named = name ?? (fn as JsonObject | undefined)?.['name'] ?? (custom as JsonObject | undefined)?.['name']
  return typeof named === 'string' ? named : undefined
}

/** The tools that the calls in a request are of, by the ids of the calls. */
function toolNames(request: JsonObject): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(visit)
    if (typeof value !== 'object' || value === null) return
    const call = value as JsonObject
    const id = call['call_id'] ?? call['id']
    const name = nameOf(call)
    if (typeof id === 'string' && name !== undefined) names.set(id, name)
    visit(call['tool_calls'])
    visit(call['content'])
  }
  visit(request['messages'])
  visit(request['input'])
  return names
}
