import fc from 'fast-check'
import { expect, it } from 'vitest'
import { CallWindow } from './call-window.ts'

it('holds what is younger than nine tenths of it and nothing that is older than all of it', () => {
  const step = fc.record({ waitMs: fc.nat({ max: 400 }), marked: fc.boolean() })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), fc.nat({ max: 2000 }), (steps, restMs) => {
      const window = new CallWindow(1000)
      const happened: { atMs: number; marked: boolean }[] = []
      let nowMs = 0
      for (const { waitMs, marked } of steps) {
        nowMs += waitMs
        window.call(nowMs)
        if (marked) window.mark(nowMs)
        happened.push({ atMs: nowMs, marked })
      }
      nowMs += restMs
      const younger = (ageMs: number): typeof happened => happened.filter(({ atMs }) => nowMs - atMs < ageMs)
      const marks = (list: typeof happened): number => list.filter(({ marked }) => marked).length
      expect(window.calls(nowMs)).toBeGreaterThanOrEqual(younger(900).length)
      expect(window.calls(nowMs)).toBeLessThanOrEqual(younger(1000).length)
      expect(window.marks(nowMs)).toBeGreaterThanOrEqual(marks(younger(900)))
      expect(window.marks(nowMs)).toBeLessThanOrEqual(marks(younger(1000)))
    }),
  )
})

it('forgets all of it when told', () => {
  const window = new CallWindow(1000)
  window.call(5)
  window.mark(5)
  window.clear()
  expect([window.calls(5), window.marks(5)]).toEqual([0, 0])
})
