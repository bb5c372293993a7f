import type { Clock } from '../../clock.ts'
import type { RedisClient } from '../../redis/index.ts'

/**
 * A client whose scripts see the time of `clock` in the place of the server's; everything else is the real server's work.
 * For tests of what happens over hours. Keys still expire in real time.
 */
export function timedClient(client: RedisClient, clock: Pick<Clock, 'now'>): RedisClient {
  const time = /redis\.call\('TIME'\)/g
  return {
    evalSha: () => Promise.reject(new Error('NOSCRIPT the script is new with every instant')),
    eval(source, input) {
      const us = Math.round(clock.now() * 1_000)
      return client.eval(source.replaceAll(time, `{ '${Math.floor(us / 1e6)}', '${us % 1e6}' }`), input)
    },
  }
}
