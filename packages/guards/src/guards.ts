import {
  defineMiddleware,
  streamReply,
  wholeReply,
  type ApiId,
  type Call,
  type Handler,
  type Middleware,
  type Reply,
  type TextPart,
} from '@sluice/core'
import { AnswerGuard } from './answer/answer-guard.ts'
import { GuardedEvents } from './answer/guarded-events.ts'
import { asksForJson } from './answer/json-answers.ts'
import { Deadline } from './deadline.ts'
import { codeOf, GuardBlockedError } from './errors.ts'
import type { GuardsOptions } from './guard-options.ts'
import { GuardReport } from './guard-report.ts'
import { guardsSettings, type GuardsSettings } from './guard-settings.ts'
import { refuseBackground } from './request/background.ts'
import { guardRequest } from './request/guard-request.ts'
import { beginningOf, conversationOf, scopeOf, type Scoped } from './request/request-scope.ts'
import { VerdictMemory } from './request/verdict-memory.ts'
import { loadValues, saveValues } from './restore/conversation-values.ts'
import { Placeholders } from './restore/placeholders.ts'
import { ShadowedEvents } from './shadowed-events.ts'
import { Shadows } from './shadows.ts'
import { Blocked, type GuardScene } from './stream/guarding.ts'

export type { GuardsOptions } from './guard-options.ts'

/**
 * Middleware that checks what goes to the model and what comes back: it redacts it, blocks the call, or only reports.
 *
 * It checks the text parts of the chosen roles in every dialect: message strings, text parts, tool results, documents,
 * embedding inputs; and of answers, whole or streamed, each choice and channel apart: text, refusals, reasoning, arguments of
 * tools with their JSON escapes, quotations. A block of the input is thrown before anything is sent. On a stream, text that
 * could still turn into something is held back, so that what is shown is what would be shown of the whole; a block there ends
 * the stream, and the provider's. Everything it does is noted in the call's report by guard and rule, with masked previews and
 * salted fingerprints and never with any of the text.
 *
 * With a detector that restores (`pii({ restore: true })`) the model gets placeholders and the application the values: in
 * answers, in streams, in arguments of tools. Earlier turns are redacted to the same placeholders.
 *
 * Belongs outside the cache, so that the cache sees, keys and stores redacted text only, and outside the router. Images, audio
 * and files pass unchecked, and so do embeddings that come back.
 *
 * @throws {SluiceError} `config.option`, `config.stream_mode` at construction.
 * @throws {GuardBlockedError} `guard.blocked` during a call that a detector blocks.
 * @throws {SluiceError} `guard.failed` during a call on which a detector fails closed.
 * @throws {SluiceError} `guard.background` during a call whose answer would be fetched past the guards of the output.
 *
 * @example
 * const personal = pii({ restore: true })
 * const openai = sluice(new OpenAI(), [guards({ input: [promptInjection(), personal], output: [personal] })])
 */
export function guards(options: GuardsOptions): Middleware {
  const settings = guardsSettings(options)
  const memory = new VerdictMemory(settings.maxRemembered)
  const guarded = settings.watches ? watchedCall : checkedCall
  return defineMiddleware({ name: 'guards', asides: true }, (call, next) => guarded(call, next, settings, memory))
}

/** What a call goes with from its request to its answer. */
interface Passage {
  readonly settings: GuardsSettings
  readonly memory: VerdictMemory
  readonly placeholders: Placeholders | undefined
  readonly shadows: Shadows | undefined
}

/** With detectors that only watch: what they say is noted when the call is over. */
async function watchedCall<A extends ApiId>(
  call: Call<A>,
  next: Handler,
  settings: GuardsSettings,
  memory: VerdictMemory,
): Promise<Reply<A>> {
  const shadows = new Shadows(settings)
  // The report waits for those that are still at it, the call does not.
  const over = (): void => {
    if (shadows.isPending && !call.signal?.aborted) call.note(shadows.ended().then(() => shadows.notes()))
    else for (const decision of shadows.notes()) call.note(decision)
  }
  let reply: Reply<A>
  try {
    reply = await checkedCall(call, next, settings, memory, shadows)
  } catch (error) {
    over()
    throw error
  }
  const { output, calls } = settings
  const mayFollow = output.shadow.length > 0 || calls.shadow.length > 0 || shadows.isPending
  if (reply.kind === 'stream' && mayFollow)
    return streamReply(call.api, new ShadowedEvents(reply.events(), over), reply)
  over()
  return reply
}

