-- Counts events for the admins' dashboard, each entry of a feed once, no matter which consumers submit it
-- and how often: only the consumer whose acknowledgement the group accepts counts it. So a slow
-- consumer and one that has claimed its entries meanwhile may both submit them. (docs/contract/realtime.md,
-- RT-MONITOR; run by the relay's monitor.)
--
-- KEYS 1 the feed, 2 the shard's counts, 3 and more: its counts of minutes, of boards, of people (keys.rs
--      describes the layout)
-- ARGV 1 the group, 2 how many fields a count of boards or people may have; then for each of KEYS 3 and more
--      when it expires, in seconds since 1970; then for each entry seven: its id, the number of its minute among
--      KEYS, what is counted (`Move:task`), the numbers of its board's and its person's counts among KEYS
--      (0 where there is none), the board, the person
--
-- Returns which of the entries were counted now, from 1 on.
-- A key of another type in place of a count is removed.
for key = 2, #KEYS do
    local kind = redis.call('TYPE', KEYS[key])
    kind = kind.ok or kind
    if kind ~= 'hash' and kind ~= 'none' then redis.call('DEL', KEYS[key]) end
end

local sums = {}
for key = 2, #KEYS do sums[key] = {} end
local function add(key, what) sums[key][what] = (sums[key][what] or 0) + 1 end

local counted, named = {}, {}
for i = #KEYS + 1, #ARGV, 7 do
    if redis.call('XACK', KEYS[1], ARGV[1], ARGV[i]) == 1 then
        counted[#counted + 1] = (i - #KEYS - 1) / 7 + 1
        for _, key in ipairs({2, tonumber(ARGV[i + 1])}) do
            add(key, 'all')
            add(key, ARGV[i + 2])
        end
        for place = 3, 4 do
            local key = tonumber(ARGV[i + place])
            if key > 0 then
                add(key, ARGV[i + place + 2])
                named[key] = true
            end
        end
    end
end

for key = 2, #KEYS do
    for what, sum in pairs(sums[key]) do
        -- The number of boards and people is unlimited: only this many are counted separately.
        if not named[key] or redis.call('HEXISTS', KEYS[key], what) == 1
            or redis.call('HLEN', KEYS[key]) < tonumber(ARGV[2])
        then
            redis.call('HINCRBY', KEYS[key], what, sum)
        end
    end
    -- An old one expires at once.
    if key > 2 and next(sums[key]) then redis.call('EXPIREAT', KEYS[key], ARGV[key]) end
end
return counted
