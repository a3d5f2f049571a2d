-- Reads a board's cached document, all of it at one moment.
--
-- KEYS 1 the cached document, 2 the shard's statistics, where `reads` are to be counted
--
-- Answers nothing where there is none, or something that is no document; one text where it is kept as
-- JSON: {seq, updated_at, board, tasks: {ID: task}, members: {ID: member}, task_patches: {ID: members that
-- replace the task's}}; names and values in turn where it is kept as a hash: `seq`, `updated_at`, `board`,
-- and `tasks:ID`, `members:ID`, `task_patches:ID` for each.

-- A Redis that takes nothing is read all the same.
if KEYS[2] then redis.pcall('HINCRBY', KEYS[2], 'reads', 1) end
local kind = redis.call('TYPE', KEYS[1])
kind = kind.ok or kind
if kind == 'hash' then return redis.call('HGETALL', KEYS[1]) end
if kind == 'ReJSON-RL' then return {redis.call('JSON.GET', KEYS[1], '$')} end
return {}
