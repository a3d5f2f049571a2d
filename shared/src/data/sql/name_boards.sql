-- admin-stats: what boards are called; those that are gone are missing.
-- $1 board ids
SELECT id, name FROM boards WHERE id = ANY ($1::bigint[])
