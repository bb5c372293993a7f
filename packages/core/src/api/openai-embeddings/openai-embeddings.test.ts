import { describe, expect, it } from 'vitest'
import { apiContract } from '../../testing/api-contract.ts'
import { embeddingsFixtures } from '../../testing/fixtures/openai-embeddings.ts'
import { openaiEmbeddings } from './index.ts'

describe('contract', () => {
  for (const { name, run } of apiContract(openaiEmbeddings, embeddingsFixtures)) it(name, run)
})

it('lists texts and leaves tokens alone', () => {
  const texts = (input: unknown): string[] =>
    openaiEmbeddings.prompt({ model: 'm', input: input as string }).map(({ text }) => text)
  expect(texts('a')).toEqual(['a'])
  expect(texts(['a', 'b'])).toEqual(['a', 'b'])
  expect(texts([1, 2])).toEqual([])
  expect(texts([[1], [2]])).toEqual([])
})

it('never streams', () => {
  const request = { model: 'm', input: 'a', stream: true }
  expect(openaiEmbeddings.isStream(request)).toBe(false)
  expect(openaiEmbeddings.withStream(request, true)).toBe(request)
  expect(openaiEmbeddings.withStreamUsage(request)).toBe(request)
  expect(openaiEmbeddings.folder().boundaries()).toEqual([])
  expect(openaiEmbeddings.isTerminal({} as never)).toBe(false)
  expect(openaiEmbeddings.isContent({} as never)).toBe(false)
  expect(openaiEmbeddings.isUsageOnly({} as never)).toBe(false)
  expect(openaiEmbeddings.trailer).toBe('')
})

it.each([
  ['/v1/embeddings', true],
  ['/openai/deployments/x/embeddings', true],
  ['/v1/chat/completions', false],
])('matches %s: %s', (path, expected) => expect(openaiEmbeddings.match(path)).toBe(expected))
