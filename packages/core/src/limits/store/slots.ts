import { slotsPerPeriod, type SlidingRule } from '../rule.ts'

/** What was taken in each slot of a sliding window that still counts. */
export type Slots = Map<number, number>

export function slotUsOf(rule: SlidingRule): number {
  return Math.ceil((rule.periodMs * 1_000) / slotsPerPeriod)
}

export function slotOf(rule: SlidingRule, atUs: number): number {
  return Math.floor(atUs / slotUsOf(rule))
}

/** The slots that count at an instant, oldest first: also the one that the window covers only in part. */
export function counting(slots: Slots | undefined, rule: SlidingRule, nowUs: number): (readonly [number, number])[] {
  const first = slotOf(rule, nowUs) - slotsPerPeriod
  return [...(slots ?? [])].filter(([slot]) => slot >= first).toSorted(([a], [b]) => a - b)
}

/** When a slot stops counting. */
export function slotEndUs(rule: SlidingRule, slot: number): number {
  return (slot + slotsPerPeriod + 1) * slotUsOf(rule)
}

/** Microseconds until `over` units have left the window. */
export function waitForUs(
  counted: readonly (readonly [number, number])[],
  rule: SlidingRule,
  nowUs: number,
  over: number,
): number {
  let freed = 0
  for (const [slot, count] of counted) {
    freed += count
    if (freed >= over) return slotEndUs(rule, slot) - nowUs
  }
  return 0
}
