import { existsSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { parse, type YAMLParseError } from 'yaml'
import type { CaseSource, EvalCase } from '../suite/case.ts'
import { csvRows } from './csv.ts'
import { badEntry, noFile } from './read-file.ts'

/** A check of one of promptfoo's test cases, as it stands in the file. */
export interface PromptfooAssertion {
  readonly type: string
  readonly value?: unknown
  readonly threshold?: number
  readonly weight?: number
}

/** What a case of promptfoo expects. */
export interface PromptfooExpected {
  readonly assertions: readonly PromptfooAssertion[]
}

type Variables = Readonly<Record<string, unknown>>

/**
 * The `tests` of a promptfoo configuration (YAML or JSON), a file of tests alone, or its CSV form with `__expected` columns.
 * `input` has the variables, defaults filled in; `expected` the assertions, which `promptfooAssertions()` scores;
 * `llm-rubric` assertions become `criteria`, for `judge()`.
 *
 * @throws {SluiceError} while reading: `eval.no_file`, `eval.bad_case`.
 */
export function promptfooTests(file: string): CaseSource<Variables, PromptfooExpected> {
  return () => read(file)
}

function read(file: string): readonly EvalCase<Variables, PromptfooExpected>[] {
  if (!existsSync(file)) throw noFile(file)
  if (file.endsWith('.csv')) return csvRows(file).map(fromCsv)
  const document = documentIn(file)
  const config = (Array.isArray(document) ? { tests: document } : (document ?? {})) as {
    readonly tests?: unknown
    readonly defaultTest?: PromptfooTest
  }
  const { tests, defaultTest } = config
  const other = (name: string): string => resolve(dirname(file), name.replace(/^file:\/\//, ''))
  if (typeof tests === 'string') return read(other(tests))
  if (!Array.isArray(tests)) throw badEntry(file, 1, 'has no "tests"')
  return (tests as unknown[]).flatMap((test, index) => {
    if (typeof test === 'string' && test.startsWith('file://')) return read(other(test))
    if (typeof test !== 'object' || test === null) throw badEntry(file, index + 1, 'of "tests" is no object')
    const { assert } = test as PromptfooTest
    if (assert !== undefined && !Array.isArray(assert))
      throw badEntry(file, index + 1, 'has an "assert" that is no list')
    return [caseOf(test, defaultTest)]
  })
}

function documentIn(file: string): unknown {
  try {
    return parse(readFileSync(file, 'utf8'))
  } catch (error) {
    const { linePos } = error as YAMLParseError
    throw badEntry(file, linePos?.[0].line ?? 1, 'is not YAML')
  }
}

interface PromptfooTest {
  readonly description?: string
  readonly vars?: Variables
  readonly assert?: readonly PromptfooAssertion[]
  readonly metadata?: Readonly<Record<string, unknown>>
}

function caseOf(test: PromptfooTest, defaults: PromptfooTest = {}): EvalCase<Variables, PromptfooExpected> {
  const all = [...(defaults.assert ?? []), ...(test.assert ?? [])]
  const criteria = all.filter(({ type }) => type === 'llm-rubric').map(({ value }) => String(value))
  return {
    input: { ...defaults.vars, ...test.vars },
    expected: { assertions: all.filter(({ type }) => type !== 'llm-rubric') },
    ...(criteria.length > 0 && { criteria }),
    ...(test.description && { tags: [test.description] }),
  }
}

/** The CSV form: `__expected` and `__expected1` … hold assertions as `type: value`, or text that must be equal. */
function fromCsv(row: Readonly<Record<string, string>>): EvalCase<Variables, PromptfooExpected> {
  const vars = Object.fromEntries(Object.entries(row).filter(([column]) => !column.startsWith('__')))
  const assert = Object.entries(row)
    .filter(([column, text]) => /^__expected\d*$/.test(column) && text !== '')
    .map(([, text]) => assertionOf(text.trim()))
  const { __description: description } = row
  return caseOf({ vars, assert, ...(description && { description }) })
}

/** `type`, `type(threshold)`, `type: value`; only of a type that promptfoo has, for other texts have colons too. */
function assertionOf(text: string): PromptfooAssertion {
  const [, type = '', bracket, value] = /^([a-z][a-z-]*)(?:\(([^)]*)\))?(?::\s*([\s\S]*))?$/.exec(text) ?? []
  if (type === 'grade' && value !== undefined) return { type: 'llm-rubric', value }
  if (!types.has(type.replace(/^not-/, ''))) return { type: 'equals', value: text }
  const threshold = Number(bracket)
  return {
    type,
    ...(value !== undefined && { value }),
    ...(bracket !== undefined && Number.isFinite(threshold) && { threshold }),
  }
}

/** What stands before the colon of an assertion in promptfoo's CSV form. */
const types: ReadonlySet<string> = new Set(
  [
    'equals contains icontains contains-any contains-all icontains-any icontains-all starts-with regex levenshtein',
    'is-json contains-json is-sql contains-sql is-xml contains-xml is-html contains-html is-refusal webhook',
    'javascript fn eval python ruby similar llm-rubric model-graded-closedqa model-graded-factuality factuality g-eval',
    'answer-relevance context-recall context-relevance context-faithfulness classifier moderation guardrails select-best',
    'rouge-n bleu gleu meteor perplexity perplexity-score latency cost finish-reason is-valid-function-call',
    'is-valid-openai-function-call is-valid-openai-tools-call',
  ].flatMap((line) => line.split(' ')),
)
