import { isDrawn } from './checksums.ts'
import { alnum, type Format, hex, lower, url, uuid, word } from './format.ts'

/** Keys of providers of models and of tools around them. */
export const modelFormats: readonly Format[] = [
  // Keys of OpenAI have a fixed text in their middle: "OpenAI" in base64.
  { rule: 'openai_key', prefixes: ['sk-proj-', 'sk-svcacct-', 'sk-admin-', 'sk-None-'], body: [url(20, 180)] },
  { rule: 'openai_key', prefixes: ['sk-'], body: [alnum(20, 64)] },
  { rule: 'anthropic_key', prefixes: ['sk-ant-'], body: [lower(3, 8), '-', url(32, 128)] },
  { rule: 'openrouter_key', prefixes: ['sk-or-v1-'], body: [hex(64)] },
  { rule: 'langfuse_key', prefixes: ['sk-lf-'], body: uuid },
  { rule: 'langsmith_key', prefixes: ['lsv2_pt_', 'lsv2_sk_'], body: [hex(32), '_', hex(10)] },
  { rule: 'google_api_key', prefixes: ['AIza'], body: [url(35)] },
  { rule: 'huggingface_token', prefixes: ['hf_', 'api_org_'], body: [alnum(34, 40)] },
  { rule: 'replicate_token', prefixes: ['r8_'], body: [alnum(37, 40)] },
  { rule: 'groq_key', prefixes: ['gsk_'], body: [alnum(48, 56)] },
  { rule: 'xai_key', prefixes: ['xai-'], body: [alnum(64, 96)] },
  { rule: 'perplexity_key', prefixes: ['pplx-'], body: [alnum(40, 64)] },
  { rule: 'nvidia_key', prefixes: ['nvapi-'], body: [url(60, 80)] },
  { rule: 'cerebras_key', prefixes: ['csk-'], body: [lower(40, 64)] },
  { rule: 'elevenlabs_key', prefixes: ['sk_'], body: [hex(48)] },
  { rule: 'voyage_key', prefixes: ['pa-'], body: [url(43)] },
  { rule: 'tavily_key', prefixes: ['tvly-dev-', 'tvly-prod-', 'tvly-'], body: [alnum(30, 40)] },
  { rule: 'pinecone_key', prefixes: ['pcsk_'], body: [word(60, 80)] },
  { rule: 'fireworks_key', prefixes: ['fw_'], body: [alnum(22, 32)], check: isDrawn, failed: 'drop' },
  { rule: 'firecrawl_key', prefixes: ['fc-'], body: [hex(32)] },
  { rule: 'jina_key', prefixes: ['jina_'], body: [url(60)] },
  { rule: 'wandb_key', prefixes: ['wandb_v1_'], body: [word(60, 100)] },
]
