-- Counts reads of boards in the statistics of a shard.
--
-- KEYS 1 the statistics
-- ARGV 1 how many `reads`, 2 how many `misses` were among them
--
-- Returns 1. A Redis that accepts no writes counts nothing.
redis.pcall('HINCRBY', KEYS[1], 'reads', ARGV[1])
redis.pcall('HINCRBY', KEYS[1], 'misses', ARGV[2])
return 1
