-- realtime-relay (the sweeper): the boards that have events in transactions from a number on, with
-- their newest seq, the number to ask from next time (what is below it is all finished), and the first
-- seq of those events. Always a row; its board is null where nothing changed. Of what has piled up for
-- long 200,000 transactions at a time, so that there is an answer in time.
-- $1 that number as text; null begins with what is yet unfinished
WITH span AS (
    SELECT first, least(pg_snapshot_xmin(pg_current_snapshot()), after) AS next, after
    FROM coalesce($1::text::xid8, pg_snapshot_xmin(pg_current_snapshot())) AS first,
        LATERAL (SELECT (first::text::bigint + 200000)::text::xid8 AS after) AS whole
)
SELECT board_id, seq, (SELECT next FROM span)::text AS next, first
FROM (VALUES (0)) AS always LEFT JOIN (
    SELECT board_id, max(seq) AS seq, min(seq) AS first FROM events
    WHERE era = (SELECT era FROM meta)
      AND transaction_id >= (SELECT first FROM span) AND transaction_id < (SELECT after FROM span)
    GROUP BY board_id
) AS changed ON true
