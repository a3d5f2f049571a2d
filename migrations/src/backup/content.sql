-- make-backup: what a backup of this moment holds, and the snapshot by which others see the same.
SELECT (SELECT max(version) FROM refinery_schema_history),
       split_part(current_setting('server_version'), ' ', 1),
       (SELECT epoch::text FROM meta),
       to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
       (SELECT count(*) FROM users),
       (SELECT count(*) FROM boards),
       (SELECT count(*) FROM tasks),
       (SELECT count(*) FROM comments),
       (SELECT count(*) FROM events),
       pg_export_snapshot()
