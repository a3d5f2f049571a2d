-- board-analytics, for a member of the board: at which moment it is read (its newest event's seq and time, and the
-- database's epoch), which day that is for the reader, and, where asked for, how work flowed over the board: a JSON
-- document in three parts, and which the middle one is. That is null where it is the `known` one. All are null for
-- anybody else; no row where the token does not count.
-- $1 user id, $2 the token's generation, $3 its jti, $4 board id, $5 the first day and $6 the last (ISO 8601, or
-- null), $7 the time zone, $8 how many finished tasks at most (100 less at worst), $9 whether more
-- than the moment and the day is asked for, $10 which middle part is known, or null
WITH reader AS MATERIALIZED (
    SELECT boards.id AS board_id, board_members.role, boards.seq, boards.version, boards.updated_at
    FROM users LEFT JOIN (board_members JOIN boards ON boards.id = board_members.board_id AND deleted_at IS NULL)
      ON board_members.user_id = users.id AND board_members.board_id = $4
    WHERE users.id = $1 AND NOT disabled
      AND (token_generation = $2 OR token_kept_jti = $3)
      AND NOT EXISTS (SELECT FROM revoked_tokens WHERE jti = $3)
)
SELECT CASE WHEN board_id IS NOT NULL THEN concat_ws(' ', seq, rfc3339(reader.updated_at), (SELECT epoch FROM meta)) END AS moment,
    today, opening, closed, ending, closed_of
FROM reader LEFT JOIN LATERAL (
    SELECT board_today(boards, $7)::text AS today, parts.*
    FROM boards LEFT JOIN LATERAL (
        SELECT * FROM board_analytics_parts(boards, $5::text::date, $6::text::date, $7, $8, $10::text) WHERE $9
    ) AS parts ON true
    -- By itself: joined, it would read all boards where there are few, also for a stranger.
    WHERE boards.id = board_id OFFSET 0
) AS board ON true
