import { scoredAs, unscored } from '../score/outcome.ts'
import { editDistance } from '../score/levenshtein.ts'
import type { Score, Scored, Scorer } from '../score/scorer.ts'
import { timedTest } from '../score/timed-regex.ts'
import { canonicalJson } from '../suite/digest.ts'
import type { PromptfooAssertion, PromptfooExpected } from './promptfoo.ts'

type Check = (scored: Scored, assertion: PromptfooAssertion) => boolean | undefined

const list = (value: unknown): readonly string[] =>
  Array.isArray(value)
    ? value.map(String)
    : String(value)
        .split(',')
        .map((part) => part.trim())

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** Those of promptfoo's checks that need neither a model nor a stranger's code. */
const checks: Readonly<Record<string, Check>> = {
  equals: ({ text }, { value }) =>
    typeof value === 'string'
      ? text.trim() === value.trim()
      : isJson(text) && canonicalJson(JSON.parse(text)) === canonicalJson(value),
  contains: ({ text }, { value }) => text.includes(String(value)),
  icontains: ({ text }, { value }) => text.toLowerCase().includes(String(value).toLowerCase()),
  'contains-any': ({ text }, { value }) => list(value).some((part) => text.includes(part)),
  'contains-all': ({ text }, { value }) => list(value).every((part) => text.includes(part)),
  'icontains-any': ({ text }, { value }) => list(value).some((part) => text.toLowerCase().includes(part.toLowerCase())),
  'icontains-all': ({ text }, { value }) =>
    list(value).every((part) => text.toLowerCase().includes(part.toLowerCase())),
  'starts-with': ({ text }, { value }) => text.startsWith(String(value)),
  regex: ({ text }, { value }) => timedTest(new RegExp(String(value)), text),
  'is-json': ({ text }) => isJson(text),
  levenshtein: ({ text }, { value, threshold = 5 }) => editDistance(text, String(value)) <= threshold,
  latency: ({ measures }, { threshold }) =>
    threshold === undefined || measures.isCached ? undefined : measures.latencyMs <= threshold,
  cost: ({ measures }, { threshold }) =>
    threshold === undefined || measures.costNanoUsd === undefined ? undefined : measures.costNanoUsd / 1e9 <= threshold,
}

/**
 * Scores the assertions that `promptfooTests()` read: the weighted share that holds. One of a kind that is not known here, or
 * that runs code or a model, leaves the output unscored (`unsupported_assertion`), with its type: nothing is passed over.
 */
export function promptfooAssertions(): Scorer {
  return {
    name: 'promptfoo',
    version: '1',
    score(scored): Score {
      const assertions = (scored.case.expected as PromptfooExpected | undefined)?.assertions
      if (!assertions) return unscored('no_expected')
      let [met, total] = [0, 0]
      const failed: string[] = []
      for (const assertion of assertions) {
        const isNegated = assertion.type.startsWith('not-')
        const type = isNegated ? assertion.type.slice(4) : assertion.type
        const holds = Object.hasOwn(checks, type) ? checks[type]?.(scored, assertion) : undefined
        if (holds === undefined) return unscored('unsupported_assertion', { type: assertion.type })
        const { weight = 1 } = assertion
        total += weight
        if (holds !== isNegated) met += weight
        else failed.push(assertion.type)
      }
      return scoredAs(total === 0 ? 1 : met / total, failed.length > 0 ? { evidence: { failed } } : {})
    },
  }
}
