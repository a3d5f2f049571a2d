-- realtime-relay and the publishing of what a stream lacks: a board's events after a seq, whoever is
-- asking; of deleted boards too, so that nobody misses their last. Rows of seq and event (JSON).
-- $1 board id, $2 after, $3 limit
SELECT seq, event::text FROM events WHERE board_id = $1 AND seq > $2 ORDER BY seq LIMIT $3
