-- events: the board's events after a seq, oldest first and without holes, for a member; no row for
-- anybody else. Gives the items (JSON), the seq to go on after where there are more, the board's
-- seq and the database's epoch.
-- $1 user id, $2 board id, $3 after, $4 limit
WITH page AS (
    SELECT event, seq FROM events WHERE board_id = $2 AND seq > $3 ORDER BY seq LIMIT $4::bigint
)
SELECT coalesce((SELECT jsonb_agg(event ORDER BY seq) FROM page), '[]')::text AS items,
    (SELECT CASE WHEN max(page.seq) < boards.seq THEN max(page.seq) END FROM page) AS next_after,
    seq, (SELECT epoch::text FROM meta) AS epoch
FROM boards JOIN board_members ON board_id = id AND user_id = $1
WHERE id = $2 AND deleted_at IS NULL
