import type { JsonObject } from '@sluice/core'
import { openaiEmbeddings } from '@sluice/core/apis'
import { describe, expect, it } from 'vitest'
import { acme, chatAnswer, chatQuery, choiceOf, outcomeOf, plainCache } from './cache-fixture.ts'
import { createCache } from './create-cache.ts'

describe('createCache', () => {
  it('gives back what was stored, and only that', async () => {
    const { answers, clock } = plainCache()
    expect(await outcomeOf(answers)).toBe('miss absent')
    const headers = new Headers({ 'x-request-id': 'req_1', 'x-ratelimit-remaining-requests': '9' })
    const given = { answer: chatAnswer(), boundaries: [['0.content', 5]] as const, headers }
    expect(await answers.store(chatQuery(), given, acme)).toEqual({ stored: true })
    const untilMs = clock.now() + 60_000
    expect(await answers.lookup(chatQuery(), acme)).toMatchObject({
      outcome: 'hit',
      reason: 'exact',
      key: expect.stringMatching(/^[\w-]{22}\.[\w-]{43}$/),
      entry: {
        api: 'openai.chat',
        answer: chatAnswer(),
        boundaries: [['0.content', 5]],
        requestIds: { 'x-request-id': 'req_1' },
        storedAtMs: clock.now(),
        freshUntilMs: untilMs,
        staleUntilMs: untilMs,
        errorUntilMs: untilMs,
      },
    })
    expect(answers.stats()).toEqual({
      hits: 1,
      staleHits: 0,
      semanticHits: 0,
      misses: 1,
      bypasses: 0,
      stores: 1,
      storeFailures: 0,
      mismatches: 0,
      savedNanoUsd: 0,
      entries: 1,
      bytes: expect.any(Number),
    })
  })

  it('explains without counting', async () => {
    const { answers } = plainCache()
    await answers.store(chatQuery(), { answer: chatAnswer() }, acme)
    expect(await answers.explain(chatQuery(), acme)).toMatchObject({ outcome: 'hit', reason: 'exact' })
    expect(await answers.explain(chatQuery({ seed: 1 }), acme)).toMatchObject({ outcome: 'miss', reason: 'absent' })
    expect(await answers.explain(chatQuery(), {})).toEqual({ outcome: 'bypass', reason: 'no_tenant' })
    expect(answers.stats()).toMatchObject({ hits: 0, misses: 0, bypasses: 0 })
  })

  it('says what hits saved, where somebody can tell', async () => {
    const price = ({ output }: { output: number }) => ({ nanoUsd: output * 500, byMeter: {} })
    const { answers } = plainCache({ price })
    await answers.store(chatQuery(), { answer: chatAnswer() }, acme)
    expect(await answers.lookup(chatQuery(), acme)).toMatchObject({ savedNanoUsd: 1_000 })
    await answers.lookup(chatQuery(), acme)
    await answers.explain(chatQuery(), acme)
    expect(answers.stats().savedNanoUsd).toBe(2_000)

    const broken = [
      () => ({ unpriced: 'no idea' }),
      () => {
        throw new Error('no table')
      },
    ]
    for (const each of broken) {
      const { answers: other } = plainCache({ price: each })
      await other.store(chatQuery(), { answer: chatAnswer() }, acme)
      expect(await other.lookup(chatQuery(), acme)).not.toHaveProperty('savedNanoUsd')
    }
  })

  it('tells the pricer the model that answered and its service tier', async () => {
    const asked: object[] = []
    const { answers, clock } = plainCache({
      price: (_, of) => {
        asked.push(of)
        return { nanoUsd: 1, byMeter: {} }
      },
    })
    const answer = { ...(chatAnswer() as JsonObject), model: 'gpt-5-mini-2025-08-07', service_tier: 'flex' }
    await answers.store(chatQuery(), { answer: answer as never }, acme)
    await answers.lookup(chatQuery(), acme)
    expect(asked).toEqual([{ model: 'gpt-5-mini-2025-08-07', serviceTier: 'flex', atMs: clock.now() }])
  })

  it('keeps a copy that nobody can change', async () => {
    const { answers } = plainCache()
    const answer = structuredClone(chatAnswer()) as { choices: { message: { content: string } }[] }
    await answers.store(chatQuery(), { answer: answer as never }, acme)
    answer.choices.length = 0
    const found = await answers.lookup(chatQuery(), acme)
    const kept = found.outcome === 'hit' ? found.entry.answer : undefined
    expect(kept?.choices[0]?.message?.content).toBe('Hello')
    expect(() => Object.assign(kept?.choices[0]?.message ?? {}, { content: 'Bye' })).toThrow(TypeError)
    expect(() => Object.assign(found, { outcome: 'miss' }) && Object.assign(kept ?? {}, { id: 'x' })).toThrow(TypeError)
  })

  it('does not serve an answer of a stream without usage to a call that gets usage', async () => {
    const { answers } = plainCache()
    const { usage: _, ...answer } = chatAnswer() as JsonObject
    const streamed = { answer: answer as never, boundaries: [['0.content', 5]] as const }
    await answers.store(chatQuery({ stream: true }), streamed, acme)
    expect(await outcomeOf(answers, chatQuery({ stream: true }))).toBe('hit exact')
    expect(await outcomeOf(answers, chatQuery())).toBe('miss no_usage')
    const wanting = chatQuery({ stream: true, stream_options: { include_usage: true } })
    expect(await outcomeOf(answers, wanting)).toBe('miss no_usage')
    // A provider that never tells usage still has answers.
    await answers.store(chatQuery(), { answer: answer as never }, acme)
    expect(await outcomeOf(answers, chatQuery())).toBe('hit exact')
  })

  it('takes no ticket that it has not given', async () => {
    const { answers } = plainCache()
    const ticket = { key: 'a.b' }
    expect(await answers.store(chatQuery(), { answer: chatAnswer(), ticket }, acme)).toEqual({
      stored: false,
      reason: 'failed',
    })
  })

  it('has nothing to reject and nothing to audit without a semantic tier', async () => {
    const { answers } = plainCache()
    expect(await answers.reject('x')).toBe(false)
    await answers.audited('x', chatAnswer())
    await answers.idle()
    expect(answers.stats()).not.toHaveProperty('semantic')
  })
})

