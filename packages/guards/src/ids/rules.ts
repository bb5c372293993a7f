import type { IdRule, NationalId } from './national-id.ts'
import { americanIds } from './rules-americas.ts'
import { otherIds } from './rules-asia-africa-oceania.ts'
import { europeanIds } from './rules-europe.ts'

/** Every id, by its name: the country in ISO 3166 (lower case), then what it is called. */
export const idRules: { readonly [id in NationalId]: IdRule } = { ...americanIds, ...europeanIds, ...otherIds }
