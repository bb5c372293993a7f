import type { Detector, DetectorContext, StreamMode, Verdict } from '../detector.ts'
import { allowed } from '../detector.ts'
import { ruleVerdict } from '../evidence.ts'
import {
  checkNames,
  checkOneOf,
  checkStreamMode,
  checkTexts,
  judgeModes,
  type JudgeMode,
  refuse,
  shown,
  streamModeOf,
} from '../option-checks.ts'
import { asked, type ChatCompletionsClient, noVerdict } from './chat-client.ts'
import { checkCache, verdictCache, type VerdictCacheOptions } from './verdict-cache.ts'

export interface LlamaGuardOptions {
  /** As the server names it: `meta-llama/Llama-Guard-4-12B`. */
  readonly model: string
  /** The categories that count, by their codes (`['S1', 'S9']`). @default all */
  readonly categories?: readonly string[]
  /** @default 'block' */
  readonly mode?: JudgeMode
  readonly cache?: VerdictCacheOptions
  /** @default that of the guard */
  readonly onError?: 'closed' | 'open'
  /** How to run on streams. @default that of the guard */
  readonly streamMode?: StreamMode
}

/** @see https://huggingface.co/meta-llama/Llama-Guard-4-12B, hazard taxonomy (2026-11) */
const hazards: Readonly<Record<string, string>> = {
  S1: 'violent_crimes',
  S2: 'non_violent_crimes',
  S3: 'sex_related_crimes',
  S4: 'child_sexual_exploitation',
  S5: 'defamation',
  S6: 'specialized_advice',
  S7: 'privacy',
  S8: 'intellectual_property',
  S9: 'indiscriminate_weapons',
  S10: 'hate',
  S11: 'suicide_self_harm',
  S12: 'sexual_content',
  S13: 'elections',
  S14: 'code_interpreter_abuse',
}

/**
 * Detector that asks Llama Guard (3 or 4) on vLLM or any server with chat completions, whose chat template brings the
 * policy. Its rules are the hazards (`hate`, `privacy`, …). An answer is judged after the last message of its user, where
 * the guard knows the request.
 *
 * @throws {SluiceError} `config.option` at construction; in a check `guard.model`, and `guard.no_verdict` for an answer that is
 * neither safe nor unsafe
 *
 * @example
 * llamaGuard(new OpenAI({ baseURL: 'http://localhost:8000/v1', apiKey: 'none' }), { model: 'meta-llama/Llama-Guard-4-12B' })
 */
export function llamaGuard(client: ChatCompletionsClient, options: LlamaGuardOptions): Detector {
  const { model, categories, mode = 'block', cache, onError, streamMode } = checked(client, options)
  const verdicts = verdictCache<readonly string[]>(cache)

  async function ask(messages: readonly object[], signal: AbortSignal | undefined): Promise<readonly string[]> {
    const body = { model, messages, temperature: 0, max_tokens: 32 }
    const options = signal ? { signal } : {}
    const { choices } = await asked<{ readonly choices?: readonly { message?: { content?: string | null } }[] }>(
      () => client.chat.completions.create(body as never, options as never),
      signal,
    )
    const [verdict, codes = ''] = (choices?.[0]?.message?.content ?? '').trim().split(/\s{1,9}/)
    if (verdict === 'safe') return []
    if (verdict !== 'unsafe') throw noVerdict('neither "safe" nor "unsafe"')
    const known = codes.split(',').filter((code) => /^S\d{1,2}$/.test(code))
    return known.length > 0 ? known : ['unsafe']
  }

  return {
    name: 'llama-guard',
    effort: 'model',
    actions: [mode],
    ...(onError && { onError }),
    ...streamModeOf(streamMode),
    async check(text, context): Promise<Verdict> {
      const messages = messagesFor(text, context)
      const key = messages.map(({ role, content }) => `${role} ${content}`)
      const { value } = await verdicts.get(key, () => ask(messages, context.signal), context)
      const counted = value.filter((code) => code === 'unsafe' || categories === undefined || categories.includes(code))
      if (counted.length === 0) return allowed
      const rules = counted.map((code) => hazards[code] ?? code)
      return ruleVerdict(mode, rules, rules.join(', '))
    },
  }
}

function messagesFor(text: string, { stage, prompt }: DetectorContext): { role: string; content: string }[] {
  if (stage !== 'output' && stage !== 'tool_call') return [{ role: 'user', content: text }]
  const asked = prompt?.findLast(({ role, kind }) => role === 'user' && kind === 'text')?.text
  // Its template wants a user's message first.
  return [
    { role: 'user', content: asked ?? '(not shown)' },
    { role: 'assistant', content: text },
  ]
}

function checked(client: unknown, options: LlamaGuardOptions): LlamaGuardOptions {
  const where = 'llamaGuard()'
  if (typeof (client as ChatCompletionsClient | null)?.chat?.completions?.create !== 'function')
    refuse('llamaGuard() needs a client with chat completions: new OpenAI({ baseURL }).')
  checkNames(where, options, ['model', 'categories', 'mode', 'cache', 'onError', 'streamMode'])
  const { model, categories, mode, onError } = options
  if (typeof model !== 'string' || model === '') refuse('model of llamaGuard() must be a text.')
  if (categories !== undefined) checkTexts(where, 'categories', categories)
  const unknown = categories?.find((code) => hazards[code] === undefined)
  if (unknown !== undefined)
    refuse(`categories of llamaGuard() are ${Object.keys(hazards).join(', ')}, got ${shown(unknown)}.`)
  if (mode !== undefined) checkOneOf(where, 'mode', mode, judgeModes)
  if (onError !== undefined) checkOneOf(where, 'onError', onError, ['closed', 'open'])
  checkCache(where, options.cache)
  checkStreamMode(where, options.streamMode)
  return options
}
