import type { Clock } from '../../clock.ts'
import type { RedisClient } from '../../redis/index.ts'

/** How much longer than they are told to keys live on the real server: a test that is held up loses none of them. */
export const graceMs = 60_000

/**
 * A client whose scripts see the time of `clock` in the place of the server's; everything else is the real server's work.
 * For tests of what happens over hours. Keys still expire in real time, `graceMs` late.
 */
export function timedClient(client: RedisClient, clock: Pick<Clock, 'now'>): RedisClient {
  return {
    evalSha: () => Promise.reject(new Error('NOSCRIPT the script is new with every instant')),
    eval(source, input) {
      const us = Math.round(clock.now() * 1_000)
      return client.eval(`${timed(Math.floor(us / 1e6), us % 1e6)}${source}`, input)
    },
  }
}

function timed(seconds: number, us: number): string {
  return `local server = redis
local redis = setmetatable({
  call = function(name, ...)
    if name == 'TIME' then return { '${seconds}', '${us}' } end
    if name ~= 'PEXPIRE' then return server.call(name, ...) end
    local key, ms = ...
    return server.call(name, key, string.format('%.0f', tonumber(ms) + ${graceMs}))
  end,
}, { __index = server })
`
}
