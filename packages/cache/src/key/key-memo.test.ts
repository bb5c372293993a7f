import type { JsonObject } from '@sluice/core'
import { describe, expect, it } from 'vitest'
import { acme, chatAnswer, chatQuery, outcomeOf, plainCache } from '../cache-fixture.ts'
import { KeyMaker } from './key-maker.ts'
import { KeyMemo } from './key-memo.ts'
import type { CacheQuery } from './query.ts'

const key = { scope: 'a', id: 'b' }

describe('KeyMemo', () => {
  it('keeps what was written last, within its room, and nothing long', () => {
    const memo = new KeyMemo()
    const texts = Array.from({ length: 200 }, (_, at) => `${at} `.padEnd(20_000, 'x'))
    for (const text of texts) memo.keep(text, { key, check: text.slice(0, 3) })
    expect(memo.find(texts[199] as string)).toEqual({ key, check: '199' })
    expect(memo.find(texts[0] as string)).toBeUndefined()
    memo.keep('y'.repeat(40_000), { key, check: 'y' })
    expect(memo.find('y'.repeat(40_000))).toBeUndefined()
  })
})

describe('a key that is remembered', () => {
  const query = (change: JsonObject = {}): CacheQuery => chatQuery(change) as unknown as CacheQuery
  const namesOf = (keys: KeyMaker, asked: CacheQuery, tenant: string = 'acme'): string => {
    const keyed = keys.key(asked, { tenant })
    if ('bypass' in keyed) return keyed.bypass
    keyed.remember()
    return `${keyed.key.scope} ${keyed.key.id} ${keyed.check()} ${keyed.partition({ model: 'm' })}`
  }

  it('is the same, in all its parts, and of nothing else', () => {
    const keys = new KeyMaker({ tenant: 'context' })
    const url = 'https://api.example.com/v1'
    const headers = new Headers({ 'openai-beta': 'x' })
    const variants: [CacheQuery, string][] = [
      [query(), 'acme'],
      [query(), 'other'],
      [query({ seed: 1 }), 'acme'],
      [{ ...query(), url }, 'acme'],
      [{ ...query(), headers }, 'acme'],
    ]
    const first = variants.map(([asked, tenant]) => namesOf(keys, asked, tenant))
    for (let again = 0; again < 2; again += 1)
      expect(variants.map(([asked, tenant]) => namesOf(keys, asked, tenant))).toEqual(first)
    expect(variants.map(([asked, tenant]) => namesOf(new KeyMaker({ tenant: 'context' }), asked, tenant))).toEqual(
      first,
    )
    expect(new Set(first).size).toBe(variants.length)
  })

  it('is never that of a request that was changed while its answer was looked up', () => {
    const keys = new KeyMaker({ tenant: 'context' })
    for (let time = 0; time < 3; time += 1) {
      const asked = query()
      const keyed = keys.key(asked, { tenant: 'acme' })
      Object.assign(asked.request, { seed: 7 })
      if (!('bypass' in keyed)) keyed.remember()
      const fresh = namesOf(new KeyMaker({ tenant: 'context' }), asked)
      expect(namesOf(keys, asked)).toBe(fresh)
    }
  })

  it('is not remembered where it depends on content that lies elsewhere', async () => {
    let version = 'v1'
    const { answers } = plainCache({ digestOf: () => version })
    const image = { type: 'image_url', image_url: { url: 'https://files.example/a.png' } }
    const asked = chatQuery({ messages: [{ role: 'user', content: [image] }] })
    await answers.store(asked, { answer: chatAnswer() }, acme)
    expect(await outcomeOf(answers, asked)).toBe('hit exact')
    version = 'v2'
    expect(await outcomeOf(answers, asked)).toBe('miss absent')
  })
})
