import { isCall, wholeReply, type ApiId, type Call, type Reply } from '@sluice/core'
import { note } from '../call/answered-call.ts'
import { listFlightKey } from '../call/flight-key.ts'
import { hitReply, type HitMark } from '../call/hit-reply.ts'
import { joinedReply } from '../call/joined-reply.ts'
import { isFaultStatus, isProvidersFault } from '../call/providers-fault.ts'
import type { Scene } from '../call/scene.ts'
import { answersByItem, inputsOf, joinedAnswer, usageOfAll, type EmbeddingsAnswer } from './items.ts'
import { lookedUp, savedBy, type Embeddings, type Item, type ListScene } from './list-items.ts'

/** The scene of a call for the embeddings of several inputs; `undefined` for any other call. */
export function listScene(scene: Scene<ApiId>): ListScene | undefined {
  if (!isCall(scene.call, 'openai.embeddings')) return undefined
  const inputs = inputsOf(scene.call.request)
  return inputs && { ...(scene as unknown as Scene<Embeddings>), inputs }
}

/**
 * Answers a call for several embeddings item by item: what is known is taken from the cache, and the rest asked for in one
 * request, in order. An input alone and the same one in a list share an entry. A vector past its time is asked for again,
 * and served should that fail.
 *
 * An answer put together from stored ones alone has the tokens that they once took, like every hit. As soon as the
 * provider is asked, the answer's usage is of what it was asked for, and no more.
 */
export async function answerList(scene: ListScene): Promise<Reply> {
  const { core, call, next } = scene
  const looked = await lookedUp(scene)
  if (typeof looked === 'string') {
    note(call, 'bypass', looked)
    return next(call as unknown as Call)
  }
  const byKey = new Map<string, Item>()
  for (const item of looked) if (!byKey.has(item.key)) byKey.set(item.key, item)
  const items = looked.map(({ key }) => byKey.get(key) as Item)
  const missing = [...byKey.values()].filter(({ answer }) => answer === undefined)
  const savedNanoUsd = savedBy(looked)
  const saved = savedNanoUsd === undefined ? {} : { savedNanoUsd }
  const [first] = missing
  if (!first) {
    note(call, 'hit', 'exact', { ...saved, details: { items: items.length } })
    return reunited(scene, items, 'hit') as unknown as Reply
  }
  const reason = missing.length < byKey.size ? 'partial' : first.reason
  note(call, 'miss', reason, { ...saved, details: { items: items.length, missing: missing.length } })
  const key = listFlightKey(items, call as unknown as Call)
  const { reply, isFollower } = await core.flights.fly(key, call, (led) =>
    asked({ ...scene, call: led }, items, missing),
  )
  return (isFollower ? await joinedReply(core, call, reply) : reply) as unknown as Reply
}

/** An answer of stored ones alone. */
function reunited({ call }: ListScene, items: readonly Item[], mark: HitMark): Reply<Embeddings> {
  const answers = items.map(({ answer, standIn }) => (answer ?? standIn) as EmbeddingsAnswer)
  const answer = joinedAnswer(answers, usageOfAll(answers)) as EmbeddingsAnswer
  return hitReply(call, { answer, requestIds: items[0]?.requestIds ?? {} }, mark)
}

/** Asks for what is missing and puts it together with the rest. */
async function asked(scene: ListScene, items: readonly Item[], missing: readonly Item[]): Promise<Reply<Embeddings>> {
  const { core, call } = scene
  const isAll = missing.length === items.length
  const sent = isAll ? call : callFor(call, missing)
  if (!sent) return passed(scene)
  const canStandIn = items.every(({ answer, standIn }) => answer ?? standIn)
  const reply = await unlessFault(scene, sent, canStandIn)
  if (!reply) {
    note(call, 'hit', 'stale_if_error', { details: { items: items.length } })
    return reunited(scene, items, 'stale')
  }
  if (reply.kind !== 'whole' || reply.status !== 200) return reply
  let answer: EmbeddingsAnswer
  try {
    answer = await reply.value()
  } catch {
    // The consumer of the reply learns for itself that it is broken.
    return reply
  }
  const inputs = missing.map(({ input }) => input)
  const answers = answersByItem(answer, inputs)
  if (!answers) {
    note(call, 'skip', 'unfinished')
    return isAll ? reply : passed(scene)
  }
  for (const [at, item] of missing.entries()) item.answer = answers[at]
  const { headers } = reply
  const kept = await Promise.all(
    missing.map(({ query, answer: own, ticket }) =>
      core.keep(query, { answer: own as EmbeddingsAnswer, headers, ticket }, call.context),
    ),
  )
  const refused = kept.find(({ stored }) => !stored)
  if (refused && !refused.stored) note(call, 'skip', refused.reason)
  else note(call, 'store', 'exact')
  if (isAll) return reply
  const all = items.map((item) => item.answer as EmbeddingsAnswer)
  const joined = joinedAnswer(all, answer.usage) as EmbeddingsAnswer
  const marked = new Headers(headers)
  marked.set('x-sluice-cache', 'partial')
  return wholeReply(call.api, { ...answer, ...joined }, { status: reply.status, headers: marked })
}

/** The provider's reply; `undefined` for a failure of the provider that something else can stand in for. */
async function unlessFault(
  { call, next }: ListScene,
  sent: Call<Embeddings>,
  canStandIn: boolean,
): Promise<Reply<Embeddings> | undefined> {
  try {
    const reply = (await next(sent as unknown as Call)) as unknown as Reply<Embeddings>
    if (!canStandIn || reply.kind !== 'error' || !isFaultStatus(reply.status)) return reply
    await reply.discard()
  } catch (error) {
    if (!canStandIn || call.signal?.aborted || !isProvidersFault(call, error)) throw error
  }
  return undefined
}

/** The call with only these inputs; `undefined` for one that is signed and so cannot be changed. */
function callFor(call: Call<Embeddings>, missing: readonly Item[]): Call<Embeddings> | undefined {
  try {
    const input = missing.map((item) => item.input) as readonly string[]
    return call.with({ request: { ...call.request, input } })
  } catch {
    return undefined
  }
}

/** The provider's own answer to the call as it is. */
async function passed({ call, next }: ListScene): Promise<Reply<Embeddings>> {
  return (await next(call as unknown as Call)) as unknown as Reply<Embeddings>
}
