/**
 * About what an event takes in memory, in bytes: its texts, and a little for every field. An estimate, because the exact
 * figure would cost more than the event.
 */
export function eventSize(value: unknown): number {
  if (typeof value === 'string') return value.length + 16
  if (typeof value !== 'object' || value === null) return 8
  let size = 32
  if (Array.isArray(value)) for (const item of value) size += eventSize(item)
  else for (const key in value) size += 8 + eventSize((value as Record<string, unknown>)[key])
  return size
}
