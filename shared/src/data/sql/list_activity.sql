-- admin-activity: the events of all boards in the order of their transactions. One that is committed
-- late is never passed by, because a page ends where transactions are still going on. Rows of the
-- event (JSON) and the cursor behind it, `ERA.TRANSACTION.BOARD.SEQ`.
-- $1 to $4 the four numbers of the cursor (zeros to begin with), $5 limit
SELECT event::text, concat_ws('.', era, transaction_id, board_id, seq) AS cursor
FROM events
WHERE (era, transaction_id, board_id, seq) > ($1::int, $2::text::xid8, $3::bigint, $4::bigint)
  AND (era < (SELECT era FROM meta) OR transaction_id < pg_snapshot_xmin(pg_current_snapshot()))
ORDER BY era, transaction_id, board_id, seq LIMIT $5
