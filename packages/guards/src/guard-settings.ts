import { SluiceError, systemClock, type Call, type Channel, type Clock, type Role, type TextPart } from '@sluice/core'
import { checkClock } from './check-clock.ts'
import { checkDetectors } from './check-detectors.ts'
import type { Detector, GuardStage, StreamMode } from './detector.ts'
import { fingerprinter } from './fingerprint.ts'
import type { GuardOptions, GuardsOptions, Provenance, ShadowGuards, ToolGuards } from './guard-options.ts'
import { checkFingerprints, checkNames, checkNumber, checkOneOf, refuse } from './option-checks.ts'
import { guardingOf, streams, type Guarding } from './stream/guarding.ts'
import { memoryVault } from './vault/memory-vault.ts'
import type { Vault } from './vault/vault.ts'

type ByStage = { readonly [stage in GuardStage | 'definition']: readonly Detector[] }

/** Options, checked and with their defaults. */
export interface GuardSettings {
  readonly detectors: ByStage
  readonly shadow: ByStage
  /** Whether any detector only watches. */
  readonly watches: boolean
  /** How an answer's text and a tool's arguments are checked while they grow. */
  readonly output: Guarding
  readonly calls: Guarding
  readonly onError: 'closed' | 'open'
  readonly budgetMs: number
  readonly channels: ReadonlySet<Channel>
  readonly vault: Vault
  /** Whether any detector wants its values back. */
  readonly restores: boolean
  readonly fingerprint: (text: string) => string
  readonly clock: Clock
}

export interface GuardsSettings extends GuardSettings {
  readonly roles: ReadonlySet<Role> | undefined
  readonly messages: 'new' | 'all'
  readonly maxRemembered: number
  readonly provenance: ((part: TextPart, call: Call) => Provenance | undefined) | undefined
  readonly conversation: ((call: Call) => string | undefined) | undefined
}

const roleNames: readonly Role[] = ['system', 'user', 'assistant', 'tool']
const channelNames: readonly Channel[] = ['text', 'refusal', 'reasoning', 'tool']
const modes: readonly StreamMode[] = ['buffer', 'sentence', 'after-disclosure']
const guardNames = 'input output tools documents onError budgetMs shadow stream channels vault salt clock'.split(' ')
const guardsNames = [...guardNames, 'roles', 'messages', 'maxRemembered', 'provenance', 'conversation']

/** @throws {SluiceError} `config.option`, `config.stream_mode`. */
export function guardSettings(options: GuardOptions, where = 'createGuard()'): GuardSettings {
  checkNames(where, options, where === 'guards()' ? guardsNames : guardNames)
  const { onError = 'closed', budgetMs = 5_000, shadow = false, stream, channels = channelNames } = options
  const { vault, salt, clock = systemClock } = options
  checkOneOf(where, 'onError', onError, ['closed', 'open'])
  checkNumber(where, 'budgetMs', budgetMs, { min: 1, fraction: true })
  if (stream !== undefined) checkOneOf(where, 'stream', stream, modes)
  checkList(where, 'channels', channels, channelNames)
  checkClock(where, clock)
  if (vault !== undefined) checkVault(where, vault)
  checkFingerprints(where, undefined, salt)
  const own = byStage(where, options)
  const watchers = typeof shadow === 'object' ? byStage(`shadow of ${where}`, checkedShadow(where, shadow)) : nobody
  if (typeof shadow !== 'boolean' && typeof shadow !== 'object')
    refuse(`shadow of ${where} must be true, false or lists of detectors: { input, output, tools }.`)
  const isShadow = shadow === true
  const detectors = isShadow ? nobody : own
  const shadows = isShadow ? own : watchers
  if ([detectors, shadows].every((lists) => Object.values(lists).every((list) => list.length === 0)))
    refuse(
      `${where} needs detectors, or it guards nothing: ${where.slice(0, -1)}{ input: [pii()] }). Give it one at least in "input", ` +
        '"output", "tools", "documents" or lists of "shadow".',
    )
  for (const detector of [...detectors.output, ...detectors.tool_call])
    if (stream === undefined && !streams(detector)) throwStreamMode(detector)
  const guarding = (stage: 'output' | 'tool_call'): Guarding =>
    guardingOf(stage, detectors[stage], shadows[stage], stream)
  const restores = Object.values(detectors).some((list) => list.some((each: Detector) => each.restore === true))
  return {
    detectors,
    shadow: shadows,
    watches: Object.values(shadows).some((list) => list.length > 0),
    output: guarding('output'),
    calls: guarding('tool_call'),
    onError,
    budgetMs,
    channels: new Set(channels),
    vault: vault ?? memoryVault({ clock }),
    restores,
    fingerprint: fingerprinter(salt),
    clock,
  }
}

