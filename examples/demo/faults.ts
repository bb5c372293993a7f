import type { FakeFaultName, FakeFaultRule, FakeRequest } from '@sluice/core/testing'
import { callHeader } from './desk.ts'
import { models } from './models.ts'
import { randomOf } from './random.ts'

/** The faults, each with its share of the requests. */
const faults: readonly { readonly share: number; readonly fault: FakeFaultName }[] = [
  { share: 0.015, fault: 'http-429' },
  { share: 0.02, fault: 'http-503' },
  { share: 0.01, fault: 'reset-before-headers' },
  { share: 0.01, fault: 'error-in-stream' },
  { share: 0.015, fault: 'truncated' },
  { share: 0.025, fault: 'cut' },
  { share: 0.02, fault: 'late-error-in-stream' },
]

/** The stand-in fails so many times less often than the others. */
const steadier = 3

/** The strong model is down for this part of the calls. */
const outage = { from: 0.4, to: 0.55 }

/** The calls that find the strong model down, the first and the last. */
export function outageOf(calls: number): readonly [first: number, last: number] {
  const first = Math.floor(calls * outage.from) + 1
  return [first, Math.max(first, Math.floor(calls * outage.to))]
}

/**
 * The faults of a run. Which of them a request meets depends on its call, its model and how often that was tried, not on
 * when it arrives, so that a run can be repeated.
 */
export function faultPlan(seed: number, calls: number): FakeFaultRule[] {
  const [first, last] = outageOf(calls)
  const tries = new Map<string, number>()
  const known = new Map<number, FakeFaultName | undefined>()
  const planned = ({ call: arrival, model, headers }: FakeRequest): FakeFaultName | undefined => {
    if (known.has(arrival)) return known.get(arrival)
    const call = headers[callHeader] ?? ''
    const name = `${call} ${model}`
    const attempt = (tries.get(name) ?? 0) + 1
    tries.set(name, attempt)
    const isOut = model === models.strong && Number(call) >= first && Number(call) <= last
    let left = randomOf(seed, `fault ${name} ${attempt}`)() * (model === models.standIn ? steadier : 1)
    const struck = faults.find(({ share }) => (left -= share) < 0)?.fault
    // How long a model is left alone after a 429 is a matter of time, and what the cascade does shall not be.
    const fault = isOut || (struck === 'http-429' && model === models.cheap) ? 'http-503' : struck
    known.set(arrival, fault)
    return fault
  }
  return faults.map(({ fault }) => ({ fault, retryAfterMs: 200, when: (request) => planned(request) === fault }))
}
