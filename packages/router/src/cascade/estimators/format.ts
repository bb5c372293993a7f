import { refuse } from '../../health/option-check.ts'
import type { Estimator } from '../estimator.ts'

/** A schema of zod, valibot, arktype and others. @see https://standardschema.dev, version 1 */
export interface StandardSchema {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => Validated | Promise<Validated>
  }
}

interface Validated {
  readonly issues?: readonly unknown[] | undefined
}

/**
 * An estimator that looks at the form of an answer alone: 1 where it fits, 0 where it does not. A schema checks the text
 * as JSON, `'json'` that it is JSON at all, a pattern that it occurs in the text. The text must be the JSON and nothing
 * else, but for white space around it.
 *
 * That an answer fits says little of whether it is right: combine it, `all(format(schema), agreement({ of }))`.
 *
 * @throws {SluiceError} `config.option`
 */
export function format(expected: StandardSchema | RegExp | 'json'): Estimator {
  if (expected === 'json') return made('json', async (text) => parsed(text) !== notJson)
  if (expected instanceof RegExp)
    // `search` leaves `lastIndex` of a sticky or global pattern alone.
    return made('pattern', async (text) => text.search(expected) >= 0)
  if (typeof expected?.['~standard']?.validate !== 'function')
    refuse(
      "format() takes 'json', a pattern, or a schema that is a Standard Schema (zod 3.24 or later, valibot, arktype).",
    )
  const { validate } = expected['~standard']
  return made('schema', async (text) => {
    const value = parsed(text)
    return value !== notJson && !(await validate(value)).issues
  })
}

function made(what: string, fits: (text: string) => Promise<boolean>): Estimator {
  return {
    name: 'format',
    async estimate({ text }) {
      const isFit = await fits(text)
      return { score: isFit ? 1 : 0, reason: isFit ? `fits_${what}` : `no_${what}` }
    },
  }
}

const notJson = Symbol('not JSON')

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return notJson
  }
}
