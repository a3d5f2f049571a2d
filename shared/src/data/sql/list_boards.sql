-- boards: a page of the user's boards, newest activity first. Always one row: the items (JSON) and,
-- where there are more, what the next page begins after, as `MILLISECONDS.ID`.
-- $1 user id, $2 `active`, `archived` or `deleted` (the trash: what one owns, for 30 days),
-- $3 and $4 the two numbers of the cursor, or nulls, $5 limit
WITH page AS (
    SELECT board_json(boards)
            || jsonb_build_object('role', role)
            || CASE WHEN deleted_at IS NULL THEN '{}' ELSE jsonb_build_object('deleted_at', rfc3339(deleted_at)) END AS item,
        (extract(epoch FROM boards.updated_at) * 1000)::bigint AS activity, id,
        row_number() OVER (ORDER BY boards.updated_at DESC, id DESC) AS nth
    FROM board_members JOIN boards ON id = board_id
    WHERE user_id = $1
      AND CASE $2::text
          WHEN 'deleted' THEN role = 'owner' AND deleted_at > now() - interval '30 days'
          ELSE deleted_at IS NULL AND archived = ($2::text = 'archived')
      END
      AND ($3::bigint IS NULL OR ((extract(epoch FROM boards.updated_at) * 1000)::bigint, id) < ($3::bigint, $4::bigint))
    ORDER BY boards.updated_at DESC, id DESC
    LIMIT $5::bigint + 1
)
SELECT coalesce(jsonb_agg(item ORDER BY nth) FILTER (WHERE nth <= $5::bigint), '[]')::text AS items,
    CASE WHEN count(*) > $5::bigint THEN max(activity || '.' || id) FILTER (WHERE nth = $5::bigint) END AS next_cursor
FROM page
