import { inspect } from 'node:util'
import Anthropic from '@anthropic-ai/sdk'
import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import type { Detector } from '../detector.ts'
import { grounded } from '../grounded/grounded.ts'
import { guardFailed } from '../errors.ts'
import { bare } from '../testing/check.ts'
import { llamaGuard } from './llama-guard.ts'
import { llmDetector } from './llm-detector.ts'
import { moderation } from './moderation.ts'

/** A server that repeats what it was sent in its errors, as many do. */
const echo: typeof fetch = async (_, init) =>
  Response.json(
    { error: { message: `near ${String(init?.body)}`, code: 'server_error', type: 'server_error' } },
    { status: 503, headers: { 'x-request-id': 'req_1' } },
  )
const openai = new OpenAI({ apiKey: 'test', fetch: echo, maxRetries: 0 })
const anthropic = new Anthropic({ apiKey: 'test', fetch: echo, maxRetries: 0 })
const question = { model: 'm', criteria: 'It is bad.' }

const detectors: [string, Detector][] = [
  ['moderation', moderation(openai)],
  ['llmDetector over OpenAI', llmDetector(openai, question)],
  ['llmDetector over Anthropic', llmDetector(anthropic, question)],
  ['llamaGuard', llamaGuard(openai, { model: 'm' })],
  ['grounded', grounded({ sources: ['Nothing.'], judge: { client: openai, model: 'm' } })],
]

describe('a model that fails', () => {
  it.each(detectors)('makes %s fail with its code and status, and with nothing of the text', async (_, detector) => {
    const text = 'There were 4711 letters to Ada Lovelace.'
    const error: unknown = await Promise.resolve(detector.check(text, bare)).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'guard.model', message: expect.stringContaining('HTTP 503') })
    for (const each of [error, guardFailed('input', detector.name, error)]) {
      expect(inspect(each, { depth: 9, showHidden: true })).not.toMatch(/Lovelace|4711/)
      expect(JSON.stringify(each)).not.toMatch(/Lovelace|4711/)
    }
  })
})
