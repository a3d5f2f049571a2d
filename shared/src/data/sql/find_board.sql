-- board, before anything of a board is shown: whether the token is valid (no row if it is not), and at
-- the same moment what its user is on the board and where the board stands: role, seq, updated_at, version
-- and epoch. All but the epoch is null where there is no such board, or none that they may know of.
-- $1 user id, $2 the token's generation, $3 its jti, $4 board id
WITH reader AS MATERIALIZED (
    SELECT boards.id AS board_id, board_members.role, boards.seq, boards.version, boards.updated_at
    FROM users LEFT JOIN (board_members JOIN boards ON boards.id = board_members.board_id AND deleted_at IS NULL)
      ON board_members.user_id = users.id AND board_members.board_id = $4
        AND ($2::bigint >= 0 OR api_token_counts($1, $3, $4))
    WHERE users.id = $1 AND NOT disabled
      AND (token_generation = $2 OR token_kept_jti = $3 OR ($2 < 0 AND api_token_used($1, $3)))
      AND NOT EXISTS (SELECT FROM revoked_tokens WHERE jti = $3)
)
SELECT role, seq, rfc3339(updated_at) AS updated_at, version, (SELECT epoch::text FROM meta) AS epoch FROM reader
