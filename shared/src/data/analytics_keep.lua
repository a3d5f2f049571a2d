-- Keeps an answer of a board's analytics for whoever asks the same at the same moment of the board, or that part of
-- it that is the same at any moment of a day. (Run by the function board-analytics.)
--
-- KEYS 1 the board's answers: a hash of `moment`, and of what was asked → the answer
-- ARGV 1 the moment, or `closed` for parts that say themselves what they are of, 2 what was asked, 3 the answer, 4 for how many seconds, 5 how many answers at most: all go
--      when there are more, or when they are of another moment
local kind = redis.call('TYPE', KEYS[1])
kind = kind.ok or kind
if kind ~= 'hash' or redis.call('HGET', KEYS[1], 'moment') ~= ARGV[1] or redis.call('HLEN', KEYS[1]) > tonumber(ARGV[5]) then
    redis.call('DEL', KEYS[1])
    redis.call('HSET', KEYS[1], 'moment', ARGV[1])
    -- From the first one on: none is older.
    redis.call('EXPIRE', KEYS[1], ARGV[4])
end
redis.call('HSET', KEYS[1], ARGV[2], ARGV[3])
return 1
