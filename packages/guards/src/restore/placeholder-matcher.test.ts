import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { growth } from '../testing/growth.ts'
import { labelOf, placeholderId, placeholderText } from './placeholder.ts'
import { PlaceholderMatcher, type PlaceholderMatch } from './placeholder-matcher.ts'

const key = Buffer.alloc(32, 7)
const email = placeholderId(key, 'ada@example.com')
const ssn = placeholderId(key, '123-45-6789')
const matcher = new PlaceholderMatcher([
  new Map([[email, { label: 'EMAIL', value: 'ada@example.com' }]]),
  new Map([[ssn, { label: 'US_SSN', value: '123-45-6789' }]]),
])
/** In full-width characters. */
const wide = (text: string): string =>
  text.replace(/[!-~]/g, (each) => String.fromCharCode(each.charCodeAt(0) + 0xfee0))
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
    [`%5BEMAIL_${email}%5D`],
    [`%5b%5bemail_${email}%5d%5d`],
    [`&#91;EMAIL_${email}&#93;`],
    [`&#x5B;EMAIL_${email}&#x5D;`],
    [`&lbrack;EMAIL_${email}&rsqb;`],
    [`［EMAIL_${email}］`],
    [wide(`[EMAIL_${email}]`)],
    [wide(`EMAIL_${email}`)],
    [wide(email)],
    [`[EMAIL:${email}]`],
    [`[Email: ${email}]`],
    [`[E-MAIL_${email}]`],
    [`[CORREO_${email}]`],
    [`[CORREO-ELECTRÓNICO_${email}]`],
    [`[メール_${email}]`],
    [`\\[CORREO\\_ELECTRÓNICO\\_${email}\\]`],
    [`[CARD_${email}]`],
    [`[EMAIL_\n${email}]`],
    [`[EMAIL_\r\n ${email}]`],
  ])('knows it as %j', (written) => {
    expect(found(written)).toEqual([written])
    expect(found(`お客様${written}様`)).toEqual([written])
    expect(found(`Dear ${written}, and "${written}".`)).toEqual([written, written])
    expect(found(`**${written}** (${written})`)).toEqual([written, written])
  })

  it.each([
    ['another id', '[EMAIL_bcdfghjk]'],
    ['an id that goes on', `[EMAIL_${email}b]`],
    ['half an id', `[EMAIL_${email.slice(0, 7)}]`],
    ['within a word', `MYEMAIL_x${email}`],
    ['within a word of other letters', `é${email}`],
    ['words', 'Please email us at the US SSN office.'],
    ['another id in other words', '[CORREO_bcdfghjk] %5BEMAIL_bcdfghjk%5D'],
    ['half a bracket', '%5 &#9 &lbr [ %5D &#93; 50% of A&B'],
  ])('does not take for it: %s', (_, text) => {
    expect(found(text)).toEqual([])
  })

  it('takes the id for it where the name is not ours and no brackets tell how far it goes', () => {
    expect(found(`CARD_${email}`)).toEqual([email])
    expect(found(`[see the mail ${email}]`)).toEqual([email])
    expect(found(`[CORREO_${email}, too]`)).toEqual([email])
    expect(found(`Email: ${email}`)).toEqual([email])
    expect(found(`[${'x'.repeat(41)}_${email}]`)).toEqual([email])
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
      `%5BEMAIL_${email}%5D`,
      `&#91;CORREO_${email}&#93;`,
      wide(`[EMAIL_${email}]`),
      `[E-MAIL: ${email}]`,
      `[EMAIL_\n${email}]`,
      'é',
      'は',
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
      '%5',
      '&#9',
      '&lbrack;',
      '[CORREO',
      wide(`[E`),
      ':',
      '\n',
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
    for (const unit of [
      '[',
      '\\',
      'email ',
      'us_ssn_',
      '[[EMAIL_',
      email.slice(0, 7),
      '[a_',
      '%5B',
      '&#91;',
      wide('[b_'),
      '[_',
    ])
      expect(growth((text) => matcher.look(text), unit, 100_000)).toBeLessThan(3)
  })
})
