import { createHash } from 'node:crypto'
import type { ApiId } from '../../api/api.ts'
import type { Call } from '../../call.ts'
import { SluiceError } from '../../errors.ts'
import { countRequest } from '../count.ts'
import { LeastRecent } from '../least-recent.ts'
import { checkRequest } from '../request-check.ts'
import { countBody, countIn, type CountEndpoint } from './count-body.ts'

/** An OpenAI client, of any version that has `responses.inputTokens`. */
export interface OpenAiCountClient {
  readonly responses: { readonly inputTokens: { count(body: never): PromiseLike<unknown> } }
}

/** An Anthropic client, of any version that has `messages.countTokens`. */
export interface AnthropicCountClient {
  readonly messages: { countTokens(body: never): PromiseLike<unknown> }
}

/** A vLLM server. */
export interface VllmCountServer {
  /** Where the server is; a `/v1` at its end is left out: `http://localhost:8000`. */
  readonly url: string
  readonly apiKey?: string
  /** @default the global fetch */
  readonly fetch?: typeof fetch
  /** How long to wait for an answer, in milliseconds. @default 10000 */
  readonly timeoutMs?: number
}

export interface ExactCounterOptions {
  /** Counts `openai.chat` and `openai.responses`. */
  readonly openai?: OpenAiCountClient
  /** Counts `anthropic.messages`. */
  readonly anthropic?: AnthropicCountClient
  /** Counts `openai.chat`, `openai.completions` and `openai.embeddings`, in the place of `openai`. */
  readonly vllm?: VllmCountServer
  /** Counts that are remembered, by a hash of what was counted. 0 or more. @default 10000 */
  readonly maxEntries?: number
  /** When the endpoint fails: `throw` what it threw, or give what `countRequest` counts, marked as such. @default 'throw' */
  readonly onFailure?: 'throw' | 'local'
}

export interface ExactCount {
  readonly inputTokens: number
  /** Who said so: the provider now, the provider before, or `countRequest` because the provider did not answer. */
  readonly source: 'provider' | 'cache' | 'local'
}

export interface ExactCounter {
  /**
   * @throws {SluiceError} `tokens.not_countable` for a dialect no endpoint was given for, or content that it cannot be
   * asked about; `tokens.count_failed` when it gives no count; what the client throws.
   */
  count<A extends ApiId>(call: Pick<Call<A>, 'api' | 'request'>): Promise<ExactCount>
}

/**
 * Asks the provider itself how many input tokens a request has: OpenAI's `responses/input_tokens`, Anthropic's
 * `messages/count_tokens`, vLLM's `/tokenize`. A round trip for what is not remembered; equal requests that are counted
 * at the same time share one. Anthropic's count may leave out tokens that it adds and does not bill.
 *
 * Give it a client without a budget or a rate limit in front of it: a count is a request too.
 *
 * @throws {SluiceError} `config.option`.
 *
 * @example
 * import Anthropic from '@anthropic-ai/sdk'
 * import { anthropicMessages } from '@sluice/core/apis'
 * import { exactCounter } from '@sluice/core/tokens'
 *
 * const counter = exactCounter({ anthropic: new Anthropic() })
 * const request = { model: 'claude-haiku-4-5', max_tokens: 100, messages: [{ role: 'user', content: 'Hello' }] }
 * const { inputTokens } = await counter.count({ api: anthropicMessages, request })
 */
