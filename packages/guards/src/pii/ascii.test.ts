import { describe, expect, it } from 'vitest'
import { asciiOf, inAscii } from './ascii.ts'
import { found, rulesIn, verdictOn } from './fixtures/found.ts'
import { pii } from './pii.ts'

describe('digits of other scripts and fullwidth forms', () => {
  it.each([
    ['電話：０３－３５８１－０１１１、', 'phone', '０３－３５８１－０１１１'],
    ['カード ４５３９ ５７８７ ６３６２ １４８６ です', 'card', '４５３９ ５７８７ ６３６２ １４８６'],
    ['رقم البطاقة ٤٥٣٩ ٥٧٨٧ ٦٣٦٢ ١٤٨٦', 'card', '٤٥٣٩ ٥٧٨٧ ٦٣٦٢ ١٤٨٦'],
    ['شماره ۴۵۳۹۵۷۸۷۶۳۶۲۱۴۸۶', 'card', '۴۵۳۹۵۷۸۷۶۳۶۲۱۴۸۶'],
    ['कार्ड ४५३९५७८७६३६२१४८६ है', 'card', '४५३९५७८७६३६२१४८६'],
    ['＋４９　１７１　２３４　５６７８', 'phone', '＋４９　１７１　２３４　５６７８'],
    ['ＤＥ８９３７０４００４４０５３２０１３０００', 'iban', 'ＤＥ８９３７０４００４４０５３２０１３０００'],
    ['ａｄａ＠ｅｘａｍｐｌｅ．ｃｏｍ', 'email', 'ａｄａ＠ｅｘａｍｐｌｅ．ｃｏｍ'],
    ['ada＠example．com', 'email', 'ada＠example．com'],
    ['SSN ５３６－２２－８７１４', 'us_ssn', '５３６－２２－８７１４'],
  ])('are read as ASCII: %s', (text, rule, value) => {
    expect(found(text)).toEqual([value])
    expect(rulesIn(text)).toEqual([rule])
  })

  it('have the fingerprint of the ASCII form', () => {
    const detector = pii({ salt: 'sixteen characters' })
    const [narrow, wide] = ['4539578763621486', '４５３９５７８７６３６２１４８６'].map(
      (text) => verdictOn(detector, text).spans[0]?.fingerprint,
    )
    expect(wide).toBe(narrow)
  })

  it('leave a pattern of the application the text as it is', () => {
    const detector = pii({ entities: ['email'], custom: [{ entity: 'room', pattern: '室［\\d{3}］' }] })
    expect(verdictOn(detector, '会議 室［123］ へ').rules).toEqual(['room'])
  })

  it('are one code unit each, and all else stays', () => {
    const text = 'a１\ud83d\u00a0Ｚ～\u3000é中٣\udc00'
    expect(inAscii(text)).toBe('a1\ud83d\u00a0Z~ é中3\udc00')
    for (let code = 0; code < 0x660; code += 1) expect(asciiOf(code)).toBe(code)
  })
})
