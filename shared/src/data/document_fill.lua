-- Puts a board's document into the cache. It need not be the newest: whoever reads it compares it with
-- where PostgreSQL says the board stands (RT9). So one that is newer stays, unless it was found wrong.
-- (Run by the function that has read the board from PostgreSQL.)
--
-- KEYS 1 the cached document, 2 the shard's statistics, where `misses` are to be counted
-- ARGV 1 seq, 2 updated_at (JSON), 3 the board without tasks and members (JSON), 4 seconds to keep
--      it, 5 `hash` to store it so in any case, 6 the seq and 7 the updated_at (JSON) of a document that
--      was found there and is wrong (`` for none, `*` and `` for whatever is there); then for each task
--      and member three: part (`tasks`, `members`), id, value (JSON)
--
-- Answers 1 where it is cached now, else 0.

-- A Redis that takes nothing is read all the same.
if KEYS[2] then redis.pcall('HINCRBY', KEYS[2], 'misses', 1) end
local document, seq = KEYS[1], ARGV[1]

local kind = redis.call('TYPE', document)
kind = kind.ok or kind
local held, moment
if kind == 'hash' then
    held, moment = redis.call('HGET', document, 'seq'), redis.call('HGET', document, 'updated_at')
elseif kind == 'ReJSON-RL' then
    held = string.match(redis.call('JSON.GET', document, '$.seq'), '%d+')
    moment = string.sub(redis.call('JSON.GET', document, '$.updated_at'), 2, -2)
end
local newer = tonumber(held or '') and tonumber(held) > tonumber(seq)
if newer and ARGV[6] ~= '*' and not (held == ARGV[6] and moment == ARGV[7]) then return 0 end

redis.call('DEL', document)
local json = false
if ARGV[5] ~= 'hash' then
    local parts = {tasks = {}, members = {}}
    for i = 8, #ARGV, 3 do
        local part = parts[ARGV[i]]
        part[#part + 1] = '"' .. ARGV[i + 1] .. '":' .. ARGV[i + 2]
    end
    local whole = '{"seq":' .. seq .. ',"updated_at":' .. ARGV[2] .. ',"board":' .. ARGV[3]
        .. ',"tasks":{' .. table.concat(parts.tasks, ',') .. '},"members":{' .. table.concat(parts.members, ',') .. '},"task_patches":{}}'
    local answer = redis.pcall('JSON.SET', document, '$', whole)
    json = not (type(answer) == 'table' and answer.err)
end
if not json then
    redis.call('HSET', document, 'seq', seq, 'updated_at', ARGV[2], 'board', ARGV[3])
    for i = 8, #ARGV, 3 do
        redis.call('HSET', document, ARGV[i] .. ':' .. ARGV[i + 1], ARGV[i + 2])
    end
end
redis.call('EXPIRE', document, ARGV[4])
return 1
