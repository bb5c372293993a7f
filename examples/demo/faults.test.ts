import type { FakeRequest } from '@sluice/core/testing'
import { describe, expect, it } from 'vitest'
import { callHeader } from './desk.ts'
import { faultPlan, outageOf } from './faults.ts'
import { models } from './models.ts'

const { cheap, strong, standIn } = models

/** The faults of requests that arrive in this order. */
function faultsOf(requests: readonly { call: number; model: string }[], seed = 1): (string | undefined)[] {
  const rules = faultPlan(seed, 1000)
  return requests.map(({ call, model }, index) => {
    const request = { call: index + 1, model, headers: { [callHeader]: String(call) } } as unknown as FakeRequest
    return rules.find(({ when }) => when?.(request))?.fault
  })
}

const callsTo = (model: string, from = 1, to = 1000): { call: number; model: string }[] =>
  Array.from({ length: to - from + 1 }, (_, index) => ({ call: from + index, model }))

describe('faultPlan', () => {
  it('depends on the call and not on when it arrives', () => {
    const requests = callsTo(cheap)
    expect(faultsOf(requests.toReversed()).toReversed()).toEqual(faultsOf(requests))
    expect(faultsOf(requests, 2)).not.toEqual(faultsOf(requests))
  })

  it('gives another try another chance', () => {
    const tries = faultsOf(callsTo(cheap).flatMap((request) => [request, request, request]))
    const again = tries.filter((fault, index) => index % 3 === 1 && fault !== undefined && tries[index - 1] === fault)
    expect(tries.filter((fault) => fault !== undefined).length).toBeGreaterThan(200)
    expect(again.length).toBeLessThan(10)
  })

  it('has the strong model down for a stretch of the calls, and nobody else', () => {
    const [first, last] = outageOf(1000)
    expect([first, last]).toEqual([401, 550])
    expect(new Set(faultsOf(callsTo(strong, first, last)))).toEqual(new Set(['http-503']))
    for (const model of [cheap, standIn])
      expect(faultsOf(callsTo(model, first, last)).filter((fault) => fault === undefined).length).toBeGreaterThan(100)
  })

  it('strikes the stand-in less often', () => {
    const count = (model: string): number => faultsOf(callsTo(model)).filter((fault) => fault !== undefined).length
    expect(count(standIn)).toBeLessThan(count(cheap) / 2)
    expect(count(standIn)).toBeGreaterThan(0)
  })

  it('has an outage in the shortest run', () => {
    expect(outageOf(1)).toEqual([1, 1])
  })
})
