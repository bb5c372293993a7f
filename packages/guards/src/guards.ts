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
import { Deadline } from './deadline.ts'
import { GuardBlockedError } from './errors.ts'
import type { GuardsOptions } from './guard-options.ts'
import { GuardReport } from './guard-report.ts'
import { guardsSettings, type GuardsSettings } from './guard-settings.ts'
import { guardRequest } from './request/guard-request.ts'
import { beginningOf, conversationOf, scopeOf, type Scoped } from './request/request-scope.ts'
import { VerdictMemory } from './request/verdict-memory.ts'
import { Placeholders } from './restore/placeholders.ts'
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
 *
 * @example
 * const personal = pii({ restore: true })
 * const openai = sluice(new OpenAI(), [guards({ input: [promptInjection(), personal], output: [personal] })])
 */
export function guards(options: GuardsOptions): Middleware {
  const settings = guardsSettings(options)
  const memory = new VerdictMemory(settings.maxRemembered)
  return defineMiddleware({ name: 'guards' }, (call, next) => guarded(call, next, settings, memory))
}

async function guarded<A extends ApiId>(
  call: Call<A>,
  next: Handler,
  settings: GuardsSettings,
  memory: VerdictMemory,
): Promise<Reply<A>> {
  const parts = call.api.prompt(call.request)
  const conversation = settings.restores ? conversationOf(call as Call, settings) : undefined
  const placeholders = settings.restores
    ? new Placeholders(settings.vault, conversation ?? beginningOf(call as Call, parts))
    : undefined
  if (placeholders && conversation !== undefined) await known(call, settings, placeholders, conversation)
  const scoped = scopeOf(call as Call, parts, settings)
  const request =
    scoped.length === 0 ? call.request : await checkedRequest(call, scoped, settings, memory, placeholders)
  if (placeholders && conversation !== undefined && placeholders.sent.size > 0)
    await kept(call, settings, placeholders, conversation)
  const reply = (await next((request === call.request ? call : call.with({ request })) as Call)) as Reply<A>
  // Answers are held against what the model was sent.
  const sent = (): readonly TextPart[] => (request === call.request ? parts : call.api.prompt(request))
  return checkedReply(call, reply, settings, placeholders, sent)
}

async function checkedRequest<A extends ApiId>(
  call: Call<A>,
  scoped: readonly Scoped[],
  settings: GuardsSettings,
  memory: VerdictMemory,
  placeholders: Placeholders | undefined,
): Promise<Call<A>['request']> {
  const { scene, report } = sceneOf(call, settings, placeholders)
  try {
    return await guardRequest(call, scoped, scene, memory)
  } finally {
    for (const decision of report.notes('input')) call.note(decision)
  }
}

async function checkedReply<A extends ApiId>(
  call: Call<A>,
  reply: Reply<A>,
  settings: GuardsSettings,
  placeholders: Placeholders | undefined,
  sent: () => readonly TextPart[],
): Promise<Reply<A>> {
  if (reply.kind === 'error' || call.api.id === 'openai.embeddings') return reply
  const { scene, report } = sceneOf(call, settings, placeholders)
  const guard = new AnswerGuard(settings, scene, sent)
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
  settings: GuardsSettings,
  placeholders: Placeholders | undefined,
): { scene: GuardScene; report: GuardReport } {
  const { onError, budgetMs, clock, fingerprint } = settings
  const deadline = new Deadline(budgetMs, clock)
  const report = new GuardReport()
  const context = { api: call.api, signal: call.signal, clock } as unknown as GuardScene['context']
  return { scene: { policy: { onError, deadline }, report, placeholders, fingerprint, context }, report }
}

/** What the vault has of the conversation. Without it only what this request holds comes back. */
async function known(
  call: Call,
  { vault }: GuardsSettings,
  placeholders: Placeholders,
  conversation: string,
): Promise<void> {
  try {
    placeholders.know(await vault.load(conversation))
  } catch (error) {
    call.signal?.throwIfAborted()
    noteVault(call, 'load', error)
  }
}

async function kept(
  call: Call,
  { vault }: GuardsSettings,
  placeholders: Placeholders,
  conversation: string,
): Promise<void> {
  try {
    await vault.save(conversation, placeholders.sent)
  } catch (error) {
    call.signal?.throwIfAborted()
    noteVault(call, 'save', error)
  }
}

function noteVault(call: Call, step: 'load' | 'save', error: unknown): void {
  const code = (error as { code?: unknown } | undefined)?.code
  call.note({
    by: 'guards',
    action: 'vault_failed',
    reason: step,
    details: { error: typeof code === 'string' ? code : 'unknown' },
  })
}
