-- realtime-relay (the admins' feed): what happened on all boards and to users, in the order of the
-- transactions, up to where that is settled. Rows of the event (JSON) and its place, `ERA.TRANSACTION.BOARD.SEQ`.
-- $1 to $4 the four numbers of the place to begin after (zeros to begin with), $5 limit
SELECT event, place AS cursor
FROM activity_page($1::int, $2::text::xid8, $3::bigint, $4::bigint, false,
    NULL, NULL, NULL, NULL, NULL, NULL, $5::bigint, 1048576, $5::bigint)
WHERE event IS NOT NULL
