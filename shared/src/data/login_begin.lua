-- Whether a password may be tried now (functions/platform: login_attempts). Called before the
-- password is checked, so that concurrent guesses are limited like sequential ones.
--
-- KEYS  first the failures of each kind, then the open attempts of each kind: sorted sets, scored by
--       time in ms; then, if there is one, another of the addresses from which the name's owner logged
--       in; then another of the attempts that have to ask again, scored by when they last did; last
--       the counts of refusals: a hash
-- ARGV  1 an id of this attempt, 2 how long a failure counts in ms
--       3 after how many ms an open attempt expires, 4 the address, or nothing
--       5 how many may wait, from 6 on how many failures of each kind are too many
-- Returns {0, 0} go ahead; {1, ms} refused for this long; {2, 0} ask again: other attempts are
--       undecided; {3, ms} too many are waiting already, retry after this long. Each waiting attempt
--       keeps a request open, so their number is limited.

-- A key of another type would lock people out permanently: it is removed.
local function remove_other_type(key, wanted)
  local kind = redis.call('TYPE', key)
  kind = kind.ok or kind
  if kind ~= wanted and kind ~= 'none' then redis.call('DEL', key) end
end
for place, key in ipairs(KEYS) do remove_other_type(key, place == #KEYS and 'hash' or 'zset') end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local kinds = #ARGV - 5
local counted = kinds
local addresses = #KEYS > 2 * kinds + 2 and KEYS[2 * kinds + 1]
local asking = KEYS[#KEYS - 1]
-- Strangers' guesses elsewhere, the last kind, lock nobody out at their usual addresses.
if addresses and redis.call('ZSCORE', addresses, ARGV[4]) then
  counted = kinds - 1
end

local function count(key, age)
  redis.call('ZREMRANGEBYSCORE', key, '-inf', now - age)
  return redis.call('ZCARD', key)
end

local wait, busy = 0, false
for kind = 1, counted do
  local limit = tonumber(ARGV[5 + kind])
  local failures = count(KEYS[kind], tonumber(ARGV[2]))
  if failures >= limit then
    -- Free again once enough have expired that fewer than the limit are left.
    local place = failures - limit
    local oldest = redis.call('ZRANGE', KEYS[kind], place, place, 'WITHSCORES')
    wait = math.max(wait, oldest[2] + ARGV[2] - now, 1)
  elseif failures + count(KEYS[kinds + kind], tonumber(ARGV[3])) >= limit then
    busy = true
  end
end
if wait > 0 then
  -- Also refused if a full Redis cannot count it.
  redis.pcall('HINCRBY', KEYS[#KEYS], 'logins', 1)
  return {1, wait}
end
if busy then
  -- An attempt that has not asked for a second has been given up.
  if count(asking, 1000) >= tonumber(ARGV[5]) and not redis.call('ZSCORE', asking, ARGV[1]) then
    redis.pcall('HINCRBY', KEYS[#KEYS], 'logins', 1)
    return {3, 1000}
  end
  redis.call('ZADD', asking, now, ARGV[1])
  redis.call('PEXPIRE', asking, 1000)
  return {2, 0}
end
redis.call('ZREM', asking, ARGV[1])
for kind = kinds + 1, 2 * kinds do
  redis.call('ZADD', KEYS[kind], now, ARGV[1])
  redis.call('PEXPIRE', KEYS[kind], ARGV[3])
end
return {0, 0}
