import { badOption } from '../eval-error.ts'
import { withCost } from '../score/with-cost.ts'

/**
 * A client whose model judges: of `openai` or `@anthropic-ai/sdk`, wrapped or not. Wrapped with a `price`, what judging costs
 * is known. A vLLM server is reached with the `openai` client.
 */
export type JudgeClient = OpenAiLike | AnthropicLike

/** The part of an OpenAI client that a judge uses. */
export interface OpenAiLike {
  readonly chat: { readonly completions: { create(body: never, options?: never): PromiseLike<unknown> } }
}

/** The part of an Anthropic client that a judge uses. */
export interface AnthropicLike {
  readonly messages: { create(body: never, options?: never): PromiseLike<unknown> }
}

/** What a model is asked: an answer in the form of a JSON Schema. */
export interface JudgeRequest {
  readonly model: string
  readonly system: string
  readonly messages: readonly { readonly role: 'user' | 'assistant'; readonly content: string }[]
  readonly schema: Readonly<Record<string, unknown>>
  readonly maxTokens: number
  readonly signal: AbortSignal
}

/** What it answered: JSON that may fit the schema, or why there is none. */
export type JudgeReply = (
  | { readonly value: unknown; readonly text: string }
  | { readonly failure: 'judge_refused' | 'judge_cut_off' | 'unparseable'; readonly text: string }
) & { readonly costNanoUsd: number | undefined; readonly model: string | undefined }

/** Asks through whichever client it is. */
export type AskJudge = (request: JudgeRequest) => Promise<JudgeReply>

/**
 * @param more fields of the body, beside those that make it a judge's.
 * @throws {SluiceError} `config.option` for a client of neither kind.
 */
export function askThrough(client: JudgeClient, of: string, more: Fields = {}): AskJudge {
  const openai = (client as Partial<OpenAiLike> | undefined)?.chat?.completions
  const anthropic = (client as Partial<AnthropicLike> | undefined)?.messages
  const ask =
    typeof openai?.create === 'function'
      ? askOpenAi(client as OpenAiLike, more)
      : typeof anthropic?.create === 'function'
        ? askAnthropic(client as AnthropicLike, more)
        : undefined
  if (!ask) throw badOption(of, 'client', 'a client of "openai" or "@anthropic-ai/sdk"', client)
  return async (request) => {
    const { value: reply, costNanoUsd } = await withCost(() => ask(request))
    return { ...reply, costNanoUsd }
  }
}

type Fields = Readonly<Record<string, unknown>>

type Asked = { readonly model: string | undefined } & (
  | { readonly value: unknown; readonly text: string }
  | { readonly failure: 'judge_refused' | 'judge_cut_off' | 'unparseable'; readonly text: string }
)

function askOpenAi(client: OpenAiLike, more: Fields): (request: JudgeRequest) => Promise<Asked> {
  return async ({ model, system, messages, schema, maxTokens, signal }) => {
    const body = {
      ...more,
      model,
      messages: [{ role: 'system', content: system }, ...messages],
      max_completion_tokens: maxTokens,
      response_format: { type: 'json_schema', json_schema: { name: 'verdict', strict: true, schema } },
    }
    const answer = (await client.chat.completions.create(body as never, { signal } as never)) as {
      readonly model?: string
      readonly choices?: readonly {
        readonly finish_reason?: string
        readonly message?: { readonly content?: string | null; readonly refusal?: string | null }
      }[]
    }
    const choice = answer.choices?.[0]
    const text = choice?.message?.content ?? ''
    if (choice?.message?.refusal || choice?.finish_reason === 'content_filter')
      return { failure: 'judge_refused', text, model: answer.model }
    if (choice?.finish_reason === 'length') return { failure: 'judge_cut_off', text, model: answer.model }
    try {
      return { value: JSON.parse(text) as unknown, text, model: answer.model }
    } catch {
      return { failure: 'unparseable', text, model: answer.model }
    }
  }
}

function askAnthropic(client: AnthropicLike, more: Fields): (request: JudgeRequest) => Promise<Asked> {
  return async ({ model, system, messages, schema, maxTokens, signal }) => {
    const body = {
      ...more,
      model,
      system,
      messages,
      max_tokens: maxTokens,
      tools: [{ name: 'verdict', description: 'Gives the verdict.', input_schema: schema }],
      tool_choice: { type: 'tool', name: 'verdict' },
    }
    const answer = (await client.messages.create(body as never, { signal } as never)) as {
      readonly model?: string
      readonly stop_reason?: string | null
      readonly content?: readonly { readonly type: string; readonly input?: unknown; readonly text?: string }[]
    }
    const { model: named, stop_reason: reason, content = [] } = answer
    const text = content.map((block) => block.text ?? '').join('')
    if (reason === 'refusal') return { failure: 'judge_refused', text, model: named }
    if (reason === 'max_tokens') return { failure: 'judge_cut_off', text, model: named }
    const call = content.find(({ type }) => type === 'tool_use')
    return call
      ? { value: call.input, text: JSON.stringify(call.input), model: named }
      : { failure: 'unparseable', text, model: named }
  }
}
