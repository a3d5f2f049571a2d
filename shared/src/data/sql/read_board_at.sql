-- board?at=SEQ, board?at=TIME: a board as it stood right after that event, or at that time, for a member, and
-- for an admin, who sees every board so, also one in the trash, and where they are no member as a viewer does.
-- Gives the document (JSON; null where the board has not come so far yet, or was made later) and the board's
-- seq, which is null for anybody else, then the document's version, seq and epoch; no row where the token
-- is not valid.
-- $1 user id, $2 the token's generation, $3 its jti, $4 board id, $5 seq, or null and $6 a time (RFC 3339)
WITH reader AS MATERIALIZED (
    SELECT boards.id AS board_id, board_members.role, boards.seq, boards.version, boards.updated_at
    FROM users LEFT JOIN (board_members JOIN boards ON boards.id = board_members.board_id AND deleted_at IS NULL)
      ON board_members.user_id = users.id AND board_members.board_id = $4
        AND ($2::bigint >= 0 OR api_token_counts($1, $3, $4))
    WHERE users.id = $1 AND NOT disabled
      AND (token_generation = $2 OR token_kept_jti = $3 OR ($2 < 0 AND api_token_used($1, $3)))
      AND NOT EXISTS (SELECT FROM revoked_tokens WHERE jti = $3)
), seen AS MATERIALIZED (
    SELECT coalesce(board_id, (SELECT $4::bigint FROM users WHERE id = $1 AND users.role = 'admin' AND $2 >= 0)) AS board_id,
        coalesce(role, 'viewer') AS role, seq
    FROM reader
), moment AS MATERIALIZED (
    SELECT board_id, role,
        CASE WHEN board_id IS NOT NULL THEN coalesce(seq, (SELECT boards.seq FROM boards WHERE id = board_id)) END AS seq,
        coalesce($5, board_seq_at(board_id, $6::text::timestamptz)) AS at
    FROM seen
), document AS MATERIALIZED (
    SELECT seq, role, CASE WHEN at <= seq THEN (SELECT board_document_at(boards, at) FROM boards WHERE id = board_id) END AS shown
    FROM moment
)
SELECT (shown || jsonb_build_object('role', role))::text AS document, seq,
    (shown ->> 'version')::bigint AS version, (shown ->> 'seq')::bigint AS at, shown ->> 'epoch' AS epoch
FROM document
