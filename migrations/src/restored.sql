-- database-restored: begins a new epoch, after the database was restored from a backup; gives it,
-- and how many boards there are.
SELECT database_restored()::text, (SELECT count(*) FROM boards)
