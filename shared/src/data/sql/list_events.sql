-- events: the board's events after a seq, oldest first and without gaps, for a member. Gives the items
-- (JSON; null for anybody else), the seq to go on after where there are more, the board's seq and the
-- database's epoch; no row if the token is not valid.
-- $1 user id, $2 the token's generation, $3 its jti, $4 board id, $5 after, $6 how many at most,
-- $7 after how many bytes no more
WITH reader AS MATERIALIZED (
    SELECT boards.id AS board_id, board_members.role, boards.seq, boards.version, boards.updated_at
    FROM users LEFT JOIN (board_members JOIN boards ON boards.id = board_members.board_id AND deleted_at IS NULL)
      ON board_members.user_id = users.id AND board_members.board_id = $4
        AND ($2::bigint >= 0 OR api_token_counts($1, $3, $4))
    WHERE users.id = $1 AND NOT disabled
      AND (token_generation = $2 OR token_kept_jti = $3 OR ($2 < 0 AND api_token_used($1, $3)))
      AND NOT EXISTS (SELECT FROM revoked_tokens WHERE jti = $3)
), page AS (
    SELECT seq, event FROM events_after($4, NULL, $5, $6, $7)
)
SELECT CASE WHEN role IS NOT NULL THEN
        '[' || coalesce((SELECT string_agg(event, ',' ORDER BY seq) FROM page), '') || ']' END AS items,
    CASE WHEN role IS NOT NULL THEN
        (SELECT CASE WHEN max(page.seq) < reader.seq THEN max(page.seq) END FROM page) END AS next_after,
    seq, (SELECT epoch::text FROM meta) AS epoch
FROM reader
