import { describe, expect, it } from 'vitest'
import { acme, cachedClients, chat, chatAnswer, chatQuery, eventsOf, outcomeOf, plainCache } from './cache-fixture.ts'
import type { CacheInvalidation, CacheLookup, CacheTicket } from './cache-lookup.ts'
import { memoryStore } from './store/memory-store.ts'

const tagged = { tags: ({ request }: { request: object }) => ('tag' in request ? [String(request.tag)] : []) }
const about = (tag: string) => chatQuery({ tag })

function ticketOf(found: CacheLookup<'openai.chat'>): CacheTicket {
  if (found.outcome === 'bypass') throw new Error(found.reason)
  return found.ticket
}

async function stored(options: object = tagged) {
  const { answers } = plainCache(options)
  for (const tenant of ['acme', 'other'])
    for (const tag of ['a', 'b']) await answers.store(about(tag), { answer: chatAnswer() }, { tenant })
  return answers
}

describe('invalidate', () => {
  it('forgets what has a tag, of one tenant', async () => {
    const answers = await stored()
    await answers.invalidate({ tags: ['a'], tenant: 'acme' })
    expect(await outcomeOf(answers, about('a'))).toBe('miss absent')
    expect(await outcomeOf(answers, about('b'))).toBe('hit exact')
    expect(await outcomeOf(answers, about('a'), { tenant: 'other' })).toBe('hit exact')
    await answers.store(about('a'), { answer: chatAnswer() }, acme)
    expect(await outcomeOf(answers, about('a'))).toBe('hit exact')
  })

  it('forgets everything of a tenant', async () => {
    const answers = await stored()
    await answers.invalidate({ tenant: 'acme' })
    for (const tag of ['a', 'b']) expect(await outcomeOf(answers, about(tag))).toBe('miss absent')
    expect(await outcomeOf(answers, about('a'), { tenant: 'other' })).toBe('hit exact')
  })

  it('forgets one answer by its key', async () => {
    const answers = await stored()
    const found = await answers.lookup(about('a'), acme)
    await answers.invalidate({ key: 'key' in found ? found.key : '' })
    expect(await outcomeOf(answers, about('a'))).toBe('miss absent')
    expect(await outcomeOf(answers, about('b'))).toBe('hit exact')
    expect(answers.stats().entries).toBe(3)
  })

  it('forgets by tag in a cache for everyone', async () => {
    const { answers } = plainCache({ ...tagged, tenant: 'shared' })
    for (const target of [{ tags: ['a'] }, { tags: ['a'], tenant: 'shared' }, { tenant: 'shared' }]) {
      await answers.store(about('a'), { answer: chatAnswer() })
      expect(await outcomeOf(answers, about('a'), {})).toBe('hit exact')
      await answers.invalidate(target)
      expect(await outcomeOf(answers, about('a'), {})).toBe('miss absent')
    }
  })

  it.each<[CacheInvalidation, string]>([
    [{ tags: ['a'], tenant: 'acme' }, 'tag'],
    [{ tenant: 'acme' }, 'everything'],
    [{ key: '' }, 'key'],
  ])(
    'by %o lets nothing be stored that was begun before, nor comes too late for what is begun after',
    async (target) => {
      const { answers } = plainCache(tagged)
      const before = await answers.lookup(about('a'), acme)
      const key = 'key' in before ? before.key : ''
      await answers.invalidate('key' in target ? { key } : target)
      const after = await answers.lookup(about('a'), acme)
      const late = { answer: chatAnswer(), ticket: ticketOf(before) }
      expect(await answers.store(about('a'), late, acme)).toEqual({ stored: false, reason: 'invalidated' })
      expect(await outcomeOf(answers, about('a'))).toBe('miss absent')
      const own = { answer: chatAnswer(), ticket: ticketOf(after) }
      expect(await answers.store(about('a'), own, acme)).toEqual({ stored: true })
    },
  )

  it('during the answer of a call is heard: it is given to those who asked before, and to nobody after', async () => {
    const { answers, openai, provider } = cachedClients({ cache: { tags: () => ['doc'] } })
    for (const isStream of [false, true]) {
      let release: () => void = () => undefined
      const waiting = new Promise<void>((resolve) => (release = resolve))
      provider.enqueue(async () => {
        await waiting
        return 'old'
      }, 'new')
      const ask = (): Promise<string> =>
        isStream
          ? eventsOf(openai.chat.completions.create({ ...chat, stream: true })).then((chunks) =>
              chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join(''),
            )
          : openai.chat.completions.create(chat).then(({ choices: [choice] }) => choice?.message.content ?? '')
      const first = ask()
      const joined = ask()
      await new Promise((resolve) => setImmediate(resolve))
      await answers.invalidate({ tags: ['doc'] })
      const after = ask()
      expect(await after).toBe('new')
      release()
      expect([await first, await joined]).toEqual(['old', 'old'])
      expect(await ask()).toBe('new')
      await answers.invalidate({ tenant: 'shared' })
    }
    provider.expectCalls(4)
  })

  it.each<[CacheInvalidation]>([
    [{ key: 'nonsense' }],
    [{ key: 7 as never }],
    [{ tags: ['a'] }],
    [{ tenant: '' }],
    [{ tags: [''], tenant: 'acme' }],
    [{ tags: 'a' as never, tenant: 'acme' }],
    [{ tags: ['__proto__'], tenant: 'acme' }],
  ])('refuses %o', async (target) => {
    await expect(plainCache().answers.invalidate(target)).rejects.toMatchObject({ code: 'cache.invalid_target' })
  })

  it('refuses to forget for one what is everyone’s', async () => {
    const { answers } = plainCache({ tenant: 'shared' })
    await expect(answers.invalidate({ tenant: 'acme' })).rejects.toMatchObject({ code: 'cache.invalid_target' })
  })

  it('says so when the store could not', async () => {
    const fail = async (): Promise<never> => {
      throw new Error('no connection')
    }
    const { answers } = plainCache({ store: { ...memoryStore(), invalidate: fail, delete: fail } })
    for (const target of [{ tenant: 'acme' }, { key: 'a.b' }])
      await expect(answers.invalidate(target)).rejects.toMatchObject({ code: 'cache.not_invalidated', status: 503 })
  })
})
