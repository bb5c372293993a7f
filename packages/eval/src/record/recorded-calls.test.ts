import Anthropic from '@anthropic-ai/sdk'
import { sluice, withReport } from '@sluice/core'
import { fakeProvider, type FakeProvider } from '@sluice/core/testing'
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import OpenAI from 'openai'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { exact } from '../score/text-scorers.ts'
import { defineSuite } from '../suite/suite.ts'
import { inTrial } from '../suite/current-trial.ts'
import { recordedCalls, type RecordedCallsOptions } from './recorded-calls.ts'

let folder = ''
let file = ''
let provider: FakeProvider
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-eval-'))
  file = join(folder, 'calls', 'recorded.jsonl')
  provider = fakeProvider()
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

const clientOf = (mode: RecordedCallsOptions['mode'], from = provider): OpenAI =>
  sluice(new OpenAI({ apiKey: 'none', fetch: from.fetch, maxRetries: 0 }), [
    recordedCalls({ file, mode: mode as 'record' }),
  ])
const messages = [{ role: 'user' as const, content: 'How long does a refund take?' }]
const chat = (client: OpenAI, content = 'How long does a refund take?') =>
  client.chat.completions.create({ model: 'gpt-5-mini', messages: [{ role: 'user', content }] })
const linesOf = (): string[] => readFileSync(file, 'utf8').trimEnd().split('\n')
const listOf = async <T>(events: AsyncIterable<T>): Promise<T[]> => {
  const list: T[] = []
  for await (const event of events) list.push(event)
  return list
}

const withoutNulls = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_, field: unknown) => (field === null ? undefined : field)))

describe('a recording', () => {
  it.each<[string, (openai: OpenAI, anthropic: Anthropic) => PromiseLike<unknown>]>([
    ['chat completions', (openai) => chat(openai)],
    ['responses', (openai) => openai.responses.create({ model: 'gpt-5-mini', input: 'Hello' })],
    ['messages', (_, anthropic) => anthropic.messages.create({ model: 'claude-x', max_tokens: 99, messages })],
    ['embeddings', (openai) => openai.embeddings.create({ model: 'text-embedding-3-small', input: ['a', 'b'] })],
    [
      'streamed chat completions',
      async (openai) => listOf(await openai.chat.completions.create({ model: 'gpt-5-mini', messages, stream: true })),
    ],
    [
      'streamed chat completions with usage',
      async (openai) =>
        listOf(
          await openai.chat.completions.create({
            model: 'gpt-5-mini',
            messages,
            stream: true,
            stream_options: { include_usage: true },
          }),
        ),
    ],
    [
      'streamed messages',
      async (_, anthropic) =>
        listOf(await anthropic.messages.create({ model: 'claude-x', max_tokens: 99, messages, stream: true })),
    ],
  ])('answers as the provider did: %s', async (_, call) => {
    const clients = (mode: 'record' | 'replay'): [OpenAI, Anthropic] => [
      clientOf(mode),
      sluice(new Anthropic({ apiKey: 'none', fetch: provider.fetch, maxRetries: 0 }), [recordedCalls({ file, mode })]),
    ]
    const recorded = await call(...clients('record'))
    provider.clear()
    const replayed = await call(...clients('replay'))
    provider.expectCalls(0)
    expect(linesOf()).toHaveLength(1)
    if (!Array.isArray(recorded)) expect(JSON.stringify(replayed)).toBe(JSON.stringify(recorded))
    else {
      expect(recorded.length).toBeGreaterThan(3)
      expect((replayed as unknown[]).length).toBe(recorded.length)
      // Fields that are null say nothing, and are not kept.
      expect(withoutNulls(replayed)).toEqual(withoutNulls(recorded))
    }
  })

  it('answers streams of responses with the same text, cut alike', async () => {
    const ask = async (mode: 'record' | 'replay') =>
      (
        await listOf(await clientOf(mode).responses.create({ model: 'gpt-5-mini', input: 'Hello', stream: true }))
      ).flatMap((event) => (event.type === 'response.output_text.delta' ? [event.delta] : []))
    const recorded = await ask('record')
    provider.clear()
    expect(await ask('replay')).toEqual(recorded)
    expect(recorded.length).toBeGreaterThan(3)
    provider.expectCalls(0)
  })

  it('is found whatever the order of fields, and not for anything else', async () => {
    const recorded = await chat(clientOf('record'))
    const client = clientOf('replay')
    const turned = await client.chat.completions.create({
      messages: [{ content: 'How long does a refund take?', role: 'user' }],
      model: 'gpt-5-mini',
    })
    expect(turned.choices).toEqual(recorded.choices)
    const other = chat(client, 'How long does a refund take? ')
    await expect(other).rejects.toMatchObject({ status: 404 })
    await expect(other).rejects.toThrow(/Record again/)
  })

  it('sends nothing, costs no time of a provider, and says so', async () => {
    await chat(clientOf('record'))
    const { report } = await withReport(() => chat(clientOf('replay')))
    expect(report).toMatchObject({ attempts: [], decisions: [{ by: 'recordedCalls', action: 'replay' }] })
  })

  it('keeps no refusal, and no stream that nobody read to its end', async () => {
    provider.fail('http-500', { times: 1 })
    const client = clientOf('record')
    await expect(chat(client)).rejects.toMatchObject({ status: 500 })
    for await (const _ of await client.chat.completions.create({ model: 'gpt-5-mini', messages, stream: true })) break
    expect(readFileSync(file, 'utf8')).toBe('')
    await chat(client)
    expect(linesOf()).toHaveLength(1)
  })

  it('is shared by the clients of a process', async () => {
    const [one, other] = [clientOf('record'), clientOf('record')]
    await chat(one, 'a')
    await chat(other, 'b')
    await chat(one, 'c')
    expect(linesOf()).toHaveLength(3)
  })
})

