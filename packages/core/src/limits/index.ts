export { memoryLimitStore, type MemoryLimitStoreOptions } from './store/memory-store.ts'
export { redisLimitStore, type RedisLimitStoreOptions } from './store/redis-store.ts'
export type { RedisClient, ScriptInput } from '../redis/client.ts'
export type { LimitAnswer, LimitAsk, LimitChange, LimitStore, RuleState } from './limit-store.ts'
export type { CalendarRule, ConcurrencyRule, LimitName, LimitRule, LimitUnit, RateRule, SlidingRule } from './rule.ts'
export {
  createLimiter,
  type LimitDecision,
  type Limiter,
  type LimitPermit,
  type LimitRequest,
  type LimitStanding,
} from './limiter.ts'
export type { LimiterOptions, LimitFigures } from './options.ts'
export { rateLimit, type RateLimitOptions } from './rate-limit.ts'
export type { LimitBy } from './subject-of.ts'
export type { TokenWeights } from './token-cost.ts'
export type { AimdOptions } from './quota/aimd.ts'
export {
  providerQuota,
  type ProviderQuota,
  type ProviderQuotaOptions,
  type ProviderStanding,
} from './quota/provider-quota.ts'
export type { QuotaName } from './quota/quota-headers.ts'
export type { QuotaStanding } from './quota/quota-state.ts'
