import { describe, expect, it } from 'vitest'
import { found } from './fixtures/found.ts'

describe('iban', () => {
  it.each([
    ['DE89370400440532013000', 'DE89370400440532013000'],
    ['my iban is de89 3704 0044 0532 0130 00, thanks', 'de89 3704 0044 0532 0130 00'],
    ['GB29 NWBK 6016 1331 9268 19', 'GB29 NWBK 6016 1331 9268 19'],
    ['NO9386011117947', 'NO9386011117947'],
    ['IBAN-DE89370400440532013000', 'DE89370400440532013000'],
    ['MT84MALT011000012345MTLCAST001S', 'MT84MALT011000012345MTLCAST001S'],
    ['FR14-2004-1010-0505-0001-3M02-606', 'FR14-2004-1010-0505-0001-3M02-606'],
    ['NL91ABNA0417164300 and more', 'NL91ABNA0417164300'],
    ['DE89  3704  0044  0532  0130  00', 'DE89  3704  0044  0532  0130  00'],
    ['DE89 - 3704 - 0044 - 0532 - 0130 - 00.', 'DE89 - 3704 - 0044 - 0532 - 0130 - 00'],
  ])('%s', (text, iban) => {
    expect(found(text, 'iban')).toEqual([iban])
  })

  it.each([
    ['wrong checksum', 'DE88370400440532013000'],
    ['unknown country', 'XX89370400440532013000'],
    ['wrong length', 'DE8937040044053201300'],
    ['goes on', 'DE893704004405320130001'],
    ['inside a word', 'XDE89370400440532013000'],
    ['the end of a UUID', '550e8400-e29b-41d4-be29-ba164a37a1c2'],
    ['the middle of one', 'ee00eb83-4fa1-4957-b0c9-ba164a37a1c2'],
    ['tied to a word', 'ref-DE89370400440532013000'],
  ])('not: %s', (_, text) => {
    expect(found(text, 'iban')).toEqual([])
  })
})
