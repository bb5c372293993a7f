import Anthropic from '@anthropic-ai/sdk'
import OpenAI, { RateLimitError } from 'openai'
import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { withContext } from '../../context.ts'
import { sluiceErrorOf } from '../../errors-http.ts'
import { withReport } from '../../report.ts'
import { sluice } from '../../sluice.ts'
import { fakeClock } from '../../testing/index.ts'
import { AimdWindow } from './aimd.ts'
import { providerQuota, type ProviderQuotaOptions } from './provider-quota.ts'
import { quotaReadings, retryAfterMs } from './quota-headers.ts'

const caught = (run: Promise<unknown>): Promise<unknown> =>
  run.then(
    () => undefined,
    (error: unknown) => error,
  )
const params = { model: 'gpt-5-mini', max_completion_tokens: 40, messages: [{ role: 'user' as const, content: 'Hi' }] }
const answer = {
  id: 'c',
  object: 'chat.completion',
  model: 'm',
  choices: [],
  usage: { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12 },
}

/** A provider of one model with a bucket of requests that fills at a steady rate, and its headers. */
function bucketProvider(options: { perMinute: number; burst: number; headers?: boolean; tookMs?: number }) {
  const clock = fakeClock()
  let [level, atMs] = [options.burst, clock.now()]
  const seen = { calls: 0, refused: 0, most: 0, underWay: 0 }
  const perMs = options.perMinute / 60_000
  const fetch = async (): Promise<Response> => {
    seen.calls += 1
    seen.most = Math.max(seen.most, (seen.underWay += 1))
    level = Math.min(options.burst, level + perMs * (clock.now() - atMs))
    atMs = clock.now()
    const isRefused = level < 1
    if (isRefused) seen.refused += 1
    else level -= 1
    const told = {
      'x-ratelimit-limit-requests': String(options.burst),
      'x-ratelimit-remaining-requests': String(Math.floor(level)),
      'x-ratelimit-reset-requests': `${Math.ceil((options.burst - Math.floor(level)) / perMs)}ms`,
    }
    const headers = { 'content-type': 'application/json', ...(options.headers !== false && told) }
    await clock.sleep(options.tookMs ?? 50)
    seen.underWay -= 1
    return isRefused
      ? Response.json({ error: { message: 'slow down', code: 'rate_limit_exceeded' } }, { status: 429, headers })
      : Response.json(answer, { headers })
  }
  return { clock, fetch, seen }
}

function client(fetch: typeof globalThis.fetch, options: ProviderQuotaOptions) {
  const quota = providerQuota(options)
  return { quota, openai: sluice(new OpenAI({ apiKey: 'k', fetch, maxRetries: 0 }), [quota]) }
}

