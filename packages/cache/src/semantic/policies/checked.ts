import { SluiceError } from '@sluice/core'

export type Rule = 'share' | 'similarity' | 'count' | 'ms' | 'flag' | 'chance' | 'function' | 'risk'

const rules: Record<Rule, { readonly holds: (value: unknown) => boolean; readonly asks: string }> = {
  share: { holds: (value) => isNumber(value) && value > 0 && value < 1, asks: 'above 0 and below 1' },
  risk: {
    holds: (value) => isNumber(value) && value > 0 && value <= 0.5,
    asks: 'above 0 and at most 0.5, as 0.01 for one in a hundred',
  },
  similarity: { holds: (value) => isNumber(value) && value >= -1 && value <= 1, asks: 'a cosine, −1 to 1' },
  count: {
    holds: (value) => Number.isSafeInteger(value) && (value as number) >= 1,
    asks: 'a whole number of at least 1',
  },
  ms: { holds: (value) => isNumber(value) && value > 0, asks: 'milliseconds above 0' },
  flag: { holds: (value) => typeof value === 'boolean', asks: 'true or false' },
  chance: { holds: (value) => isNumber(value) && value >= 0 && value <= 1, asks: 'from 0 to 1' },
  function: { holds: (value) => typeof value === 'function', asks: 'a function' },
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}

/** The options of `what` when each is known and obeys its rule; those left out are left out. @throws {SluiceError} `config.option` */
export function checked<T extends object>(
  what: string,
  options: T,
  known: Readonly<Record<keyof T & string, Rule | 'any'>>,
): T {
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throw refusal(`${what}() takes an object of options, got ${shown(options)}.`)
  for (const [name, value] of Object.entries(options)) {
    const rule: Rule | 'any' | undefined = Object.hasOwn(known, name) ? known[name as keyof T & string] : undefined
    if (!rule) throw refusal(`${what}() has no option "${name}". The options are ${Object.keys(known).join(', ')}.`)
    if (value === undefined || rule === 'any') continue
    const { holds, asks } = rules[rule]
    if (!holds(value)) throw refusal(`${name} of ${what}() must be ${asks}, got ${shown(value)}.`)
  }
  return options
}

export function refusal(message: string): SluiceError {
  return new SluiceError({ code: 'config.option', message })
}

export function shown(value: unknown): string {
  if (typeof value === 'function') return 'a function'
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object'
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 80)) : String(value)
}
