import { defineScript, luaTime, type RedisScript } from '../redis/index.ts'

/**
 * KEYS: the holders by when their lease ends, the waiters by when they came, the waiters by when they are taken for dead.
 * ARGV: id, permits, µs a lease, µs until a waiter is taken for dead, 1 if it waits.
 * Answers 1 when it holds a permit, else 0; how many are ahead; µs until the first lease ends.
 */
export const acquireScript: RedisScript = defineScript({
  name: 'semaphore.acquire',
  keys: 3,
  source: `${luaTime}
local id, permits, lease, patience = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local function keep(key, us)
  local ms = math.ceil(us / 1000) + 1000
  if redis.call('PTTL', key) < ms then redis.call('PEXPIRE', key, text(ms)) end
end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', text(now))
for _, dead in ipairs(redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', text(now))) do
  redis.call('ZREM', KEYS[2], dead)
  redis.call('ZREM', KEYS[3], dead)
end
if redis.call('ZSCORE', KEYS[1], id) then return { 1, 0, 0 } end
local free = permits - redis.call('ZCARD', KEYS[1])
local ahead = redis.call('ZRANK', KEYS[2], id) or redis.call('ZCARD', KEYS[2])
if ahead < free then
  redis.call('ZREM', KEYS[2], id)
  redis.call('ZREM', KEYS[3], id)
  redis.call('ZADD', KEYS[1], text(now + lease), id)
  keep(KEYS[1], lease)
  return { 1, 0, 0 }
end
if ARGV[5] == '1' then
  redis.call('ZADD', KEYS[2], 'NX', text(now), id)
  redis.call('ZADD', KEYS[3], text(now + patience), id)
  keep(KEYS[2], patience)
  keep(KEYS[3], patience)
end
local first = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2]
return { 0, ahead, first and math.ceil(tonumber(first) - now) or 0 }
`,
})

/** KEYS: the holders. ARGV: id, µs a lease. Answers 0 when the lease has ended: the permit is another's by now. */
export const renewScript: RedisScript = defineScript({
  name: 'semaphore.renew',
  keys: 1,
  source: `${luaTime}
local ends = tonumber(redis.call('ZSCORE', KEYS[1], ARGV[1]) or '0')
if ends <= now then return 0 end
redis.call('ZADD', KEYS[1], text(now + tonumber(ARGV[2])), ARGV[1])
redis.call('PEXPIRE', KEYS[1], text(math.ceil(tonumber(ARGV[2]) / 1000) + 1000))
return 1
`,
})

/** KEYS as for acquiring. ARGV: id. Ends a lease or a wait. */
export const releaseScript: RedisScript = defineScript({
  name: 'semaphore.release',
  keys: 3,
  source: "for i = 1, 3 do redis.call('ZREM', KEYS[i], ARGV[1]) end return 1",
})
