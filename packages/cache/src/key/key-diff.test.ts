import type { JsonObject } from '@sluice/core'
import { anthropicMessages } from '@sluice/core/apis'
import { describe, expect, it } from 'vitest'
import { chatQuery, plainCache } from '../cache-fixture.ts'
import { keyDiff, type KeyDiffOptions, type KeyDiffSide } from './key-diff.ts'
import type { CacheQuery } from './query.ts'

const side = (change: JsonObject = {}, more: Partial<KeyDiffSide> = {}): KeyDiffSide => ({
  query: chatQuery(change) as unknown as CacheQuery,
  ...more,
})
const linesOf = (a: KeyDiffSide, b: KeyDiffSide, options: KeyDiffOptions = {}): string[] =>
  keyDiff(a, b, options).differences.map(
    ({ part, path, reason, a: one, b: other }) => `${part} ${path} ${reason}: ${one} / ${other}`,
  )

describe('keyDiff', () => {
  it('finds nothing between requests with one key', () => {
    const a = side({ x: { b: 1, a: [undefined, 0] }, user: 'ada', stream: true })
    const b = side({ x: { a: [null, -0], b: 1, c: undefined }, user: 'bob' })
    expect(keyDiff(a, b)).toEqual({ isSame: true, differences: [] })
  })

  it('names each field that splits two keys, and shows no text', () => {
    const a = side({
      messages: [{ role: 'user', content: 'Where is my secret?' }],
      temperature: 0.5,
      seed: 1,
      tools: [],
    })
    const b = side({
      messages: [{ role: 'user', content: 'Where is it?' }, { role: 'user' }],
      temperature: 0,
      seed: '1',
    })
    const lines = linesOf(a, b)
    expect(lines).toEqual([
      expect.stringMatching(
        /^field messages\[0\]\.content value: text of 19 characters #\w{8} \/ text of 12 characters #\w{8}$/,
      ),
      'field messages[1] missing: nothing / object of 1 fields',
      'field temperature value: 0.5 / 0',
      expect.stringMatching(/^field seed type: 1 \/ text of 1 characters #\w{8}$/),
      'field tools missing: list of 0 / nothing',
    ])
    expect(lines.join()).not.toContain('secret')
    expect(linesOf(a, b, { showValues: true })[0]).toContain('"Where is my secret?" / "Where is it?"')
  })

  it('shows that two texts are the same without showing them', () => {
    const [first, second] = ['a', 'b'].map((seed) => linesOf(side({ x: 'secret', y: seed }), side({ y: 'c' })))
    expect(first?.[0]).toBe(second?.[0])
  })

  it('knows tenants, dialects, addresses, headers and content', () => {
    const image = {
      messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'https://a.example/x' } }] }],
    }
    const url = 'https://a.example/v1/chat/completions'
    const headers = new Headers({ 'openai-beta': 'x' })
    const query = chatQuery() as unknown as CacheQuery
    expect(linesOf(side({}, { context: { tenant: 'a' } }), side({}, { context: { tenant: 'b' } }))).toEqual([
      expect.stringMatching(/^tenant {2}value: text of 8 characters/),
    ])
    expect(linesOf({ query: { ...query, url } }, { query: { ...query, headers } })).toEqual([
      'address  value: a.example/v1/chat/completions / ',
      'header openai-beta missing: nothing / x',
    ])
    expect(linesOf({ query }, { query: { ...query, api: anthropicMessages as never } })).toEqual([
      'dialect  value: openai.chat / anthropic.messages',
    ])
    const { answers } = plainCache({ tenant: 'shared', digestOf: (reference) => reference.at(-1) })
    const changed = JSON.parse(JSON.stringify(image).replace('/x', '/y')) as JsonObject
    expect(answers.keyDiff(side(image), side(changed)).differences).toMatchObject([
      { part: 'content', path: 'messages[0].content[0].image_url.url', reason: 'value' },
    ])
  })

  it('says why there is no key', () => {
    expect(keyDiff(side({ store: true }), side())).toEqual({
      isSame: false,
      differences: [],
      bypass: { a: 'stateful', b: undefined },
    })
    expect(keyDiff(side({ x: 7n }), side({}, { context: { tenant: 'a' } })).bypass).toEqual({
      a: 'no_tenant',
      b: undefined,
    })
  })

  it('ends with requests that have nothing in common', () => {
    const many = (from: number): JsonObject =>
      Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`f${from + at}`, 1]))
    expect(keyDiff(side(many(0)), side(many(500))).differences).toHaveLength(100)
  })
})
