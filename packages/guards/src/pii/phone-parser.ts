import { createRequire } from 'node:module'
import { refuse, shown } from '../option-checks.ts'
import type { CountryCode, MetadataJson, parsePhoneNumberFromString } from 'libphonenumber-js/core'

/** Countries whose numbers are most often written without a plus in texts that go to a model, by how many speak of them. */
export const defaultCountries: readonly string[] = [
  'GB',
  'DE',
  'FR',
  'IT',
  'ES',
  'NL',
  'BE',
  'CH',
  'AT',
  'AU',
  'IN',
  'JP',
]

/** @throws {SluiceError} `config.option` for what is no country with telephone numbers. */
export function checkedCountries(countries: readonly string[]): readonly string[] {
  const known = load().metadata.countries
  const unknown = Array.isArray(countries) ? countries.find((each) => !Object.hasOwn(known, each)) : countries
  if (unknown !== undefined)
    refuse(`countries of pii() must be a list of codes such as "GB" (ISO 3166, upper case), got ${shown(unknown)}.`)
  return countries
}

/**
 * Judges the digits of a telephone number: by the country code after a plus, as a number within one country, or within any
 * of those chosen.
 */
export type PhoneParser = (digits: string, country?: CountryCode | 'any') => 'valid' | 'possible' | 'invalid'

/** Answers that are remembered: on a stream the same number is met again with every delta until it has passed. */
const remembered = 64

/** Takes some 20 ms the first time; asked for by detectors that look for phone numbers only. */
function load(): { readonly parse: Parse; readonly metadata: MetadataJson } {
  const require = createRequire(import.meta.url)
  const { parsePhoneNumberFromString: parse } = require('libphonenumber-js/core') as {
    parsePhoneNumberFromString: Parse
  }
  // A module, where the process prefers those: node --conditions=import.
  const metadata = require('libphonenumber-js/min/metadata') as MetadataJson | { readonly default: MetadataJson }
  return { parse, metadata: 'default' in metadata ? metadata.default : metadata }
}

type Parse = typeof parsePhoneNumberFromString

export function phoneParser(countries: readonly string[]): PhoneParser {
  const { parse, metadata } = load()
  const answers = new Map<string, ReturnType<PhoneParser>>()

  const judge = (digits: string, country?: CountryCode): ReturnType<PhoneParser> => {
    const number = country === undefined ? parse(digits, metadata) : parse(digits, country, metadata)
    if (number === undefined) return 'invalid'
    return number.isValid() ? 'valid' : number.isPossible() ? 'possible' : 'invalid'
  }
  return (digits, country) => {
    const key = `${country ?? ''}${digits}`
    const known = answers.get(key)
    if (known !== undefined) return known
    const answer =
      country === 'any'
        ? countries.some((each) => judge(digits, each as CountryCode) === 'valid')
          ? 'valid'
          : 'invalid'
        : judge(digits, country)
    if (answers.size >= remembered) answers.delete(answers.keys().next().value as string)
    answers.set(key, answer)
    return answer
  }
}

/**
 * The digits of a number within its country, which all its spellings share but for zeros in front: of one with its plus, or
 * as it is dialled in `country`. `undefined` for what is no number there.
 */
export function nationalDigits(digits: string, country?: CountryCode): string | undefined {
  const { parse, metadata } = load()
  const number = country === undefined ? parse(digits, metadata) : parse(digits, country, metadata)
  return number?.isPossible() ? number.nationalNumber : undefined
}
