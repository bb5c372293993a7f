export { describeEval, type DescribeEvalOptions } from './describe-eval.ts'
export { evalMatchers, type MatcherResult } from './matchers.ts'
