-- Keeps what was answered to who asked how work flows over a board, for whoever asks the same. (Run by the function
-- board-analytics.)
--
-- KEYS 1 what is kept of the board: a hash of, for each thing that was asked, `of ASKED` → two lines that tell what
--      the others are of, `answer ASKED` → the answer, and `closed ASKED` → that part of it that days to come leave as it is
-- ARGV 1 what was asked, 2 to 4 these values, of which the last two may be empty: there is none, or the one that is
--      there stays, 5 for how many seconds, 6 how many at most: all go when there are more
local kind = redis.call('TYPE', KEYS[1])
kind = kind.ok or kind
if kind ~= 'hash' or redis.call('HLEN', KEYS[1]) > 3 * tonumber(ARGV[6]) then
    redis.call('DEL', KEYS[1])
end
redis.call('HSET', KEYS[1], 'of ' .. ARGV[1], ARGV[2], 'answer ' .. ARGV[1], ARGV[3])
redis.call(ARGV[4] == '' and 'HSETNX' or 'HSET', KEYS[1], 'closed ' .. ARGV[1], ARGV[4])
redis.call('EXPIRE', KEYS[1], ARGV[5])
return 1