describe('auto', () => {
  it('sends what it does not know, once', async () => {
    const client = clientOf('auto')
    await chat(client, 'a')
    await chat(client, 'a')
    await chat(clientOf('auto'), 'a')
    await chat(clientOf('auto'), 'b')
    provider.expectCalls(2)
    expect(linesOf()).toHaveLength(2)
  })

  it('goes on with a file whose last line was cut off', async () => {
    await chat(clientOf('auto'), 'a')
    appendFileSync(file, '{"key":"b')
    await chat(clientOf('auto'), 'b')
    provider.clear()
    await chat(clientOf('replay'), 'a')
    await chat(clientOf('replay'), 'b')
    provider.expectCalls(0)
  })
})

describe('in a suite', () => {
  const suiteOf = (client: OpenAI) =>
    defineSuite('recorded', {
      cases: [{ id: 'refund', input: 'How long does a refund take?' }],
      target: async (content: string) => (await chat(client, content)).choices[0]?.message.content,
      scorers: [exact()],
      repeats: 3,
    })

  it('keeps repeats apart', async () => {
    provider.enqueue('five', 'six', 'seven')
    const recorded = await suiteOf(clientOf('record')).run()
    expect(recorded.trials.map(({ output }) => output).toSorted()).toEqual(['five', 'seven', 'six'])
    provider.clear()
    const replayed = await suiteOf(clientOf('replay')).run()
    expect(replayed.trials.map(({ output }) => output)).toEqual(recorded.trials.map(({ output }) => output))
    expect(replayed.trials.every(({ measures }) => measures.isCached && measures.costNanoUsd === 0)).toBe(true)
    expect([recorded.footer?.unpriced, replayed.footer?.unpriced]).toEqual([3, 0])
    provider.expectCalls(0)
  })

  it('keeps equal calls of one trial apart, as the votes of a judge are', async () => {
    provider.enqueue('yes', 'no', 'yes')
    const votes = (client: OpenAI) =>
      inTrial({ id: 'refund', trial: 0 }, async () =>
        (await Promise.all([chat(client), chat(client), chat(client)])).map(
          ({ choices }) => choices[0]?.message.content,
        ),
      )
    expect((await votes(clientOf('record'))).toSorted()).toEqual(['no', 'yes', 'yes'])
    expect((await votes(clientOf('replay'))).toSorted()).toEqual(['no', 'yes', 'yes'])
  })

  it('says of a trial that it was not recorded', async () => {
    writeFileSync(join(folder, 'none.jsonl'), '')
    file = join(folder, 'none.jsonl')
    const { trials } = await suiteOf(clientOf('replay')).run()
    expect(trials[0]?.error).toMatchObject({ code: 'eval.not_recorded' })
    provider.expectCalls(0)
  })
})

describe('options', () => {
  it('come from the environment where they are not given', async () => {
    vi.stubEnv('SLUICE_EVAL_CALLS', `record:${file}`)
    const client = sluice(new OpenAI({ apiKey: 'none', fetch: provider.fetch }), [recordedCalls()])
    await chat(client)
    expect(linesOf()).toHaveLength(1)
    vi.stubEnv('SLUICE_EVAL_CALLS', '')
    await chat(sluice(new OpenAI({ apiKey: 'none', fetch: provider.fetch }), [recordedCalls({ file })]))
    provider.expectCalls(2)
  })

  it('are refused when they are bad', () => {
    const refused = expect.objectContaining({ code: 'config.option' })
    expect(() => recordedCalls({ mode: 'record' })).toThrow(refused)
    expect(() => recordedCalls({ file, mode: 'play' as never })).toThrow(refused)
    expect(() => recordedCalls({ path: file } as never)).toThrow(refused)
    vi.stubEnv('SLUICE_EVAL_CALLS', `rewind:${file}`)
    expect(() => recordedCalls()).toThrow(refused)
  })

  it('must name a recording that is there and whole', async () => {
    await expect(chat(clientOf('replay'))).rejects.toThrow(/no recording/)
    expect(existsSync(file)).toBe(false)
    file = join(folder, 'broken.jsonl')
    writeFileSync(file, '{"key":\n{}\n')
    await expect(chat(clientOf('replay'))).rejects.toThrow(/Line 1/)
  })
})
