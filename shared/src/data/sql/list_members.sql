-- members: a page of the board's members in the order of their user ids, each with what they are called now
-- (no event tells of another display name), for one of them; null for anybody else, no row if the token is not valid. Gives the items (JSON) and, where there are more,
-- the id that the next page begins after.
-- $1 user id, $2 the token's generation, $3 its jti, $4 board id,
-- $5 the id to begin after (0 for the first page), $6 limit
WITH reader AS MATERIALIZED (
    SELECT boards.id AS board_id, board_members.role, boards.seq, boards.version, boards.updated_at
    FROM users LEFT JOIN (board_members JOIN boards ON boards.id = board_members.board_id AND deleted_at IS NULL)
      ON board_members.user_id = users.id AND board_members.board_id = $4
        AND ($2::bigint >= 0 OR api_token_counts($1, $3, $4))
    WHERE users.id = $1 AND NOT disabled
      AND (token_generation = $2 OR token_kept_jti = $3 OR ($2 < 0 AND api_token_used($1, $3)))
      AND NOT EXISTS (SELECT FROM revoked_tokens WHERE jti = $3)
), page AS (
    SELECT member_json(board_members, username) || jsonb_build_object('display_name', display_name) AS item, user_id, row_number() OVER (ORDER BY user_id) AS nth
    FROM board_members JOIN users ON users.id = user_id
    WHERE board_id = $4 AND user_id > $5
    ORDER BY user_id LIMIT $6::bigint + 1
)
SELECT CASE WHEN role IS NOT NULL THEN
        coalesce((SELECT jsonb_agg(item ORDER BY nth) FROM page WHERE nth <= $6::bigint), '[]')::text END AS items,
    CASE WHEN role IS NOT NULL THEN
        (SELECT CASE WHEN count(*) > $6::bigint THEN max(user_id) FILTER (WHERE nth <= $6::bigint) END FROM page) END AS next_cursor
FROM reader
