import fc from 'fast-check'
import { expect, it } from 'vitest'
import { apiContract } from '../../testing/api-contract.ts'
import { generatedChat } from '../../testing/fixtures/generated-chat.ts'
import { fold, type Boundaries } from '../api.ts'
import { openaiChat } from './index.ts'

/** The same JSON with the fields of every object in another order. */
function reordered(value: unknown, order: Iterator<number>): unknown {
  if (Array.isArray(value)) return value.map((item) => reordered(item, order))
  if (typeof value !== 'object' || value === null) return value
  const fields = Object.entries(value).map(
    ([key, field]) => [order.next().value, key, reordered(field, order)] as const,
  )
  return Object.fromEntries(fields.toSorted(([a], [b]) => a - b).map(([, key, field]) => [key, field]))
}

it('keeps every law on generated streams', () => {
  fc.assert(
    fc.property(generatedChat, (fixture) => {
      for (const { run } of apiContract(openaiChat, [fixture])) void run()
    }),
    { numRuns: 150 },
  )
})

it('folds to the same answer whatever the order of fields', () => {
  fc.assert(
    fc.property(generatedChat, fc.infiniteStream(fc.nat()), ({ events = [], whole }, order) => {
      expect(fold(openaiChat, reordered(events, order) as typeof events)).toEqual(whole)
    }),
    { numRuns: 50 },
  )
})

it('replays any answer at any boundaries, in the order of the boundaries', () => {
  const boundary = fc.tuple(
    fc.constantFrom('0.content', '0.tool_calls.0', '1.content', 'x'),
    fc.integer({ min: -1, max: 4 }),
  )
  fc.assert(
    fc.property(generatedChat, fc.array(boundary), ({ whole }, boundaries: Boundaries) => {
      if (!whole) return
      const events = openaiChat.replay(whole, boundaries)
      expect(fold(openaiChat, events)).toEqual(whole)
      const parts = events.flatMap(openaiChat.delta).map(({ part }) => part)
      const first = boundaries.find(([part, length]) => length > 0 && parts.includes(part))
      if (first) expect(parts[0]).toBe(first[0])
    }),
    { numRuns: 100 },
  )
})
