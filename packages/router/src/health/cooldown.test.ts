import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Cooldown } from './cooldown.ts'

it('lasts until the instant it was given', () => {
  const cooldown = new Cooldown()
  expect(cooldown.active(0)).toBe(false)
  cooldown.extend(1000, 'rate_limited')
  expect(cooldown.active(999)).toBe(true)
  expect(cooldown.active(1000)).toBe(false)
})

it('keeps the longest with its reason, in whatever order they come', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 1e13 }), { minLength: 1 }), (instants) => {
      const cooldown = new Cooldown()
      for (const instant of instants) cooldown.extend(instant, `until ${instant}`)
      const longest = Math.max(...instants)
      expect(cooldown.untilMs).toBe(longest)
      expect(cooldown.reason).toBe(`until ${longest}`)
    }),
  )
})

it('ignores what is no instant, and keeps an endless one printable', () => {
  const cooldown = new Cooldown()
  cooldown.extend(Number.NaN, 'nonsense')
  expect(cooldown.untilMs).toBe(0)
  cooldown.extend(Number.POSITIVE_INFINITY, 'for ever')
  expect(new Date(cooldown.untilMs).getFullYear()).toBeGreaterThan(200_000)
})
