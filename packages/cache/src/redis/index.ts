export { type RedisCommandClient } from './command.ts'
export { type RedisSubscriber } from './push.ts'
export { redisStore, type RedisStoreOptions } from './redis-store.ts'
export { redisVectorIndex, type Quantization, type RedisVectorIndexOptions } from './redis-vector-index.ts'
