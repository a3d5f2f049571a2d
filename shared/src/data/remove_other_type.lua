-- Removes a key of the wrong type. (Run by a relay that could not read it.)
--
-- KEYS 1 the key
-- ARGV 1 the type that it must have, 2 the text to replace it with (`` for nothing)
--
-- Returns 1 if something was removed, otherwise 0.
local kind = redis.call('TYPE', KEYS[1])
kind = kind.ok or kind
if kind == ARGV[1] or kind == 'none' then return 0 end
redis.call('DEL', KEYS[1])
if ARGV[2] ~= '' then redis.call('SET', KEYS[1], ARGV[2]) end
return 1
