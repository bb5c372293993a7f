import { describe, expect, it } from 'vitest'
import { LeastRecent } from './least-recent.ts'

describe('LeastRecent', () => {
  it('forgets what was used longest ago', () => {
    const map = new LeastRecent<string, number>(2)
    map.set('a', 1)
    map.set('b', 2)
    expect(map.get('a')).toBe(1)
    map.set('c', 3)
    expect([map.get('a'), map.get('b'), map.get('c'), map.size]).toEqual([1, undefined, 3, 2])
  })

  it('weighs entries, and takes none that is too heavy', () => {
    const map = new LeastRecent<string, number>(10, (key) => key.length)
    map.set('12345', 1)
    map.set('1234', 2)
    map.set('123', 3)
    expect([map.get('12345'), map.get('1234'), map.get('123')]).toEqual([undefined, 2, 3])
    map.set('12345678901', 4)
    expect([map.get('12345678901'), map.size]).toEqual([undefined, 2])
  })

  it('replaces a value without counting it twice', () => {
    const map = new LeastRecent<string, number>(1)
    map.set('a', 1)
    map.set('a', 2)
    expect([map.get('a'), map.size]).toEqual([2, 1])
  })

  it('with no room remembers nothing', () => {
    const map = new LeastRecent<string, number>(0)
    map.set('a', 1)
    expect(map.get('a')).toBeUndefined()
  })
})
