-- Counts events for the admins' dashboard, each entry of a feed once, whoever hands it in and how often:
-- only whose acknowledgement the group takes counts it. So a consumer that was slow, and one that
-- claimed its entries meanwhile, may both come. (docs/contract/realtime.md, RT-MONITOR; run by
-- the relay's monitor.)
--
-- KEYS 1 the feed, 2 the shard's counts, 3 and more: its counts of minutes (keys.rs tells the layout)
-- ARGV 1 the group; then for each of KEYS 3 and more when it goes, in seconds since 1970; then for each
--      entry three: its id, the number of its minute among KEYS, what is counted (`Move:task`)
--
-- Answers which of the entries were counted now, from 1 on.
-- Something else under the name of a count gives way.
for key = 2, #KEYS do
    local kind = redis.call('TYPE', KEYS[key])
    kind = kind.ok or kind
    if kind ~= 'hash' and kind ~= 'none' then redis.call('DEL', KEYS[key]) end
end

local minutes = #KEYS - 2
local sums = {}
for key = 2, #KEYS do sums[key] = {} end

local counted = {}
for i = 2 + minutes, #ARGV, 3 do
    if redis.call('XACK', KEYS[1], ARGV[1], ARGV[i]) == 1 then
        counted[#counted + 1] = (i - 2 - minutes) / 3 + 1
        for _, key in ipairs({2, tonumber(ARGV[i + 1])}) do
            for _, what in ipairs({'all', ARGV[i + 2]}) do
                sums[key][what] = (sums[key][what] or 0) + 1
            end
        end
    end
end

for key = 2, #KEYS do
    for what, sum in pairs(sums[key]) do
        redis.call('HINCRBY', KEYS[key], what, sum)
    end
    -- One of long ago goes at once.
    if key > 2 and sums[key].all then redis.call('EXPIREAT', KEYS[key], ARGV[key - 1]) end
end
return counted