describe('providerQuota', () => {
  it('spaces calls out so that the provider refuses none', async () => {
    const { clock, fetch, seen } = bucketProvider({ perMinute: 600, burst: 10 })
    const { openai, quota } = client(fetch, { clock })
    await clock.run(openai.chat.completions.create(params))
    const { reports } = await clock.run(
      withReport(() => Promise.all(Array.from({ length: 60 }, () => openai.chat.completions.create(params)))),
    )
    expect(seen).toMatchObject({ calls: 61, refused: 0 })
    expect(reports.filter(({ decisions }) => decisions[0]?.action === 'waited').length).toBeGreaterThan(45)
    expect(quota.standings()).toMatchObject([
      { host: 'api.openai.com', model: 'gpt-5-mini', underWay: 0, quotas: [{ name: 'requests', limit: 10 }] },
    ])
    expect(JSON.stringify(quota.standings())).not.toContain('Bearer')
    expect(clock.pendingSleeps).toBe(0)
  })

  it('refuses at once what would wait for too long, and says for how long', async () => {
    const { clock, fetch, seen } = bucketProvider({ perMinute: 6, burst: 1 })
    const { openai } = client(fetch, { clock, maxWaitMs: 5_000 })
    await clock.run(openai.chat.completions.create(params))
    const error = await clock.run(caught(openai.chat.completions.create(params)))
    expect(error).toBeInstanceOf(RateLimitError)
    const { code, retryAfterMs } = sluiceErrorOf(error) ?? {}
    expect(code).toBe('quota.exceeded')
    expect(retryAfterMs).toBeGreaterThan(5_000)
    expect(retryAfterMs).toBeLessThanOrEqual(10_000)
    const { deadlineAtMs } = { deadlineAtMs: clock.now() + 100 }
    const late = withContext({ deadlineAtMs }, () => caught(openai.chat.completions.create(params)))
    expect(sluiceErrorOf(await clock.run(late))).toMatchObject({ code: 'quota.exceeded' })
    expect(seen.calls).toBe(1)
  })

  it('gives up a wait that is aborted, and lets the next one in', async () => {
    const { clock, fetch } = bucketProvider({ perMinute: 60, burst: 1 })
    const { openai } = client(fetch, { clock })
    await clock.run(openai.chat.completions.create(params))
    const controller = new AbortController()
    const first = caught(openai.chat.completions.create(params, { signal: controller.signal }))
    const second = openai.chat.completions.create(params)
    for (let turns = 0; turns < 20; turns += 1) await turn()
    controller.abort()
    expect(await first).toBeInstanceOf(OpenAI.APIUserAbortError)
    await clock.run(second)
    expect(clock.pendingSleeps).toBe(0)
  })

  it('keeps a share for others, and keys and models apart', async () => {
    const { clock, fetch, seen } = bucketProvider({ perMinute: 60, burst: 10, tookMs: 0 })
    const { openai } = client(fetch, { clock, reserve: 0.5, maxWaitMs: 0 })
    const tries = async (one: OpenAI, model: string): Promise<number> => {
      let count = 0
      for (let turns = 0; turns < 12; turns += 1)
        if (!(await clock.run(caught(one.chat.completions.create({ ...params, model }))))) count += 1
      return count
    }
    expect(await tries(openai, 'a')).toBe(5)
    expect(seen.calls).toBe(5)
    expect(await tries(openai, 'b')).toBe(1)
    expect(await tries(openai.withOptions({ apiKey: 'other' }), 'a')).toBe(1)
  })

  it('stays away for as long as a 429 asks', async () => {
    const clock = fakeClock()
    let calls = 0
    const fetch = async (): Promise<Response> => {
      calls += 1
      return calls === 1
        ? Response.json({ error: { message: 'slow down' } }, { status: 429, headers: { 'retry-after': '7' } })
        : Response.json(answer)
    }
    const { openai } = client(fetch, { clock })
    expect(await clock.run(caught(openai.chat.completions.create(params)))).toBeInstanceOf(RateLimitError)
    const { report } = await clock.run(withReport(() => openai.chat.completions.create(params)))
    expect(report?.decisions[0]?.details).toEqual({ waitedMs: 7_000 })
  })

  it('finds how many calls a provider bears that tells nothing', async () => {
    const clock = fakeClock()
    let [underWay, refused, calls] = [0, 0, 0]
    const bears = 6
    const fetch = async (): Promise<Response> => {
      calls += 1
      if (underWay >= bears) {
        refused += 1
        await clock.sleep(5)
        return Response.json({ error: { message: 'busy' } }, { status: 429 })
      }
      underWay += 1
      await clock.sleep(100)
      underWay -= 1
      return Response.json(answer)
    }
    const { openai, quota } = client(fetch, { clock, aimd: { initial: 40 } })
    const load = Promise.all(Array.from({ length: 600 }, () => caught(openai.chat.completions.create(params))))
    await clock.run(load)
    expect(calls).toBe(600)
    expect(refused).toBeLessThan(120)
    expect(quota.standings()[0]?.window).toBeLessThan(12)
  })

  it("reads Anthropic's input and output apart, streams included", async () => {
    const clock = fakeClock()
    const headers = {
      'content-type': 'text/event-stream',
      'anthropic-ratelimit-input-tokens-limit': '1000',
      'anthropic-ratelimit-input-tokens-remaining': '900',
      'anthropic-ratelimit-input-tokens-reset': new Date(clock.now() + 10_000).toISOString(),
      'anthropic-ratelimit-output-tokens-limit': '100',
      'anthropic-ratelimit-output-tokens-remaining': '10',
      'anthropic-ratelimit-output-tokens-reset': new Date(clock.now() + 9_000).toISOString(),
    }
    const quota = providerQuota({ clock, maxWaitMs: 0 })
    const fetch = async (): Promise<Response> =>
      new Response('event: message_stop\ndata: {"type":"message_stop"}\n\n', { headers })
    const anthropic = sluice(new Anthropic({ apiKey: 'k', fetch, maxRetries: 0 }), [quota])
    const ask = async (max_tokens: number): Promise<void> => {
      const messages = [{ role: 'user' as const, content: 'Hi' }]
      const stream = await anthropic.messages.create({ model: 'claude-haiku-4-5', max_tokens, messages, stream: true })
      for await (const event of stream) void event
    }
    await clock.run(ask(50))
    expect(quota.standings()[0]).toMatchObject({
      underWay: 0,
      quotas: [
        { name: 'input-tokens', limit: 1_000, left: 900, fullInMs: 10_000 },
        { name: 'output-tokens', limit: 100, left: 10, fullInMs: 9_000 },
      ],
    })
    expect(sluiceErrorOf(await clock.run(caught(ask(50))))).toMatchObject({
      code: 'quota.exceeded',
      retryAfterMs: 4_000,
    })
    await clock.advance(4_000)
    await clock.run(ask(50))
  })

  it.each([
    [{ maxWaitMs: -1 }, 'maxWaitMs'],
    [{ reserve: 1 }, 'reserve'],
    [{ reserve: Number.NaN }, 'got NaN'],
    [{ aimd: { initial: 0 } }, 'aimd.initial'],
    [{ aimd: { min: 20 } }, 'min ≤ initial ≤ max'],
    [{ aimd: { step: 2 } }, 'no option "step"'],
    [{ clock: {} }, 'clock'],
    [{ by: 'tenant' }, 'no option "by"'],
  ])('%j is refused: %s', (options, message) => {
    expect(() => providerQuota(options as ProviderQuotaOptions)).toThrow(message)
  })
})

