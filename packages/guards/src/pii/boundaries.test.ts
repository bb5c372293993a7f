import { describe, expect, it } from 'vitest'
import { found } from './fixtures/found.ts'

const values = [
  '+420 601 123 456',
  '+14155552671',
  '(415) 555-2671',
  '415-555-2671',
  '4539 5787 6362 1486',
  '4539578763621486',
  'DE89 3704 0044 0532 0130 00',
  '00:1A:2B:3C:4D:5E',
  'fa-ce-b0-0c-00-01',
  '203.0.113.77',
  '2001:db8:85a3::8a2e:370:7334',
  '536-22-8714',
  '529.982.247-25',
  'JG 12 34 56 C',
  'RSSMRA85T10A562S',
]

describe('a value is found', () => {
  it.each(values)('in a row of values that commas part: %s', (value) => {
    expect(found(`7731,${value},90210`)).toEqual([value])
    expect(found(`(7,${value},3)`)).toEqual([value])
    expect(found(`Ada,${value},active`)).toEqual([value])
  })

  it.each(values)('after an escape: %s', (value) => {
    for (const escape of ['\\n', '\\r', '\\t', '\\"', '\\/', '\\r\\n', '\\\\n'])
      expect(found(`{"msg":"They wrote:${escape}${value}${escape}bye"}`)).toEqual([value])
  })

  it.each(values)('in italics: %s', (value) => {
    for (const mark of ['_', '__', '___', '**_', '_____'])
      expect(found(`It is ${mark}${value}${mark}, as you see`)).toEqual([value])
  })

  it.each(values)('after a label: %s', (value) => {
    expect(found(`value:${value}`)).toEqual([value])
  })

  it.each([
    '4539578763621486',
    '+14155552671',
    'DE89370400440532013000',
    '536-22-8714',
    '2001:db8:85a3::8a2e:370:7334',
  ])('within a name, where its form leaves no doubt: %s', (value) => {
    expect(found(`user_${value}_final.txt`)).toEqual([value])
  })
})

describe('a value is none', () => {
  it.each(['lib_10.20.30.40_x', 'a_415-555-2671_b', 'C:\\new4539578763621486', 'anew4539578763621486'])(
    'within a word: %s',
    (text) => {
      expect(found(text)).toEqual([])
    },
  )

  it.each([
    'tel 4155552671,50 EUR',
    'tel 1 234 567,89 EUR',
    'call 1,123,456 1999',
    '0,4111111111111111',
    'ssn 123 456 789,50',
    'SIN 550 366 827,5',
  ])('before decimals or after thousands: %s', (text) => {
    expect(found(text)).toEqual([])
  })
})
