import Anthropic from '@anthropic-ai/sdk'
import * as beta from '@anthropic-ai/sdk/helpers/beta/zod'
import { jsonSchemaOutputFormat } from '@anthropic-ai/sdk/helpers/json-schema'
import { zodOutputFormat } from '@anthropic-ai/sdk/helpers/zod'
import Anthropic0 from 'anthropic-sdk-0'
import * as beta0 from 'anthropic-sdk-0/helpers/beta/zod'
import { jsonSchemaOutputFormat as jsonSchemaOutputFormat0 } from 'anthropic-sdk-0/helpers/json-schema'
import { zodOutputFormat as zodOutputFormat0 } from 'anthropic-sdk-0/helpers/zod'
import OpenAI, { AzureOpenAI, toFile } from 'openai'
import * as zod from 'openai/helpers/zod'
import OpenAI6, { AzureOpenAI as AzureOpenAI6, toFile as toFile6 } from 'openai-6'
import * as zod6 from 'openai-6/helpers/zod'
import type { SluiceOptions } from '../fetch.ts'
import type { Middleware } from '../pipeline.ts'

/** What the options of every client have in common here. */
export interface ClientInit {
  readonly origin: string
  readonly fetch: typeof globalThis.fetch
  /** Further options of the SDK. */
  readonly options: object
}

/** A way of making clients of one class, with the functions that its package exports beside it. */
export interface ClientCase<C, Sdk> {
  readonly name: string
  readonly sdk: Sdk
  /** Set on one client of each provider: it is looked at in every way. */
  readonly isNewest?: true
  create(init: ClientInit): C
  /** For what is no client of an official SDK: the same as `create` with a pipeline under it. */
  readonly under?: (init: ClientInit, middleware: readonly Middleware[], options: SluiceOptions) => C
}

export interface OpenAiSdk {
  readonly toFile: typeof toFile
  readonly zodResponseFormat: typeof zod.zodResponseFormat
  readonly zodTextFormat: typeof zod.zodTextFormat
  readonly zodFunction: typeof zod.zodFunction
}

export interface AnthropicSdk {
  readonly zodOutputFormat: typeof zodOutputFormat
  readonly jsonSchemaOutputFormat: typeof jsonSchemaOutputFormat
  readonly betaZodTool: typeof beta.betaZodTool
}

const apiKey = 'sk-test-0123456789'
// Both majors are driven by the same rows, typed by the newer one.
const sdk7: OpenAiSdk = { toFile, ...zod }
const sdk6 = { toFile: toFile6, ...zod6 } as unknown as OpenAiSdk
const anthropic1: AnthropicSdk = { zodOutputFormat, jsonSchemaOutputFormat, ...beta }
const anthropic0 = {
  zodOutputFormat: zodOutputFormat0,
  jsonSchemaOutputFormat: jsonSchemaOutputFormat0,
  ...beta0,
} as unknown as AnthropicSdk

export const openaiCases: readonly ClientCase<OpenAI, OpenAiSdk>[] = [
  {
    name: 'openai 7',
    sdk: sdk7,
    isNewest: true,
    create: ({ origin, fetch, options }) =>
      new OpenAI({ apiKey, baseURL: `${origin}/v1`, fetch, logLevel: 'off', ...options }),
  },
  {
    name: 'openai 6',
    sdk: sdk6,
    create: ({ origin, fetch, options }) =>
      new OpenAI6({ apiKey, baseURL: `${origin}/v1`, fetch, logLevel: 'off', ...options }) as unknown as OpenAI,
  },
]

export const azureCases: readonly ClientCase<OpenAI, OpenAiSdk>[] = [
  {
    name: 'AzureOpenAI 7',
    sdk: sdk7,
    create: ({ origin, fetch, options }) =>
      new AzureOpenAI({ apiKey, endpoint: origin, apiVersion: '2026-01-01', fetch, logLevel: 'off', ...options }),
  },
  {
    name: 'AzureOpenAI 6',
    sdk: sdk6,
    create: ({ origin, fetch, options }) =>
      new AzureOpenAI6({
        apiKey,
        endpoint: origin,
        apiVersion: '2026-01-01',
        fetch,
        logLevel: 'off',
        ...options,
      }) as unknown as OpenAI,
  },
]

export const anthropicCases: readonly ClientCase<Anthropic, AnthropicSdk>[] = [
  {
    name: '@anthropic-ai/sdk 1',
    sdk: anthropic1,
    isNewest: true,
    create: ({ origin, fetch, options }) =>
      new Anthropic({ apiKey, baseURL: origin, fetch, logLevel: 'off', ...options }),
  },
  {
    name: '@anthropic-ai/sdk 0',
    sdk: anthropic0,
    create: ({ origin, fetch, options }) =>
      new Anthropic0({ apiKey, baseURL: origin, fetch, logLevel: 'off', ...options }) as unknown as Anthropic,
  },
]
