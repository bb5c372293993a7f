export { createQueue, type Queue, type QueueOptions, type QueueRequest, type QueueSeat } from './queue.ts'
export { queue, type CallQueueOptions, type FairBy } from './queue-middleware.ts'
export {
  redisSemaphore,
  type RedisSemaphoreOptions,
  type Semaphore,
  type SemaphorePermit,
  type SemaphoreRequest,
} from './redis-semaphore.ts'
export type { RedisClient, ScriptInput } from '../redis/client.ts'
export { batchEmbeddings, type BatchEmbeddingsOptions } from './batch-embeddings.ts'
