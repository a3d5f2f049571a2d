-- realtime-relay (the admins' feed): the place up to which everything is settled.
SELECT concat_ws('.', era, pg_snapshot_xmin(pg_current_snapshot()), 0, 0) FROM meta
