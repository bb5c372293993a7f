import { startRedis, type TestRedis } from './server.ts'

/**
 * The address of a server that tests share without stopping it: REDIS_URL, where it is set, or one started for this file.
 * Tests use keys of their own and neither flush nor configure it.
 */
export async function sharedRedis(): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const given = process.env['REDIS_URL']
  if (given) return { url: given, stop: async () => undefined }
  const server: TestRedis = await startRedis()
  return server
}
