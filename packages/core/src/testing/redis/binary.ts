import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/**
 * The program that is started as the server. The test run finds it, or brings it, before the first test: tooling/redis.mjs.
 *
 * @throws {Error} saying what to do when there is none: tests that need a server fail, they are not left out.
 */
export function redisBinary(env: NodeJS.ProcessEnv = process.env): string {
  const given = env['SLUICE_REDIS_SERVER']
  if (given) {
    if (existsSync(given)) return given
    throw new Error(`SLUICE_REDIS_SERVER names ${given}, and there is no such file.`)
  }
  for (const folder of (env['PATH'] ?? '').split(delimiter))
    for (const name of ['redis-server', 'valkey-server']) {
      const path = join(folder, name)
      if (folder !== '' && existsSync(path)) return path
    }
  const problem = env['SLUICE_REDIS_PROBLEM'] ?? 'No redis-server was found.'
  throw new Error(
    `${problem} Install Redis 7 or later (apt-get install redis-server, brew install redis) or set ` +
      'SLUICE_REDIS_SERVER to its redis-server. REDIS_URL, the address of a running server, does for the tests that need one only.',
  )
}
