import { defineScript, luaTime, type RedisScript } from '../redis/index.ts'

/**
 * The whole ledger of one root as one script.
 *
 * KEYS: `use` (hash: `u<field>` charged and held, `h<field>` held, `@now`, `@keep`), `holds` (hash: reservations by id),
 * `due` (sorted set: open reservations by expiry), `old` (sorted set: what may be forgotten, by when).
 *
 * A counter is seven words: kind (t, c, r), unit (n, k), limit, a, b, key, slot; a and b are start and end of a calendar
 * window, or length and number of a rolling window's slots. A reservation is eight words and its counters: state (O open,
 * X expired, L settled with what it cost at least, S settled), money, tokens, expiry, whether it refunds, for how long it
 * is remembered, money and tokens charged.
 */
const source = `
local use, holds, due, old = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
${luaTime}
now = math.floor(now / 1000)
local meta = redis.call('HMGET', use, '@now', '@keep')
local last = tonumber(meta[1]) or 0
-- A clock that is set back a little stands still instead: what has left a window must not come back.
if last > now and last - now <= 600000 then now = last end
local keep = meta[2] and tonumber(meta[2]) or -1

local function readCounters(from, at)
  local list = {}
  while from[at] do
    list[#list + 1] = { kind = from[at], unit = from[at + 1], limit = tonumber(from[at + 2]), a = tonumber(from[at + 3]),
      b = tonumber(from[at + 4]), key = from[at + 5], slot = from[at + 6] }
    at = at + 7
  end
  return list
end

local function decode(record)
  local w = {}
  for word in string.gmatch(record, '%S+') do w[#w + 1] = word end
  return { state = w[1], n = tonumber(w[2]), k = tonumber(w[3]), expires = tonumber(w[4]), refunds = w[5] == '1',
    remember = tonumber(w[6]), cn = tonumber(w[7]), ck = tonumber(w[8]), list = readCounters(w, 9) }
end

local function encode(r)
  local w = { r.state, text(r.n), text(r.k), text(r.expires), r.refunds and '1' or '0', text(r.remember), text(r.cn), text(r.ck) }
  if r.state ~= 'S' then
    for _, c in ipairs(r.list) do
      for _, word in ipairs({ c.kind, c.unit, text(c.limit), text(c.a), text(c.b), c.key, c.slot }) do w[#w + 1] = word end
    end
  end
  return table.concat(w, ' ')
end

local function field(c, slot) return c.key .. '@' .. (slot or c.slot) end

local function presentSlot(c)
  if c.kind == 't' then return '0' end
  if c.kind == 'c' then return text(c.a) end
  return text(math.floor(now / c.a))
end

local function isPresent(c)
  if c.kind == 't' then return true end
  if c.kind == 'c' then return now < c.b end
  return tonumber(c.slot) >= math.floor(now / c.a) - c.b
end

local function has(c) return isPresent(c) and redis.call('HEXISTS', use, 'u' .. field(c)) == 1 end

local function endOf(c)
  if c.kind == 't' then return 0 end
  if c.kind == 'c' then return c.b end
  return (tonumber(c.slot) + 1 + c.b) * c.a
end

local function add(c, used, held)
  local f = field(c)
  if used ~= 0 then redis.call('HINCRBY', use, 'u' .. f, text(used)) end
  if held ~= 0 then redis.call('HINCRBY', use, 'h' .. f, text(held)) end
end

local function create(c, used, held)
  local f = field(c)
  if c.kind ~= 't' and redis.call('HEXISTS', use, 'u' .. f) == 0 then redis.call('ZADD', old, text(endOf(c)), 'f' .. f) end
  redis.call('HINCRBY', use, 'u' .. f, text(used + 0))
  if held ~= 0 then redis.call('HINCRBY', use, 'h' .. f, text(held)) end
end

-- What is used and held in the window of a counter, and when there is room for ask.
local function reading(c, ask)
  if c.kind ~= 'r' then
    local f = field(c)
    local got = redis.call('HMGET', use, 'u' .. f, 'h' .. f)
    local frees = -1
    if c.kind == 'c' and ask <= c.limit then frees = c.b end
    return tonumber(got[1] or 0), tonumber(got[2] or 0), frees
  end
  local names, present = {}, math.floor(now / c.a)
  for slot = present - c.b, present do names[#names + 1] = 'u' .. field(c, text(slot)) end
  for slot = present - c.b, present do names[#names + 1] = 'h' .. field(c, text(slot)) end
  local got = redis.call('HMGET', use, unpack(names))
  local used, held, frees = 0, 0, -1
  for at = 1, c.b + 1 do
    used = used + tonumber(got[at] or 0)
    held = held + tonumber(got[at + c.b + 1] or 0)
  end
  if ask <= c.limit then
    local left = used
    frees = now
    for at = 1, c.b + 1 do
      if got[at] then
        left = left - tonumber(got[at])
        frees = (present - c.b + at + c.b) * c.a
        if ask <= c.limit - left then break end
      end
    end
  end
  return used, held, frees
end

local function usedIn(c)
  if c.kind ~= 'r' then return tonumber(redis.call('HGET', use, 'u' .. field(c)) or 0) end
  local used = reading(c, 0)
  return used
end

local function keepUntil(r)
  if keep == 0 then return end
  if keep < r.expires + r.remember then keep = r.expires + r.remember end
  for _, c in ipairs(r.list) do
    local ends = endOf(c)
    if ends == 0 then keep = 0 return end
    if keep < ends then keep = ends end
  end
end

-- After anything was written: the accounts of a root that nobody asks for any more go by themselves.
local function written()
  if keep < 0 then keep = 0 end
  redis.call('HSET', use, '@now', text(now), '@keep', text(keep))
  for _, key in ipairs(KEYS) do
    if keep == 0 then redis.call('PERSIST', key) else redis.call('PEXPIREAT', key, text(keep + 86400000)) end
  end
end

local function save(id, r)
  redis.call('HSET', holds, id, encode(r))
  if r.state == 'O' then
    redis.call('ZADD', due, text(r.expires), id)
    redis.call('ZREM', old, 'r' .. id)
  else
    redis.call('ZREM', due, id)
    redis.call('ZADD', old, text(math.max(r.expires, now) + r.remember), 'r' .. id)
  end
end

local op, id = ARGV[1], ARGV[2]
local counters = {}
if op == 'reserve' or op == 'read' then
  counters = readCounters(ARGV, op == 'reserve' and 10 or 3)
  for _, c in ipairs(counters) do
    if c.kind == 'c' and (now < c.a or now >= c.b) then return { 'clock', text(now) } end
    c.slot = presentSlot(c)
  end
end

local swept = redis.call('ZRANGEBYSCORE', due, '-inf', text(now))
for _, each in ipairs(swept) do
  local gone = redis.call('HGET', holds, each)
  if gone then
    local r = decode(gone)
    for _, c in ipairs(r.list) do
      if has(c) then add(c, r.refunds and -r[c.unit] or 0, -r[c.unit]) end
    end
    r.state = 'X'
    if not r.refunds then r.cn, r.ck = r.n, r.k end
    save(each, r)
  else
    -- A server that evicts keys took one of the four.
    redis.call('ZREM', due, each)
  end
end
for _, each in ipairs(redis.call('ZRANGEBYSCORE', old, '-inf', '(' .. text(now), 'LIMIT', 0, 32)) do
  local name = string.sub(each, 2)
  if string.sub(each, 1, 1) == 'f' then redis.call('HDEL', use, 'u' .. name, 'h' .. name)
  else redis.call('HDEL', holds, name) end
  redis.call('ZREM', old, each)
end
if #swept > 0 then written() end

if op == 'read' then
  local reply = { 'read', text(now) }
  for _, c in ipairs(counters) do
    local used, held, frees = reading(c, 0)
    for _, value in ipairs({ used, held, frees }) do reply[#reply + 1] = text(value) end
  end
  return reply
end

local record = redis.call('HGET', holds, id)
local r = record and decode(record)
local want, least

-- Notes a counter without room, and lowers what is granted to what there is room for.
local function room(full, at, c, base, granted)
  local left = c.limit - usedIn(c) - base
  local needed = least[c.unit]
  if base + needed > 0 and left < needed then
    local used, held, frees = reading(c, base + needed)
    for _, value in ipairs({ at - 1, used, held, frees }) do full[#full + 1] = text(value) end
  else
    granted[c.unit] = math.max(0, math.min(granted[c.unit], left))
  end
end

if op == 'reserve' then
  if r then
    if r.state == 'O' then return { 'held', text(now), record, '0' } end
    return { 'closed', text(now) }
  end
  want = { n = tonumber(ARGV[3]), k = tonumber(ARGV[4]) }
  least = { n = tonumber(ARGV[5]), k = tonumber(ARGV[6]) }
  local full = {}
  for at, c in ipairs(counters) do room(full, at, c, 0, want) end
  if #full > 0 then return { 'refused', text(now), '', unpack(full) } end
  r = { state = 'O', n = want.n, k = want.k, expires = now + tonumber(ARGV[7]), refunds = ARGV[8] == '1',
    remember = tonumber(ARGV[9]), cn = 0, ck = 0, list = counters }
  for _, c in ipairs(counters) do create(c, r[c.unit], r[c.unit]) end
  keepUntil(r)
  save(id, r)
  written()
  return { 'held', text(now), encode(r), '0' }
end

-- A reservation that is not here any more is booked again from what its maker knows, while that can be trusted.
local wasLost = not r
if not r then
  local lost = ARGV[3]
  if lost == '' then return { 'unknown', text(now) } end
  r = decode(lost)
  if now > r.expires + r.remember then return { 'unknown', text(now) } end
  for _, c in ipairs(r.list) do
    if isPresent(c) then create(c, r[c.unit], r[c.unit]) end
  end
  keepUntil(r)
end

if op == 'extend' then
  if r.state == 'S' or r.state == 'L' then return { 'closed', text(now) } end
  want = { n = tonumber(ARGV[4]), k = tonumber(ARGV[5]) }
  least = { n = tonumber(ARGV[6]), k = tonumber(ARGV[7]) }
  local open = r.state == 'O'
  local charged = open or not r.refunds
  local full = {}
  for at, c in ipairs(r.list) do
    c.here = has(c)
    if c.kind == 'r' or c.here then
      room(full, at, c, (charged and c.here) and 0 or r[c.unit], want)
    end
  end
  if #full > 0 then
    if wasLost then
      save(id, r)
      written()
    end
    return { 'refused', text(now), encode(r), unpack(full) }
  end
  for _, c in ipairs(r.list) do
    local own, more = r[c.unit], want[c.unit]
    local counted = charged and c.here
    if c.kind == 'r' then
      -- It counts from now on, so that what is held never leaves the window before it is spent.
      if counted then add(c, -own, open and -own or 0) end
      c.slot = presentSlot(c)
      create(c, own + more, own + more)
    elseif c.here then
      add(c, (counted and 0 or own) + more, (open and 0 or own) + more)
    end
  end
  r.state, r.n, r.k, r.cn, r.ck = 'O', r.n + want.n, r.k + want.k, 0, 0
  r.expires = math.max(r.expires, now + tonumber(ARGV[8]))
  keepUntil(r)
  save(id, r)
  written()
  return { 'held', text(now), encode(r), wasLost and '1' or '0' }
end

if r.state == 'S' then return { 'settled', text(now), text(r.cn), text(r.ck), 'settled' } end
local exact = ARGV[6] == '1'
local before = { n = r.n, k = r.k }
if r.state ~= 'O' then before = { n = r.cn, k = r.ck } end
local charge = { n = tonumber(ARGV[4]), k = tonumber(ARGV[5]) }
if not exact then
  local floor = r.state == 'X' and r or before
  charge.n, charge.k = math.max(charge.n, floor.n), math.max(charge.k, floor.k)
end
for _, c in ipairs(r.list) do
  if has(c) then add(c, charge[c.unit] - before[c.unit], r.state == 'O' and -r[c.unit] or 0) end
end
local was = wasLost and 'lost' or r.state == 'O' and 'open' or r.state == 'X' and 'expired' or 'settled'
r.state, r.cn, r.ck = exact and 'S' or 'L', charge.n, charge.k
save(id, r)
written()
return { 'settled', text(now), text(r.cn), text(r.ck), was }
`

/** One step of the ledger on the accounts of one root. */
export const ledgerScript: RedisScript = defineScript({ name: 'budget.step', keys: 4, source })
