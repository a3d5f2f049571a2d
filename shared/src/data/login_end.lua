-- How a try of a password ended (functions/platform: login_attempts). Runs as often as it likes
-- for one attempt.
--
-- KEYS  as in login_begin.lua
-- ARGV  1 the attempt's id, 2 how long a failure counts in ms, 3 `failed`, `passed`, or `undecided` where nobody looked

redis.call('ZREM', KEYS[3], ARGV[1])
redis.call('ZREM', KEYS[4], ARGV[1])
if ARGV[3] == 'failed' then
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  for kind = 1, 2 do
    redis.call('ZADD', KEYS[kind], 'NX', now, ARGV[1])
    redis.call('PEXPIRE', KEYS[kind], ARGV[2])
  end
elseif ARGV[3] == 'passed' then
  -- The name's owner is in; an address keeps its failures, or one account would wash all guesses.
  redis.call('DEL', KEYS[1])
end
return 0
