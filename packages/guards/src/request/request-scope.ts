import type { Call, JsonObject, TextPart } from '@sluice/core'
import type { Detector, GuardStage } from '../detector.ts'
import type { Provenance } from '../guard-options.ts'
import type { GuardsSettings } from '../guard-settings.ts'
import { chosenConversation, provenanceOf } from './callbacks.ts'
import { sideParts } from './side-parts.ts'

/** Where texts of a request that are no definition of a tool can be. */
const places = ['input', 'tool_result', 'tool_call', 'document'] as const

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
  const { roles, messages } = settings
  const answeredAt = messages === 'new' ? lastAnswer(parts) : -1
  let names: ReadonlyMap<string, string> | undefined
  const scoped: Scoped[] = []
  for (const part of allParts(call.request, parts, settings)) {
    const { role, kind, text, path } = part
    const isDefinition = kind === 'tool_definition'
    if (text === '' || (kind === 'reasoning' && role === 'assistant') || isProgram(part, call.request)) continue
    if (!isDefinition && !(roles ? roles.has(role) : role !== 'system')) continue
    const told = provenanceOf(part, call, settings)
    const stage = stageOf(part, call.request, told)
    // A prediction is what the application expects, often a document of the user's.
    const redactsOnly = role === 'assistant' && roles === undefined && path[0] !== 'prediction'
    const place = isDefinition ? 'definition' : stage
    const detectors = redactsOnly ? settings.detectors[place].filter(canRedact) : settings.detectors[place]
    const shadow = redactsOnly ? settings.shadow[place].filter(canRedact) : settings.shadow[place]
    if (detectors.length === 0 && shadow.length === 0) continue
    const isOfTool = stage === 'tool_result' || stage === 'tool_call'
    const tool = isOfTool ? toolOf(call.request, path, (names ??= toolNames(call.request))) : undefined
    const isHistory = messageOf(part) < answeredAt
    scoped.push({ part, stage, detectors, shadow, isHistory, redactsOnly, source: told?.source ?? tool, tool })
  }
  return scoped
}

/** With those that the dialect does not list, where somebody looks at them. */
function allParts(
  request: JsonObject,
  parts: readonly TextPart[],
  { detectors, shadow }: GuardsSettings,
): readonly TextPart[] {
  const isLookedAt = (place: keyof GuardsSettings['detectors']): boolean =>
    detectors[place].length > 0 || shadow[place].length > 0
  const definitions = isLookedAt('definition')
  if (!definitions && !places.some(isLookedAt)) return []
  const sides = sideParts(request, definitions)
  return sides.length === 0 ? parts : [...parts, ...sides]
}

/** The conversation of a call, or `undefined` for one that has none. */
export function conversationOf(call: Call, settings: GuardsSettings): string | undefined {
  if (settings.conversation) return chosenConversation(call, settings.conversation)
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

function canRedact({ actions }: Detector): boolean {
  return !actions || actions.includes('redact')
}

/** The place of the last message with text of the model in it; -1 where there is none. */
function lastAnswer(parts: readonly TextPart[]): number {
  const at = parts.findLastIndex((part) => part.role === 'assistant' && messageOf(part) < Infinity)
  return at < 0 ? -1 : messageOf(parts[at] as TextPart)
}

/** The place of the message that a part belongs to; what belongs to none comes after all of them. */
function messageOf({ path: [list, index] }: TextPart): number {
  return (list === 'messages' || list === 'input') && typeof index === 'number' ? index : Infinity
}

function stageOf({ kind, path }: TextPart, request: JsonObject, told: Provenance | undefined): GuardStage {
  if (told !== undefined) return 'document'
  // What the model writes for a tool is never a document, whatever it calls itself.
  if (kind === 'tool_call') return kind
  if (holdersOf(request, path).some(isDocument)) return 'document'
  return kind === 'tool_result' ? kind : 'input'
}

/** Whether a part is a program that its provider wrote, and signed. */
function isProgram({ path }: TextPart, request: JsonObject): boolean {
  return path.at(-1) === 'code' && holdersOf(request, path).at(-1)?.['type'] === 'program'
}

/** The objects that a part is in, from the outside. */
function holdersOf(request: JsonObject, path: TextPart['path']): readonly JsonObject[] {
  const holders: JsonObject[] = []
  let at: unknown = request
  for (const step of path.slice(0, -1)) {
    at = (at as JsonObject | undefined)?.[step]
    if (typeof at === 'object' && at !== null && !Array.isArray(at)) holders.push(at as JsonObject)
  }
  return holders
}

function isDocument({ type }: JsonObject): boolean {
  return type === 'document' || type === 'search_result'
}

/** The tool that a part is of: that of the innermost object that names one, itself or by the id of its call. */
function toolOf(request: JsonObject, path: TextPart['path'], names: ReadonlyMap<string, string>): string | undefined {
  for (const holder of holdersOf(request, path).toReversed()) {
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
