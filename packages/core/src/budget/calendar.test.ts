import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { calendarSpan, canonicalZone, type CalendarUnit } from './calendar.ts'

const at = (text: string): number => Date.parse(text)
const iso = (unit: CalendarUnit, zone: string, text: string): string[] => {
  const { startMs, endMs } = calendarSpan(unit, zone, at(text))
  return [startMs, endMs].map((ms) => new Date(ms).toISOString())
}

describe('calendarSpan', () => {
  it('follows the clocks of the zone', () => {
    // Berlin loses an hour on 29 March 2026 and gets it back on 25 October.
    expect(iso('day', 'Europe/Berlin', '2026-03-29T12:00:00Z')).toEqual([
      '2026-03-28T23:00:00.000Z',
      '2026-03-29T22:00:00.000Z',
    ])
    expect(iso('day', 'Europe/Berlin', '2026-10-25T00:30:00Z')).toEqual([
      '2026-10-24T22:00:00.000Z',
      '2026-10-25T23:00:00.000Z',
    ])
    expect(iso('week', 'Europe/Berlin', '2026-03-29T21:59:59Z')).toEqual([
      '2026-03-22T23:00:00.000Z',
      '2026-03-29T22:00:00.000Z',
    ])
    expect(iso('month', 'Europe/Berlin', '2026-10-31T23:00:00Z')).toEqual([
      '2026-10-31T23:00:00.000Z',
      '2026-11-30T23:00:00.000Z',
    ])
    expect(iso('month', 'America/New_York', '2026-03-01T04:59:59Z')).toEqual([
      '2026-02-01T05:00:00.000Z',
      '2026-03-01T05:00:00.000Z',
    ])
    expect(iso('month', 'UTC', '2024-02-29T23:59:59Z')).toEqual([
      '2024-02-01T00:00:00.000Z',
      '2024-03-01T00:00:00.000Z',
    ])
    expect(iso('month', 'Pacific/Kiritimati', '2026-12-31T10:00:00Z')[0]).toBe('2026-12-31T10:00:00.000Z')
    expect(iso('day', 'Asia/Kathmandu', '2026-06-01T18:15:00Z')[0]).toBe('2026-06-01T18:15:00.000Z')
  })

  it('begins a day without midnight with its first instant, and one with two with the first', () => {
    // Clocks went from 23:59:59 to 01:00:00.
    expect(iso('day', 'America/Sao_Paulo', '2018-11-04T12:00:00Z')[0]).toBe('2018-11-04T03:00:00.000Z')
    expect(iso('day', 'Africa/Cairo', '2026-04-24T12:00:00Z')[0]).toBe('2026-04-23T22:00:00.000Z')
    // From 00:59:59 back to 00:00:00.
    expect(iso('day', 'America/Havana', '2025-11-02T12:00:00Z')).toEqual([
      '2025-11-02T04:00:00.000Z',
      '2025-11-03T05:00:00.000Z',
    ])
    // From 00:00:59 back to 23:01:00 of the day before.
    const [first, second] = iso('day', 'America/St_Johns', '2010-11-07T02:40:00Z')
    expect([first, second]).toEqual(['2010-11-07T02:30:00.000Z', '2010-11-08T03:30:00.000Z'])
    // There was no 30 December 2011.
    expect(iso('day', 'Pacific/Apia', '2011-12-30T12:00:00Z')).toEqual([
      '2011-12-30T10:00:00.000Z',
      '2011-12-31T10:00:00.000Z',
    ])
  })

  it('divides time without gaps or overlaps', () => {
    const zones = [
      'UTC',
      'Europe/Berlin',
      'America/New_York',
      'America/Sao_Paulo',
      'America/Havana',
      'Asia/Kolkata',
      'Australia/Lord_Howe',
      'America/St_Johns',
      'Pacific/Apia',
      'Asia/Beirut',
    ]
    const units: CalendarUnit[] = ['day', 'week', 'month']
    fc.assert(
      fc.property(
        fc.integer({ min: at('1995-01-01'), max: at('2035-01-01') }),
        fc.constantFrom(...zones),
        fc.constantFrom(...units),
        (ms, zone, unit) => {
          const { startMs, endMs } = calendarSpan(unit, zone, ms)
          expect(startMs <= ms && ms < endMs).toBe(true)
          expect(calendarSpan(unit, zone, startMs)).toEqual({ startMs, endMs })
          expect(calendarSpan(unit, zone, endMs - 1)).toEqual({ startMs, endMs })
          expect(calendarSpan(unit, zone, endMs).startMs).toBe(endMs)
          expect(calendarSpan(unit, zone, startMs - 1).endMs).toBe(startMs)
        },
      ),
      { numRuns: 300 },
    )
  })
})

describe('canonicalZone', () => {
  it('knows zones from other texts', () => {
    expect(canonicalZone('europe/berlin')).toBe('Europe/Berlin')
    for (const wrong of ['Europe/Bärlin', '', 'Mars', undefined, 3]) expect(canonicalZone(wrong)).toBeUndefined()
  })
})
