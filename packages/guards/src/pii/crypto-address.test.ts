import { describe, expect, it } from 'vitest'
import { found } from './fixtures/found.ts'

describe('crypto_address', () => {
  it.each([
    '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa',
    '3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy',
    'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4',
    'BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4',
    'bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0',
    '0x52908400098527886E0F7030069857D2E4169EE7',
    'LM2WMpR1Rp6j3Sa59cMXMs1SPzj9eXpGc1',
    'MGxNPPB7eBoWPUaprtX9v9CXJZoD2465zN',
    'ltc1qg42tkwuuxefutzxezdkdel39gfstuap288mfea',
    'TJCnKsPa7y5okkXvQAidZBzqx3QyQ6sxMW',
  ])('%s', (address) => {
    expect(found(`Send it to ${address}.`)).toEqual([address])
  })

  it('is found within a name', () => {
    expect(found('wallet_1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa_old')).toEqual(['1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa'])
  })

  it.each([
    ['a wrong checksum', '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb'],
    ['a wrong checksum', 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5'],
    ['a wrong checksum', 'TJCnKsPa7y5okkXvQAidZBzqx3QyQ6sxMX'],
    ['a wrong checksum', 'ltc1qg42tkwuuxefutzxezdkdel39gfstuap288mfeb'],
    ['the checksum of another network', 'ltc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4'],
    ['both cases', 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kV8f3t4'],
    ['a letter that base58 has not', '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfN0'],
    ['a hash', '0x9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'],
    ['a word', '1234567890123456789012345678901'],
  ])('not with %s: %s', (_, text) => {
    expect(found(text, 'crypto_address')).toEqual([])
  })
})
