export type { CaseSource, EvalCase, RunCase } from './suite/case.ts'
export { parseRun, readRun } from './suite/run-log.ts'
export type { EvalRun, RunFooter, RunHeader, RunLine } from './suite/run-file.ts'
export {
  defineSuite,
  type EvalBudget,
  type RunOptions,
  type RunProgress,
  type Suite,
  type SuiteOptions,
} from './suite/suite.ts'
export type { EvalTarget, TargetContext } from './suite/target.ts'
export type { TrialMeasures, TrialRecord } from './suite/trial.ts'

export { csv } from './readers/csv.ts'
export { jsonl } from './readers/jsonl.ts'
export { openaiEvals, type ChatMessage } from './readers/openai-evals.ts'
export { promptfooAssertions } from './readers/promptfoo-assertions.ts'
export { promptfooTests, type PromptfooAssertion, type PromptfooExpected } from './readers/promptfoo.ts'

export type { Score, Scored, Scorer } from './score/scorer.ts'
export type { ScorerOptions } from './score/define-scorer.ts'
export { allOf, anyOf, not, threshold, weighted, type Weighted } from './score/combine.ts'
export { embeddingSimilarity, type EmbeddingSimilarityOptions } from './score/embedding-similarity.ts'
export {
  fromAutoevals,
  type AutoevalsScore,
  type AutoevalsScorer,
  type FromAutoevalsOptions,
} from './score/from-autoevals.ts'
export { json, jsonDiff, type JsonDiffOptions, type JsonOptions } from './score/json-scorers.ts'
export type { SchemaIssue, StandardSchema } from './score/schema-check.ts'
export { finishedBy, maxCost, maxLatency, maxTimeToFirstToken, maxTokens } from './score/limit-scorers.ts'
export { listOverlap, type ListOverlapOptions } from './score/list-overlap.ts'
export { numeric, type NumericOptions } from './score/numeric.ts'
export { bleu, rouge, type BleuOptions, type RougeOptions } from './score/overlap-scorers.ts'
export { refusal, type RefusalOptions } from './score/refusal.ts'
export {
  exact,
  includes,
  levenshtein,
  regex,
  type IncludesOptions,
  type RegexOptions,
  type TextOptions,
} from './score/text-scorers.ts'
export { toolCalls, type ToolCall, type ToolCallsOptions } from './score/tool-calls.ts'

export {
  judgeAgreement,
  orderEffect,
  type JudgeAgreement,
  type JudgedItem,
  type OrderedVerdicts,
  type OrderEffect,
} from './judge/agreement.ts'
export { attackSuffixes } from './judge/attacks.ts'
export { auditJudge, type AuditOptions, type JudgeAudit, type LabelledOutput } from './judge/audit.ts'
export { correctedMean, type RunLabel } from './judge/correct.ts'
export type { Criterion } from './judge/criteria.ts'
export { judge, type Judge, type JudgeOptions } from './judge/judge.ts'
export type { AnthropicLike, JudgeClient, OpenAiLike } from './judge/judge-client.ts'
export { pairwise, type PairwiseOptions } from './judge/pairwise.ts'
export { panel, type PanelOptions } from './judge/panel.ts'
export {
  closedQa,
  factuality,
  faithfulness,
  summary,
  type PresetOptions,
  type SourcedOptions,
} from './judge/presets.ts'

export type { CaseChange, Passes } from './compare/case-changes.ts'
export { abTest, type AbTest, type AbTestOptions } from './compare/ab-test.ts'
export { compare, type CompareOptions, type Comparison, type MetricComparison } from './compare/compare.ts'
export { confirmChanges, type Confirmation, type ConfirmOptions } from './compare/confirm.ts'
export { gate, type GateOptions, type GateResult } from './compare/gate.ts'
export { noiseFloor, planSuite, type NoiseFloor, type PlanOptions, type SuitePlan } from './compare/noise.ts'
export { summarise, type MetricSummary, type RunSummary, type SummaryOptions } from './compare/summarise.ts'
export type { PairedDifference, Verdict } from './compare/verdict.ts'
export { runWarnings, type EvalWarning } from './compare/warnings.ts'

export { benjaminiHochberg, holm } from './stats/adjust.ts'
export {
  cohenKappa,
  kappaOfLabels,
  krippendorffAlpha,
  type Agreement,
  type AlphaMetric,
  type KappaOptions,
  type KappaWeights,
} from './stats/agreement.ts'
export { fisherExact, type Alternative } from './stats/fisher.ts'
export { latencySummary, type LatencySummary } from './stats/latency.ts'
export { meanInterval, type MeanEstimate, type MeanOptions } from './stats/mean.ts'
export {
  mcNemar,
  pairedShares,
  pairedT,
  signFlip,
  type Discordant,
  type McNemar,
  type PairedCounts,
  type PairedTest,
  type SignFlipOptions,
} from './stats/paired.ts'
export { casesNeeded, detectableDifference, repeatsNeeded, type PowerSetting } from './stats/power.ts'
export {
  predictionPowered,
  type CorrectedMean,
  type LabelledScore,
  type PredictionPoweredOptions,
} from './stats/prediction-powered.ts'
export { clopperPearson, wilson, type LevelOptions, type Proportion } from './stats/proportion.ts'
export { quantile, type Quantile, type QuantileEstimate, type QuantileOptions, type TooFew } from './stats/quantile.ts'
export { passAtK, passHatK } from './stats/repeats.ts'
export { betaBinomialLogE, fallDetector, normalMixtureRatio, type FallDetector } from './stats/sequential.ts'

export { recordedCalls, type RecordedCallsOptions, type RecordMode } from './record/recorded-calls.ts'

export { githubSummary } from './report/github.ts'
export { htmlReport, type HtmlOptions } from './report/html.ts'
export { jsonReport } from './report/json.ts'
export { junitReport } from './report/junit.ts'
export type { ReportInput } from './report/report-data.ts'
export { terminalReport, type TerminalOptions } from './report/terminal.ts'

export type { Alarm, AlarmOptions } from './monitor/alarms.ts'
export type { Drift } from './monitor/drift.ts'
export type { DraftCase, Feedback, FeedbackLabel } from './monitor/feedback.ts'
export { monitor, type Monitor, type MonitorAlarm, type MonitorOptions, type MonitorResult } from './monitor/monitor.ts'
export type { MonitorScorerStats, MonitorStats } from './monitor/monitor-stats.ts'
export { otelResults, type OtelLogger } from './monitor/otel.ts'
export type { SampleOptions } from './monitor/sampler.ts'
export type { SeenCall } from './monitor/seen-call.ts'
export type { WeightedMean } from './monitor/weighted-mean.ts'
