import { describe, it } from 'vitest'
import { apiContract } from '../../testing/api-contract.ts'
import { citations, endings, text, thinking } from '../../testing/fixtures/messages-text.ts'
import {
  beta,
  brokenOffInInput,
  conversation,
  inputAtOnce,
  parallelCalls,
  serverTools,
} from '../../testing/fixtures/messages-tools.ts'
import { anthropicMessages } from './index.ts'

describe('anthropic.messages keeps the laws of a dialect', () => {
  const texts = [text, thinking, citations, ...endings]
  const tools = [parallelCalls, serverTools, beta, inputAtOnce, brokenOffInInput, conversation]
  for (const { name, run } of apiContract(anthropicMessages, [...texts, ...tools])) it(name, run)
})
