import type { Meter, Usage } from '../usage.ts'
import { picoPerNano } from './money.ts'
import type { RateSet, Rates } from './rates.ts'
import { priceNames } from './table.ts'

/** What costs money: the meters of usage, and the request itself. */
export type CostMeter = Meter | 'request'

/** An amount and what it is made of. */
export interface Amount {
  /** Integer nano-dollars (10⁻⁹ USD): the exact sum rounded half up. */
  readonly nanoUsd: number
  /** Nano-dollars by meter, whole, summing to `nanoUsd`. Meters without tokens are left out. */
  readonly byMeter: Partial<Record<CostMeter, number>>
}

// Meter by meter in the order of rates; reasoning is inside output, the request stands at the end.
const meters = priceNames.slice(0, 9) as readonly Meter[]
const meterCount = meters.length
const inputCount = 6
const output = priceNames.indexOf('output')
const reasoning = priceNames.indexOf('reasoning')
const request = priceNames.indexOf('request')

/** The rates that the length of the whole prompt selects, and the length they begin above. */
export function ratesFor(set: RateSet, usage: Usage): { readonly rates: Rates; readonly above: number | undefined } {
  let input = 0
  for (let index = 0; index < inputCount; index += 1) input += usage[meters[index]!]
  for (let step = set.longPrompts.length - 1; step >= 0; step -= 1) {
    const { above, rates } = set.longPrompts[step]!
    if (input > above) return { rates, above }
  }
  return { rates: set.base, above: undefined }
}

/**
 * What the tokens cost. All products are exact: in floating point while they and their sum are safe integers of
 * pico-dollars (9,007 USD), else in BigInt. Gives a text for what cannot be priced.
 */
export function amountOf(usage: Usage, rates: Rates): Amount | string {
  const pico: number[] = []
  let sum = rates[request]!
  for (let index = 0; index < meterCount; index += 1) {
    const tokens = usage[meters[index]!]
    let part = 0
    if (tokens !== 0) {
      if (!(Number.isSafeInteger(tokens) && tokens > 0))
        return `${meters[index]} must be whole tokens of at least 0, is ${String(tokens)}`
      const rate = rates[index]!
      if (rate < 0) return `no price for ${meters[index]} tokens`
      const thinking = index === output ? reasoningOf(usage) : 0
      part = (tokens - thinking) * rate + thinking * rates[reasoning]!
    }
    pico.push(part)
    sum += part
  }
  pico.push(rates[request]!)
  return Number.isSafeInteger(sum) ? roundedExactly(pico, sum) : roundedLarge(usage, rates)
}

function reasoningOf({ output: tokens, reasoning: part }: Usage): number {
  return Math.min(Number.isSafeInteger(part) && part > 0 ? part : 0, tokens)
}

const names: readonly CostMeter[] = [...meters, 'request']

function roundedExactly(pico: readonly number[], sum: number): Amount {
  const nanoUsd = (sum - (sum % picoPerNano)) / picoPerNano + (sum % picoPerNano >= picoPerNano / 2 ? 1 : 0)
  const byMeter: Partial<Record<CostMeter, number>> = {}
  let left = nanoUsd
  for (const [index, part] of pico.entries()) {
    if (part === 0) continue
    const whole = (part - (part % picoPerNano)) / picoPerNano
    byMeter[names[index]!] = whole
    left -= whole
  }
  if (left > 0) share(byMeter, left, (index) => pico[index]! % picoPerNano)
  return { nanoUsd, byMeter }
}

function roundedLarge(usage: Usage, rates: Rates): Amount {
  const nano = BigInt(picoPerNano)
  const pico = meters.map((meter, index) => BigInt(usage[meter]) * BigInt(Math.max(0, rates[index]!)))
  if (usage.output > 0) pico[output]! += BigInt(reasoningOf(usage)) * BigInt(rates[reasoning]! - rates[output]!)
  pico.push(BigInt(rates[request]!))
  const sum = pico.reduce((total, part) => total + part, 0n)
  const byMeter: Partial<Record<CostMeter, number>> = {}
  let left = (sum + nano / 2n) / nano
  for (const [index, part] of pico.entries()) {
    if (part === 0n) continue
    byMeter[names[index]!] = Number(part / nano)
    left -= part / nano
  }
  share(byMeter, Number(left), (index) => Number(pico[index]! % nano))
  // The parts are exact up to 9 million USD each; the total is their sum, so that both still agree.
  return { nanoUsd: Object.values(byMeter).reduce((total, part) => total + part, 0), byMeter }
}

/** Gives what the whole parts lack to the parts with the largest remainders, one nano-dollar each. */
function share(byMeter: Partial<Record<CostMeter, number>>, left: number, remainder: (index: number) => number): void {
  const remainders = names.map((_, index) => remainder(index))
  for (let given = 0; given < left; given += 1) {
    const largest = remainders.indexOf(Math.max(...remainders))
    byMeter[names[largest]!]! += 1
    remainders[largest] = -1
  }
}
