-- tasks: a page of the board's tasks by id, for a member; no row for anybody else. Gives the items
-- (JSON) and, where there are more, the id that the next page begins after.
-- $1 user id, $2 board id, $3 the id to begin after (0 for the first page), $4 limit; filters, each
-- null for none: $5 status, $6 assigned_to, $7 label, $8 q (the words, "phrases" and -exclusions of
-- a web search), $9 due_before, $10 updated_after (RFC 3339)
WITH page AS (
    SELECT task_json(tasks) AS item, id, row_number() OVER (ORDER BY id) AS nth
    FROM tasks
    WHERE board_id = $2 AND id > $3 AND NOT deleted
      AND ($5::text IS NULL OR status = $5)
      AND ($6::text IS NULL OR lower(assigned_to) = lower($6 COLLATE "C"))
      AND ($7::text IS NULL OR $7 = ANY (labels))
      AND ($8::text IS NULL OR to_tsvector('simple', title || ' ' || description) @@ websearch_to_tsquery('simple', $8))
      AND ($9::text IS NULL OR due_at < $9::text::timestamptz)
      AND ($10::text IS NULL OR updated_at > $10::text::timestamptz)
    ORDER BY id LIMIT $4::bigint + 1
)
SELECT coalesce((SELECT jsonb_agg(item ORDER BY nth) FROM page WHERE nth <= $4::bigint), '[]')::text AS items,
    (SELECT CASE WHEN count(*) > $4::bigint THEN max(id) FILTER (WHERE nth <= $4::bigint) END FROM page) AS next_cursor
FROM boards JOIN board_members ON board_id = id AND user_id = $1
WHERE id = $2 AND deleted_at IS NULL
