#!lua
-- Publishes events of one board, oldest first: into its stream and its shard's feed, and into its
-- cached document where there is one. May run any number of times, by anybody: what the stream has
-- already is left out. Where it has another event under the same number, the database was set back and
-- the stream tells of what never happened: it begins anew, and the document goes.
-- (docs/contract/realtime.md, RT-PUBLISH; run by functions and by the relay's sweeper.)
--
-- KEYS 1 the board's stream, 2 the feed of its shard, 3 its cached document, 4 and 5 the runs of stream
--      and feed
-- ARGV 1 the board's id, 2 how many entries and 3 how many bytes the stream keeps (about), 4 for how
--      many seconds, 5 how many entries and 6 how many bytes the feed keeps, 7 for how many seconds an
--      unused document is kept; then for each event six: seq, event and timestamp (both JSON), the
--      part of the document that it changes (`board`, `tasks`, `task_patches`: members that replace
--      those of a task, `members`; `drop` where the document goes as a whole), the id in that part, and
--      its new value (JSON; `` where it goes)
--
-- Answers the number of events that it added, and the stream's last seq. Where an event is missing
-- before the next to be added, nothing more is added: the last seq tells after which.
--
-- The first line has Redis refuse the script as a whole where it takes no writes (full, read-only): else it
-- would refuse only a first command that takes memory, and let those behind a DEL pass.
local stream, feed, document = KEYS[1], KEYS[2], KEYS[3]

local function type_of(key)
    local kind = redis.call('TYPE', key)
    return kind.ok or kind
end

local function is_error(answer)
    return type(answer) == 'table' and answer.err ~= nil
end

local function seq_of(id)
    return tonumber(string.match(id, '^%d+'))
end

-- What somebody else has left under these names would keep every event from being published. And runs
-- without their stream are those of one that is gone.
for key, runs in pairs({[stream] = KEYS[4], [feed] = KEYS[5]}) do
    local is_stream = type_of(key) == 'stream'
    if not is_stream then redis.call('DEL', key) end
    if not is_stream or type_of(runs) ~= 'list' then redis.call('DEL', runs) end
end

-- The last id that the stream has given, whether or not its entry is still there.
local function last_given()
    local info = redis.call('XINFO', 'STREAM', stream)
    for i = 1, #info, 2 do
        if info[i] == 'last-generated-id' then return info[i + 1] end
    end
end

local exists = redis.call('EXISTS', stream) == 1
local last = 0
if exists then
    -- Of a stream that has entries XINFO writes out the first and the last one, in five times the time.
    local newest = redis.call('XREVRANGE', stream, '+', '-', 'COUNT', 1)[1]
    last = seq_of(newest and newest[1] or last_given())
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
    if not held then return end
    local answer = redis.pcall(...)
    -- Nothing is answered where the document lacks the part, because an earlier version put it there.
    if not answer or is_error(answer) then drop() end
end

local function patch(seq, timestamp, part, id, value)
    if kind == 'hash' then
        local field = part == 'board' and 'board' or part .. ':' .. id
        if value == '' then
            change('HDEL', document, field)
        else
            change('HSET', document, field, value)
        end
        -- A whole task has all that was changed of it before.
        if part == 'tasks' then change('HDEL', document, 'task_patches:' .. id) end
        change('HSET', document, 'seq', seq, 'updated_at', timestamp)
    else
        local path = part == 'board' and '$.board' or '$.' .. part .. '["' .. id .. '"]'
        if value == '' then
            change('JSON.DEL', document, path)
        else
            change('JSON.SET', document, path, value)
        end
        if part == 'tasks' then change('JSON.DEL', document, '$.task_patches["' .. id .. '"]') end
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

-- Keeps a stream within about so many bytes, at the same price however long it is. What was added to it
-- is listed in runs of a sixteenth of them; where there are seventeen, the oldest goes.
local RUNS = 16
local function bound(key, runs, id, event, most)
    -- An entry takes a little more than its event.
    local size = #event + 64
    local first, bytes = string.match(redis.call('LINDEX', runs, 0) or '', '^(%S+) (%d+)$')
    if first and bytes + size <= most / RUNS then
        redis.call('LSET', runs, 0, string.format('%s %d', first, bytes + size))
    elseif redis.call('LPUSH', runs, string.format('%s %d', id, size)) > RUNS then
        redis.call('RPOP', runs)
        local oldest = string.match(redis.call('LINDEX', runs, -1), '^%S+')
        redis.call('XTRIM', key, 'MINID', oldest)
    end
end

local added = 0
for i = 8, #ARGV, 6 do
    local seq = tonumber(ARGV[i])
    if exists and seq <= last and contradicts(ARGV[i], ARGV[i + 1]) then
        redis.call('DEL', stream, KEYS[4])
        drop()
        exists, last = false, 0
    end
    if seq > last then
        if exists and seq ~= last + 1 then break end
        local event = ARGV[i + 1]
        local id = redis.pcall('XADD', stream, 'MAXLEN', '~', ARGV[2], ARGV[i] .. '-0', 'event', event)
        if is_error(id) then
            -- Somebody has deleted entries from its end: those events have been there.
            last = seq_of(last_given())
            if seq > last then return id end
        else
            bound(stream, KEYS[4], id, event, ARGV[3])
            id = redis.call('XADD', feed, 'MAXLEN', '~', ARGV[5], '*', 'board', ARGV[1], 'seq', ARGV[i], 'event', event)
            bound(feed, KEYS[5], id, event, ARGV[6])
            exists, last, added = true, seq, added + 1
            follow(ARGV[i], ARGV[i + 2], ARGV[i + 3], ARGV[i + 4], ARGV[i + 5])
        end
    end
    -- The stream has it, and the document lacks it.
    if held and held < seq then drop() end
end
if added > 0 then
    redis.call('EXPIRE', stream, ARGV[4])
    redis.call('EXPIRE', KEYS[4], ARGV[4])
    if held then redis.call('EXPIRE', document, ARGV[7]) end
end
return {added, last}
