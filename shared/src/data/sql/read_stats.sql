-- admin-stats: how much there is, for an admin. Gives whether they are one, and the numbers (JSON); no row
-- if the token is not valid.
-- $1 user id, $2 the token's generation, $3 its jti
WITH reader AS MATERIALIZED (
    SELECT role = 'admin' AS admin FROM users
    WHERE id = $1 AND NOT disabled
      AND (token_generation = $2 OR token_kept_jti = $3)
      AND NOT EXISTS (SELECT FROM revoked_tokens WHERE jti = $3)
), columns AS (
    -- By the index alone, all but what lies in the trash: a condition on each task would take twice as long.
    SELECT status, sum(tasks)::bigint AS tasks
    FROM (
        SELECT status, count(*) AS tasks FROM tasks WHERE NOT deleted GROUP BY status
        UNION ALL
        SELECT status, -count(*) FROM tasks
        WHERE NOT deleted AND board_id = ANY (ARRAY(SELECT id FROM boards WHERE deleted_at IS NOT NULL))
        GROUP BY status
    ) AS counted
    GROUP BY status HAVING sum(tasks) > 0
)
SELECT admin, CASE WHEN admin THEN jsonb_build_object(
    'users', (
        SELECT jsonb_build_object('total', count(*), 'admins', count(*) FILTER (WHERE role = 'admin'),
            'disabled', count(*) FILTER (WHERE disabled))
        FROM users),
    'boards', (
        SELECT jsonb_build_object('total', count(*) FILTER (WHERE deleted_at IS NULL),
            'archived', count(*) FILTER (WHERE archived AND deleted_at IS NULL),
            'deleted', count(*) FILTER (WHERE deleted_at IS NOT NULL))
        FROM boards),
    'tasks', jsonb_build_object(
        'total', (SELECT coalesce(sum(tasks), 0) FROM columns),
        'by_column', (
            SELECT coalesce(jsonb_agg(jsonb_build_object('column', status, 'tasks', tasks) ORDER BY tasks DESC, status), '[]')
            FROM (SELECT * FROM columns ORDER BY tasks DESC, status LIMIT 50) AS fullest))
    )::text END AS stats
FROM reader
