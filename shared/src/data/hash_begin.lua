-- Whether one more password may be hashed now (functions/platform: password_hashing). May run any
-- number of times for one hash; its end is a ZREM of the id.
--
-- KEYS 1 the hashes being computed: a sorted set, scored by their start in ms
-- ARGV 1 an id of this one, 2 how many there may be, 3 after how many ms one without a reported end is
--      given up
-- Returns {0} go ahead; {1} ask again.

-- A key of another type would lock people out permanently: it is removed.
local function remove_other_type(key, wanted)
  local kind = redis.call('TYPE', key)
  kind = kind.ok or kind
  if kind ~= wanted and kind ~= 'none' then redis.call('DEL', key) end
end
remove_other_type(KEYS[1], 'zset')

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[3])
if not redis.call('ZSCORE', KEYS[1], ARGV[1]) and redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[2]) then
  return {1}
end
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return {0}
