import { badOption, checkNames } from '../eval-error.ts'
import { canonicalJson } from '../suite/digest.ts'
import { unscored } from './outcome.ts'
import type { Score, Scored, Scorer } from './scorer.ts'

/** What most scorers can be told. */
export interface ScorerOptions {
  /** Names the score in results; unique in a suite. @default the scorer's own name */
  readonly name?: string
  /** What of the output is scored. @default its text, for scorers of text; the output, for others */
  readonly of?: (scored: Scored) => unknown
  /** What it is held against. @default the case's `expected` */
  readonly expected?: (scored: Scored) => unknown
}

/** The options of a scorer that compares with nothing. */
export type PlainScorerOptions = Omit<ScorerOptions, 'expected'>

/** The text that is scored: what `of` picks, made text, else the output's. */
export function pickText(scored: Scored, { of }: ScorerOptions): string {
  return of ? asText(of(scored)) : scored.text
}

/** The value that is scored: what `of` picks, else the text of an answer, else the output itself. */
export function pickValue(scored: Scored, { of }: ScorerOptions): unknown {
  if (of) return of(scored)
  return scored.answer ? scored.text : scored.output
}

/** What it is held against. */
export function pickExpected(scored: Scored, { expected }: ScorerOptions): unknown {
  return expected ? expected(scored) : scored.case.expected
}

/** Text as it is, other values as JSON. */
export function asText(value: unknown): string {
  return typeof value === 'string' ? value : canonicalJson(value)
}

interface Definition<Options extends ScorerOptions> {
  readonly name: string
  readonly options: Options
  /** Names of the options beside `name` and `of`. */
  readonly known?: readonly string[]
  /** What is set otherwise than by default and changes scores: part of the version. */
  readonly settings?: readonly (string | false | undefined)[]
  readonly score: (scored: Scored) => Score | Promise<Score>
}

/** A scorer of ours, its options' names checked. */
export function defineScorer<Options extends ScorerOptions>(definition: Definition<Options>): Scorer {
  const { name, options, known = [], settings = [], score } = definition
  checkNames(`${name}()`, options, ['name', 'of', ...known])
  checkCommon(`${name}()`, options)
  return { name: options.name ?? name, version: ['1', ...settings.filter(Boolean)].join(' '), score }
}

/** A scorer that needs something to compare with: without it the output is left unscored. */
export function defineComparingScorer<Options extends ScorerOptions>(
  definition: Omit<Definition<Options>, 'score'> & {
    readonly score: (scored: Scored, expected: unknown) => Score | Promise<Score>
  },
): Scorer {
  return defineScorer({
    ...definition,
    known: ['expected', ...(definition.known ?? [])],
    score: (scored) => {
      const expected = pickExpected(scored, definition.options)
      return expected === undefined ? unscored('no_expected') : definition.score(scored, expected)
    },
  })
}

function checkCommon(of: string, { name, ...functions }: ScorerOptions): void {
  if (name !== undefined && (typeof name !== 'string' || name === ''))
    throw badOption(of, 'name', 'a text that is not empty', name)
  for (const option of ['of', 'expected'] as const)
    if (functions[option] !== undefined && typeof functions[option] !== 'function')
      throw badOption(of, option, 'a function of what is scored', functions[option])
}
