-- boards: a page of the user's boards, newest activity first; no row if the token is not valid. Gives
-- the items (JSON) and, where there are more, what the next page begins after, as `MILLISECONDS.ID`.
-- $1 user id, $2 the token's generation, $3 its jti, $4 `active`, `archived` or `deleted` (the trash: what
-- one owns, for 30 days), $5 and $6 the two numbers of the cursor, or nulls, $7 limit, $8 whether with what
-- the boards hold (`task_counts`) and who is on them (`member_count`, and the first five as `members`):
-- read by `tasks_order` and the members' key, for the boards of this page alone
WITH page AS (
    SELECT board_json(boards)
            || jsonb_build_object('role', role)
            || CASE WHEN deleted_at IS NULL THEN '{}' ELSE jsonb_build_object('deleted_at', rfc3339(deleted_at)) END AS item,
        (extract(epoch FROM boards.updated_at) * 1000)::bigint AS activity, id,
        row_number() OVER (ORDER BY boards.updated_at DESC, id DESC) AS nth
    FROM board_members JOIN boards ON id = board_id
    WHERE user_id = $1
      AND ($2::bigint >= 0 OR api_token_counts($1, $3, board_id))
      AND CASE $4::text
          WHEN 'deleted' THEN role = 'owner' AND deleted_at > now() - interval '30 days'
          ELSE deleted_at IS NULL AND archived = ($4::text = 'archived')
      END
      AND ($5::bigint IS NULL OR ((extract(epoch FROM boards.updated_at) * 1000)::bigint, id) < ($5::bigint, $6::bigint))
    ORDER BY boards.updated_at DESC, id DESC
    LIMIT $7::bigint + 1
)
SELECT coalesce((
        SELECT jsonb_agg(item || CASE WHEN $8::boolean THEN jsonb_build_object(
            'task_counts', coalesce((
                SELECT jsonb_object_agg(status, tasks)
                FROM (SELECT status, count(*) AS tasks FROM tasks
                    WHERE board_id = page.id AND NOT deleted GROUP BY status) AS columns
            ), '{}'),
            'member_count', (SELECT count(*) FROM board_members WHERE board_id = page.id),
            'members', (
                SELECT jsonb_agg(jsonb_build_object('username', username, 'display_name', display_name)
                    ORDER BY joined_at, user_id)
                FROM (SELECT username, display_name, user_id, board_members.created_at AS joined_at
                    FROM board_members JOIN users ON users.id = user_id
                    WHERE board_id = page.id ORDER BY joined_at, user_id LIMIT 5) AS first
            )
        ) ELSE '{}' END ORDER BY nth)
        FROM page WHERE nth <= $7::bigint
    ), '[]')::text AS items,
    (SELECT CASE WHEN count(*) > $7::bigint THEN max(activity || '.' || id) FILTER (WHERE nth = $7::bigint) END FROM page) AS next_cursor
FROM users
WHERE users.id = $1 AND NOT disabled
  AND (token_generation = $2 OR token_kept_jti = $3 OR ($2 < 0 AND api_token_used($1, $3)))
  AND NOT EXISTS (SELECT FROM revoked_tokens WHERE jti = $3)
