import OpenAI, { InternalServerError } from 'openai'
import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { withContext } from '../context.ts'
import { SluiceError } from '../errors.ts'
import { sluiceErrorOf } from '../errors-http.ts'
import { withReport } from '../report.ts'
import { sluice } from '../sluice.ts'
import { fakeClock, fakeProvider } from '../testing/index.ts'
import { queue, type CallQueueOptions } from './queue-middleware.ts'
import type { Semaphore } from './redis-semaphore.ts'

const caught = (run: Promise<unknown>): Promise<unknown> =>
  run.then(
    () => undefined,
    (error: unknown) => error,
  )
const params = { model: 'gpt-5-mini', messages: [{ role: 'user' as const, content: 'Hi' }] }

function setUp(options: CallQueueOptions) {
  const clock = fakeClock()
  const provider = fakeProvider({ clock })
  provider.on(/./, { text: 'one two three', ttftMs: 1_000 })
  const openai = sluice(new OpenAI({ apiKey: 'test', fetch: provider.fetch, maxRetries: 0 }), [
    queue({ ...options, clock }),
  ])
  const ask = (tenant: string, content = tenant): Promise<OpenAI.ChatCompletion> =>
    withContext({ tenant }, () => openai.chat.completions.create({ ...params, messages: [{ role: 'user', content }] }))
  return { clock, provider, openai, ask }
}

describe('queue', () => {
  it('lets calls through one by one, tenants in turn, and reports the wait', async () => {
    const { ask, clock, provider } = setUp({ concurrency: 1, fairBy: 'tenant' })
    const { reports } = await clock.run(
      withReport(() => Promise.all(['a', 'a', 'a', 'b', 'c'].map((tenant, at) => ask(tenant, `${tenant}${at}`)))),
    )
    expect(provider.calls.map(({ body }) => JSON.stringify(body).match(/content":"(\w+)/)?.[1])).toEqual([
      'a0',
      'a1',
      'b3',
      'c4',
      'a2',
    ])
    expect(reports.map(({ decisions }) => decisions[0]?.details?.['waitedMs'])).toEqual([
      undefined,
      1_000,
      4_000,
      2_000,
      3_000,
    ])
  })

  it('goes by the priority of the call', async () => {
    const { ask, clock, provider } = setUp({
      concurrency: 1,
      priority: ({ context }) => (context.tenant === 'vip' ? 1 : 0),
    })
    await clock.run(Promise.all([ask('x'), ask('y'), ask('vip')]))
    expect(provider.calls.map(({ body }) => JSON.stringify(body).match(/content":"(\w+)/)?.[1])).toEqual([
      'x',
      'vip',
      'y',
    ])
  })

  it('fails as the SDK expects it', async () => {
    const { ask, clock } = setUp({ concurrency: 1, maxWaiting: 1, timeoutMs: 400 })
    const { value: errors, reports } = await clock.run(
      withReport(() => Promise.all([caught(ask('a')), caught(ask('b')), caught(ask('c'))])),
    )
    expect(errors[0]).toBeUndefined()
    expect(errors[1]).toBeInstanceOf(InternalServerError)
    expect(sluiceErrorOf(errors[1])).toMatchObject({ code: 'queue.timeout', details: { waitedMs: 400 } })
    expect(sluiceErrorOf(errors[2])).toMatchObject({ code: 'queue.full', retryAfterMs: 1_000 })
    expect(reports[1]?.decisions).toMatchObject([{ by: 'queue', action: 'refused', details: { waitedMs: 400 } }])
  })

  it('keeps a place to the end of a stream, or until it is left', async () => {
    const { openai, ask, clock, provider } = setUp({ concurrency: 1 })
    const stream = await clock.run(openai.chat.completions.create({ ...params, stream: true }))
    const second = ask('b')
    await turn()
    provider.expectCalls(1)
    await clock.run(
      (async () => {
        for await (const chunk of stream) void chunk
      })(),
    )
    await clock.run(second)
    const left = await clock.run(openai.chat.completions.create({ ...params, stream: true }))
    const third = ask('c')
    left.controller.abort()
    await clock.run(third)
    provider.fail('reset-before-headers', { times: 1 })
    await clock.run(Promise.all([caught(ask('d')), ask('e')]))
    provider.expectCalls(6)
  })

  it('gives a call up that is aborted while it waits', async () => {
    const { openai, ask, clock, provider } = setUp({ concurrency: 1 })
    const first = ask('a')
    await turn()
    const controller = new AbortController()
    const second = caught(openai.chat.completions.create(params, { signal: controller.signal }))
    for (let turns = 0; turns < 20; turns += 1) await turn()
    controller.abort()
    expect(await second).toBeInstanceOf(OpenAI.APIUserAbortError)
    await clock.run(first)
    provider.expectCalls(1)
    expect(clock.pendingSleeps).toBe(0)
  })

  it('takes a shared place too, and goes without it while it cannot be asked for', async () => {
    let [held, most, isDown] = [0, 0, false]
    const shared: Semaphore = {
      async acquire() {
        if (isDown) throw new SluiceError({ code: 'redis.unavailable', message: 'gone' })
        most = Math.max(most, (held += 1))
        return { waitedMs: 7, lost: new AbortController().signal, release: async () => void (held -= 1) }
      },
    }
    const { ask, clock } = setUp({ concurrency: 2, shared })
    const { report } = await clock.run(withReport(() => ask('a')))
    expect([held, most, report?.decisions[0]?.details]).toEqual([0, 1, { waitedMs: 7 }])
    isDown = true
    const { report: alone } = await clock.run(withReport(() => ask('a')))
    expect(alone?.decisions).toMatchObject([{ action: 'allowed', reason: 'shared_down' }])
    const strict = setUp({ concurrency: 1, shared, onSharedDown: 'refuse' })
    for (let turns = 0; turns < 3; turns += 1)
      expect(sluiceErrorOf(await strict.clock.run(caught(strict.ask('a'))))).toMatchObject({
        code: 'redis.unavailable',
      })
  })

  it.each([
    [{ concurrency: -1 }, 'concurrency of queue()'],
    [{ concurrency: 1, priority: Number.NaN }, 'priority'],
    [{ concurrency: 1, fairBy: 'company' }, '"company"'],
    [{ concurrency: 1, shared: {} }, 'redisSemaphore()'],
    [{ concurrency: 1, onSharedDown: 'open' }, 'onSharedDown'],
    [{ concurrency: 1, by: 'tenant' }, 'no option "by"'],
  ])('%j is refused: %s', (options, message) => {
    expect(() => queue(options as unknown as CallQueueOptions)).toThrow(message)
  })
})
