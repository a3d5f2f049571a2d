-- Puts a board's document into the cache, if it is that of the stream's newest event: then every
-- later event that is published changes it. Where Redis does not know the board's events (a new
-- board, or it has lost its memory), the stream is made to begin after this document, so that the
-- next event either follows on it or shows that some are missing.
--
-- KEYS 1 the board's stream, 2 its cached document
-- ARGV 1 seq, 2 updated_at (JSON), 3 the board without tasks and members (JSON), 4 seconds to keep
--      it, 5 `hash` to store it so in any case; then for each task and member three: part (`tasks`,
--      `members`), id, value (JSON)
--
-- Answers 1 where it is cached now, else 0.
local stream, document = KEYS[1], KEYS[2]
local seq = ARGV[1]
if redis.call('EXISTS', stream) == 1 then
    local info = redis.call('XINFO', 'STREAM', stream)
    for i = 1, #info, 2 do
        if info[i] == 'last-generated-id' and info[i + 1] ~= seq .. '-0' then return 0 end
    end
elseif seq ~= '0' then
    redis.call('XADD', stream, seq .. '-0', 'event', '')
    redis.call('XDEL', stream, seq .. '-0')
end

redis.call('DEL', document)
local json = false
if ARGV[5] ~= 'hash' then
    local parts = {tasks = {}, members = {}}
    for i = 6, #ARGV, 3 do
        local part = parts[ARGV[i]]
        part[#part + 1] = '"' .. ARGV[i + 1] .. '":' .. ARGV[i + 2]
    end
    local whole = '{"seq":' .. seq .. ',"updated_at":' .. ARGV[2] .. ',"board":' .. ARGV[3]
        .. ',"tasks":{' .. table.concat(parts.tasks, ',') .. '},"members":{' .. table.concat(parts.members, ',') .. '}}'
    local answer = redis.pcall('JSON.SET', document, '$', whole)
    json = not (type(answer) == 'table' and answer.err)
end
if not json then
    redis.call('HSET', document, 'seq', seq, 'updated_at', ARGV[2], 'board', ARGV[3])
    for i = 6, #ARGV, 3 do
        redis.call('HSET', document, ARGV[i] .. ':' .. ARGV[i + 1], ARGV[i + 2])
    end
end
redis.call('EXPIRE', document, ARGV[4])
return 1
