-- Publishes events of one board, oldest first: into its stream and its shard's feed, and into its
-- cached document where there is one. May run any number of times, by anybody: what the stream has
-- already is left out. (docs/contract/realtime.md, RT-PUBLISH; run by functions and by the relay's
-- sweeper.)
--
-- KEYS 1 the board's stream, 2 the feed of its shard, 3 its cached document
-- ARGV 1 the board's id, 2 how many entries the stream keeps, 3 how many the feed keeps (both about),
--      4 for how many seconds an unused document is kept; then for each event six: seq, event and
--      timestamp (both JSON), the part of the document that it changes (`board`, `tasks`, `members`;
--      `drop` where the document goes as a whole), the id in that part, and its new value (JSON; ``
--      where it goes)
--
-- Answers the number of events that it added, and the stream's last seq. Where an event is missing
-- before the next to be added, nothing more is added: the last seq tells after which.
local stream, feed, document = KEYS[1], KEYS[2], KEYS[3]
local exists = redis.call('EXISTS', stream) == 1
local last = 0
if exists then
    local info = redis.call('XINFO', 'STREAM', stream)
    for i = 1, #info, 2 do
        if info[i] == 'last-generated-id' then
            last = tonumber(string.match(info[i + 1], '^%d+'))
        end
    end
end

-- `none`, `hash` or `json`; the document's own seq, so that it only ever moves by one.
local function kind_of(key)
    local kind = redis.call('TYPE', key)
    kind = kind.ok or kind
    if kind == 'none' or kind == 'hash' then return kind end
    return 'json'
end
local kind = kind_of(document)
local held = nil
if kind == 'hash' then
    held = tonumber(redis.call('HGET', document, 'seq'))
elseif kind == 'json' then
    held = tonumber(string.match(redis.call('JSON.GET', document, '$.seq'), '%d+'))
end

local function drop()
    redis.call('DEL', document)
    kind, held = 'none', nil
end

local function patch(seq, timestamp, part, id, value)
    if kind == 'hash' then
        local field = part == 'board' and 'board' or part .. ':' .. id
        if value == '' then
            redis.call('HDEL', document, field)
        else
            redis.call('HSET', document, field, value)
        end
        redis.call('HSET', document, 'seq', seq, 'updated_at', timestamp)
    else
        local path = part == 'board' and '$.board' or '$.' .. part .. '["' .. id .. '"]'
        local answer
        if value == '' then
            answer = redis.pcall('JSON.DEL', document, path)
        else
            answer = redis.pcall('JSON.SET', document, path, value)
        end
        -- RedisJSON takes no value that is nested too deep. The event is in the streams by now, and an
        -- error would take nothing back: the document goes.
        if type(answer) == 'table' and answer.err then return drop() end
        redis.call('JSON.SET', document, '$.seq', seq)
        redis.call('JSON.SET', document, '$.updated_at', timestamp)
    end
    held = tonumber(seq)
end

local added = 0
for i = 5, #ARGV, 6 do
    local seq = tonumber(ARGV[i])
    if seq > last then
        if exists and seq ~= last + 1 then break end
        redis.call('XADD', stream, 'MAXLEN', '~', ARGV[2], ARGV[i] .. '-0', 'event', ARGV[i + 1])
        redis.call('XADD', feed, 'MAXLEN', '~', ARGV[3], '*', 'board', ARGV[1], 'seq', ARGV[i], 'event', ARGV[i + 1])
        exists, last, added = true, seq, added + 1
        if held then
            if ARGV[i + 3] == 'drop' or held ~= seq - 1 then
                drop()
            else
                patch(ARGV[i], ARGV[i + 2], ARGV[i + 3], ARGV[i + 4], ARGV[i + 5])
            end
        end
    end
end
if held and added > 0 then redis.call('EXPIRE', document, ARGV[4]) end
return {added, last}
