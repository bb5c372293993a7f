export { checkText, type CheckTextOptions, type GuardTiming, type GuardVerdict, type TextCheck } from './check-text.ts'
export { competitors, type CompetitorsOptions } from './competitors.ts'
export { confidence, type ConfidenceOptions } from './confidence.ts'
export {
  createGuard,
  type Guard,
  type GuardedInput,
  type GuardedStream,
  type GuardedText,
  type GuardSession,
  type GuardSessionOptions,
} from './create-guard.ts'
export { custom, type CustomCheck, type CustomFinding, type CustomOptions, type CustomSpan } from './custom.ts'
export {
  type Detector,
  type DetectorContext,
  type EvidenceTier,
  type GuardAction,
  type GuardStage,
  type Span,
  type StreamMemory,
  type StreamMode,
  type StreamTrait,
  type Verdict,
} from './detector.ts'
export { GuardBlockedError, type Blocking } from './errors.ts'
export { format, type FormatOptions, type SchemaResult, type StandardSchema } from './format.ts'
export type { ClaimKind } from './grounded/claims.ts'
export { grounded, type GroundedJudge, type GroundedOptions } from './grounded/grounded.ts'
export { type GuardOptions, type Provenance, type ShadowGuards, type ToolGuards } from './guard-options.ts'
export { guards, type GuardsOptions } from './guards.ts'
export { createCanary, type Canary, type CanaryOptions } from './injection/canary.ts'
export { indirectInjection, type IndirectInjectionOptions } from './injection/indirect-injection.ts'
export { injectionRules, promptInjection, type PromptInjectionOptions } from './injection/prompt-injection.ts'
export { spotlight, type Spotlit, type SpotlightOptions } from './injection/spotlight.ts'
export { language, type LanguageOptions } from './language.ts'
export { lengthLimit, type LengthLimitOptions } from './length-limit.ts'
export type { AskBudget, AskPrice } from './model/ask-budget.ts'
export type { ChatCompletionsClient, GuardModelClient, MessagesClient } from './model/chat-client.ts'
export {
  classifier,
  httpClassifier,
  vllmClassifier,
  type ClassifierOptions,
  type ClassifierSettings,
  type HttpClassifierOptions,
  type VllmClassifierOptions,
} from './model/classifier.ts'
export { llamaGuard, type LlamaGuardOptions } from './model/llama-guard.ts'
export { llmDetector, type LlmDetectorOptions } from './model/llm-detector.ts'
export { moderation, type ModerationOptions, type ModerationsClient } from './model/moderation.ts'
export type { LabelScores } from './model/scored-verdict.ts'
export type { VerdictCacheOptions } from './model/verdict-cache.ts'
export { patterns, type PatternsOptions } from './patterns/patterns.ts'
export { pii, type CustomEntity, type PiiEntity, type PiiOptions } from './pii/pii.ts'
export { profanity, type ProfanityOptions } from './profanity.ts'
export { type RestoreCounts } from './restore/placeholders.ts'
export { secretRules, secrets, type SecretsOptions } from './secrets/secrets.ts'
export { topics, type TopicList, type TopicsOptions } from './topics.ts'
export { urls, type UrlsOptions } from './urls/urls.ts'
export { memoryVault, type MemoryVaultOptions } from './vault/memory-vault.ts'
export { redisVault, type RedisVaultOptions } from './vault/redis-vault.ts'
export { type Vault, type VaultEntry } from './vault/vault.ts'
