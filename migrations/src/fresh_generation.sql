-- database-restored, restore-backup: who was lost with what came after a backup leaves nothing that counts for who
-- comes now. Their ids are given once more, while their tokens are signed and not over: the next to register would be
-- taken for them. So whoever registers from now on begins with a generation of tokens that nobody has reached by
-- counting. Users of the backup keep theirs, and with it their log-ins.
DO $$ BEGIN
    EXECUTE format('ALTER TABLE users ALTER COLUMN token_generation SET DEFAULT %s',
        greatest(extract(epoch FROM clock_timestamp())::bigint, (SELECT max(token_generation) + 1 FROM users)));
END $$;
