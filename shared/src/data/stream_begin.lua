-- Creates the stream of a new board, so that its first events are published in order as well:
-- without a stream nobody knows which events are missing before one.
--
-- KEYS 1 the board's stream
-- ARGV 1 for how many seconds it is kept without events
--
-- Returns 1.
if redis.call('EXISTS', KEYS[1]) == 0 then
    -- The only way to make an empty stream.
    redis.call('XGROUP', 'CREATE', KEYS[1], 'begin', '0', 'MKSTREAM')
    redis.call('XGROUP', 'DESTROY', KEYS[1], 'begin')
    redis.call('EXPIRE', KEYS[1], ARGV[1])
end
return 1
