import { describe, expect, it } from 'vitest'
import { found } from './fixtures/found.ts'

describe('ip', () => {
  it.each([
    ['It came from 203.0.113.7.', '203.0.113.7'],
    ['10.20.30.40:8080', '10.20.30.40'],
    ['the host 8.8.8.8 answers', '8.8.8.8'],
    ['[2001:db8::8a2e:370:7334]', '2001:db8::8a2e:370:7334'],
    ['fe80:0:0:0:200:f8ff:fe21:67cf, then', 'fe80:0:0:0:200:f8ff:fe21:67cf'],
    ['FE80::1ff:fe23:4567:890A', 'FE80::1ff:fe23:4567:890A'],
    ['::ffff:192.0.2.128', '::ffff:192.0.2.128'],
  ])('%s', (text, address) => {
    expect(found(text, 'ip')).toEqual([address])
  })

  it.each([
    'version 10.20.30.40',
    'upgrade to release 5.14.21.150',
    'a table: 1.2.3.4 and so on',
    '127.0.0.1',
    '0.0.0.0',
    '::1',
    '256.1.1.1',
    '1.2.3.4.5',
    '10.20.30.40-beta',
    '01:02:03',
    'at 12:30:45 std::vector',
    'x10.20.30.40',
  ])('nothing in %s', (text) => {
    expect(found(text, 'ip')).toEqual([])
  })
})
