import { expect, it } from 'vitest'
import { allowed, type Detector } from '../detector.ts'
import type { GuardRun } from '../judge.ts'
import type { Scoped } from './request-scope.ts'
import { VerdictMemory } from './verdict-memory.ts'

const detector: Detector = { name: 'tiny', check: () => allowed }
const quiet: GuardRun = { detector, verdict: allowed, ms: 1 }
const loud: GuardRun = { detector, verdict: { ...allowed, action: 'warn', rules: ['tiny'] }, ms: 1 }

const scoped = (text: string, more: Partial<Scoped> = {}): Scoped => ({
  part: { path: ['messages', 0, 'content'], role: 'user', kind: 'text', text },
  stage: 'input',
  detectors: [detector],
  shadow: [],
  isHistory: false,
  redactsOnly: false,
  source: undefined,
  tool: undefined,
  ...more,
})

it('gives back what was found, and that nothing was', () => {
  const memory = new VerdictMemory(10)
  const [one, other] = [memory.keyOf(scoped('one')), memory.keyOf(scoped('other'))]
  memory.set(one, [quiet, loud])
  memory.set(other, [quiet])
  expect(memory.get(one)).toEqual([loud])
  expect(memory.get(other)).toEqual([])
  expect(memory.get(memory.keyOf(scoped('unknown')))).toBeUndefined()
})

it.each([1, 2, 3, 8, 101])('keeps no more than %d, and of those what was used last', (most) => {
  const memory = new VerdictMemory(most)
  const keys = Array.from({ length: 5 * most }, (_, index) => memory.keyOf(scoped(`text ${index}`)))
  for (const key of keys) {
    memory.set(key, [quiet])
    // What is used again and again is never the oldest.
    if (most > 1) memory.get(keys[0])
  }
  const kept = keys.filter((key) => memory.get(key) !== undefined)
  expect(kept.length).toBeGreaterThan(0)
  expect(kept.length).toBeLessThanOrEqual(most)
  expect(kept).toContain(keys.at(-1))
  if (most > 3) expect(kept).toContain(keys[0])
})

it('keeps nothing where it may not, and nothing of a guard that failed', () => {
  const none = new VerdictMemory(0)
  expect(none.keyOf(scoped('one'))).toBeUndefined()
  none.set(undefined, [quiet])
  expect(none.get(undefined)).toBeUndefined()
  const memory = new VerdictMemory(10)
  const key = memory.keyOf(scoped('one'))
  memory.set(key, [quiet, { ...quiet, failed: true }])
  expect(memory.get(key)).toBeUndefined()
})

it('tells apart texts of which the detectors are told something else', () => {
  const memory = new VerdictMemory(10)
  const part = scoped('one').part
  const told = [
    scoped('one'),
    scoped('two'),
    scoped('one', { stage: 'document' }),
    scoped('one', { redactsOnly: true }),
    scoped('one', { source: 'web' }),
    scoped('one', { tool: 'web' }),
    scoped('one', { source: 'web', tool: 'web' }),
    scoped('one', { part: { ...part, role: 'assistant' } }),
    scoped('one', { part: { ...part, kind: 'refusal' } }),
    // What one field ends with is not what the next begins with.
    scoped('"web"]\none', { source: 'x' }),
    scoped('one', { source: 'x"web"]\n' }),
  ]
  expect(new Set(told.map((each) => memory.keyOf(each))).size).toBe(told.length)
})
