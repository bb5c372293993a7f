import { describe, expect, it } from 'vitest'
import { found } from './fixtures/found.ts'

describe('mac', () => {
  it.each([
    ['at 00:1b:44:11:3a:b7.', '00:1b:44:11:3a:b7'],
    ['AA-BB-CC-DD-EE-F1', 'AA-BB-CC-DD-EE-F1'],
    ['fa-ce-b0-0c-00-01 joined', 'fa-ce-b0-0c-00-01'],
    ['(001b.4411.3ab7)', '001b.4411.3ab7'],
    ['02:00:5e:10:00:00:00:01', '02:00:5e:10:00:00:00:01'],
    ['peer mac:00:1b:44:11:3a:b7', '00:1b:44:11:3a:b7'],
    ['-00:1b:44:11:3a:b7', '00:1b:44:11:3a:b7'],
    ['MAC address: 3C22FB9A1B2C', '3C22FB9A1B2C'],
    ['mac_address=001a2b3c4d5e', '001a2b3c4d5e'],
  ])('%s', (text, address) => {
    expect(found(text, 'mac')).toEqual([address])
  })

  it.each([
    '00:1b:44:11:3a',
    '00:1b:44:11:3a:b7:1',
    '00:00:00:00:00:00',
    '11-22-33-44-55-66',
    '00:1g:44:11:3a:b7',
    'x00:1b:44:11:3a:b7',
    '12:30:45',
    'aa bb cc dd ee ff',
    '12:00:1b:44:11:3a:b7',
    'commit 3c22fb9a1b2c',
    'MAC 001234567890',
    'a Mac with the key of 3c22fb9a1b2c',
  ])('nothing in %s', (text) => {
    expect(found(text, 'mac')).toEqual([])
  })
})
