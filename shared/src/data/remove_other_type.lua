-- Makes way for a key of which something else has the name. (Run by a relay that could not read it.)
--
-- KEYS 1 the key
-- ARGV 1 the type that it has to be of, 2 the text to be put in its place (`` for nothing)
--
-- Answers 1 where something was removed, else 0.
local kind = redis.call('TYPE', KEYS[1])
kind = kind.ok or kind
if kind == ARGV[1] or kind == 'none' then return 0 end
redis.call('DEL', KEYS[1])
if ARGV[2] ~= '' then redis.call('SET', KEYS[1], ARGV[2]) end
return 1
