export { semantic } from './semantic.ts'
export type { SemanticAlarm, SemanticOptions } from './options.ts'
export type { WrongShare } from './audit/hit-watch.ts'
export type { AnsweredPrompt, SameAnswer } from './answers/same-answer.ts'
export type { Candidate, Outcome, Policy, PolicyDecision, PolicyInput } from './policy.ts'
export {
  calibrated,
  type CalibratedOptions,
  type CalibratedPolicy,
  type CalibratedTrial,
} from './policies/calibrated.ts'
export { consensus, type ConsensusOptions } from './policies/consensus.ts'
export { answerJudge, judge, type JudgeCase, type JudgeOptions, type JudgeTarget } from './policies/judge.ts'
export type { JudgeClient, JudgeModel } from './policies/judge-model.ts'
export { threshold } from './policies/threshold.ts'
export { verified, type VerifiedOptions } from './policies/verified.ts'
export type {
  SemanticFound,
  SemanticHost,
  SemanticMiss,
  SemanticOption,
  SemanticQuery,
  SemanticStats,
  SemanticTier,
  SemanticTrace,
} from './tier.ts'
export { compareReadings, readText, unsuited } from './veto/index.ts'
export type { SlotKind, TextReading, Unsuited, Veto, VetoCheck, VetoKind } from './veto/index.ts'
export type { Embedder } from '../embed/embedder.ts'
export { lexicalEmbedder, type LexicalEmbedderOptions } from '../embed/lexical-embedder.ts'
export { localEmbedder, type LocalEmbedderOptions } from '../embed/local-embedder.ts'
export type { LocalModelWeights } from '../embed/local-model.ts'
export { openaiEmbedder, type EmbeddingsClient, type OpenAIEmbedderOptions } from '../embed/openai-embedder.ts'
export type { Neighbour, VectorIndex } from '../vector/vector-index.ts'
export { flatIndex, type FlatIndex, type FlatIndexOptions } from '../vector/flat-index.ts'
export { pgvectorIndex, type PgvectorIndexOptions, type PostgresClient } from '../vector/pgvector-index.ts'
export {
  usearchIndex,
  type UsearchIndex,
  type UsearchIndexOptions,
  type UsearchPrecision,
} from '../vector/usearch-index.ts'
