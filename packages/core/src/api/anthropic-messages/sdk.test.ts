import { describe, expect, it } from 'vitest'
import { accumulated, anthropicSdks } from '../../testing/fixtures/messages-sdk.ts'
import { citations, endings, text, thinking } from '../../testing/fixtures/messages-text.ts'
import { beta, freelySpelled, inputAtOnce, parallelCalls, serverTools } from '../../testing/fixtures/messages-tools.ts'
import { fold } from '../api.ts'
import { anthropicMessages as api } from './index.ts'

const stable = [text, thinking, citations, parallelCalls, serverTools, inputAtOnce, freelySpelled, ...endings]
const cases = [...stable, beta].flatMap(({ name, whole, events = [] }) =>
  whole ? [[name, whole, events] as const] : [],
)

describe.each(Object.entries(anthropicSdks))('%s', (_, Sdk) => {
  it.each(cases)('folds as we do: %s', async (name, _, events) => {
    expect(await accumulated(Sdk, events, name === beta.name)).toEqual(fold(api, events))
  })

  it.each(cases)('reads a replay as the answer: %s', async (name, whole) => {
    expect(await accumulated(Sdk, api.replay(whole), name === beta.name)).toEqual(whole)
    const boundaries = api.answerText(whole).map(({ part }) => [part, 2] as const)
    expect(await accumulated(Sdk, api.replay(whole, [...boundaries, ...boundaries]), name === beta.name)).toEqual(whole)
  })

  it('throws the error that error() reads', async () => {
    const { events = [] } = endings.find(({ name }) => name === 'error event') ?? {}
    const read = events.map((event) => api.error(event)).find(Boolean)
    expect(read).toEqual({ code: 'overloaded_error', type: 'overloaded_error', message: 'Overloaded' })
    const thrown = { error: { error: { type: read?.type, message: read?.message } } }
    await expect(accumulated(Sdk, events)).rejects.toMatchObject(thrown)
  })
})
