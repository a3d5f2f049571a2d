-- restore-backup: begins the transaction. Nobody migrates until it ends.
BEGIN;
SET client_min_messages = warning;
SELECT pg_advisory_xact_lock(:lock);
