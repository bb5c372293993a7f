import { describe, expect, it } from 'vitest'
import { allowed } from './detector.ts'
import { custom, type CustomOptions } from './custom.ts'
import { lengthLimit, type LengthLimitOptions } from './length-limit.ts'
import { bare, judged, verdictOf } from './testing/check.ts'

describe('custom', () => {
  it('takes a boolean, a rule, spans or a verdict for an answer', () => {
    expect(
      judged(
        custom((text) => text === 'bad'),
        'bad',
      ),
    ).toBe('block custom')
    expect(
      judged(
        custom((text) => text === 'bad'),
        'good',
      ),
    ).toBe('allow')
    expect(
      judged(
        custom(() => 'too_loud', { mode: 'warn' }),
        'x',
      ),
    ).toBe('warn too_loud')
    expect(
      judged(
        custom(() => undefined),
        'x',
      ),
    ).toBe('allow')
    expect(
      judged(
        custom(() => []),
        'x',
      ),
    ).toBe('allow')
    expect(
      verdictOf(
        custom(() => [{ start: 1, end: 3 }], { name: 'my-rule', mode: 'redact' }),
        'abcd',
      ),
    ).toMatchObject({
      action: 'redact',
      spans: [{ start: 1, end: 3, rule: 'my-rule', replacement: '[MY_RULE]' }],
    })
    expect(
      verdictOf(
        custom(() => ({ ...allowed, score: 0.3 })),
        'x',
      ).score,
    ).toBe(0.3)
  })

  it('is named after its function, and passes on what it is told', async () => {
    async function isRude(text: string, { stage }: { stage: string }): Promise<boolean> {
      return text === 'rude' && stage === 'input'
    }
    const stream = { maxMatch: 3, couldGrow: (tail: string) => tail.length }
    const detector = custom(isRude, { effort: 'model', onError: 'open', stream })
    expect(detector).toMatchObject({ name: 'isRude', effort: 'model', onError: 'open', stream })
    expect(await detector.check('rude', bare)).toMatchObject({ action: 'block', rules: ['isRude'] })
  })

  it.each([[() => 5], [() => ({ action: 'deny' })], [() => [{ start: 2, end: 9 }]], [() => [{ start: 2, end: 2 }]]])(
    'fails on an answer that is none: %s',
    (check) => {
      expect(() => verdictOf(custom(check as never), 'abc')).toThrow(expect.objectContaining({ code: 'guard.custom' }))
    },
  )

  it.each<[unknown, unknown]>([
    ['x', {}],
    [() => true, { name: ' ' }],
    [() => true, { mode: 'no' }],
    [() => true, { stream: { maxMatch: 0 } }],
    [() => true, { effort: 'none' }],
    [() => true, { onError: 'maybe' }],
    [() => true, { streamMode: 'x' }],
    [() => true, { rule: 'x' }],
  ])('refuses %s %j', (check, options) => {
    expect(() => custom(check as never, options as CustomOptions)).toThrow(
      expect.objectContaining({ code: 'config.option' }),
    )
  })
})

describe('lengthLimit', () => {
  it.each<[LengthLimitOptions, string, string]>([
    [{ maxCharacters: 3 }, 'abc', 'allow'],
    [{ maxCharacters: 3 }, 'abcd', 'block too_long'],
    [{ minCharacters: 3 }, 'ab', 'block too_short'],
    [{ maxTokens: 5, mode: 'warn' }, 'word '.repeat(20), 'warn too_long'],
    [{ maxTokens: 40 }, 'word '.repeat(20), 'allow'],
    [{ maxTokens: 400 }, 'word', 'allow'],
  ])('%j of %j: %s', async (options, text, expected) => {
    const { action, rules } = await lengthLimit(options).check(text, bare)
    expect([action, ...rules].join(' ')).toBe(expected)
  })

  it.each<[unknown]>([
    [{}],
    [{ maxCharacters: 0 }],
    [{ maxTokens: 1.5 }],
    [{ minCharacters: 5, maxCharacters: 4 }],
    [{ maxCharacters: 5, mode: 'redact' }],
    [{ max: 5 }],
  ])('refuses %j', (options) => {
    expect(() => lengthLimit(options as LengthLimitOptions)).toThrow(expect.objectContaining({ code: 'config.option' }))
  })
})
