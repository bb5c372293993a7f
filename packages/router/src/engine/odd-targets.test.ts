import { sluiceErrorOf, SluiceError, streamReply, wholeReply, type Reply } from '@sluice/core'
import { anthropicMessages as messagesApi, openaiChat } from '@sluice/core/apis'
import { describe, expect, it } from 'vitest'
import { isApiError } from '../testing/api-error.ts'
import { routed, type Routed, type RoutedOptions } from '../testing/routed.ts'
import { chat } from '../testing/voices.ts'

type Handle = (r: Routed) => Promise<Reply>

/** A router whose first target is a handler of ours, and whose second is healthy. */
function setUp(handle: Handle, options: RoutedOptions = {}): Routed {
  const holder: { r?: Routed } = {}
  const r = routed({
    places: { a: {}, b: {} },
    maxRetries: 0,
    targets: ({ a, b }) => [{ ...a!, handle: () => handle(holder.r as Routed) }, b!],
    ...options,
  })
  holder.r = r
  return r
}

const whole = {
  id: 'x',
  object: 'chat.completion',
  created: 1,
  model: 'mine',
  choices: [
    {
      index: 0,
      message: { role: 'assistant', content: 'Five days.', refusal: null },
      finish_reason: 'stop',
      logprobs: null,
    },
  ],
} as const

const chunk = (delta: object, finish_reason: string | null = null): never =>
  ({
    id: 'x',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'mine',
    choices: [{ index: 0, delta, finish_reason }],
  }) as never

describe('a target of your own', () => {
  it('may answer whole or as a stream', async () => {
    const r = setUp(async () => wholeReply(openaiChat, whole as never))
    expect((await r.run(() => chat.whole(r))).value).toEqual({ text: 'Five days.', model: 'mine', finish: 'stop' })
    const s = setUp(async () =>
      streamReply(openaiChat, [
        chunk({ role: 'assistant', content: 'Five ' }),
        chunk({ content: 'days.' }),
        chunk({}, 'stop'),
      ]),
    )
    for (const way of ['stream', 'helper'] as const)
      expect(await s.run(() => chat[way](s))).toMatchObject({
        error: undefined,
        value: { text: 'Five days.', model: 'mine', finish: 'stop' },
      })
  })

  it.each<readonly [string, Handle]>([
    ['nothing', async () => undefined as never],
    ['null', async () => null as never],
    ['a text', async () => 'fine' as never],
    ['a Response', async () => new Response('{}') as never],
    ['an object of no kind', async () => ({ kind: 'other' }) as never],
    ['a reply in another dialect', async () => wholeReply(messagesApi, { type: 'message', content: [] } as never)],
  ])('that replies %s fails the call with an error, and leaves nothing behind', async (_, handle) => {
    for (const way of ['whole', 'stream'] as const) {
      const r = setUp(handle)
      const { error, value, report } = await r.run(() => chat[way](r))
      if (error === undefined) expect(value?.model).toBe('model-b')
      else expect(isApiError(error) || sluiceErrorOf(error) !== undefined).toBe(true)
      expect(report.attempts.every(({ outcome }) => outcome !== undefined)).toBe(true)
      expect(r.routes.health()['a']?.inFlight).toBe(0)
      expect(r.clock.pendingSleeps).toBe(0)
    }
  })

  it.each<readonly [string, unknown]>([
    ['undefined', undefined],
    ['a text', 'no'],
    ['an object', { no: true }],
    ['a RangeError', new RangeError('no')],
    ['an error with a circle', Object.assign(new Error('no'), { cause: undefined as unknown })],
  ])('that rejects with %s fails the call with an error, and leaves nothing behind', async (_, thrown) => {
    if (thrown instanceof Error && 'cause' in thrown) thrown.cause = thrown
    for (const way of ['whole', 'stream'] as const) {
      const r = setUp(() => Promise.reject(thrown as Error))
      const { error, report } = await r.run(() => chat[way](r))
      expect([way, isApiError(error) || sluiceErrorOf(error) !== undefined]).toEqual([way, true])
      expect(report.attempts.map(({ outcome }) => outcome)).toEqual(['failed'])
      expect(r.routes.health()['a']?.inFlight).toBe(0)
      expect(r.clock.pendingSleeps).toBe(0)
    }
  })

  it('that raises an error of ours has it shown as it is', async () => {
    const raised = new SluiceError({ code: 'budget.exceeded', message: 'Nothing left.', status: 402 })
    const r = setUp(() => Promise.reject(raised))
    const { error } = await r.run(() => chat.whole(r))
    expect(sluiceErrorOf(error)).toBe(raised)
    expect(error).toMatchObject({ status: 402 })
  })

  it('whose events end without an end is no whole answer', async () => {
    const r = setUp(async () => streamReply(openaiChat, [chunk({ content: 'Five ' })]))
    const { error, value } = await r.run(() => chat.stream(r))
    expect(value).toBeUndefined()
    expect(sluiceErrorOf(error)).toMatchObject({ code: 'stream.incomplete', partial: { text: 'Five ' } })
  })

  it('whose events throw is taken for a broken one', async () => {
    async function* events(): AsyncGenerator<never> {
      yield chunk({ content: 'Five ' })
      throw new TypeError('terminated')
    }
    const r = setUp(async () => streamReply(openaiChat, events()))
    const { error } = await r.run(() => chat.stream(r))
    expect(sluiceErrorOf(error)).toMatchObject({ code: 'stream.incomplete', partial: { text: 'Five ' } })
    async function* early(): AsyncGenerator<never> {
      yield chunk({ role: 'assistant' })
      throw new TypeError('terminated')
    }
    const s = setUp(async () => streamReply(openaiChat, early()))
    expect((await s.run(() => chat.stream(s))).value?.model).toBe('model-b')
  })

  it('whose iterator is told when its answer is not read on', async () => {
    let left = 0
    async function* events(): AsyncGenerator<never> {
      try {
        for (;;) yield chunk({ content: 'word ' })
      } finally {
        left += 1
      }
    }
    const r = setUp(async () => streamReply(openaiChat, events()))
    await r.run(async () => {
      const messages = [{ role: 'user' as const, content: 'x' }]
      let seen = 0
      for await (const _chunk of await r.openai.chat.completions.create({ model: 'auto', messages, stream: true }))
        if ((seen += 1) === 5) break
    })
    expect(left).toBe(1)
  })
})

describe('hedges in an outage', () => {
  it('are no more than their share, however many callers there are', async () => {
    const r = routed({ places: { a: {}, b: {} }, hedge: { afterMs: 10 }, maxRetries: 0, timeouts: { attemptMs: 1000 } })
    for (const id of ['a', 'b']) r.at(id).fail('silence')
    await r.run(() => Promise.all(Array.from({ length: 500 }, () => chat.whole(r).catch(() => undefined))))
    expect(r.routes.stats().hedges).toBeLessThanOrEqual(25)
    expect(r.asked().every((requests) => requests <= 525)).toBe(true)
    for (const id of ['a', 'b']) expect(r.routes.health()[id]?.inFlight).toBe(0)
  })
})
