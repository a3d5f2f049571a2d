-- Stores a relay's report about itself, and returns all relays' reports: only Redis's clock counts, so that
-- no other clock makes a relay look dead. (Run by relays, and by the function admin-stats.)
--
-- KEYS 1 the reports: a hash of a relay's name → milliseconds since 1970, a space and the report
-- ARGV 1 for how many milliseconds a report is valid; then, if a relay reports, 2 its name, 3 the report
--      (JSON): expired ones are removed
--
-- Returns the valid reports: milliseconds, a space, the report.
local kind = redis.call('TYPE', KEYS[1])
kind = kind.ok or kind
if kind ~= 'hash' and kind ~= 'none' then redis.call('DEL', KEYS[1]) end

local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
if ARGV[2] then
    redis.call('HSET', KEYS[1], ARGV[2], string.format('%.0f ', now) .. ARGV[3])
end
local told = {}
local reports = redis.call('HGETALL', KEYS[1])
for i = 1, #reports, 2 do
    local age = now - tonumber(string.match(reports[i + 1], '^%d+') or 0)
    if age <= tonumber(ARGV[1]) then
        told[#told + 1] = reports[i + 1]
    elseif ARGV[2] then
        redis.call('HDEL', KEYS[1], reports[i])
    end
end
return told
