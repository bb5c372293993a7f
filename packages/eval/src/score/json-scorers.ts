import { badOption } from '../eval-error.ts'
import { digestOf } from '../suite/digest.ts'
import {
  defineComparingScorer,
  defineScorer,
  pickValue,
  type PlainScorerOptions,
  type ScorerOptions,
} from './define-scorer.ts'
import { jsonSimilarity } from './json-difference.ts'
import { parseJson } from './json-text.ts'
import { passedIf, scoredAs } from './outcome.ts'
import { isStandardSchema, schemaCheck, type AnySchema } from './schema-check.ts'
import type { Scorer } from './scorer.ts'

export interface JsonOptions extends PlainScorerOptions {
  /**
   * A Standard Schema (zod 3.24 and later, valibot, arktype), or a JSON Schema of draft 6, 7, 2019-09 or 2020-12, for which
   * `ajv` has to be installed; its `format` is not checked. @default any object or list
   */
  readonly schema?: AnySchema
}

/**
 * Whether the output is JSON, and fits a schema where one is given. Without a schema a bare number, text, truth value or
 * `null` does not count as JSON: models asked for JSON and answering `42` have not understood.
 *
 * @throws {SluiceError} `config.option` for a schema that is none; `config.peer` when a JSON Schema is given and `ajv` is
 * not installed.
 */
export function json(options: JsonOptions = {}): Scorer {
  const { schema } = options
  const validate = schema === undefined ? undefined : schemaCheck(schema)
  return defineScorer({
    name: 'json',
    options,
    settings: [schema && (isStandardSchema(schema) ? schema['~standard'].vendor : digestOf(schema))],
    known: ['schema'],
    async score(scored) {
      const parsed = parseJson(pickValue(scored, options))
      if (!parsed) return scoredAs(0, { label: 'not_json' })
      if (!validate) return passedIf(typeof parsed.value === 'object' && parsed.value !== null, { label: 'json' })
      const issues = await validate(parsed.value)
      return passedIf(issues.length === 0, {
        label: issues.length === 0 ? 'valid' : 'invalid',
        ...(issues.length > 0 && { evidence: { issues: issues.slice(0, 10) } }),
      })
    },
  })
}

export interface JsonDiffOptions extends ScorerOptions {
  /** Whether lists are compared item by item, or in whatever order fits best. @default 'ordered' */
  readonly lists?: 'ordered' | 'set'
}

/**
 * How alike the output and the expected value are as JSON, 0 to 1, with the paths that differ (of lists in any order, by
 * their place in the output).
 *
 * @throws {SluiceError} `config.option`
 */
export function jsonDiff(options: JsonDiffOptions = {}): Scorer {
  const { lists = 'ordered' } = options
  if (lists !== 'ordered' && lists !== 'set') throw badOption('jsonDiff()', 'lists', '"ordered" or "set"', lists)
  return defineComparingScorer({
    name: 'jsonDiff',
    options,
    settings: [lists === 'set' && lists],
    known: ['lists'],
    score(scored, expected) {
      const [value, wanted] = [pickValue(scored, options), expected].map((of) => {
        const parsed = parseJson(of)
        return parsed ? parsed.value : of
      })
      const { score, differences } = jsonSimilarity(value, wanted, { lists })
      return scoredAs(score, differences.length > 0 ? { evidence: { differences: differences.slice(0, 50) } } : {})
    },
  })
}
