-- restore-backup: plans are made for what is there now, a new epoch begins, and all of it counts.
ANALYZE;
SELECT database_restored();
COMMIT;
