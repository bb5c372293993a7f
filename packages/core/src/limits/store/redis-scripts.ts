import { defineScript, luaTime, type RedisScript } from '../../redis/index.ts'
import { slotsPerPeriod } from '../rule.ts'
import { maxLows, slack } from './meter.ts'

/**
 * KEYS: the usage of a subject (a hash, one field a rule) and its leases (a sorted set by when they end).
 * A rule is six arguments: kind, field, three parameters and cost.
 *   rate         r  name  units a µs  burst         0           cost
 *   calendar     c  name  limit       start of day  end of day  cost
 *   sliding      s  name  limit       µs a slot     0           cost
 *   concurrency  k  name  limit       µs a lease    0           cost
 * The same arithmetic as memory-store.ts, meter.ts and slots.ts; limit-store-laws.test.ts holds them against each other.
 */
const prelude = `${luaTime}
local SLACK, MAX_LOWS, SLOTS = ${slack}, ${maxLows}, ${slotsPerPeriod}

local rules, fields = {}, {}
local function read(first)
  for i = first, #ARGV, 6 do
    local rule = { kind = ARGV[i], name = ARGV[i + 1], a = tonumber(ARGV[i + 2]), b = tonumber(ARGV[i + 3]),
      c = tonumber(ARGV[i + 4]), cost = tonumber(ARGV[i + 5]) }
    rules[#rules + 1] = rule
    fields[#fields + 1] = rule.name
  end
  if #fields == 0 then return end
  local states = redis.call('HMGET', KEYS[1], unpack(fields))
  for i = 1, #rules do rules[i].state = states[i] and cmsgpack.unpack(states[i]) or {} end
end

local writes, untilUs = {}, 0
local function write(rule, state)
  writes[#writes + 1] = rule.name
  writes[#writes + 1] = cmsgpack.pack(state)
end

-- Keys live as long as what they say matters, and never shorter than before.
local function keep(key, endUs)
  local ms = math.ceil((endUs - now) / 1000) + 1000
  if redis.call('PTTL', key) < ms then redis.call('PEXPIRE', key, text(ms)) end
end

local function commit()
  if #writes == 0 then return end
  redis.call('HSET', KEYS[1], unpack(writes))
  if untilUs > 0 then keep(KEYS[1], untilUs) end
end

local function shown(rule)
  local s = rule.state
  if #s == 0 then return 0 end
  return math.max(0, s[2] - math.max(0, now - s[1]) * rule.a)
end

-- Whether the caller's day is ours too. If not it is told our time, and asks again.
local function isToday(rule) return rule.b <= now and now < rule.c end

local function counting(rule)
  local first, list = math.floor(now / rule.b) - SLOTS, {}
  for i = 1, #rule.state, 2 do
    if rule.state[i] >= first then list[#list + 1] = { rule.state[i], rule.state[i + 1] } end
  end
  table.sort(list, function(x, y) return x[1] < y[1] end)
  return list
end

local function slotEnd(rule, slot) return (slot + SLOTS + 1) * rule.b end

local function charge(rule, amount)
  local s, out = rule.state, {}
  if rule.kind == 'r' then
    local used = shown(rule)
    local lows = {}
    for i = 3, #s, 2 do if s[i + 1] < used then lows[#lows + 1] = { s[i], s[i + 1] } end end
    lows[#lows + 1] = { now, used }
    if #lows > MAX_LOWS then
      local at, least = 1, math.huge
      for i = 1, #lows - 1 do
        local gap = lows[i + 1][2] - lows[i][2]
        if gap < least then least = gap at = i end
      end
      lows[at + 1][2] = lows[at][2]
      table.remove(lows, at)
    end
    out = { now, used + amount }
    for i = 1, #lows do
      out[2 * i + 1] = lows[i][1]
      out[2 * i + 2] = lows[i][2]
    end
    write(rule, out)
    untilUs = math.max(untilUs, now + (used + amount) / rule.a)
  elseif rule.kind == 'c' then
    if s[1] and s[1] >= rule.b then write(rule, { s[1], s[2] + amount }) else write(rule, { rule.b, amount }) end
    untilUs = math.max(untilUs, rule.c)
  elseif rule.kind == 's' then
    local slot, isNew = math.floor(now / rule.b), true
    for _, one in ipairs(counting(rule)) do
      if one[1] == slot then one[2] = one[2] + amount isNew = false end
      out[#out + 1] = one[1] out[#out + 1] = one[2]
    end
    if isNew then out[#out + 1] = slot out[#out + 1] = amount end
    write(rule, out)
    untilUs = math.max(untilUs, slotEnd(rule, slot))
  end
end
`

