import { describe, expect, it } from 'vitest'
import { hash, hexId, seeded } from './random.ts'

describe('seeded', () => {
  it('repeats itself for the same parts and only for them', () => {
    const draw = (...parts: (string | number)[]): number[] => Array.from({ length: 8 }, seeded(...parts).next)
    expect(draw(1, 'a')).toEqual(draw(1, 'a'))
    expect(draw(1, 'a')).not.toEqual(draw(2, 'a'))
    expect(draw('ab')).not.toEqual(draw('a', 'b'))
  })

  it('draws evenly', () => {
    const random = seeded('even')
    const counts = [0, 0, 0, 0, 0]
    for (let i = 0; i < 10_000; i++) counts[random.int(0, 4)]!++
    for (const count of counts) expect(Math.abs(count - 2000)).toBeLessThan(200)
  })

  it('shuffles without losing or repeating anything', () => {
    const items = [1, 2, 3, 4, 5, 6, 7]
    const shuffled = seeded('shuffle').shuffle(items)
    expect(shuffled).not.toEqual(items)
    expect([...shuffled].sort()).toEqual(items)
  })

  it('makes ids of the length asked for', () => {
    expect(hexId(24, 1, 'x')).toMatch(/^[0-9a-f]{24}$/)
    expect(hexId(24, 1, 'x')).not.toBe(hexId(24, 2, 'x'))
    expect(hash('x')).toBe(hash('x'))
  })
})
