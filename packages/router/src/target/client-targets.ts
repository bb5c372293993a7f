import { SluiceError } from '@sluice/core'
import type { ApiId, Handler, JsonObject } from '@sluice/core'
import { clientTransport, type SendingClient } from '@sluice/core/transport'
import { defineTarget } from './define-target.ts'
import type { Target, TargetOptions } from './target.ts'

/** Options of {@link openaiTarget}. */
export interface OpenAITargetOptions extends TargetOptions {
  /**
   * The dialects that the server speaks. Many that call themselves compatible know chat only.
   * @default all four of OpenAI for its own hosts and Azure, else `openai.chat`, `openai.completions`, `openai.embeddings`
   */
  readonly apis?: readonly ApiId[]
}

const openaiApis: readonly ApiId[] = ['openai.chat', 'openai.responses', 'openai.completions', 'openai.embeddings']
const compatibleApis: readonly ApiId[] = ['openai.chat', 'openai.completions', 'openai.embeddings']

/**
 * A model at OpenAI, Azure, Bedrock, or any server that speaks OpenAI's dialects (vLLM, OpenRouter, Ollama…), sent through
 * a client of the `openai` SDK: its base URL, credentials and headers, but not its retries. The client may be wrapped by
 * `sluice` with middleware for this target alone.
 *
 * @throws {SluiceError} `config.client`, `config.target`.
 *
 * @example
 * const targets = [openaiTarget(new OpenAI(), 'gpt-5-mini'), openaiTarget(new OpenAI({ baseURL: vllm }), 'llama-3.1-8b')]
 */
export function openaiTarget(client: SendingClient, model: string, options: OpenAITargetOptions = {}): Target {
  const { forwardHeaders, apis = isOpenAI(client) ? openaiApis : compatibleApis, ...rest } = options
  const send = transportOf(client, 'chat', forwardHeaders)
  return defineTarget({ id: model, ...rest, model, api: apis, handle: (call) => send(call) })
}

/**
 * A model at Anthropic (Bedrock and Vertex variants too), sent through a client of the `@anthropic-ai/sdk`. Calls in
 * OpenAI's dialects reach it through a bridge.
 *
 * @throws {SluiceError} `config.client`, `config.target`.
 */
export function anthropicTarget(client: SendingClient, model: string, options: TargetOptions = {}): Target {
  const { forwardHeaders, ...rest } = options
  const send = transportOf(client, 'messages', forwardHeaders)
  return defineTarget({ id: model, ...rest, model, api: 'anthropic.messages', handle: (call) => send(call) })
}

/** `resource`: what the right SDK's clients have and the other's have not. */
function transportOf(
  client: SendingClient,
  resource: 'chat' | 'messages',
  forwardHeaders: readonly string[] | undefined,
): Handler {
  const send = clientTransport(client, forwardHeaders === undefined ? {} : { forwardHeaders })
  if (typeof (client as unknown as Record<string, unknown>)[resource] === 'object') return send
  const [maker, sdk] = resource === 'chat' ? ['openaiTarget', 'openai'] : ['anthropicTarget', '@anthropic-ai/sdk']
  throw new SluiceError({
    code: 'config.client',
    message: `${maker}() sends through a client of ${sdk}, got one of another SDK (base URL ${client.baseURL}).`,
  })
}

function isOpenAI(client: { readonly baseURL?: unknown }): boolean {
  const host = URL.parse(String(client?.baseURL))?.host ?? ''
  return /(?:^|\.)(?:openai\.com|azure\.com|azure\.us|azure\.cn)$/.test(host)
}

/** What a vLLM server has to be told to go on with an assistant message, for `prefillBody`. */
export const vllmPrefill: JsonObject = { continue_final_message: true, add_generation_prompt: false }
