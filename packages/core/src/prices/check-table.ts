import { configError } from '../errors.ts'
import { isObject } from '../json.ts'
import { priceNames, type PriceTable } from './table.ts'

/** USD per million tokens that no model costs: above it stands a price per token, per thousand, or a slip. */
const maxUsdPerMillion = 1_000_000
const maxUsdPerRequest = 1000

const fieldsOf = {
  table: ['source', 'checkedAt', 'version', 'models', 'skipped'],
  model: ['effectiveFrom', 'hoursUtc', 'prices', 'longPrompts', 'batch', 'serviceTiers', 'source', 'checkedAt'],
  tier: ['prices', 'longPrompts'],
  step: ['aboveTokens', 'prices'],
  hours: ['from', 'to'],
} as const

/** @throws {SluiceError} `config.prices`, naming the place, the value and what belongs there. */
export function checkPriceTable(table: PriceTable, where: string): void {
  fields(table, fieldsOf.table, where)
  const { source, checkedAt, version, models } = table
  text(source, `${where}.source`, 'where the prices are from')
  day(checkedAt, `${where}.checkedAt`)
  if (version !== undefined) text(version, `${where}.version`, 'a name for this state of the table')
  if (!isObject(models)) refuse(`${where}.models`, 'an object of prices by model name', models)
  for (const [name, model] of Object.entries(models)) {
    const at = `${where}.models[${JSON.stringify(name)}]`
    if (name.trim() === '') refuse(at, 'listed under a model name', name)
    fields(model, [...fieldsOf.model, 'aliases', 'changes'], at)
    const { aliases = [], changes = [] } = model
    list(aliases, `${at}.aliases`)
    for (const [index, alias] of aliases.entries())
      if (typeof alias !== 'string' || alias.replaceAll('*', '').trim() === '')
        refuse(`${at}.aliases[${index}]`, 'a name of the model, with * for any characters', alias)
    dated(model, at)
    list(changes, `${at}.changes`)
    for (const [index, change] of changes.entries()) {
      fields(change, fieldsOf.model, `${at}.changes[${index}]`)
      dated(change, `${at}.changes[${index}]`)
    }
  }
}

function dated(value: Record<string, unknown>, at: string): void {
  const { effectiveFrom, hoursUtc, batch, serviceTiers = {}, source, checkedAt } = value
  if (effectiveFrom !== undefined && !Number.isFinite(instantOf(effectiveFrom)))
    refuse(`${at}.effectiveFrom`, 'a day YYYY-MM-DD or an ISO instant with a time zone', effectiveFrom)
  if (hoursUtc !== undefined) {
    fields(hoursUtc, fieldsOf.hours, `${at}.hoursUtc`)
    for (const end of fieldsOf.hours)
      if (!Number.isFinite(minutesOf(hoursUtc[end])))
        refuse(`${at}.hoursUtc.${end}`, 'a time HH:MM in UTC', hoursUtc[end])
  }
  if (source !== undefined) text(source, `${at}.source`, 'where the prices are from')
  if (checkedAt !== undefined) day(checkedAt, `${at}.checkedAt`)
  priceSet(value, at)
  if (batch !== undefined) tier(batch, `${at}.batch`)
  if (!isObject(serviceTiers)) refuse(`${at}.serviceTiers`, 'an object of prices by service tier', serviceTiers)
  for (const [name, one] of Object.entries(serviceTiers)) tier(one, `${at}.serviceTiers[${JSON.stringify(name)}]`)
}

function tier(value: unknown, at: string): void {
  if (isObject(value) && 'times' in value) {
    fields(value, ['times'], at)
    const { times } = value
    if (!(typeof times === 'number' && times >= 0 && times <= 100))
      refuse(`${at}.times`, 'a factor from 0 to 100', times)
    return
  }
  fields(value, fieldsOf.tier, at)
  priceSet(value, at)
}

function priceSet({ prices, longPrompts = [] }: Record<string, unknown>, at: string): void {
  checkPrices(prices, `${at}.prices`)
  list(longPrompts, `${at}.longPrompts`)
  for (const [index, step] of longPrompts.entries()) {
    const place = `${at}.longPrompts[${index}]`
    fields(step, fieldsOf.step, place)
    if (!(Number.isSafeInteger(step.aboveTokens) && (step.aboveTokens as number) >= 0))
      refuse(`${place}.aboveTokens`, 'whole tokens of at least 0', step.aboveTokens)
    checkPrices(step.prices, `${place}.prices`)
  }
}

function checkPrices(prices: unknown, at: string): void {
  fields(prices, priceNames, at)
  for (const [name, usd] of Object.entries(prices)) {
    const [most, unit] =
      name === 'request' ? [maxUsdPerRequest, 'USD per request'] : [maxUsdPerMillion, 'USD per million tokens']
    if (!(typeof usd === 'number' && usd >= 0 && usd <= most)) refuse(`${at}.${name}`, `${unit} from 0 to ${most}`, usd)
  }
}

function fields(value: unknown, known: readonly string[], at: string): asserts value is Record<string, unknown> {
  if (!isObject(value)) refuse(at, `an object with ${known.join(', ')}`, value)
  for (const name of Object.keys(value))
    if (!known.includes(name))
      throw configError('prices', `${at} has no field "${name}". Its fields are ${known.join(', ')}.`)
}

function list(value: unknown, at: string): asserts value is readonly unknown[] {
  if (!Array.isArray(value)) refuse(at, 'a list', value)
}

function text(value: unknown, at: string, what: string): void {
  if (typeof value !== 'string' || value.trim() === '') refuse(at, `text: ${what}`, value)
}

function day(value: unknown, at: string): void {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(value) || !Number.isFinite(instantOf(value)))
    refuse(at, 'the day of the last check, YYYY-MM-DD', value)
}

/** Unix milliseconds of a day or an instant; NaN for anything else. */
export function instantOf(value: unknown): number {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d(?:T.*(?:Z|[+-]\d\d:\d\d))?$/.test(value)) return NaN
  const atMs = Date.parse(value)
  // Date.parse takes the 30th of February for the 2nd of March.
  const isReal = value.length > 10 || new Date(atMs || 0).toISOString().startsWith(value)
  return isReal ? atMs : NaN
}

/** Minutes since midnight of `HH:MM`; NaN for anything else. */
export function minutesOf(value: unknown): number {
  const [, hours, minutes] = (typeof value === 'string' && /^([01]\d|2[0-3]):([0-5]\d)$/.exec(value)) || []
  return hours === undefined ? NaN : Number(hours) * 60 + Number(minutes)
}

function refuse(at: string, wanted: string, got: unknown): never {
  const seen = typeof got === 'number' ? String(got) : (JSON.stringify(got) ?? String(got))
  throw configError('prices', `${at} must be ${wanted}, got ${seen.slice(0, 200)}.`)
}
