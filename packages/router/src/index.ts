export { createRouter, fallback, router, type DecideContext, type Router } from './router.ts'
export type { HedgeOptions, RouterOptions, RouterRetryOptions } from './route/options.ts'
export type { RouteCandidate, RouteDecision } from './route/plan.ts'
export type { RouterStats } from './route/router-core.ts'
export type { RouteQuery } from './route/query.ts'
export type { Needs } from './route/needs.ts'
export type { StickinessOptions } from './route/stickiness.ts'
export type { TargetView } from './route/view.ts'
export type { Strategy, StrategyName, StrategySetUp } from './strategy/strategy.ts'
export { learned, type LearnedOptions } from './strategy/learned.ts'
export { bridge, type BridgeOptions } from './bridge/bridge.ts'
export type { Loss } from './bridge/lossy.ts'
export { translateAnswer } from './bridge/answer/translate-answer.ts'
export {
  translatable,
  translateRequest,
  type TranslatedRequest,
  type TranslateRequestOptions,
} from './bridge/request/index.ts'
export { cascade, createCascade, type Cascade, type CascadeContext } from './cascade/cascade.ts'
export type { CascadeOptions, CascadeStep } from './cascade/options.ts'
export type { CascadeDecision, CascadeStepDecision } from './cascade/plan.ts'
export type { CascadeStats, StepStats } from './cascade/cascade-core.ts'
export type { Ask, AskedAnswer, BeginInput, Estimate, EstimateInput, Estimator, StepView } from './cascade/estimator.ts'
export { agreement, type AgreementOptions, type ComparedAnswer } from './cascade/estimators/agreement.ts'
export { all, any, weighted, type WeightedPart } from './cascade/estimators/combine.ts'
export { format, type StandardSchema } from './cascade/estimators/format.ts'
export { judge, type JudgeOptions } from './cascade/estimators/judge.ts'
export type { LearnedEstimatorOptions } from './cascade/estimators/learned.ts'
export { logprobs, type LogprobsOptions } from './cascade/estimators/logprobs.ts'
export { calibrated, mapped } from './cascade/estimators/mapped.ts'
export { verify, type Verdict, type VerifyOptions } from './cascade/estimators/verify.ts'
export { sameAnswer, type Comparable, type SameAnswerOptions } from './cascade/equality/same-answer.ts'
export {
  calibrate,
  type CalibrateOptions,
  type Calibration,
  type HeldOutFigures,
  type SingleStep,
} from './cascade/calibrate.ts'
export type { CalibrationGoal } from './cascade/calibration/pick.ts'
export type { RecordedCase, StepOutcome } from './cascade/calibration/cases.ts'
export {
  recordCases,
  type GradedAnswer,
  type LiveCase,
  type RecordCasesOptions,
  type RecordedCases,
} from './cascade/calibration/record-cases.ts'
export type { CascadeFigures, Thresholds } from './cascade/calibration/settings.ts'
export { evaluateRouting } from './learn/measure/evaluate-routing.ts'
export type {
  EvaluateRoutingOptions,
  RoutingEvaluation,
  RoutingFigures,
  SingleModel,
} from './learn/measure/evaluate-routing.ts'
export { fitIsotonic, isotonicScore, type Isotonic } from './learn/isotonic.ts'
export { fitThreshold, splitCases } from './learn/calibrate.ts'
export type { FittedThreshold, FitThresholdOptions, SplitCasesOptions } from './learn/calibrate.ts'
export { learnRouting, type LearnRoutingOptions } from './learn/learn-routing.ts'
export type { PairSignal, RoutingHead, RoutingModel, Seen, TargetSignal } from './learn/model.ts'
export type { MoneyLeft } from './learn/report/money-left.ts'
export type { ModelOutcome, RoutingOutcome } from './learn/outcomes.ts'
export type { PolicyRequest, RoutingPolicy } from './learn/measure/policy.ts'
export { routingReport } from './learn/report/routing-report.ts'
export type {
  LoggedOutcome,
  ReportedPolicy,
  RoutingReport,
  RoutingReportOptions,
} from './learn/report/routing-report.ts'
export { scoreRouting, type ScoreRoutingContext } from './learn/score-routing.ts'
export { pickThreshold, type ThresholdCase, type ThresholdGoal, type ThresholdResult } from './learn/threshold.ts'
export type { Interval } from './learn/bootstrap.ts'
export type { GainCurve } from './learn/measure/gain-curve.ts'
export { anthropicTarget, openaiTarget, vllmPrefill, type OpenAITargetOptions } from './target/client-targets.ts'
export { defineTarget, type TargetInit } from './target/define-target.ts'
export { modelTarget } from './target/model-target.ts'
export type { Capabilities, Modality, Target, TargetLimits, TargetOptions } from './target/target.ts'
export { catalogue, modelFacts, type Catalogue, type ModelFacts } from './catalogue/index.ts'
export {
  classify,
  errorTable,
  type ErrorRule,
  type Failure,
  type FailureAction,
  type FailureClass,
} from './engine/error-table.ts'
export type { ProbeOptions } from './engine/prober.ts'
export { isRestart, type Restart } from './engine/restart.ts'
export { TargetTimeoutError, type TimeoutName, type Timeouts } from './engine/timeouts.ts'
export { RetryBudget, type RetryBudgetOptions } from './health/retry-budget.ts'
export type { HedgeBudgetOptions } from './health/hedge-budget.ts'
export type { HealthOptions, LatencyOptions } from './health/health-options.ts'
export type { BreakerOptions } from './health/breaker-options.ts'
export type { EjectionOptions } from './health/outlier-ejection.ts'
export type { TargetSnapshot } from './health/health-snapshot.ts'
export { retry, type RetryOptions } from './retry.ts'
export { retryAfterMs } from './retry-after.ts'
export {
  retryDecision,
  type CallFailure,
  type RetryDecision,
  type RetryPolicy,
  type RetryState,
  type RetryStop,
} from './retry-decision.ts'
