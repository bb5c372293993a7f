import { sluiceErrorOf, withReport } from '@sluice/core'
import { openaiChat } from '@sluice/core/apis'
import { createCall } from '@sluice/core/transport'
import { describe, expect, it } from 'vitest'
import { createCascade } from './cascade.ts'
import { defineTarget } from '../target/define-target.ts'
import { createRouter } from '../router.ts'
import { judge } from './estimators/judge.ts'
import { verify } from './estimators/verify.ts'
import { countedSignal, messages, says, world } from './testing/set-up.ts'

const steps = ['cheap', 'strong']
const ask = { model: 'auto', messages }
/** The wrapped client makes no tries of its own here. */
const once = { maxRetries: 0 }

describe('failures in a cascade', () => {
  it.each(['http-503', 'unauthorized', 'bad-request', 'context-length', 'reset-before-headers', 'html'] as const)(
    'asks the next step when one fails: %s',
    async (fault) => {
      const { home, openai } = world()
      home.fail(fault, { model: 'cheap' })
      const client = openai({ steps, accept: says(1) })
      const { value, report } = await withReport(() => client.chat.completions.create(ask, once))
      expect(value.model).toBe('strong')
      expect(report?.attempts).toMatchObject([
        { target: 'cheap', outcome: 'failed' },
        { target: 'strong', outcome: 'answered' },
      ])
      expect(report?.decisions[0]).toMatchObject({ by: 'cascade', action: 'escalate', details: { target: 'cheap' } })
    },
  )

  it('gives the best answer so far when the last step fails, and says so', async () => {
    const { home, openai } = world()
    home.on('cheap', 'fair').on('peer', 'poor').fail('http-500', { model: 'strong' })
    const accept = verify(({ text }) => (text === 'fair' ? 0.4 : 0.3))
    const client = openai({ steps: ['cheap', 'peer', 'strong'], accept })
    const { value, report } = await withReport(() => client.chat.completions.create(ask, once))
    expect([value.model, value.choices[0]?.message.content]).toEqual(['cheap', 'fair'])
    expect(report?.decisions.at(-1)).toEqual({
      by: 'cascade',
      action: 'fallback',
      reason: 'http_5xx',
      details: { step: 0, target: 'cheap', failed: 'strong', score: 0.4 },
    })
    expect(report?.attempts.map(({ outcome }) => outcome)).toEqual(['answered', 'rejected', 'failed'])
    expect(report?.cost?.nanoUsd).toBe(report?.attempts.reduce((sum, { cost }) => sum + (cost?.nanoUsd ?? 0), 0))
  })

  it('gives streams back in the same way', async () => {
    const { home, openai } = world()
    home.on('cheap', { chunks: ['fa', 'ir'] }).fail('http-500', { model: 'strong' })
    const client = openai({ steps, accept: says(0.2) })
    const whole = await client.chat.completions.stream(ask, once).finalChatCompletion()
    expect(whole.choices[0]?.message.content).toBe('fair')
  })

  it.each([
    ['it is known to be bad', { accept: says(0) }],
    ['it is not wanted', { accept: says(0.4), onLastFailure: 'error' as const }],
  ])('shows the failure where an answer is no way out: %s', async (_, options) => {
    const { home, openai } = world()
    home.fail('http-500', { model: 'strong' })
    await expect(openai({ steps, ...options }).chat.completions.create(ask, once)).rejects.toMatchObject({
      status: 500,
    })
  })

  it('shows the failure of the last step when all fail', async () => {
    const { home, openai } = world()
    home.fail('http-503', { model: 'cheap' }).fail('http-429', { model: 'strong' })
    await expect(openai({ steps, accept: says(1) }).chat.completions.create(ask, once)).rejects.toMatchObject({
      status: 429,
    })
  })

  it('never routes around a content filter', async () => {
    const { home, openai } = world()
    const client = openai({ steps, accept: says(0.4) })
    home.fail('content-filter', { model: 'cheap', times: 1 })
    await expect(client.chat.completions.create(ask, once)).rejects.toMatchObject({ status: 400 })
    home.expectCalls(0, 'strong')
    home.fail('content-filter-finish', { model: 'cheap', times: 1 })
    const cut = await client.chat.completions.create(ask, once)
    expect([cut.model, cut.choices[0]?.finish_reason]).toEqual(['cheap', 'content_filter'])
    home.fail('content-filter', { model: 'strong', times: 1 })
    // The answer that was not accepted is no way around it either.
    await expect(client.chat.completions.create(ask, once)).rejects.toMatchObject({ status: 400 })
  })

  it('delivers a refusal of the model, or has it judged', async () => {
    const { home, openai } = world()
    home.on('cheap', { refusal: 'I cannot help with that.' })
    const delivered = await openai({ steps, accept: says(0) }).chat.completions.create(ask)
    expect(delivered.choices[0]?.message.refusal).toBe('I cannot help with that.')
    const judged = await openai({ steps, accept: says(0), refusals: 'judge' }).chat.completions.create(ask)
    expect(judged.model).toBe('strong')
  })

  it('has no opinion where the estimator throws, and does not lose the answer', async () => {
    const { home, openai } = world()
    const accept = verify(() => Promise.reject(new Error('no network')))
    const { value, report } = await withReport(() => openai({ steps, accept }).chat.completions.create(ask))
    expect(value.model).toBe('strong')
    expect(report?.decisions[0]).toMatchObject({ action: 'escalate', reason: 'estimator_failed' })
    expect(JSON.stringify(report?.decisions)).not.toContain('no network')
    home.on('cheap', 'kept').fail('http-500', { model: 'strong' })
    const kept = await openai({ steps, accept }).chat.completions.create(ask, once)
    expect(kept.choices[0]?.message.content).toBe('kept')
  })

  it('takes a score beyond 0..1 for no opinion', async () => {
    const { openai } = world()
    const { report } = await withReport(() => openai({ steps, accept: says(7) }).chat.completions.create(ask))
    expect(report?.decisions[0]).toMatchObject({ action: 'escalate', reason: 'cascade.estimate' })
  })

  it('passes over a step whose breaker is open', async () => {
    const { home, openai } = world()
    home.fail('http-500', { model: 'cheap' })
    const client = openai({ steps, accept: says(1), breaker: { consecutiveFailures: 3 } })
    for (let call = 0; call < 5; call += 1) await client.chat.completions.create(ask)
    home.expectCalls(3, 'cheap')
    home.expectCalls(5, 'strong')
  })

  it('tells of a step that is out, and asks it again when it may be well', async () => {
    const { clock, other, away } = world()
    const made = createCascade({
      steps: [away('cheap'), away('strong')],
      accept: says(1),
      clock,
      breaker: { consecutiveFailures: 1 },
    })
    const handle = async (): Promise<void> => {
      const reply = await made.handle(createCall(openaiChat, { model: 'auto', messages }))
      await reply.discard()
    }
    other.fail('http-500', { model: 'cheap', times: 1 })
    await handle()
    expect(made.decide(ask)).toMatchObject({ steps: [{ id: 'cheap', skipped: 'open' }, { id: 'strong' }] })
    await handle()
    other.expectCalls(1, 'cheap')
    await clock.advance(600_000)
    await handle()
    other.expectCalls(2, 'cheap')
    expect(made.decide(ask).steps[0]).not.toHaveProperty('skipped')
  })

  it('stops everything on abort: the step, its judges, and whoever listens', async () => {
    const { home, openai } = world()
    home.on('judge', { text: 'never', ttftMs: 60_000 })
    const { controller, listeners } = countedSignal()
    const client = openai({ steps, accept: judge('judge', { criteria: 'It is right.' }) })
    const { settled } = await withReport(async () => {
      const call = client.chat.completions.create(ask, { signal: controller.signal })
      const outcome = call.then(
        () => 'answered',
        (error: Error) => error.constructor.name,
      )
      while (home.callsTo('judge').length === 0) await new Promise((resolve) => setImmediate(resolve))
      controller.abort()
      expect(await outcome).toBe('APIUserAbortError')
    })
    const [report] = await settled
    expect(home.lastCall).toMatchObject({ model: 'judge', outcome: 'cancelled' })
    home.expectCalls(0, 'strong')
    expect(home.pending).toEqual([])
    expect(listeners()).toBe(0)
    expect(report?.attempts).toMatchObject([
      { target: 'cheap', outcome: 'cancelled', usage: { output: home.calls[0]?.usage?.outputTokens } },
      { target: 'judge', outcome: 'cancelled', isEstimated: true },
    ])
  })

  it('asks on when a router that is a step has nobody to ask', async () => {
    const { home, openai, away } = world()
    const routes = createRouter({ targets: [away('cheap', { capabilities: { contextTokens: 1 } })] })
    const handle = routes.handle
    const step = defineTarget({ id: 'auto', api: 'openai.chat', handle })
    const client = openai({ steps: [step, 'strong'], accept: says(1) })
    expect((await client.chat.completions.create(ask)).model).toBe('strong')
    home.expectCalls(1)
  })

  it.each([false, true])('counts the tries of a router that is a step once, stream: %s', async (stream) => {
    const { openai, away, other } = world()
    const routes = createRouter({ targets: [away('cheap')] })
    const step = defineTarget({ id: 'routed', model: 'cheap', api: 'openai.chat', handle: routes.handle })
    for (const score of [0, 1]) {
      const client = openai({ steps: [step, 'strong'], accept: says(score) })
      const { settled } = await withReport(async () => {
        const answer = await client.chat.completions.create({ ...ask, stream })
        if (stream) for await (const _ of answer as unknown as AsyncIterable<unknown>) void _
      })
      const [report] = await settled
      const used = other.lastCall?.usage
      const inner = report?.attempts.filter(({ target, usage }) => target === 'cheap' && usage)
      expect(inner).toMatchObject([{ reason: 'first', usage: { output: used?.outputTokens } }])
      const others = report?.attempts.filter(({ target }) => target === 'strong') ?? []
      const nanoUsd = [...(inner ?? []), ...others].reduce((sum, { cost }) => sum + (cost?.nanoUsd ?? 0), 0)
      expect(report?.cost?.nanoUsd).toBe(nanoUsd)
    }
  })

  it('lets what middleware of a step refuses through', async () => {
    const { openai } = world()
    const handle = (): never => {
      throw new TypeError('a mistake in the program')
    }
    const step = defineTarget({ id: 'broken', api: 'openai.chat', handle })
    const error = await openai({ steps: [step, 'strong'], accept: says(1) })
      .chat.completions.create(ask)
      .catch((thrown: unknown) => thrown)
    expect(sluiceErrorOf(error)).toMatchObject({ code: 'middleware.failed' })
  })
})
