import { describe, expect, it } from 'vitest'
import { createGuard } from './create-guard.ts'
import { pii } from './pii/pii.ts'
import { wholeDetector, wordDetector } from './testing/tiny-detectors.ts'

describe('createGuard', () => {
  it('redacts, restores and streams without a client', async () => {
    const personal = pii({ restore: true })
    const guard = createGuard({ input: [personal], output: [personal, wordDetector('foo')] })
    const session = await guard.session({ conversation: 'c1' })
    const { text, action } = await session.input('I am ada@example.com')
    expect({ text, action }).toEqual({ text: expect.stringMatching(/^I am \[EMAIL_[a-z]{8}\]$/), action: 'redact' })
    const name = text.slice(5)
    expect(await session.output(`Dear ${name}, you fool`)).toEqual({
      text: 'Dear ada@example.com, you [FOO]',
      action: 'redact',
    })
    const later = await guard.session({ conversation: 'c1' })
    const stream = later.stream()
    const shown = [await stream.push(`Dear ${name.slice(0, 9)}`), await stream.push(`${name.slice(9)}, hel`)]
    expect(stream.held).toBeGreaterThan(0)
    shown.push(await stream.push('lo'), await stream.end())
    expect(shown.join('')).toBe('Dear ada@example.com, hello')
    expect(later.restored).toEqual({ sent: 0, seen: 1, restored: 1, unknown: 0 })
    expect(later.notes()).toMatchObject([{ action: 'check', details: { texts: 1 } }])
    const stranger = await guard.session()
    expect((await stranger.output(name)).text).toBe(name)
  })

  it('reads arguments of tools and results as JSON', async () => {
    const guard = createGuard({ input: [wordDetector('foo')], output: [wordDetector('foo')] })
    const session = await guard.session()
    const stream = session.stream('arguments')
    expect((await stream.push(String.raw`{"a":"\u0066o`)) + (await stream.push('ol"}')) + (await stream.end())).toBe(
      '{"a":"[FOO]"}',
    )
    expect((await session.input(String.raw`["\u0066ool"]`, { stage: 'tool_result', tool: 'find' })).text).toBe(
      '["[FOO]"]',
    )
  })

  it('tells what it found so far, and no later finding changes what was told', async () => {
    const session = await createGuard({ input: [wordDetector('foo')] }).session()
    await session.input('a fool')
    const told = session.notes()
    await session.input('another fool')
    expect(told).toMatchObject([{ action: 'redact', details: { rules: { foo: 1 } } }, { details: { texts: 1 } }])
    expect(session.notes()).toMatchObject([{ details: { rules: { foo: 2 } } }, { details: { texts: 2 } }])
  })

  it('blocks with the typed error', async () => {
    const guard = createGuard({ input: [wholeDetector('bar')], output: [wordDetector('foo', 'block')] })
    const session = await guard.session()
    await expect(session.input('a bar')).rejects.toMatchObject({ code: 'guard.blocked', details: { stage: 'input' } })
    await expect(session.output('a fool')).rejects.toMatchObject({
      code: 'guard.blocked',
      details: { stage: 'output' },
    })
    const stream = session.stream()
    expect(await stream.push('Such a ')).toBe('Such a ')
    await expect(stream.push('fool, ')).rejects.toMatchObject({ details: { shownCharacters: 7 } })
  })

  it('refuses what it cannot read, before anything is let through', async () => {
    const guard = createGuard({ input: [pii()], output: [pii()] })
    const session = await guard.session()
    const refused: [Promise<unknown>, string][] = [
      [guard.session({ conv: 'x' } as never), 'no option "conv"'],
      [guard.session({ conversation: 5 as never }), 'conversation'],
      [session.input(5 as never), 'must be a string, got number'],
      [session.input('ada@example.com', { stage: 'output' as never }), 'stage'],
      [session.input('ada@example.com', { tol: 'x' } as never), 'no option "tol"'],
      [session.output(undefined as never), 'must be a string'],
      [session.stream().push(Buffer.from('x') as never), 'must be a string, got object'],
    ]
    for (const [promise, message] of refused)
      await expect(promise).rejects.toMatchObject({
        code: 'config.option',
        message: expect.stringContaining(message),
      })
    expect(() => session.stream('tool' as never)).toThrow(expect.objectContaining({ code: 'config.option' }))
  })
})
