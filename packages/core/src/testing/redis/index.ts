export { startRedisCluster, type TestRedisCluster } from './cluster.ts'
export { startRedis, type StartOptions, type TestRedis } from './server.ts'
export { sharedRedis } from './shared.ts'
export { timedClient } from './timed-client.ts'