describe('headers', () => {
  it.each([
    ['1s', 1_000],
    ['6m0s', 360_000],
    ['17ms', 17],
    ['1h2m3.5s', 3_723_500],
    ['2d', 172_800_000],
    ['60', 60_000],
    ['soon', undefined],
    ['', undefined],
  ])('reads a reset of %s', (reset, fullInMs) => {
    const headers = new Headers({ 'x-ratelimit-remaining-tokens': '5', 'x-ratelimit-reset-tokens': reset })
    expect(quotaReadings(headers, 0)).toEqual([{ name: 'tokens', limit: undefined, remaining: 5, fullInMs }])
  })

  it('leaves alone what is no quota', () => {
    const headers = {
      'x-ratelimit-limit-requests': '0',
      'x-ratelimit-remaining-requests': '0',
      'x-ratelimit-remaining-tokens': '-1',
    }
    expect(quotaReadings(new Headers(headers), 0)).toEqual([])
    expect(retryAfterMs(new Headers({ 'retry-after': 'x' }), 0)).toBeUndefined()
    expect(retryAfterMs(new Headers({ 'retry-after-ms': '20', 'retry-after': '9' }), 0)).toBe(20)
    expect(retryAfterMs(new Headers({ 'retry-after': new Date(3_000).toUTCString() }), 1_000)).toBe(2_000)
  })
})

it('shrinks a window once for all refusals of one round', () => {
  const window = new AimdWindow({ initial: 10 })
  const { round } = window
  for (let turns = 0; turns < 10; turns += 1) window.refused(round)
  expect(window.size).toBe(7)
  for (let turns = 0; turns < 7; turns += 1) window.succeeded()
  expect(window.size).toBe(8)
  for (let turns = 0; turns < 50; turns += 1) window.refused(window.round)
  expect(window.size).toBe(1)
})
