-- Caches an answer about how work flows through a board, for requests with the same query. (Run by the
-- function board-analytics.)
--
-- KEYS 1 the board's cache: a hash with, for each query, `of ASKED` → two lines that identify the state of the others,
--      `answer ASKED` → the answer, and `closed ASKED` → its part that later days do not change
-- ARGV 1 the query, 2 to 4 these values, of which the last two may be empty: there is none, or the existing one stays,
--      5 for how many seconds, 6 how many fields at most: if there are more, all are removed
local kind = redis.call('TYPE', KEYS[1])
kind = kind.ok or kind
if kind ~= 'hash' or redis.call('HLEN', KEYS[1]) > 3 * tonumber(ARGV[6]) then
    redis.call('DEL', KEYS[1])
end
redis.call('HSET', KEYS[1], 'of ' .. ARGV[1], ARGV[2], 'answer ' .. ARGV[1], ARGV[3])
redis.call(ARGV[4] == '' and 'HSETNX' or 'HSET', KEYS[1], 'closed ' .. ARGV[1], ARGV[4])
redis.call('EXPIRE', KEYS[1], ARGV[5])
return 1
