-- Records how an attempt to log in ended (functions/platform: login_attempts). May run any number
-- of times for one attempt.
--
-- KEYS  as in login_begin.lua
-- ARGV  1 the attempt's id, 2 how long a failure counts in ms
--       3 `failed`, `passed`, or `undecided` if the password was not checked
--       4 the address, or nothing; 5 for how many ms and 6 how many such addresses are stored

-- A key of another type would lock people out permanently: it is removed.
local function remove_other_type(key, wanted)
  local kind = redis.call('TYPE', key)
  kind = kind.ok or kind
  if kind ~= wanted and kind ~= 'none' then redis.call('DEL', key) end
end
for _, key in ipairs(KEYS) do remove_other_type(key, 'zset') end

local kinds = math.floor(#KEYS / 2)
local addresses = KEYS[2 * kinds + 1]
for kind = kinds + 1, 2 * kinds do
  redis.call('ZREM', KEYS[kind], ARGV[1])
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if ARGV[3] == 'failed' then
  for kind = 1, kinds do
    redis.call('ZADD', KEYS[kind], 'NX', now, ARGV[1])
    redis.call('PEXPIRE', KEYS[kind], ARGV[2])
  end
elseif ARGV[3] == 'passed' then
  -- The user who knows the password made the previous mistakes; an address keeps its failures, or one account
  -- could reset the count of all guesses.
  redis.call('DEL', KEYS[1])
  if addresses then
    redis.call('ZADD', addresses, now, ARGV[4])
    redis.call('ZREMRANGEBYRANK', addresses, 0, -1 - ARGV[6])
    redis.call('PEXPIRE', addresses, ARGV[5])
  end
end
return 0