async function checkedCall<A extends ApiId>(
  call: Call<A>,
  next: Handler,
  settings: GuardsSettings,
  memory: VerdictMemory,
  shadows?: Shadows,
): Promise<Reply<A>> {
  refuseBackground(call as Call, settings)
  const parts = call.api.prompt(call.request)
  const conversation = settings.restores ? conversationOf(call as Call, settings) : undefined
  const placeholders = settings.restores
    ? new Placeholders(settings.vault, conversation ?? beginningOf(call as Call, parts))
    : undefined
  const passage = { settings, memory, placeholders, shadows }
  if (placeholders && conversation !== undefined)
    await vaulted(call, 'load', loadValues(settings, conversation, placeholders))
  const scoped = scopeOf(call as Call, parts, settings)
  const request = scoped.length === 0 ? call.request : await checkedRequest(call, scoped, passage)
  if (placeholders && conversation !== undefined)
    await vaulted(call, 'save', saveValues(settings, conversation, placeholders))
  const reply = (await next((request === call.request ? call : call.with({ request })) as Call)) as Reply<A>
  // Answers are held against what the model was sent.
  const sent = (): readonly TextPart[] => (request === call.request ? parts : call.api.prompt(request))
  return checkedReply(call, reply, passage, sent)
}

async function checkedRequest<A extends ApiId>(
  call: Call<A>,
  scoped: readonly Scoped[],
  passage: Passage,
): Promise<Call<A>['request']> {
  const { scene, report } = sceneOf(call, passage)
  try {
    return await guardRequest(call, scoped, scene, passage.memory)
  } finally {
    for (const decision of report.notes('input')) call.note(decision)
  }
}

async function checkedReply<A extends ApiId>(
  call: Call<A>,
  reply: Reply<A>,
  passage: Passage,
  sent: () => readonly TextPart[],
): Promise<Reply<A>> {
  if (reply.kind === 'error' || call.api.isAside || call.api.id === 'openai.embeddings') return reply
  const { settings, placeholders } = passage
  const { scene, report } = sceneOf(call, passage)
  const guard = new AnswerGuard(settings, scene, sent, asksForJson(call.request))
  if (!guard.isNeeded) return reply
  const told = (): void => {
    if (!placeholders) return
    const { sent, seen, restored, unknown } = placeholders.counts
    if (sent + seen + unknown > 0)
      call.note({ by: 'guards', action: 'restore', details: { sent, seen, restored, unknown } })
  }
  if (reply.kind === 'stream') {
    const events = new GuardedEvents(reply, guard, (held) => {
      for (const decision of report.notes('output', { held })) call.note(decision)
      told()
    })
    return streamReply(call.api, events, reply)
  }
  const value = await reply.value()
  try {
    const checked = await guard.whole(call.api, value)
    return checked === value ? reply : wholeReply(call.api, checked, reply)
  } catch (error) {
    throw error instanceof Blocked ? new GuardBlockedError(error.blocking) : error
  } finally {
    for (const decision of report.notes('output')) call.note(decision)
    told()
  }
}

function sceneOf<A extends ApiId>(
  call: Call<A>,
  { settings, placeholders, shadows }: Passage,
): { scene: GuardScene; report: GuardReport } {
  const { onError, budgetMs, clock, fingerprint } = settings
  const policy = { onError, deadline: new Deadline(budgetMs, clock) }
  const report = new GuardReport()
  const context = { api: call.api, signal: call.signal, clock } as unknown as GuardScene['context']
  return { scene: { policy, report, placeholders, shadows, fingerprint, context }, report }
}

/** A vault that fails does not fail the call: what this request holds comes back without it. */
async function vaulted(call: Call, step: 'load' | 'save', work: Promise<void>): Promise<void> {
  try {
    await work
  } catch (error) {
    call.signal?.throwIfAborted()
    noteVault(call, step, error)
  }
}

function noteVault(call: Call, step: 'load' | 'save', error: unknown): void {
  call.note({
    by: 'guards',
    action: 'vault_failed',
    reason: step,
    // A vault's own errors may quote anything.
    details: { error: codeOf(error) ?? 'unknown' },
  })
}
