-- Counts a registration, or a requested mail, from an address, unless there were too many
-- (functions/platform: registrations). May run any number of times for one.
--
-- KEYS 1 those from the address: a sorted set, scored by time in ms
--      2 the counts of refusals: a hash
-- ARGV 1 an id of this one, 2 how long one counts in ms, 3 how many there may be in that time,
--      4 the field that counts a refused one
-- Returns {0, 0} counted; {1, ms} refused for this long.

-- A key of another type would lock people out permanently: it is removed.
local function remove_other_type(key, wanted)
  local kind = redis.call('TYPE', key)
  kind = kind.ok or kind
  if kind ~= wanted and kind ~= 'none' then redis.call('DEL', key) end
end
remove_other_type(KEYS[1], 'zset')
remove_other_type(KEYS[2], 'hash')

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[2])
local count, limit = redis.call('ZCARD', KEYS[1]), tonumber(ARGV[3])
if count >= limit and not redis.call('ZSCORE', KEYS[1], ARGV[1]) then
  -- Free again once enough have expired that fewer than the limit are left.
  local oldest = redis.call('ZRANGE', KEYS[1], count - limit, count - limit, 'WITHSCORES')
  -- Also refused if a full Redis cannot count it.
  redis.pcall('HINCRBY', KEYS[2], ARGV[4], 1)
  return {1, math.max(oldest[2] + ARGV[2] - now, 1)}
end
redis.call('ZADD', KEYS[1], 'NX', now, ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return {0, 0}
