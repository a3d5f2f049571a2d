-- Reads a shard's counts. (Run by the function admin-stats.)
--
-- KEYS 1 the shard's statistics, then its counts of minutes, of boards, of people
-- ARGV 1 how many of KEYS are counts of minutes, 2 of boards and as many of people
--
-- Returns one JSON: {statistics, minutes: [count…], boards, people}. Each count is an object from what
-- was counted to how often; boards and people are sums.
local function count(key)
    local kind = redis.call('TYPE', key)
    local told = {}
    if (kind.ok or kind) == 'hash' then
        local pairs = redis.call('HGETALL', key)
        for i = 1, #pairs, 2 do told[pairs[i]] = tonumber(pairs[i + 1]) end
    end
    return told
end

local function sum(first, last)
    local all = {}
    for key = first, last do
        for what, times in pairs(count(KEYS[key])) do all[what] = (all[what] or 0) + times end
    end
    return all
end

local minutes, spans = tonumber(ARGV[1]), tonumber(ARGV[2])
local each = {}
for key = 2, 1 + minutes do each[#each + 1] = count(KEYS[key]) end
return cjson.encode({
    statistics = count(KEYS[1]),
    minutes = each,
    boards = sum(2 + minutes, 1 + minutes + spans),
    people = sum(2 + minutes + spans, 1 + minutes + 2 * spans),
})
