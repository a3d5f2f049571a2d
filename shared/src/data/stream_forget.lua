-- Removes a board's stream that tells of more events than PostgreSQL has: they are of a future that the
-- database has lost, or somebody else's. The next event begins it anew. (Run by whoever compared the two:
-- the function whose event found no place in it, and the relay.)
--
-- KEYS 1 the board's stream
-- ARGV 1 the newest seq in PostgreSQL, which was asked after the stream
--
-- Answers 1 where it was removed, 0 where it has no more than that by now.
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
