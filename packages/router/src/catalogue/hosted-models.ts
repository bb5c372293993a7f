import type { Modality, ModelFacts } from './model-facts.ts'

const text: readonly Modality[] = ['text']
const image: readonly Modality[] = ['text', 'image']
const document: readonly Modality[] = ['text', 'image', 'file']
const audio: readonly Modality[] = ['text', 'audio']

const openai = { output: text, tools: true, parallelTools: true, streaming: true, prefill: false }
const chat: Omit<ModelFacts, 'contextTokens'> = {
  ...openai,
  input: document,
  jsonSchema: true,
  reasoning: false,
  logprobs: true,
}
const beforeSchemas: Omit<ModelFacts, 'contextTokens'> = { ...chat, input: text, jsonSchema: false }
// Log probabilities are left open: these models give them with reasoning effort "none" only.
const thinker: Omit<ModelFacts, 'contextTokens'> = { ...openai, input: document, jsonSchema: true, reasoning: true }
const alwaysThinking: Omit<ModelFacts, 'contextTokens'> = { ...thinker, logprobs: false }
const oSeries: Omit<ModelFacts, 'contextTokens'> = { ...alwaysThinking, parallelTools: false, maxOutputTokens: 100_000 }

const claude: Omit<ModelFacts, 'contextTokens'> = {
  ...openai,
  input: document,
  jsonSchema: true,
  reasoning: true,
  logprobs: false,
}
// Structured outputs came with Opus 4.1 and Sonnet 4.5; a prefilled answer is refused since Opus 4.6 and Sonnet 4.6.
const claude4: Omit<ModelFacts, 'contextTokens'> = { ...claude, prefill: true }
const claude40: Omit<ModelFacts, 'contextTokens'> = { ...claude4, jsonSchema: false }
const claude3: Omit<ModelFacts, 'contextTokens'> = { ...claude40, reasoning: false }

/**
 * Models of OpenAI and Anthropic by family name; only a date, a version mark or `latest` may follow it.
 *
 * @see https://developers.openai.com/api/docs/models and https://platform.claude.com/docs/en/models, 2026-11
 */
export const hostedModels: readonly (readonly [names: string, facts: ModelFacts])[] = [
  ['gpt-3.5-turbo', { ...beforeSchemas, contextTokens: 16_385, maxOutputTokens: 4096 }],
  ['gpt-4', { ...beforeSchemas, contextTokens: 8192, maxOutputTokens: 8192 }],
  [
    'gpt-4-turbo gpt-4-1106 gpt-4-0125',
    { ...beforeSchemas, input: image, contextTokens: 128_000, maxOutputTokens: 4096 },
  ],
  ['gpt-4o-2024-05-13', { ...beforeSchemas, input: image, contextTokens: 128_000, maxOutputTokens: 4096 }],
  ['gpt-4o gpt-4o-mini', { ...chat, contextTokens: 128_000, maxOutputTokens: 16_384 }],
  [
    'gpt-audio gpt-audio-mini gpt-audio-1.5 gpt-4o-audio gpt-4o-mini-audio',
    { ...beforeSchemas, input: audio, output: audio, contextTokens: 128_000, maxOutputTokens: 16_384 },
  ],
  ['gpt-4.1 gpt-4.1-mini gpt-4.1-nano', { ...chat, contextTokens: 1_047_576, maxOutputTokens: 32_768 }],
  ['o1 o3 o4-mini', { ...oSeries, contextTokens: 200_000 }],
  ['o3-mini', { ...oSeries, input: text, contextTokens: 200_000 }],
  [
    'gpt-5 gpt-5-mini gpt-5-nano gpt-5-codex gpt-5.1-codex gpt-5.1-codex-mini gpt-5.1-codex-max',
    { ...alwaysThinking, contextTokens: 400_000, maxOutputTokens: 128_000 },
  ],
  [
    'gpt-5-chat gpt-5.1-chat gpt-5.2-chat gpt-5.3-chat gpt-5.3',
    { contextTokens: 128_000, maxOutputTokens: 16_384, input: document, output: text, streaming: true, prefill: false },
  ],
  [
    'gpt-5.1 gpt-5.2 gpt-5.2-codex gpt-5.3-codex gpt-5.4-mini gpt-5.4-nano',
    { ...thinker, contextTokens: 400_000, maxOutputTokens: 128_000 },
  ],
  [
    'gpt-5.4 gpt-5.5 gpt-5.6 gpt-5.6-sol gpt-5.6-terra gpt-5.6-luna gpt-6-astra gpt-6-sol gpt-6-luna',
    { ...thinker, contextTokens: 1_050_000, maxOutputTokens: 128_000 },
  ],
  ['gpt-6.1-sol gpt-6.2-sol gpt-6.2-astra', { ...alwaysThinking, contextTokens: 1_050_000, maxOutputTokens: 128_000 }],

  ['claude-haiku-3 claude-opus-3', { ...claude3, input: image, contextTokens: 200_000, maxOutputTokens: 4096 }],
  ['claude-sonnet-3-5 claude-haiku-3-5', { ...claude3, contextTokens: 200_000, maxOutputTokens: 8192 }],
  [
    'claude-sonnet-3-7 claude-sonnet-4 claude-sonnet-4-0',
    { ...claude40, contextTokens: 200_000, maxOutputTokens: 64_000 },
  ],
  ['claude-opus-4 claude-opus-4-0', { ...claude40, contextTokens: 200_000, maxOutputTokens: 32_000 }],
  ['claude-opus-4-1', { ...claude4, contextTokens: 200_000, maxOutputTokens: 32_000 }],
  [
    'claude-haiku-4-5 claude-sonnet-4-5 claude-opus-4-5',
    { ...claude4, contextTokens: 200_000, maxOutputTokens: 64_000 },
  ],
  [
    'claude-sonnet-4-6 claude-opus-4-6 claude-opus-4-7 claude-opus-4-8 claude-sonnet-5 claude-opus-5 claude-opus-5-5 ' +
      'claude-sonnet-5-5 claude-haiku-5-5 claude-fable-5 claude-fable-5-1 claude-fable-5-2 claude-mythos-5 claude-mythos-5-1',
    { ...claude, contextTokens: 1_000_000, maxOutputTokens: 128_000 },
  ],
]
