-- Whether a password may be tried now (functions/platform: login_attempts). Called before the
-- password is looked at, so that many guesses at the same time are as limited as one after another.
--
-- KEYS  1 failures of the name, 2 failures from the address: sorted sets, scored by time in ms
--       3 open attempts of the name, 4 open attempts from the address: the same
--       5 how often one was refused: a hash
-- ARGV  1 an id of this attempt, 2 how long a failure counts in ms
--       3 how many failures of the name are too many, 4 from the address
--       5 after how many ms an open attempt is given up
-- Gives {0, 0} go ahead; {1, ms} refused for so long; {2, 0} ask again: others are being decided.

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local function count(key, age)
  redis.call('ZREMRANGEBYSCORE', key, '-inf', now - age)
  return redis.call('ZCARD', key)
end

local wait, busy = 0, false
for kind = 1, 2 do
  local limit = tonumber(ARGV[2 + kind])
  local failures = count(KEYS[kind], tonumber(ARGV[2]))
  if failures >= limit then
    -- Free again once so many are over that fewer than the limit are left.
    local place = failures - limit
    local oldest = redis.call('ZRANGE', KEYS[kind], place, place, 'WITHSCORES')
    wait = math.max(wait, oldest[2] + ARGV[2] - now, 1)
  elseif failures + count(KEYS[2 + kind], tonumber(ARGV[5])) >= limit then
    busy = true
  end
end
if wait > 0 then
  -- Refused all the same where a full Redis does not count it.
  redis.pcall('HINCRBY', KEYS[5], 'logins', 1)
  return {1, wait}
end
if busy then
  return {2, 0}
end
for kind = 3, 4 do
  redis.call('ZADD', KEYS[kind], now, ARGV[1])
  redis.call('PEXPIRE', KEYS[kind], ARGV[5])
end
return {0, 0}
