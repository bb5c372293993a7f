import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { openReasoning, parallelCalls } from '../../testing/fixtures/responses-reasoning.ts'
import { accumulated, openaiSdks } from '../../testing/fixtures/responses-sdk.ts'
import { endings, refusal, text, withoutOutput } from '../../testing/fixtures/responses-text.ts'
import { audio, brokenOff, everyTool } from '../../testing/fixtures/responses-tools.ts'
import { fold } from '../api.ts'
import { openaiResponses as api } from './index.ts'
import type { ResponsesEvent } from './wire.ts'

const fixtures = [text, refusal, withoutOutput, parallelCalls, openReasoning, everyTool, audio, ...endings]
const streams = fixtures.filter(({ events, name }) => events && name !== 'error event')

describe.each(Object.entries(openaiSdks))('folding equals the accumulator of %s', (name, Sdk) => {
  // Until the terminal event version 6 follows neither the progress of built-in tools nor log probabilities, and it
  // takes a terminal event without output for an empty answer.
  const followed = streams.filter(
    (fixture) => ![withoutOutput.name, 'broken off after the text'].includes(fixture.name),
  )
  const known = name === 'openai 7' ? [...streams, ...brokenOff] : followed
  it.each(known.map(({ name, events = [] }) => [name, events] as const))('%s', async (_, events) => {
    expect(await accumulated(Sdk, events)).toEqual(fold(api, events))
  })
})

describe.each(Object.entries(openaiSdks))('%s reads a replay as the answer', (_, Sdk) => {
  it.each(fixtures.flatMap(({ name, whole }) => (whole ? [[name, whole] as const] : [])))('%s', async (_, whole) => {
    expect(await accumulated(Sdk, api.replay(whole))).toEqual(whole)
    const boundaries = api.answerText(whole).map(({ part }) => [part, 2] as const)
    expect(await accumulated(Sdk, api.replay(whole, [...boundaries, ...boundaries]))).toEqual(whole)
  })
})

describe('what the SDK throws', () => {
  const { events = [] } = endings.find(({ name }) => name === 'error event') ?? {}
  const flat = { code: 'rate_limit_exceeded', message: 'Too many tokens per minute.', param: null }
  it.each([
    ['flat', flat, undefined],
    ['nested', { error: { ...flat, type: 'tokens' } }, 'tokens'],
  ])('is what error() reads from a %s error event', async (_, fields, type) => {
    const last = { type: 'error', ...fields } as ResponsesEvent
    expect(api.error(last)).toEqual({ code: flat.code, message: flat.message, type })
    await expect(accumulated(OpenAI, [...events.slice(0, -1), last])).rejects.toMatchObject({ code: flat.code })
  })
})
