import { describe, it } from 'vitest'
import { apiContract } from '../../testing/api-contract.ts'
import { conversation, openReasoning, parallelCalls } from '../../testing/fixtures/responses-reasoning.ts'
import { endings, refusal, text, withoutOutput } from '../../testing/fixtures/responses-text.ts'
import { audio, brokenOff, everyTool } from '../../testing/fixtures/responses-tools.ts'
import { openaiResponses } from './index.ts'

describe('openai.responses keeps the laws of a dialect', () => {
  const fixtures = [
    text,
    refusal,
    ...endings,
    withoutOutput,
    parallelCalls,
    openReasoning,
    conversation,
    everyTool,
    ...brokenOff,
    audio,
  ]
  for (const { name, run } of apiContract(openaiResponses, fixtures)) it(name, run)
})