describe('what is kept', () => {
  it.each([
    ['length', choiceOf({ finish_reason: 'length' })],
    ['content_filter', choiceOf({ finish_reason: 'content_filter' })],
    ['unfinished', choiceOf({ finish_reason: null })],
    ['empty', choiceOf({}, { content: ' \n' })],
    ['empty', choiceOf({}, { content: null })],
    ['refusal', choiceOf({}, { content: null, refusal: 'No.' })],
    ['other', choiceOf({ finish_reason: 'max_rounds' })],
  ])('is no answer that is %s', async (reason, bad) => {
    const { answers } = plainCache()
    const refused = { stored: false, reason }
    expect(await answers.store(chatQuery(), { answer: chatAnswer(bad) }, acme)).toEqual(refused)
    const second = chatAnswer(choiceOf(), { ...bad, index: 1 })
    expect(await answers.store(chatQuery(), { answer: second }, acme)).toEqual(refused)
    expect(answers.stats().entries).toBe(0)
  })

  it('is no error, no part of an answer, and not nothing at all', async () => {
    const { answers } = plainCache()
    const { usage } = chatAnswer() as JsonObject
    const failure = { error: { message: 'no', code: 'x' } } as never
    const embeddings = { api: openaiEmbeddings, request: { model: 'e', input: 'x' } }
    const results = [
      await answers.store(chatQuery(), { answer: failure }, acme),
      await answers.store(chatQuery({ n: 2 }), { answer: chatAnswer() }, acme),
      await answers.store(chatQuery(), { answer: { id: 'c', choices: [], usage } as never }, acme),
      await answers.store(embeddings, { answer: { data: [] } as never }, acme),
      await answers.store(chatQuery(), { answer: null as never }, acme),
    ]
    const reasons = ['error', 'unfinished', 'empty', 'empty', 'failed']
    expect(results).toEqual(reasons.map((reason) => ({ stored: false, reason })))
  })

  it('may be a refusal, if that is wanted', async () => {
    const refusal = chatAnswer(choiceOf({}, { content: null, refusal: 'No.' }))
    const { answers } = plainCache({ keepRefusals: true })
    expect(await answers.store(chatQuery(), { answer: refusal }, acme)).toEqual({ stored: true })
    expect(await outcomeOf(answers)).toBe('hit exact')
  })

  it('is tool calls, whatever the finish reason of the server', async () => {
    const { answers } = plainCache()
    const calls = {
      content: null,
      tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } }],
    }
    for (const finish_reason of ['tool_calls', 'stop']) {
      const answer = chatAnswer(choiceOf({ finish_reason }, calls))
      expect(await answers.store(chatQuery(), { answer }, acme)).toEqual({ stored: true })
    }
  })

  it('is what was used last, within the bytes', async () => {
    const clockless = createCache({ ttlMs: 60_000, tenant: 'context', maxBytes: 12_000 })
    const asked = [...'abcdefgh'].map((content) => chatQuery({ messages: [{ role: 'user', content }] }))
    for (const each of asked) {
      const answer = chatAnswer(choiceOf({}, { content: 'x'.repeat(800) }))
      expect(await clockless.store(each, { answer }, acme)).toEqual({ stored: true })
      await clockless.lookup(asked[0] as never, acme)
      expect(clockless.stats().bytes).toBeLessThanOrEqual(12_000)
    }
    expect(await outcomeOf(clockless, asked[0])).toBe('hit exact')
    expect(await outcomeOf(clockless, asked[1])).toBe('miss absent')
    expect(await outcomeOf(clockless, asked[7])).toBe('hit exact')
    const huge = chatAnswer(choiceOf({}, { content: 'x'.repeat(9_000) }))
    const refused = { stored: false, reason: 'too_large' }
    expect(await clockless.store(chatQuery(), { answer: huge }, acme)).toEqual(refused)
  })
})
