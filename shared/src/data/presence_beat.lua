-- Records a relay's sign of life, and returns which other relays are alive. The relay's presence calls
-- it every few seconds.
--
-- KEYS[1]  hash: relay -> its last sign of life, in milliseconds on Redis's clock
-- ARGV[1]  the relay
-- ARGV[2]  after this many milliseconds of silence a relay is forgotten
--
-- Returns whether the relay was known before, and a list of all known relays: each relay, and how many
-- milliseconds ago its last sign of life was.
-- A key of another type is removed.
local kind = redis.call('TYPE', KEYS[1])
kind = kind.ok or kind
if kind ~= 'hash' and kind ~= 'none' then redis.call('DEL', KEYS[1]) end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local known = 1 - redis.call('HSET', KEYS[1], ARGV[1], string.format('%.0f', now))
redis.call('PEXPIRE', KEYS[1], ARGV[2])
local told = redis.call('HGETALL', KEYS[1])
local living = {}
for index = 1, #told, 2 do
  local age = math.max(0, now - tonumber(told[index + 1]))
  if age > tonumber(ARGV[2]) then
    redis.call('HDEL', KEYS[1], told[index])
  else
    living[#living + 1] = told[index]
    living[#living + 1] = age
  end
end
return {known, living}
