-- realtime-relay (the sweeper): the boards that have events in transactions from a number on, with
-- their newest seq, the number to ask from next time (what is below it is all finished), and the first
-- seq of those events. Always a row; its board is null where nothing changed.
-- $1 that number as text; null begins with what is yet unfinished
SELECT board_id, seq, pg_snapshot_xmin(pg_current_snapshot())::text AS next, first
FROM (VALUES (0)) AS always LEFT JOIN (
    SELECT board_id, max(seq) AS seq, min(seq) AS first FROM events
    WHERE era = (SELECT era FROM meta)
      AND transaction_id >= coalesce($1::text::xid8, pg_snapshot_xmin(pg_current_snapshot()))
    GROUP BY board_id
) AS changed ON true
