import { createRequire } from 'node:module'
import { SluiceError } from '@sluice/core'
import { badOption } from '../eval-error.ts'

/** A schema of zod, valibot, arktype and others. @see https://standardschema.dev */
export interface StandardSchema {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (
      value: unknown,
    ) =>
      | { readonly issues?: readonly SchemaIssue[] | undefined }
      | Promise<{ readonly issues?: readonly SchemaIssue[] | undefined }>
  }
}

export interface SchemaIssue {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}

export type AnySchema = StandardSchema | Readonly<Record<string, unknown>>

/** Says what of a value does not fit, with the place; nothing where it fits. */
export type SchemaCheck = (value: unknown) => readonly string[] | Promise<readonly string[]>

export function isStandardSchema(schema: AnySchema): schema is StandardSchema {
  return '~standard' in schema
}

/** @throws {SluiceError} `config.option` for a schema that is none, `config.peer` where `ajv` is needed and missing. */
export function schemaCheck(schema: AnySchema): SchemaCheck {
  if ((typeof schema !== 'object' && typeof schema !== 'function') || schema === null)
    throw badOption('json()', 'schema', 'a Standard Schema or a JSON Schema', schema)
  if (isStandardSchema(schema)) {
    const { validate } = schema['~standard']
    return async (value) => ((await validate(value)).issues ?? []).map(issueText)
  }
  const check = compiled(schema)
  return (value) =>
    check(value)
      ? []
      : (check.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`.trim())
}

function issueText({ message, path = [] }: SchemaIssue): string {
  const keys = path.map((part) => String(typeof part === 'object' ? part.key : part))
  return keys.length > 0 ? `${keys.join('.')}: ${message}` : message
}

interface CompiledSchema {
  (value: unknown): boolean
  readonly errors?: readonly { readonly instancePath: string; readonly message?: string }[] | null
}

interface Ajv {
  compile(schema: object): CompiledSchema
}

function compiled(schema: Readonly<Record<string, unknown>>): CompiledSchema {
  // Such a check gives a promise, which would pass for a yes.
  if (schema['$async']) throw badOption('json()', 'schema', 'without "$async"', '$async')
  const ajv = ajvFor(String(schema['$schema'] ?? ''))
  try {
    return ajv.compile(schema)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw badOption('json()', 'schema', `a JSON Schema that can be compiled (${why.slice(0, 200)})`, 'one that cannot')
  }
}

/** The class for the draft that the schema names; each knows its own draft only. */
function ajvFor(draft: string): Ajv {
  try {
    const require = createRequire(import.meta.url)
    const loaded: unknown = draft.includes('2020-12')
      ? require('ajv/dist/2020')
      : draft.includes('2019-09')
        ? require('ajv/dist/2019')
        : require('ajv')
    return new (loaded as { default: new (options: object) => Ajv }).default({
      allErrors: true,
      strict: false,
      logger: false,
    })
  } catch (cause) {
    throw new SluiceError({
      code: 'config.peer',
      message:
        'json({ schema }) checks JSON Schemas with the package "ajv": install it (npm install ajv), or give a Standard Schema such as one of zod.',
      details: { package: 'ajv' },
      cause,
    })
  }
}
