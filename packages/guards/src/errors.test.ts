import { inspect } from 'node:util'
import { sluice, sluiceErrorOf } from '@sluice/core'
import { fakeProvider } from '@sluice/core/testing'
import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { checkText } from './check-text.ts'
import { custom } from './custom.ts'
import { detectorError, guardFailed } from './errors.ts'
import { guards } from './guards.ts'

const text = 'the secret of ada lovelace'
const everything = (error: unknown): string =>
  [inspect(error, { depth: 9, showHidden: true }), JSON.stringify(error), String(error), (error as Error).stack].join()

describe('guardFailed', () => {
  const thrown = Object.assign(new Error(text, { cause: new Error(text) }), {
    name: 'QuotaError',
    code: 'quota_exceeded',
    status: 429,
    body: { input: text },
    requestID: text,
  })

  it('keeps of what was thrown its name, code and status', () => {
    const error = guardFailed('input', 'g', thrown)
    expect(error.message).toMatch(/"g" failed \(QuotaError, quota_exceeded, HTTP 429\), so the input/)
    expect(error.cause).toMatchObject({ name: 'QuotaError', code: 'quota_exceeded', status: 429 })
    expect(error.cause).toBeInstanceOf(Error)
    expect(everything(error)).not.toMatch(/lovelace/)
    expect(everything(error.cause)).not.toMatch(/lovelace/)
  })

  it.each([
    [text, 'string'],
    [{ message: text, name: text, code: text }, 'object'],
    [Object.assign(new TypeError('x'), { name: text, code: text, status: text }), 'Error'],
    [Object.assign(new RangeError('x'), { code: 7, status: 7 }), 'RangeError'],
    [Object.assign(new Error('x'), { code: 'sk-4Xb9pQ2mL0aZ7rT5' }), 'Error'],
    [Object.assign(new Error('x'), { name: 'lovelace@example.com', code: 'lovelace@example.com' }), 'Error'],
    [undefined, 'undefined'],
    [null, 'object'],
  ])('tells nothing of %o but what it is', (cause, name) => {
    const error = guardFailed('output', 'g', cause)
    expect(error.message).toContain(`failed (${name}),`)
    expect(error.cause).toMatchObject({ name })
    expect(everything(error)).not.toMatch(/lovelace|4Xb9/)
  })

  it('keeps the errors of our own detectors, which quote nothing', () => {
    const cause = detectorError({ code: 'guard.classifier', message: 'It gave no list.', status: 502 })
    expect(guardFailed('input', 'g', cause)).toMatchObject({
      cause,
      message: expect.stringContaining('(guard.classifier)'),
    })
  })

  it('shows nothing of a text through a client, and all of it to whoever runs the detector alone', async () => {
    const failing = custom(
      (seen) => {
        throw new Error(`cannot read: ${seen}`)
      },
      { name: 'failing' },
    )
    const provider = fakeProvider()
    const openai = sluice(new OpenAI({ apiKey: 'test', fetch: provider.fetch }), [guards({ input: [failing] })])
    const error: unknown = await openai.responses.create({ model: 'm', input: text }).catch((reason: unknown) => reason)
    expect(sluiceErrorOf(error)).toMatchObject({ code: 'guard.failed', cause: { name: 'Error' } })
    expect(everything(error)).not.toMatch(/lovelace/)
    expect(provider.calls).toHaveLength(0)
    await expect(checkText(text, [failing])).rejects.toThrow('cannot read: the secret of ada lovelace')
  })
})