export function exactCounter(options: ExactCounterOptions): ExactCounter {
  const { openai, anthropic, vllm, maxEntries = 10_000, onFailure = 'throw' } = checked(options)
  const remembered = new LeastRecent<string, number>(maxEntries)
  const waiting = new Map<string, Promise<number>>()

  const endpointOf = (api: ApiId): CountEndpoint => {
    if (api === 'anthropic.messages') return 'anthropic'
    return vllm ? 'vllm' : 'openai'
  }
  const ask = async (endpoint: CountEndpoint, api: ApiId, body: object): Promise<number> => {
    let answer: unknown
    // The clients' own types of bodies are narrower than what they send on.
    if (endpoint === 'vllm' && vllm) answer = await tokenize(vllm, body)
    else if (endpoint === 'openai' && openai) answer = await openai.responses.inputTokens.count(body as never)
    else if (endpoint === 'anthropic' && anthropic) answer = await anthropic.messages.countTokens(body as never)
    else throw noEndpoint(api)
    const count = countIn(answer)
    if (count === undefined) throw noCount(endpoint)
    return count
  }

  return {
    async count(call) {
      const { api, request } = call
      checkRequest(request, 'count()')
      const endpoint = endpointOf(api.id)
      const body = countBody(endpoint, api.id, request)
      const key = createHash('sha256').update(endpoint).update(JSON.stringify(body)).digest('base64')
      const known = remembered.get(key)
      if (known !== undefined) return { inputTokens: known, source: 'cache' }
      let asked = waiting.get(key)
      if (!asked) {
        asked = ask(endpoint, api.id, body).finally(() => waiting.delete(key))
        waiting.set(key, asked)
      }
      try {
        const inputTokens = await asked
        remembered.set(key, inputTokens)
        return { inputTokens, source: 'provider' }
      } catch (error) {
        if (onFailure === 'throw') throw error
        return { inputTokens: countRequest(call).inputTokens, source: 'local' }
      }
    },
  }
}

async function tokenize(server: VllmCountServer, body: object): Promise<unknown> {
  const { url, apiKey, fetch: send = fetch, timeoutMs = 10_000 } = server
  const response = await send(`${url.replace(/\/+$/, '').replace(/\/v1$/, '')}/tokenize`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }) },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(timeoutMs),
  })
  if (response.ok) return response.json()
  await response.body?.cancel()
  throw noCount('vllm', response.status)
}

function noEndpoint(api: ApiId): SluiceError {
  return new SluiceError({
    code: 'tokens.not_countable',
    message: `exactCounter() was given nothing that counts ${api} requests. Pass it a client or server that does.`,
    details: { api },
  })
}

function noCount(endpoint: CountEndpoint, status?: number): SluiceError {
  return new SluiceError({
    code: 'tokens.count_failed',
    message: `The ${endpoint} endpoint gave no count of tokens${status === undefined ? '' : ` (HTTP ${status})`}. Try again, or set onFailure to "local".`,
    details: { endpoint, ...(status !== undefined && { status }) },
    status: 502,
  })
}

function checked(options: ExactCounterOptions): ExactCounterOptions {
  const refuse = (message: string): never => {
    throw new SluiceError({ code: 'config.option', message })
  }
  const { openai, anthropic, vllm, maxEntries = 0, onFailure = 'throw', ...unknown } = options
  for (const name of Object.keys(unknown))
    refuse(`exactCounter() has no option "${name}". The options are openai, anthropic, vllm, maxEntries, onFailure.`)
  if (!openai && !anthropic && !vllm) refuse('exactCounter() needs openai, anthropic or vllm to ask.')
  if (openai && vllm) refuse('exactCounter() takes openai or vllm, not both: they count the same dialects.')
  if (openai && typeof openai.responses?.inputTokens?.count !== 'function')
    refuse('openai of exactCounter() must be an OpenAI client with responses.inputTokens (openai 6.7 or later).')
  if (anthropic && typeof anthropic.messages?.countTokens !== 'function')
    refuse('anthropic of exactCounter() must be an Anthropic client with messages.countTokens.')
  if (vllm && (typeof vllm.url !== 'string' || !URL.canParse(vllm.url)))
    refuse(`vllm.url of exactCounter() must be a URL, got ${JSON.stringify(vllm.url)}.`)
  if (vllm?.timeoutMs !== undefined && !(Number.isSafeInteger(vllm.timeoutMs) && vllm.timeoutMs > 0))
    refuse(`vllm.timeoutMs of exactCounter() must be whole milliseconds above 0, got ${String(vllm.timeoutMs)}.`)
  if (!(Number.isSafeInteger(maxEntries) && maxEntries >= 0))
    refuse(`maxEntries of exactCounter() must be a whole number of at least 0, got ${String(maxEntries)}.`)
  if (onFailure !== 'throw' && onFailure !== 'local')
    refuse(`onFailure of exactCounter() must be "throw" or "local", got ${JSON.stringify(onFailure)}.`)
  return options
}
