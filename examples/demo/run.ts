import { isSluiceError, sluiceErrorOf, withContext, type SluiceError } from '@sluice/core'
import OpenAI from 'openai'
import type { ChatMessage } from './messages.ts'
import type { Conversation, Turn } from './traffic.ts'

/** What the application saw of one call. */
export interface CallResult {
  readonly call: number
  readonly isStream: boolean
  /** `refused`: by the budget of its tenant. `blocked`: by a guard. */
  readonly outcome: 'answered' | 'failed' | 'cancelled' | 'refused' | 'blocked'
  /** The error's class and code. */
  readonly error?: string
  /** Whether the answer is the right one; missing where nobody knows. */
  readonly isRight?: boolean
  /** What the application got, where it is known what would be right. */
  readonly answer?: string
}

export interface RunInit {
  /** The wrapped client. */
  readonly openai: OpenAI
  /** Headers to send along with a call. */
  readonly headersOf: (call: number) => Record<string, string>
  readonly model: string
  readonly traffic: readonly Conversation[]
  readonly concurrency: number
  readonly signal: AbortSignal
  /** The right answers by group of messages, as far as there are any. */
  readonly answerKey: ReadonlyMap<string, string>
  readonly onResult: (result: CallResult) => void
}

/** What the models are told to be. */
export const system: string =
  'You are the support desk of Norrvik, which sells cards, accounts and household goods. Answer in two sentences.'
const apology = 'Sorry, something went wrong on our side.'

/**
 * Makes the calls, so many conversations at a time. Conversations that begin alike wait for each other, as if their
 * customers wrote one after the other: which of them finds the answer in the cache is then the same in every run.
 */
export async function runTraffic(init: RunInit): Promise<void> {
  const { traffic, concurrency, signal } = init
  const waiting = traffic.map((conversation) => ({ conversation, opening: openingOf(conversation) }))
  const busy = new Set<string>()
  let wake = Promise.withResolvers<void>()
  const worker = async (): Promise<void> => {
    while (waiting.length > 0 && !signal.aborted) {
      const index = waiting.findIndex(({ opening }) => !busy.has(opening))
      const [next] = index < 0 ? [] : waiting.splice(index, 1)
      if (!next) {
        await wake.promise
        continue
      }
      busy.add(next.opening)
      await converse(init, next.conversation)
      busy.delete(next.opening)
      wake.resolve()
      wake = Promise.withResolvers()
    }
  }
  await Promise.all(Array.from({ length: concurrency }, worker))
}

/** What a conversation begins with, whatever the words. */
function openingOf({ turns: [first] }: Conversation): string {
  const { group, original, text = '' } = { ...first?.message }
  return group ?? original ?? text
}

async function converse(init: RunInit, { customer, tenant, turns }: Conversation): Promise<void> {
  const history: ChatMessage[] = [{ role: 'system', content: system }]
  for (const turn of turns) {
    const { call, isStream, message } = turn
    if (init.signal.aborted) return
    if (!message.messages) history.push({ role: 'user', content: message.text })
    // The budget goes by the tenant, and the cache by all of it: what is about one customer's account is that customer's.
    const tags = [message.isPersonal ? 'personal' : 'general']
    const context = { tenant, user: customer, session: customer, tags, metadata: { call } }
    const messages = message.messages ?? history
    const { answer, error } = await withContext(context, () => ask(init, turn, [...messages]))
    history.push({ role: 'assistant', content: answer ?? apology })
    const right = init.answerKey.get(message.group ?? '')
    const judged = right === undefined || answer === undefined ? {} : { isRight: answer === right, answer }
    if (answer !== undefined) init.onResult({ call, isStream, outcome: 'answered', ...judged })
    else if (init.signal.aborted) init.onResult({ call, isStream, outcome: 'cancelled' })
    else if (oursOf(error)?.code === 'budget.exceeded') init.onResult({ call, isStream, outcome: 'refused' })
    else if (oursOf(error)?.code === 'guard.blocked') init.onResult({ call, isStream, outcome: 'blocked' })
    else init.onResult({ call, isStream, outcome: 'failed', error: nameOf(error) })
  }
}

/** The call as any application makes it: nothing here knows of the middleware. */
async function ask(
  { openai, model, headersOf, signal }: RunInit,
  { call, isStream }: Turn,
  messages: ChatMessage[],
): Promise<{ answer?: string; error?: unknown }> {
  const options = { signal, headers: headersOf(call) }
  try {
    if (!isStream) {
      const completion = await openai.chat.completions.create({ model, messages }, options)
      return { answer: completion.choices[0]?.message.content ?? '' }
    }
    let answer = ''
    const stream = await openai.chat.completions.create({ model, messages, stream: true }, options)
    for await (const chunk of stream) answer += chunk.choices[0]?.delta.content ?? ''
    return signal.aborted ? {} : { answer }
  } catch (error) {
    return { error }
  }
}

function oursOf(error: unknown): SluiceError | undefined {
  return isSluiceError(error) ? error : sluiceErrorOf(error)
}

function nameOf(error: unknown): string {
  const ours = oursOf(error)
  if (ours) return `${ours.name} (${ours.code})`
  if (error instanceof OpenAI.APIError)
    return `${error.constructor.name} (${error.status ?? error.code ?? error.message})`
  return error instanceof Error ? `${error.name} (${error.message})` : String(error)
}
