import type { SluiceError } from '@sluice/core'
import { describe, detectorError, isOwn } from '../errors.ts'
import { refuse } from '../option-checks.ts'

/** An OpenAI client of any version that has `chat.completions`, or one for a server that speaks like it (vLLM). */
export interface ChatCompletionsClient {
  readonly chat: { readonly completions: { create(body: never, options?: never): PromiseLike<unknown> } }
}

/** An Anthropic client. */
export interface MessagesClient {
  readonly messages: { create(body: never, options?: never): PromiseLike<unknown> }
}

/** A client that a guard asks a model with. Never one that the guard itself guards: it would judge its own questions. */
export type GuardModelClient = ChatCompletionsClient | MessagesClient

/** One question to a model. */
export interface Ask {
  readonly model: string
  readonly system?: string
  readonly user: string
  readonly maxOutputTokens: number
  /** The JSON schema of the answer, an object; without one the answer is text. */
  readonly schema?: Readonly<Record<string, unknown>>
  readonly signal?: AbortSignal | undefined
}

export interface Answered {
  /** The answer as text; JSON where a schema was given. */
  readonly text: string
  /** 0 where the provider does not tell. */
  readonly inputTokens: number
  readonly outputTokens: number
}

/** Refuses what has no way to ask a model. */
export function checkClient(where: string, client: unknown): void {
  if (!isChat(client) && !isMessages(client))
    refuse(
      `${where} needs a client to ask with: new OpenAI() or new Anthropic(), got ${client === null ? 'null' : typeof client}.`,
    )
}

/**
 * Asks a model through the client's own dialect, with a schema where the answer is to be read by a program.
 *
 * @throws {SluiceError} `guard.model` where the client fails, `guard.no_verdict` for an answer without text.
 */
export async function askModel(client: GuardModelClient, ask: Ask): Promise<Answered> {
  const { signal } = ask
  const options = signal ? { signal } : {}
  if (isChat(client)) {
    const body = chatBody(ask) as never
    return readChat(await asked<ChatAnswer>(() => client.chat.completions.create(body, options as never), signal))
  }
  const body = messagesBody(ask) as never
  return readMessages(await asked<MessagesAnswer>(() => client.messages.create(body, options as never), signal))
}

/**
 * What a client answers. Its errors repeat what the server said, and servers repeat what they were sent, so that of them only
 * name, code and status are told.
 *
 * @throws {SluiceError} `guard.model`; what the client throws where `signal` has aborted.
 */
export async function asked<T>(ask: () => PromiseLike<unknown>, signal: AbortSignal | undefined): Promise<T> {
  try {
    return (await ask()) as T
  } catch (thrown) {
    if (signal?.aborted === true || isOwn(thrown)) throw thrown
    throw detectorError({
      code: 'guard.model',
      message: `A guard could not ask its model (${describe(thrown)}). Ask it by the client itself to see why, or let the guard fail open.`,
      status: 502,
    })
  }
}

interface ChatAnswer {
  readonly choices?: readonly {
    readonly message?: { readonly content?: string | null; readonly refusal?: string | null }
  }[]
  readonly usage?: { readonly prompt_tokens?: number; readonly completion_tokens?: number } | null
}

interface MessagesAnswer {
  readonly content?: readonly { readonly type: string; readonly text?: string; readonly input?: unknown }[]
  readonly usage?: { readonly input_tokens?: number; readonly output_tokens?: number }
}

const toolName = 'answer'

function chatBody({ model, system, user, maxOutputTokens, schema }: Ask): object {
  const messages = [
    ...(system === undefined ? [] : [{ role: 'system', content: system }]),
    { role: 'user', content: user },
  ]
  const format = schema && { type: 'json_schema', json_schema: { name: toolName, strict: true, schema } }
  return { model, messages, max_completion_tokens: maxOutputTokens, ...(format && { response_format: format }) }
}

function messagesBody({ model, system, user, maxOutputTokens, schema }: Ask): object {
  const tool = schema && {
    tools: [{ name: toolName, description: 'Gives the answer.', input_schema: schema }],
    tool_choice: { type: 'tool', name: toolName },
  }
  const messages = [{ role: 'user', content: user }]
  return { model, max_tokens: maxOutputTokens, messages, ...(system !== undefined && { system }), ...tool }
}

function readChat({ choices, usage }: ChatAnswer): Answered {
  const text = choices?.[0]?.message?.content
  if (typeof text !== 'string') throw noVerdict('an answer without text')
  return { text, inputTokens: usage?.prompt_tokens ?? 0, outputTokens: usage?.completion_tokens ?? 0 }
}

function readMessages({ content, usage }: MessagesAnswer): Answered {
  const tool = content?.find(({ type }) => type === 'tool_use')
  const text = tool ? JSON.stringify(tool.input) : content?.map((block) => block.text ?? '').join('')
  if (text === undefined) throw noVerdict('an answer without content')
  return { text, inputTokens: usage?.input_tokens ?? 0, outputTokens: usage?.output_tokens ?? 0 }
}

/** The error for an answer that cannot be read; it quotes nothing of it. */
export function noVerdict(what: string): SluiceError {
  return detectorError({
    code: 'guard.no_verdict',
    message: `A guard's model gave ${what} where a verdict was asked for. Use a model that keeps to a JSON schema.`,
    status: 502,
  })
}

function isChat(client: unknown): client is ChatCompletionsClient {
  return typeof (client as ChatCompletionsClient | null)?.chat?.completions?.create === 'function'
}

function isMessages(client: unknown): client is MessagesClient {
  return typeof (client as MessagesClient | null)?.messages?.create === 'function'
}
