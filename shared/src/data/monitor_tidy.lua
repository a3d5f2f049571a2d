-- Removes a group's consumers that have been gone for long and have no pending entries. Atomically,
-- because removing a consumer also drops its pending entries: none may be delivered to it in between.
-- (Run periodically by the relay's monitor.)
--
-- KEYS 1 the feed
-- ARGV 1 the group, 2 for how many milliseconds a consumer must have been inactive
--
-- Returns how many were removed.
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
