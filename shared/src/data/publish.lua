-- Publishes events of one board, oldest first: into its stream and its shard's feed, and into its
-- cached document where there is one. May run any number of times, by anybody: what the stream has
-- already is left out. Where it has another event under the same number, the database was set back and
-- the stream tells of what never happened: it begins anew, and the document goes.
-- (docs/contract/realtime.md, RT-PUBLISH; run by functions and by the relay's sweeper.)
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

local function type_of(key)
    local kind = redis.call('TYPE', key)
    return kind.ok or kind
end

-- What somebody else has left under these names would keep every event from being published.
for _, key in ipairs({stream, feed}) do
    local kind = type_of(key)
    if kind ~= 'stream' and kind ~= 'none' then redis.call('DEL', key) end
end

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

-- The document's kind, and its own seq: it only ever moves by one.
local kind = type_of(document)
local held = nil
if kind == 'hash' then
    held = tonumber(redis.call('HGET', document, 'seq') or '')
elseif kind == 'ReJSON-RL' then
    held = tonumber(string.match(redis.call('JSON.GET', document, '$.seq'), '%d+') or '')
end

local function drop()
    redis.call('DEL', document)
    held = nil
end
-- Whatever else it is, nobody can read it.
if kind ~= 'none' and not held then drop() end

-- Runs a command on the document. What is refused (RedisJSON takes no value that is nested too deep) is
-- no reason not to publish: the document goes.
local function change(...)
    local answer = held and redis.pcall(...)
    if type(answer) == 'table' and answer.err then drop() end
end

local function patch(seq, timestamp, part, id, value)
    if kind == 'hash' then
        local field = part == 'board' and 'board' or part .. ':' .. id
        if value == '' then
            change('HDEL', document, field)
        else
            change('HSET', document, field, value)
        end
        change('HSET', document, 'seq', seq, 'updated_at', timestamp)
    else
        local path = part == 'board' and '$.board' or '$.' .. part .. '["' .. id .. '"]'
        if value == '' then
            change('JSON.DEL', document, path)
        else
            change('JSON.SET', document, path, value)
        end
        change('JSON.SET', document, '$.seq', seq)
        change('JSON.SET', document, '$.updated_at', timestamp)
    end
    held = held and tonumber(seq)
end

-- Has the document follow an event, which it may have already: it was read after that was committed.
local function follow(seq, timestamp, part, id, value)
    if not held then return end
    if part == 'drop' or held < tonumber(seq) - 1 then
        drop()
    elseif held == tonumber(seq) - 1 then
        patch(seq, timestamp, part, id, value)
    end
end

-- Whether the stream has another event under this number.
local function contradicts(seq, event)
    local entry = redis.call('XRANGE', stream, seq .. '-0', seq .. '-0')[1]
    return entry and entry[2][2] ~= event
end

local added = 0
for i = 5, #ARGV, 6 do
    local seq = tonumber(ARGV[i])
    if exists and seq <= last and contradicts(ARGV[i], ARGV[i + 1]) then
        redis.call('DEL', stream)
        drop()
        exists, last = false, 0
    end
    if seq > last then
        if exists and seq ~= last + 1 then break end
        redis.call('XADD', stream, 'MAXLEN', '~', ARGV[2], ARGV[i] .. '-0', 'event', ARGV[i + 1])
        redis.call('XADD', feed, 'MAXLEN', '~', ARGV[3], '*', 'board', ARGV[1], 'seq', ARGV[i], 'event', ARGV[i + 1])
        exists, last, added = true, seq, added + 1
        follow(ARGV[i], ARGV[i + 2], ARGV[i + 3], ARGV[i + 4], ARGV[i + 5])
    elseif held and held < seq then
        -- The stream has it, and the document lacks it.
        drop()
    end
end
if held and added > 0 then redis.call('EXPIRE', document, ARGV[4]) end
return {added, last}
