import { SluiceError } from '@sluice/core'
import type { ApiId, Call, Handler, Reply } from '@sluice/core'
import { modelFacts } from '../catalogue/index.ts'
import type { Capabilities, Target, TargetLimits, TargetOptions } from './target.ts'

/** What a target of your own is made of. */
export interface TargetInit extends Omit<TargetOptions, 'id' | 'forwardHeaders'> {
  readonly id: string
  /** The dialect or dialects in which `handle` takes calls. */
  readonly api: ApiId | readonly ApiId[]
  /** The model's name at its provider, with which requests are sent. @default the id */
  readonly model?: string
  /** Answers a call, once: a `clientTransport`, a pipeline made with `compose`, another router's `handle`. */
  readonly handle: (call: Call, next: Handler | undefined) => Promise<Reply>
}

const knownApis: readonly ApiId[] = [
  'openai.chat',
  'openai.responses',
  'openai.completions',
  'openai.embeddings',
  'anthropic.messages',
]

/**
 * A target that answers with a handler of yours. Capabilities that are left out come from the bundled catalogue where it
 * knows the model.
 *
 * @throws {SluiceError} `config.target` when a part is missing or out of its range.
 *
 * @example
 * const local = defineTarget({
 *   id: 'local',
 *   api: 'openai.chat',
 *   handle: async (call) => responseReply(call, await fetch('http://localhost:8000/v1/chat/completions', {
 *     method: 'POST',
 *     body: JSON.stringify(call.request),
 *     signal: call.signal ?? null,
 *   })),
 * })
 */
export function defineTarget(init: TargetInit): Target {
  const { id, api, handle, model = id, capabilities, price, limits, quality, weight = 1, prefillBody, probe } = init
  const apis = typeof api === 'string' ? [api] : api
  checkNames(String(id), 'the options', init, optionNames)
  if (typeof id !== 'string' || id === '')
    throw refused(`The id of a target must be a non-empty text, got ${String(id)}.`)
  if (typeof model !== 'string' || model === '')
    throw refused(`The model of target "${id}" must be a non-empty text, got ${String(model)}.`)
  if (!Array.isArray(apis) || apis.length === 0 || apis.some((each) => typeof each !== 'string'))
    throw refused(`The api of target "${id}" must be one or more of ${knownApis.join(', ')}.`)
  if (typeof handle !== 'function') throw refused(`handle of target "${id}" must be a function that answers a call.`)
  if (price !== undefined && typeof price !== 'function')
    throw refused(`price of target "${id}" must be a function of usage and model, got ${typeof price}.`)
  if (quality !== undefined && !(typeof quality === 'number' && quality >= 0 && quality <= 1))
    throw refused(`quality of target "${id}" must be 0 to 1, got ${String(quality)}.`)
  if (!(Number.isFinite(weight) && weight > 0))
    throw refused(`weight of target "${id}" must be a number above 0, got ${String(weight)}.`)
  checkLimits(id, limits)
  checkCapabilities(id, capabilities)
  const known = knownOf(model, prefillBody && { prefill: true }, capabilities)
  return { id, model, apis, capabilities: known, price, limits, quality, weight, prefillBody, probe, handle }
}

const modalities: readonly unknown[] = ['text', 'image', 'audio', 'video', 'file']
const tokens = ['contextTokens', 'maxOutputTokens'] as const
const lists = ['input', 'output'] as const
const flags = ['tools', 'parallelTools', 'jsonSchema', 'streaming', 'reasoning', 'logprobs', 'prefill'] as const
const limitNames: readonly string[] = ['requestsPerMinute', 'tokensPerMinute', 'concurrency']
const optionNames: readonly string[] =
  'id api model handle capabilities price limits quality weight prefillBody probe'.split(' ')

function checkNames(id: string, what: string, value: unknown, names: readonly string[]): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw refused(`${what} of target "${id}" must be an object, got ${String(value)}.`)
  for (const name of Object.keys(value))
    if (!names.includes(name))
      throw refused(`There is no "${name}" in ${what} of target "${id}", only ${names.join(', ')}.`)
}

function checkLimits(id: string, limits: TargetLimits | undefined): void {
  if (limits === undefined) return
  checkNames(id, 'limits', limits, limitNames)
  for (const [name, value] of Object.entries(limits))
    if (value !== undefined && !(typeof value === 'number' && value > 0))
      throw refused(`${name} of target "${id}" must be a number above 0, got ${String(value)}.`)
}

function checkCapabilities(id: string, capabilities: Capabilities | undefined): void {
  if (capabilities === undefined) return
  checkNames(id, 'capabilities', capabilities, [...tokens, ...lists, ...flags, 'region'])
  const given = capabilities as Readonly<Record<string, unknown>>
  for (const name of tokens) {
    const value = given[name]
    if (value !== undefined && !(Number.isSafeInteger(value) && Number(value) > 0))
      throw refused(`${name} of target "${id}" must be a whole number of tokens above 0, got ${String(value)}.`)
  }
  for (const name of lists) {
    const value = given[name]
    if (value !== undefined && !(Array.isArray(value) && value.every((each) => modalities.includes(each))))
      throw refused(
        `${name} of target "${id}" must be a list of ${modalities.join(', ')}, got ${JSON.stringify(value)}.`,
      )
  }
  for (const name of flags) {
    const value = given[name]
    if (value !== undefined && typeof value !== 'boolean')
      throw refused(`${name} of target "${id}" must be true or false, got ${JSON.stringify(value)}.`)
  }
  const { region } = given
  if (region !== undefined && (typeof region !== 'string' || region === ''))
    throw refused(`region of target "${id}" must be a non-empty text, got ${JSON.stringify(region)}.`)
}

/** What is known of the model, and over it what was said; a field that is `undefined` says nothing. */
function knownOf(model: string, ...said: readonly (Capabilities | false | undefined)[]): Capabilities {
  const known: Record<string, unknown> = { ...modelFacts(model) }
  for (const each of said)
    for (const [name, value] of Object.entries(each || {})) if (value !== undefined) known[name] = value
  return known
}

function refused(message: string): SluiceError {
  return new SluiceError({ code: 'config.target', message })
}
