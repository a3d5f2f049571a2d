-- tasks, with `q`: a page of the board's tasks that it finds, best first, then by id, for a member; null for
-- anybody else, no row if the token is not valid. Gives the items (JSON) and, where there are more, the
-- rank and the id that the next page begins after, with a dot between.
-- $1 user id, $2 the token's generation, $3 its jti, $4 board id,
-- $5 the id and $12 the rank to begin after (0 for the first page), $6 limit; filters, each null for none:
-- $7 status, $8 assigned_to, $9 label, $10 due_before, $11 updated_after (RFC 3339); $13 q (words, "phrases"
-- and -exclusions)
WITH reader AS MATERIALIZED (
    SELECT boards.id AS board_id, board_members.role, boards.seq, boards.version, boards.updated_at
    FROM users LEFT JOIN (board_members JOIN boards ON boards.id = board_members.board_id AND deleted_at IS NULL)
      ON board_members.user_id = users.id AND board_members.board_id = $4
        AND ($2::bigint >= 0 OR api_token_counts($1, $3, $4))
    WHERE users.id = $1 AND NOT disabled
      AND (token_generation = $2 OR token_kept_jti = $3 OR ($2 < 0 AND api_token_used($1, $3)))
      AND NOT EXISTS (SELECT FROM revoked_tokens WHERE jti = $3)
), query AS MATERIALIZED (
    SELECT terms, wanted, unwanted FROM search_query($13)
), found AS (
    SELECT id, coalesce((SELECT max(search_rank(text.folded, term)) FROM unnest(terms) AS each_term (term)), 0) AS rank
    FROM query, tasks LEFT JOIN task_search ON task_search.board_id = tasks.board_id AND task_id = id
    CROSS JOIN LATERAL (SELECT coalesce(folded, search_text(title, description, labels, assigned_to, id)) AS folded) AS text
    WHERE tasks.board_id = $4 AND NOT deleted
      AND ($7::text IS NULL OR status = $7)
      AND ($8::text IS NULL OR lower(assigned_to) = lower($8 COLLATE "C"))
      AND ($9::text IS NULL OR $9 = ANY (labels))
      AND ($10::text IS NULL OR due_at < $10::text::timestamptz)
      AND ($11::text IS NULL OR updated_at > $11::text::timestamptz)
      AND text.folded LIKE ALL (wanted) AND NOT text.folded LIKE ANY (unwanted)
), best AS (
    SELECT id, rank FROM found WHERE (rank, id) > ($12::bigint, $5) ORDER BY rank, id LIMIT $6::bigint + 1
), page AS (
    SELECT task_json(tasks) AS item, id, rank, row_number() OVER (ORDER BY rank, id) AS nth
    FROM best JOIN tasks USING (id) WHERE board_id = $4
)
SELECT CASE WHEN role IS NOT NULL THEN
        coalesce((SELECT jsonb_agg(item ORDER BY nth) FROM page WHERE nth <= $6::bigint), '[]')::text END AS items,
    CASE WHEN role IS NOT NULL AND (SELECT count(*) FROM page) > $6::bigint THEN
        (SELECT rank || '.' || id FROM page WHERE nth = $6::bigint) END AS next_cursor
FROM reader
