import { defineScript, luaTime, type RedisScript } from '@sluice/core/redis'
import { codecVersion } from '../store/codec.ts'

/** A scope that nobody has used for this long is forgotten, in milliseconds. */
export const scopeIdleMs = 3_600_000

/** How long the number of an invalidated tag is known at least, in milliseconds: longer than any request takes. */
export const tagKeepMs = 86_400_000

/**
 * The last key is a hash of a scope's generations. The field '' is that of the scope; it begins with the server's time and
 * every entry must have it exactly. So when the hash is lost or expires, what was stored before is lost too, and nothing
 * that was invalidated comes back. Any other field is `generation:forgetAtMs`; one that is absent is 0, and an entry is
 * valid when it has at least the generation that stands there. A tag may thus be forgotten once no entry and no request
 * of before its invalidation can be left.
 */
const prelude = `${luaTime}
local STAMPS, IDLE, KEEP = KEYS[#KEYS], ${scopeIdleMs}, ${tagKeepMs}

local function number(field) return field and tonumber(string.match(field, '^%d+')) or 0 end

local function present(tags)
  local found = redis.call('HMGET', STAMPS, unpack(tags))
  for i = 1, #tags do found[i] = number(found[i]) end
  return found
end

local function keep(ms)
  if redis.call('PTTL', STAMPS) < ms then redis.call('PEXPIRE', STAMPS, text(ms)) end
end

-- The scope's generation. Whoever reads a new scope begins it.
local function begun()
  local own = number(redis.call('HGET', STAMPS, ''))
  if own == 0 then
    own = now
    redis.call('HSET', STAMPS, '', text(own))
  end
  return own
end

local function isValid(stamps)
  local tags, stamped = {}, {}
  for tag, generation in pairs(stamps) do
    if type(generation) ~= 'number' then return false end
    tags[#tags + 1] = tag
    stamped[#stamped + 1] = generation
  end
  if not stamps[''] then return false end
  local current = present(tags)
  for i = 1, #tags do
    if tags[i] == '' then
      if current[i] ~= stamped[i] then return false end
    elseif current[i] > stamped[i] then
      return false
    end
  end
  return true
end

local function stampsOf(json)
  local ok, stamps = pcall(cjson.decode, json)
  if ok and type(stamps) == 'table' then return stamps end
  return {}
end
`

/**
 * KEYS: the entry, the scope's generations. ARGV: the tags that are asked for.
 * Answers the entry as it was written, '' when there is none that is valid, then the generations of the scope and the tags.
 *
 * An entry is the version, its generations as JSON, a line feed and what the codec made of it.
 */
export const getScript: RedisScript = defineScript({
  name: 'cache.get',
  keys: 2,
  source: `${prelude}
local out = { '', text(begun()) }
local value = redis.call('GET', KEYS[1])
local line = value and string.sub(value, 1, 1) == '${codecVersion}' and string.find(value, '\\n', 2, true)
if line and isValid(stampsOf(string.sub(value, 2, line - 1))) then
  out[1] = string.sub(value, line + 1)
else
  keep(IDLE)
end
if #ARGV > 0 then
  for i, generation in ipairs(present(ARGV)) do out[i + 2] = text(generation) end
end
return out
`,
})

/** KEYS: the entry, the scope's generations. ARGV: the generations as JSON, what the codec made, milliseconds to live. */
export const setScript: RedisScript = defineScript({
  name: 'cache.set',
  keys: 2,
  source: `${prelude}
local ttl = tonumber(ARGV[3])
if not isValid(stampsOf(ARGV[1])) then return 0 end
redis.call('SET', KEYS[1], '${codecVersion}' .. ARGV[1] .. '\\n' .. ARGV[2], 'PX', text(ttl))
keep(ttl + IDLE)
return 1
`,
})

/** Tells whoever listens. Without the right to publish, what was to be done is done all the same. */
const tell = (message: string): string => `redis.pcall('PUBLISH', ARGV[1], ${message})`

/** KEYS: the entry. ARGV: the channel, the message. */
export const deleteScript: RedisScript = defineScript({
  name: 'cache.delete',
  keys: 1,
  source: `
local gone = redis.call('DEL', KEYS[1])
${tell('ARGV[2]')}
return gone
`,
})

/**
 * KEYS: the scope's generations. ARGV: the channel, the beginning of the messages, the tags.
 * Two fields, whichever they are, are looked at each time: those of tags that may be forgotten never outnumber the others.
 */
export const invalidateScript: RedisScript = defineScript({
  name: 'cache.invalidate',
  keys: 1,
  source: `${prelude}
local nowMs = math.floor(now / 1000)
local own = begun()
keep(IDLE)
local forgetAt = nowMs + math.max(redis.call('PTTL', STAMPS), KEEP)
for i = 3, #ARGV do
  local tag = ARGV[i]
  local generation
  if tag == '' then
    generation = math.max(now, own + 1)
    own = generation
    local ttl = redis.call('PTTL', STAMPS)
    redis.call('UNLINK', STAMPS)
    redis.call('HSET', STAMPS, '', text(generation))
    redis.call('PEXPIRE', STAMPS, text(ttl))
  else
    generation = math.max(now, number(redis.call('HGET', STAMPS, tag)) + 1)
    redis.call('HSET', STAMPS, tag, text(generation) .. ':' .. text(forgetAt))
  end
  ${tell(`ARGV[2] .. cjson.encode(tag) .. ',"generation":' .. text(generation) .. '}'`)}
end
local some = redis.call('HRANDFIELD', STAMPS, 2 * (#ARGV - 2), 'WITHVALUES')
for i = 1, #some, 2 do
  local ends = tonumber(string.match(some[i + 1], ':(%d+)$') or '')
  if ends and ends <= nowMs then redis.call('HDEL', STAMPS, some[i]) end
end
return 1
`,
})

/** KEYS: the lock. ARGV: the token, milliseconds. */
export const lockScript: RedisScript = defineScript({
  name: 'cache.lock',
  keys: 1,
  source: `
if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return 1 end
return 0
`,
})

/** KEYS: the lock. ARGV: the token, milliseconds. */
export const renewScript: RedisScript = defineScript({
  name: 'cache.renew',
  keys: 1,
  source: `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
`,
})

/** KEYS: the lock. ARGV: the token. */
export const releaseScript: RedisScript = defineScript({
  name: 'cache.release',
  keys: 1,
  source: `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
`,
})
