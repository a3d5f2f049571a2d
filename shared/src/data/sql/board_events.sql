-- realtime-relay and the publishing of what a stream lacks: a board's events after a seq, whoever is
-- asking; of deleted boards too, so that nobody misses their last. Rows of seq and event (JSON), at least
-- one where there is one.
-- $1 board id, $2 after, $3 how many at most, $4 after how many bytes no more
SELECT seq, event FROM events_after($1, NULL, $2, $3, $4)
