import { describe, expect, it } from 'vitest'
import { fingerprinter } from './fingerprint.ts'

describe('fingerprinter', () => {
  it('names equal values equally under one salt, and otherwise under another', () => {
    const [a, again, b] = [
      fingerprinter('salt-number-one'),
      fingerprinter('salt-number-one'),
      fingerprinter('salt-number-two'),
    ]
    expect(a('ada@example.com')).toMatch(/^[\da-f]{16}$/)
    expect(again('ada@example.com')).toBe(a('ada@example.com'))
    expect(a('bob@example.com')).not.toBe(a('ada@example.com'))
    expect(b('ada@example.com')).not.toBe(a('ada@example.com'))
  })

  it('agrees within a process where there is no salt', () => {
    expect(fingerprinter()('x')).toBe(fingerprinter()('x'))
  })
})
