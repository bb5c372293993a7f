import { describe, expect, it } from 'vitest'
import { firstDifference, recordedBody, redactJson, redactText, redactUrl } from './recording.ts'

const same = (text: string): string => text

describe('redactText', () => {
  it.each([
    'sk-proj-abcdefgh12345678',
    'rk-live_abcdefgh12345678',
    'Bearer abcdef.ghijkl-mnop==',
    `AIza${'x'.repeat(35)}`,
    'AKIAABCDEFGHIJKLMNOP',
    `ghp_${'a'.repeat(36)}`,
    'eyJhbGciOiJI.eyJzdWIiOiIx.SflKxwRJSMeKKF2QT4',
  ])('stars %s and keeps its length', (secret) => {
    const text = redactText(`before ${secret} after`)
    expect(text).toMatch(/^before .{1,7}\*+ after$/)
    expect(text).toHaveLength(`before ${secret} after`.length)
  })

  it('leaves ordinary text alone', () => {
    const text = 'The task-oriented desk-side risk-averse bearer of news, task-1 and sk-1.'
    expect(redactText(text)).toBe(text)
  })
})

describe('redactJson', () => {
  it('stars fields that are named like secrets, at any depth', () => {
    const value = { apiKey: 'x', list: [{ Authorization: 'y', tokens: 5, password: 7 }], text: 'plain' }
    expect(redactJson(value, same)).toEqual({
      apiKey: '***',
      list: [{ Authorization: '***', tokens: 5, password: 7 }],
      text: 'plain',
    })
  })
})

describe('redactUrl', () => {
  it('takes away credentials and the values of secret parameters', () => {
    expect(redactUrl('https://user:pass@test/a?key=1&sig=2&page=3', same)).toBe('https://test/a?key=***&sig=***&page=3')
    expect(redactUrl('https://test/sk-abcdefgh1234', same)).toBe('https://test/sk-************')
  })
})

describe('recordedBody', () => {
  it.each<[string, unknown, unknown]>([
    ['JSON', '{"a":1}', { json: { a: 1 } }],
    ['text', 'hello', { text: 'hello' }],
    ['a form of fields', new URLSearchParams({ a: '1' }), { text: 'a=1' }],
    ['bytes', Uint8Array.of(255, 0), { base64: '/wA=' }],
    ['a buffer', Uint8Array.of(1).buffer, { base64: 'AQ==' }],
    ['a blob', new Blob(['hi']), { base64: 'aGk=' }],
    ['a stream', new ReadableStream(), { stream: true }],
    ['nothing', undefined, undefined],
  ])('keeps %s', async (_, body, expected) => {
    expect(await recordedBody('http://test', { body } as RequestInit, same)).toEqual(expected)
  })

  it('reads a Request and leaves it readable', async () => {
    const request = new Request('http://test', { method: 'POST', body: '{"a":1}' })
    expect(await recordedBody(request, undefined, same)).toEqual({ json: { a: 1 } })
    expect(await request.text()).toBe('{"a":1}')
  })
})

describe('firstDifference', () => {
  it('is undefined for equal values and a path for others', () => {
    expect(firstDifference({ a: [1, { b: null }] }, { a: [1, { b: null }] })).toBeUndefined()
    expect(firstDifference({ a: [1, { b: null }] }, { a: [1, { b: 0 }] })).toBe('body.a[1].b')
    expect(firstDifference([1], { 0: 1 })).toBe('body')
    expect(firstDifference(1, '1', 'x')).toBe('x')
  })
})
