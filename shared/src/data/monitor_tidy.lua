-- Removes the consumers of a group that have been gone for long and have nothing left to be counted.
-- In one go, because removing a consumer also forgets what it was given: nothing may be given to it
-- in between. (Run by the relay's monitor, now and then.)
--
-- KEYS 1 the feed
-- ARGV 1 the group, 2 for how many milliseconds a consumer must not have been heard of
--
-- Answers how many were removed.
local removed = 0
for _, consumer in ipairs(redis.call('XINFO', 'CONSUMERS', KEYS[1], ARGV[1])) do
    local told = {}
    for i = 1, #consumer, 2 do told[consumer[i]] = consumer[i + 1] end
    if told.pending == 0 and told.idle >= tonumber(ARGV[2]) then
        redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], told.name)
        removed = removed + 1
    end
end
return removed
