import { describe, expect, it } from 'vitest'
import { headOf, streamResponse, textResponse } from './response.ts'

const text = '{"greeting":"Grüße 😀"}'
const make = (): Response =>
  textResponse(text, {
    status: 201,
    statusText: 'Created',
    headers: new Headers({ 'content-type': 'application/json' }),
    url: 'https://x.test/v1',
  })

async function drained(body: ReadableStream<Uint8Array> | null): Promise<string> {
  let joined = ''
  const decoder = new TextDecoder()
  for await (const chunk of body ?? []) joined += decoder.decode(chunk, { stream: true })
  return joined
}

describe('textResponse', () => {
  it('is a Response, with the head it was given', () => {
    const headers = new Headers({ 'x-request-id': 'r' })
    const response = textResponse(text, {
      status: 404,
      statusText: 'Not Found',
      headers,
      url: 'https://x.test/v1',
      redirected: true,
    })
    expect(response).toBeInstanceOf(Response)
    expect(response.headers).toBe(headers)
    expect(headOf(response)).toEqual({
      status: 404,
      statusText: 'Not Found',
      headers,
      url: 'https://x.test/v1',
      redirected: true,
    })
    expect([response.ok, response.type, make().ok]).toEqual([false, 'basic', true])
  })

  it.each<[string, (response: Response) => Promise<unknown>, unknown]>([
    ['text', (response) => response.text(), text],
    ['json', (response) => response.json(), JSON.parse(text)],
    ['arrayBuffer', async (response) => Buffer.from(await response.arrayBuffer()).toString(), text],
    ['bytes', async (response) => Buffer.from(await response.bytes()).toString(), text],
    ['blob', async (response) => (await response.blob()).text(), text],
    ['body', (response) => drained(response.body), text],
    ['a new Response over its body', (response) => new Response(response.body).text(), text],
  ])('reads as %s, once', async (_name, read, expected) => {
    const response = make()
    expect(response.bodyUsed).toBe(false)
    expect(await read(response)).toEqual(expected)
    expect(response.bodyUsed).toBe(true)
    await expect(response.text()).rejects.toThrow(TypeError)
    expect(() => response.clone()).toThrow(TypeError)
  })

  it('gives its media type to a blob and reads forms', async () => {
    expect((await make().blob()).type).toBe('application/json')
    const form = textResponse('a=1', {
      status: 200,
      headers: new Headers({ 'content-type': 'application/x-www-form-urlencoded' }),
    })
    expect((await form.formData()).get('a')).toBe('1')
  })

  it('clones, each copy to be read on its own', async () => {
    const response = make()
    const copy = response.clone()
    expect(await copy.text()).toBe(text)
    expect(await response.text()).toBe(text)
    expect([copy.status, copy.url, copy.headers.get('content-type')]).toEqual([
      201,
      'https://x.test/v1',
      'application/json',
    ])
  })

  it('has one body, unusable while it is locked and used once it is cancelled', async () => {
    const response = make()
    const { body } = response
    expect(response.body).toBe(body)
    const reader = body?.getReader()
    await expect(response.text()).rejects.toThrow(TypeError)
    await reader?.cancel()
    expect(response.bodyUsed).toBe(true)
  })

  it('keeps a body that was only looked at readable as text', async () => {
    const response = make()
    expect(response.body?.locked).toBe(false)
    expect(await response.text()).toBe(text)
  })
})

describe('streamResponse', () => {
  it('is a Response over another body with the same head', async () => {
    const source = Response.json({}, { status: 202, headers: { 'x-request-id': 'r' } })
    const response = streamResponse(
      ReadableStream.from([Buffer.from(text)]) as ReadableStream<Uint8Array>,
      headOf(source),
    )
    expect(response.headers).toBe(source.headers)
    expect([response.status, response.statusText, response.url]).toEqual([202, source.statusText, ''])
    expect(await response.text()).toBe(text)
  })
})
