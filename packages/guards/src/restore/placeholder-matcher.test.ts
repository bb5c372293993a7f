import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { labelOf, placeholderId, placeholderText } from './placeholder.ts'
import { PlaceholderMatcher, type PlaceholderMatch } from './placeholder-matcher.ts'

const key = Buffer.alloc(32, 7)
const email = placeholderId(key, 'ada@example.com')
const ssn = placeholderId(key, '123-45-6789')
const matcher = new PlaceholderMatcher([
  new Map([[email, { label: 'EMAIL', value: 'ada@example.com' }]]),
  new Map([[ssn, { label: 'US_SSN', value: '123-45-6789' }]]),
])
const found = (text: string): string[] => matcher.look(text).matches.map(({ start, end }) => text.slice(start, end))

describe('placeholders', () => {
  it('names equal values alike under one key, and differently under another', () => {
    expect(placeholderId(key, 'ada@example.com')).toBe(email)
    expect(placeholderId(Buffer.alloc(32, 8), 'ada@example.com')).not.toBe(email)
    expect(placeholderId(key, 'ada@example.com', 1)).not.toBe(email)
    expect(placeholderText('EMAIL', email)).toMatch(/^\[EMAIL_[bcdfghjklmnpqrstvwxz]{8}\]$/)
  })

  it.each([
    ['[EMAIL]', 'email', 'EMAIL'],
    ['<us-ssn>', 'us_ssn', 'US_SSN'],
    ['removed by the guard', 'my rule', 'MY_RULE'],
    ['***', '***', 'VALUE'],
  ])('calls %s of the rule %s %s', (replacement, rule, label) => {
    expect(labelOf(replacement, rule)).toBe(label)
  })

  it.each([
    [`[EMAIL_${email}]`],
    [`[[EMAIL_${email}]]`],
    [`[email_${email}]`],
    [`[EMAIL_${email.toUpperCase()}]`],
    [`[EMAIL ${email}]`],
    [`[EMAIL-${email}]`],
    [`\\[EMAIL\\_${email}\\]`],
    [`[ EMAIL_${email} ]`],
    [`EMAIL_${email}`],
    [`[US SSN ${ssn}]`],
    [`us_ssn_${ssn}`],
    [email],
    [`[${email}]`],
  ])('knows it as %s', (written) => {
    expect(found(written)).toEqual([written])
    expect(found(`Dear ${written}, and "${written}".`)).toEqual([written, written])
    expect(found(`**${written}** (${written})`)).toEqual([written, written])
  })

  it.each([
    ['another id', '[EMAIL_bcdfghjk]'],
    ['an id that goes on', `[EMAIL_${email}b]`],
    ['half an id', `[EMAIL_${email.slice(0, 7)}]`],
    ['within a word', `MYEMAIL_x${email}`],
    ['words', 'Please email us at the US SSN office.'],
  ])('does not take for it: %s', (_, text) => {
    expect(found(text)).toEqual([])
  })

  it('takes the id for it, whatever name the model gives it', () => {
    expect(found(`[CARD_${email}]`)).toEqual([email])
  })

  it('finds on a growing text what it finds in the whole, and holds back no more than one placeholder', () => {
    const whole = [
      `[EMAIL_${email}]`,
      `US SSN ${ssn}`,
      email,
      `\\[US\\_SSN\\_${ssn}\\]`,
      `[[EMAIL_${email}]]`,
      'email',
      'us',
      '[',
      ']',
      '\\',
    ]
    const partial = [
      ' ',
      '_',
      'e',
      'EMAIL_',
      email.slice(0, 3),
      'b',
      'Hello ',
      '[EMAIL',
      `[EMAIL_${email}`,
      ssn.slice(2),
      ' [ ',
    ]
    const piece = fc.constantFrom(...whole, ...partial)
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.array(fc.nat(200), { maxLength: 8 }), (pieces, cuts) => {
        const text = pieces.join('')
        const grown: PlaceholderMatch[] = []
        let from = 0
        for (const cut of cuts.toSorted((a, b) => a - b)) {
          const part = text.slice(0, cut)
          const { matches, openAt } = matcher.look(part, from, false)
          expect(part.length - openAt).toBeLessThanOrEqual(matcher.maxLength)
          grown.push(...matches)
          from = openAt
        }
        grown.push(...matcher.look(text, from).matches)
        expect(grown).toEqual(matcher.look(text).matches)
      }),
      { numRuns: 2_000 },
    )
  })

  it('takes time linear in the text', () => {
    const time = (text: string): number => {
      let least = Infinity
      for (let run = 0; run < 3; run += 1) {
        const startedAt = process.cpuUsage()
        matcher.look(text)
        const { user, system } = process.cpuUsage(startedAt)
        least = Math.min(least, user + system)
      }
      return least
    }
    for (const unit of ['[', '\\', 'email ', 'us_ssn_', '[[EMAIL_', email.slice(0, 7)]) {
      const half = unit.repeat(Math.ceil(100_000 / unit.length))
      time(half)
      expect(time(half + half)).toBeLessThan(3 * time(half) + 5_000)
    }
  })
})
