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
    ['client:2001:db8::7334', '2001:db8::7334'],
    ['ip6:addr:fe80::1', 'fe80::1'],
    ['203.0.113.7 - - [10/Oct/2000] "GET /"', '203.0.113.7'],
    ['update received from 203.0.113.7', '203.0.113.7'],
    ['upgrade the server 203.0.113.7', '203.0.113.7'],
    ['the firmware of host 203.0.113.7', '203.0.113.7'],
    ['release notes on version 2 from 203.0.113.7', '203.0.113.7'],
    ['ip.src==203.0.113.7', '203.0.113.7'],
    ['ssh root@203.0.113.7', '203.0.113.7'],
    ['firmware at 203.0.113.7:80', '203.0.113.7'],
    ['oracle 10.1.0.2 is down', '10.1.0.2'],
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
    'bump nginx from 8.22.1.9 to 8.22.2.19',
    'bumped it 4.41.6.9 -> 4.41.7.19',
    'upgraded Oracle 12.1.0.2 to 12.2.0.11',
    'FW 1.10.0.22',
    'Elasticsearch 7.10.2.1',
    'app 10.2.0.1 (build 88)',
    'pandas==2.31.0.12',
    'std::face:1',
    'foo:12:34:56',
  ])('nothing in %s', (text) => {
    expect(found(text, 'ip')).toEqual([])
  })
})