/** @throws {SluiceError} `config.option`, `config.stream_mode`. */
export function guardsSettings(options: GuardsOptions): GuardsSettings {
  const where = 'guards()'
  const settings = guardSettings(options, where)
  const { roles, messages = 'new', maxRemembered = 10_000, provenance, conversation } = options
  if (roles !== undefined) checkList(where, 'roles', roles, roleNames)
  checkOneOf(where, 'messages', messages, ['new', 'all'])
  checkNumber(where, 'maxRemembered', maxRemembered, { min: 0 })
  for (const [name, value] of Object.entries({ provenance, conversation }))
    if (value !== undefined && typeof value !== 'function') refuse(`${name} of ${where} must be a function.`)
  return { ...settings, roles: roles && new Set(roles), messages, maxRemembered, provenance, conversation }
}

const nobody: ByStage = { input: [], tool_result: [], document: [], output: [], tool_call: [], definition: [] }

function byStage(where: string, options: Pick<GuardOptions, 'input' | 'output' | 'tools' | 'documents'>): ByStage {
  const { input = [], output = [], tools, documents } = options
  checkDetectors(where, 'input', input)
  checkDetectors(where, 'output', output)
  const { definitions = [], calls = output, results = input } = toolGuards(where, tools)
  for (const [name, list] of Object.entries({ definitions, calls, results }))
    checkDetectors(where, `tools.${name}`, list)
  if (documents !== undefined) checkDetectors(where, 'documents', documents)
  return {
    input,
    output,
    tool_call: calls,
    tool_result: results,
    document: documents ?? results,
    definition: definitions,
  }
}

function toolGuards(where: string, tools: GuardOptions['tools']): ToolGuards {
  if (tools === undefined) return {}
  if (Array.isArray(tools)) return { calls: tools as readonly Detector[], results: tools as readonly Detector[] }
  checkNames(`tools of ${where}`, tools, ['definitions', 'calls', 'results'])
  return tools as ToolGuards
}

function checkedShadow(where: string, shadow: ShadowGuards): ShadowGuards {
  checkNames(`shadow of ${where}`, shadow, ['input', 'output', 'tools', 'documents'])
  return shadow
}

function checkList(where: string, name: string, list: unknown, known: readonly string[]): void {
  if (!(Array.isArray(list) && list.length > 0 && list.every((each) => known.includes(each as string))))
    refuse(`The option "${name}" of ${where} must be a list out of ${known.join(', ')}.`)
}

/** The shortest key that placeholders can be derived with. */
const shortestKey = 32

function checkVault(where: string, vault: Partial<Vault> | null): void {
  if (typeof vault?.load !== 'function' || typeof vault.save !== 'function')
    refuse(`vault of ${where} must be a vault: memoryVault() or redisVault(client, { secret }).`)
  const { key } = vault
  if (!(ArrayBuffer.isView(key) && key.byteLength >= shortestKey))
    refuse(`vault of ${where} must have a key of ${shortestKey} bytes, as those of memoryVault() and redisVault() do.`)
}

function throwStreamMode({ name }: Detector): never {
  throw new SluiceError({
    code: 'config.stream_mode',
    message:
      `The detector "${name}" can only judge whole texts, so it cannot check an answer while it streams. Say how it shall: ` +
      `stream: 'buffer' (shows nothing before it is checked), 'sentence' (sentence by sentence) or 'after-disclosure' ` +
      '(shows everything first).',
    details: { guard: name },
  })
}
