-- Removes a board's stream that has more events than PostgreSQL: they are from a future that the database
-- has lost, or from another database. The next event creates it again. (Run by the function whose event
-- did not fit into it, and by the relay, after comparing the two.)
--
-- KEYS 1 the board's stream
-- ARGV 1 the newest seq in PostgreSQL, which was read after the stream
--
-- Returns 1 if it was removed, 0 if it has no more than that by now.
local kind = redis.call('TYPE', KEYS[1])
if (kind.ok or kind) ~= 'stream' then return 0 end
local info = redis.call('XINFO', 'STREAM', KEYS[1])
for i = 1, #info, 2 do
    if info[i] == 'last-generated-id' and tonumber(string.match(info[i + 1], '^%d+')) <= tonumber(ARGV[1]) then
        return 0
    end
end
redis.call('DEL', KEYS[1])
return 1
