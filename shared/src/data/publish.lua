#!lua
-- Publishes events of one board, oldest first: into its stream and its shard's feed. May be run any number
-- of times, by anybody: events that the stream already has are skipped. If it has a different event with
-- the same number, the database was set back and the stream's history is no longer true: it is started again.
-- (docs/contract/realtime.md, RT-PUBLISH; run by functions and by the relay's sweeper.)
--
-- KEYS 1 the board's stream, 2 the feed of its shard, 3 and 4 the runs of stream and feed
-- ARGV 1 the board's id, 2 how many entries and 3 how many bytes the stream keeps (about), 4 for how
--      many seconds, 5 how many entries and 6 how many bytes the feed keeps; then for each event two:
--      seq and event (JSON)
--
-- Returns the number of events that it added, and the stream's last seq. If an event is missing
-- before the next one, nothing more is added: the last seq shows after which.
--
-- The first line makes Redis refuse the whole script if it accepts no writes (full, read-only): otherwise it
-- would refuse only an initial command that needs memory, and execute those after a DEL.
local stream, feed = KEYS[1], KEYS[2]

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

-- Keys of another type under these names would prevent every publication. And runs without their stream
-- belong to one that is gone.
for key, runs in pairs({[stream] = KEYS[3], [feed] = KEYS[4]}) do
    local is_stream = type_of(key) == 'stream'
    if not is_stream then redis.call('DEL', key) end
    if not is_stream or type_of(runs) ~= 'list' then redis.call('DEL', runs) end
end

-- The last id that the stream has assigned, whether or not its entry still exists.
local function last_given()
    local info = redis.call('XINFO', 'STREAM', stream)
    for i = 1, #info, 2 do
        if info[i] == 'last-generated-id' then return info[i + 1] end
    end
end

local exists = redis.call('EXISTS', stream) == 1
local last = 0
if exists then
    -- For a stream with entries XINFO also returns the first and the last one, which takes five times as
    -- long.
    local newest = redis.call('XREVRANGE', stream, '+', '-', 'COUNT', 1)[1]
    last = seq_of(newest and newest[1] or last_given())
end

-- Whether the stream has a different event with this number.
local function contradicts(seq, event)
    local entry = redis.call('XRANGE', stream, seq .. '-0', seq .. '-0')[1]
    return entry and entry[2][2] ~= event
end

-- Limits a stream to about this many bytes, at a cost independent of its length. Its entries are grouped
-- into runs of a sixteenth of that size; once there are seventeen, the oldest run is removed.
local RUNS = 16
local function bound(key, runs, id, event, most)
    -- An entry takes slightly more than its event.
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
for i = 7, #ARGV, 2 do
    local seq, event = tonumber(ARGV[i]), ARGV[i + 1]
    if exists and seq <= last and contradicts(ARGV[i], event) then
        redis.call('DEL', stream, KEYS[3])
        exists, last = false, 0
    end
    if seq > last then
        if exists and seq ~= last + 1 then break end
        local id = redis.pcall('XADD', stream, 'MAXLEN', '~', ARGV[2], ARGV[i] .. '-0', 'event', event)
        if is_error(id) then
            -- Entries were deleted from its end: those events had been published.
            last = seq_of(last_given())
            if seq > last then return id end
        else
            bound(stream, KEYS[3], id, event, ARGV[3])
            id = redis.call('XADD', feed, 'MAXLEN', '~', ARGV[5], '*', 'board', ARGV[1], 'seq', ARGV[i], 'event', event)
            bound(feed, KEYS[4], id, event, ARGV[6])
            exists, last, added = true, seq, added + 1
        end
    end
end
if added > 0 then
    redis.call('EXPIRE', stream, ARGV[4])
    redis.call('EXPIRE', KEYS[3], ARGV[4])
end
return {added, last}