const takeSource = `${prelude}
local mode, id = ARGV[1], ARGV[2]
read(3)
local fits, out = 1, { 0, now }

-- Milliseconds, rounded up; -1 is never.
local function ms(us) return math.max(0, math.ceil(us / 1000)) end

for _, rule in ipairs(rules) do
  local cost, most, used, wait, full = rule.cost, rule.a, 0, 0, 0
  if rule.kind == 'r' then
    most = rule.b
    used = shown(rule)
    local over = used + cost - most
    if cost > 0 and over > SLACK then wait = over / rule.a end
    full = used / rule.a
    rule.left = math.max(0, math.floor(most - used + SLACK))
  elseif rule.kind == 'c' then
    if not isToday(rule) then return { -1, now } end
    if rule.state[1] and rule.state[1] >= rule.b then used = rule.state[2] end
    if cost > 0 and used + cost > most then wait = rule.c - now end
    if used > 0 then full = rule.c - now end
    rule.left = math.max(0, most - used)
  elseif rule.kind == 's' then
    local list = counting(rule)
    for _, one in ipairs(list) do used = used + one[2] end
    local over = used + cost - most
    if cost > 0 and over > 0 then
      local freed = 0
      for _, one in ipairs(list) do
        freed = freed + one[2]
        if freed >= over then wait = slotEnd(rule, one[1]) - now break end
      end
    end
    if #list > 0 then full = slotEnd(rule, list[#list][1]) - now end
    rule.left = math.max(0, most - used)
  else
    used = redis.call('ZCOUNT', KEYS[2], '(' .. text(now), '+inf')
    if used > 0 and (mode == 'check' or used + cost > most) then
      if cost > 0 and used + cost > most then
        wait = tonumber(redis.call('ZRANGEBYSCORE', KEYS[2], '(' .. text(now), '+inf', 'WITHSCORES', 'LIMIT', 0, 1)[2]) - now
      end
      full = tonumber(redis.call('ZRANGE', KEYS[2], -1, -1, 'WITHSCORES')[2]) - now
    end
    rule.left = math.max(0, most - used)
  end
  if cost > most then wait = -1 end
  if wait ~= 0 then fits = 0 end
  rule.wait = wait == -1 and -1 or ms(wait)
  rule.full = ms(full)
end

local take = mode == 'take' and fits == 1
if take then out[1] = 1 end
for _, rule in ipairs(rules) do
  if take and rule.cost > 0 then
    if rule.kind == 'k' then
      redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', text(now))
      redis.call('ZADD', KEYS[2], text(now + rule.b), id)
      keep(KEYS[2], now + rule.b)
    else
      charge(rule, rule.cost)
    end
    rule.left = rule.left - rule.cost
  end
  out[#out + 1] = rule.left
  out[#out + 1] = rule.wait
  out[#out + 1] = rule.full
end
commit()
return out
`

const settleSource = `${prelude}
local id, takenAt = ARGV[1], tonumber(ARGV[2])
read(3)
for _, rule in ipairs(rules) do
  if rule.kind == 'c' and rule.cost > 0 and not isToday(rule) then return { -1, now } end
end
for _, rule in ipairs(rules) do
  local s, out = rule.state, {}
  if rule.kind == 'k' then
    redis.call('ZREM', KEYS[2], id)
  elseif rule.cost > 0 then
    charge(rule, rule.cost)
  elseif rule.cost < 0 and #s > 0 then
    local amount = -rule.cost
    if rule.kind == 'r' then
      local used = shown(rule)
      local least = used
      for i = 3, #s, 2 do if s[i] > takenAt then least = math.min(least, s[i + 1]) end end
      local back = math.min(amount, least)
      local lowest, lows = math.huge, {}
      for i = #s - 1, 3, -2 do
        local value = s[i + 1]
        if s[i] > takenAt then value = math.max(0, value - back) end
        if value < lowest then
          lowest = value
          table.insert(lows, 1, { s[i], value })
        end
      end
      out = { now, used - back }
      for _, low in ipairs(lows) do out[#out + 1] = low[1] out[#out + 1] = low[2] end
      write(rule, out)
    elseif rule.kind == 'c' then
      if s[1] <= takenAt then write(rule, { s[1], math.max(0, s[2] - amount) }) end
    else
      local slot = math.floor(takenAt / rule.b)
      for i = 1, #s, 2 do if s[i] == slot then s[i + 1] = math.max(0, s[i + 1] - amount) end end
      write(rule, s)
    end
  end
end
commit()
return { 1, now }
`

/** ARGV: `take` or `check`, the call's id, the rules. Answers whether it was taken, the time, and three figures a rule. */
export const takeScript: RedisScript = defineScript({ name: 'limits.take', keys: 2, source: takeSource })

/** ARGV: the call's id, when it was taken, the rules with what to add as their cost. */
export const settleScript: RedisScript = defineScript({ name: 'limits.settle', keys: 2, source: settleSource })

/** KEYS: the leases. ARGV: the call's id, µs a lease. A lease that has ended is not brought back. */
export const renewScript: RedisScript = defineScript({
  name: 'limits.renew',
  keys: 1,
  source: `${luaTime}
local ends = tonumber(redis.call('ZSCORE', KEYS[1], ARGV[1]) or '0')
if ends <= now then return 0 end
redis.call('ZADD', KEYS[1], text(now + tonumber(ARGV[2])), ARGV[1])
redis.call('PEXPIRE', KEYS[1], text(math.ceil(tonumber(ARGV[2]) / 1000) + 1000))
return 1
`,
})
