import { badOption } from '../eval-error.ts'
import { canonicalJson } from '../suite/digest.ts'
import { bestPairing } from './assignment.ts'
import { defineComparingScorer, type ScorerOptions } from './define-scorer.ts'
import { jsonSimilarity } from './json-difference.ts'
import { unscored } from './outcome.ts'
import type { Score, Scored, Scorer } from './scorer.ts'

/** A tool call, as expected or as made. */
export interface ToolCall {
  readonly name: string
  /** Absent in what is expected: any will do. */
  readonly arguments?: unknown
}

export interface ToolCallsOptions extends Omit<ScorerOptions, 'of'> {
  /**
   * `any`: whatever the order. `inOrder`: the expected ones in their order, others may come between. `strict`: exactly the
   * expected ones in their order. `subset`: no call that is not expected. `superset`: all expected ones. @default 'any'
   */
  readonly order?: 'any' | 'inOrder' | 'strict' | 'subset' | 'superset'
  /** How arguments are compared: not at all, as JSON that must be equal, or by how alike they are. @default 'exact' */
  readonly arguments?: 'ignore' | 'exact' | 'similar'
  /** The calls that were made. @default those of the output, where it is a provider's answer or a list of calls */
  readonly calls?: (scored: Scored) => readonly ToolCall[]
}

/**
 * Whether the expected tools were called. `any` gives the F1 of the calls, paired so that they fit best: the harmonic mean
 * of the share of calls made that were expected and of expected calls that were made. `inOrder` gives the share of the
 * expected calls that were made in order, `strict` the fit of the worst call, `subset` and `superset` 1 or 0. `expected` is a
 * list of names or of calls. Calls that are not read from an answer may have the form of an SDK's (`function: { name,
 * arguments }`, `toolName`, `input`, `args`), with arguments as JSON text.
 *
 * @throws {SluiceError} `config.option`
 */
export function toolCalls(options: ToolCallsOptions = {}): Scorer {
  const { order = 'any', arguments: compared = 'exact' } = options
  if (!['any', 'inOrder', 'strict', 'subset', 'superset'].includes(order))
    throw badOption('toolCalls()', 'order', 'any, inOrder, strict, subset or superset', order)
  if (!['ignore', 'exact', 'similar'].includes(compared))
    throw badOption('toolCalls()', 'arguments', 'ignore, exact or similar', compared)
  if ('of' in options) throw badOption('toolCalls()', 'of', 'left out; the option "calls" picks calls', 'it')
  return defineComparingScorer({
    name: 'toolCalls',
    options,
    settings: [order !== 'any' && order, compared !== 'exact' && compared],
    known: ['order', 'arguments', 'calls'],
    score(scored, expected) {
      const wanted = callsOf(expected)
      if (!wanted) return unscored('expected_no_calls')
      const made = options.calls ? callsOf(options.calls(scored)) : callsMade(scored)
      if (!made) return unscored('output_no_calls')
      const fit = (call: ToolCall, other: ToolCall): number => fits(call, other, compared)
      return { ...scoreCalls(made, wanted, order, fit), evidence: { made: made.map(({ name }) => name) } }
    },
  })
}

type Fit = (made: ToolCall, wanted: ToolCall) => number

function scoreCalls(
  made: readonly ToolCall[],
  wanted: readonly ToolCall[],
  order: NonNullable<ToolCallsOptions['order']>,
  fit: Fit,
): Extract<Score, { status: 'scored' }> {
  const done = (score: number): Extract<Score, { status: 'scored' }> => ({ status: 'scored', score })
  if (order === 'strict') {
    if (made.length !== wanted.length) return done(0)
    return done(Math.min(1, ...made.map((call, index) => fit(call, wanted[index] as ToolCall))))
  }
  if (order === 'inOrder') return done(wanted.length === 0 ? 1 : inOrder(made, wanted, fit) / wanted.length)
  const gains = made.map((call) => wanted.map((other) => fit(call, other)))
  const pairs = bestPairing(gains)
  const total = pairs.reduce((sum, column, row) => sum + (gains[row]?.[column] ?? 0), 0)
  if (order === 'subset') return done(total >= made.length ? 1 : 0)
  if (order === 'superset') return done(total >= wanted.length ? 1 : 0)
  if (made.length === 0 && wanted.length === 0) return done(1)
  return done((2 * total) / (made.length + wanted.length))
}

/** The most of the expected calls that were made in their order. */
function inOrder(made: readonly ToolCall[], wanted: readonly ToolCall[], fit: Fit): number {
  let row = wanted.map(() => 0)
  row.push(0)
  for (const call of made) {
    const next = [0]
    for (const [index, other] of wanted.entries())
      next.push(Math.max((row[index] as number) + fit(call, other), row[index + 1] as number, next[index] as number))
    row = next
  }
  return row[wanted.length] as number
}

function fits(made: ToolCall, wanted: ToolCall, compared: NonNullable<ToolCallsOptions['arguments']>): number {
  if (made.name !== wanted.name) return 0
  if (compared === 'ignore' || wanted.arguments === undefined) return 1
  if (compared === 'similar') return jsonSimilarity(made.arguments, wanted.arguments).score
  return canonicalJson(made.arguments) === canonicalJson(wanted.arguments) ? 1 : 0
}

function callsMade({ answer, output }: Scored): readonly ToolCall[] | undefined {
  if (!answer) return callsOf(output)
  return answer.choices[0]?.toolCalls.map(({ name, arguments: text }) => ({ name, arguments: parsed(text) })) ?? []
}

/** Arguments that the model wrote wrongly stay the text that they are. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text === '' ? '{}' : text) as unknown
  } catch {
    return text
  }
}

function callsOf(value: unknown): readonly ToolCall[] | undefined {
  if (!Array.isArray(value)) return undefined
  const calls = value.map(callOf)
  return calls.every((call) => call !== undefined) ? calls : undefined
}

/** A call in our form or in that of an SDK. */
function callOf(entry: unknown): ToolCall | undefined {
  if (typeof entry === 'string') return { name: entry }
  if (typeof entry !== 'object' || entry === null) return undefined
  const fields = entry as Readonly<Record<string, unknown>>
  if (typeof fields['function'] === 'object') return callOf(fields['function'])
  const name = fields['name'] ?? fields['toolName']
  const given = fields['arguments'] ?? fields['input'] ?? fields['args']
  if (typeof name !== 'string') return undefined
  return { name, ...(given !== undefined && { arguments: typeof given === 'string' ? parsed(given) : given }) }
}
