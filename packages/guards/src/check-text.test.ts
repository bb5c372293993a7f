import { describe, expect, it } from 'vitest'
import { checkText } from './check-text.ts'
import { allowed, type Detector, type GuardAction, type Span } from './detector.ts'
import { pii } from './pii/pii.ts'

const detector = (name: string, action: GuardAction, spans: readonly Span[] = []): Detector => ({
  name,
  check: async () => ({ action, score: 0.5, spans, rules: [name], explanation: name }),
})
const span = (start: number, end: number, replacement: string): Span => ({ start, end, replacement, rule: 'r' })

describe('checkText', () => {
  it('redacts', async () => {
    const { action, text, verdicts } = await checkText('Mail ada@example.com, card 4111 1111 1111 1111.', [pii()])
    expect({ action, text }).toEqual({ action: 'redact', text: 'Mail [EMAIL], card [CARD].' })
    expect(verdicts).toMatchObject([{ guard: 'pii', rules: ['email', 'card'] }])
  })

  it('gives the very text back when nothing was found', async () => {
    const nothing = { action: 'allow', text: 'hello', verdicts: [] }
    const timings = [{ guard: 'pii', ms: expect.any(Number), costNanoUsd: 0 }]
    expect(await checkText('hello', [pii()])).toEqual({ ...nothing, timings })
    expect(await checkText('hello', [])).toEqual({ ...nothing, timings: [] })
  })

  it.each<[GuardAction[], GuardAction]>([
    [['allow', 'warn'], 'warn'],
    [['redact', 'warn'], 'redact'],
    [['redact', 'block', 'allow'], 'block'],
  ])('does the strictest of %j', async (actions, expected) => {
    const detectors = actions.map((action, index) => detector(`d${index}`, action, [span(0, 1, '<X>')]))
    expect((await checkText('x', detectors)).action).toBe(expected)
  })

  it('leaves no part of overlapping spans', async () => {
    const one = detector('one', 'redact', [span(2, 5, '<A>'), span(9, 10, '<C>')])
    const two = detector('two', 'redact', [span(4, 8, '<B>'), span(2, 3, '<D>')])
    expect((await checkText('0123456789', [one, two])).text).toBe('01<A>8<C>')
    expect((await checkText('0123456789', [two, one])).text).toBe('01<A>8<C>')
  })

  it('does not redact what a detector only warns of', async () => {
    expect((await checkText('a@b.com', [pii({ mode: 'warn' })])).text).toBe('a@b.com')
  })

  it('tells detectors the stage and the signal', async () => {
    const { signal } = new AbortController()
    const seen: unknown[] = []
    const spy: Detector = {
      name: 'spy',
      check: (text, context) => {
        seen.push(text, context)
        return allowed
      },
    }
    await checkText('x', [spy], { signal })
    expect(seen).toEqual(['x', { stage: 'input', signal }])
  })

  it.each<[string, () => Promise<unknown>, string]>([
    ['a text', () => checkText(5 as never, []), 'must be a string, got number'],
    ['a list of detectors', () => checkText('x', pii() as never), '"detectors"'],
    ['detectors', () => checkText('x', [{}] as never), '"detectors"'],
    ['options', () => checkText('x', [], { stge: 'input' } as never), 'no option "stge"'],
    ['a stage', () => checkText('x', [], { stage: 'nowhere' as never }), 'stage'],
  ])('refuses what is no %s', async (_, run, message) => {
    await expect(run()).rejects.toMatchObject({ code: 'config.option', message: expect.stringContaining(message) })
  })
})
