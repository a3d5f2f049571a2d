-- board-analytics, for a member of the board: how work flowed over it, as `board_analytics_news` (V24) tells it: what
-- the answer is of, and where that is not what has been answered, the parts of a new one. All are null for anybody
-- else; no row if the token is not valid.
-- $1 user id, $2 the token's generation, $3 its jti, $4 board id, $5 the first day and $6 the last (ISO 8601, or
-- null), $7 the time zone, $8 how many finished tasks at most (100 less at worst), $9 what has been answered and
-- $10 which closed part is known, or null
WITH reader AS MATERIALIZED (
    SELECT boards.id AS board_id, board_members.role, boards.seq, boards.version, boards.updated_at
    FROM users LEFT JOIN (board_members JOIN boards ON boards.id = board_members.board_id AND deleted_at IS NULL)
      ON board_members.user_id = users.id AND board_members.board_id = $4
        AND ($2::bigint >= 0 OR api_token_counts($1, $3, $4))
    WHERE users.id = $1 AND NOT disabled
      AND (token_generation = $2 OR token_kept_jti = $3 OR ($2 < 0 AND api_token_used($1, $3)))
      AND NOT EXISTS (SELECT FROM revoked_tokens WHERE jti = $3)
)
SELECT moment, opening, listed, ending, today::text, closed_of, closed, finishes::text
FROM reader LEFT JOIN LATERAL (
    SELECT news.*
    FROM boards CROSS JOIN LATERAL board_analytics_news(boards, $5::text::date, $6::text::date, $7, $8, $9::text, $10::text) AS news
    -- By itself: joined, it would read all boards where there are few, also for a stranger.
    WHERE boards.id = board_id OFFSET 0
) AS board ON true
