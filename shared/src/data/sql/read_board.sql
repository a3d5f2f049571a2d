-- board: a board with its tasks (by column, then position) and members (by id), as its members are shown it,
-- and with that what find_board.sql gives of the same moment: role, seq, updated_at, version and epoch, then
-- the text (JSON) of all that follows the reader's role, `"id": 7, … ]}`; no row if the token is not valid.
-- The tasks are put together as text: that is four times as fast as `task_json` in `jsonb_agg`, which must say
-- the same (board_document).
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
SELECT role, seq, rfc3339(updated_at) AS updated_at, version, (SELECT epoch::text FROM meta) AS epoch, (
        SELECT concat(
            substr(left(board_json(boards)::text, -1), 2),
            ',"members":[', (
                SELECT string_agg(member_json(board_members, username)::text, ',' ORDER BY user_id)
                FROM board_members JOIN users ON users.id = user_id WHERE board_id = boards.id
            ),
            '],"tasks":[', (
                SELECT string_agg(concat(
                    '{"id":', tasks.id, ',"board_id":', board_id, ',"title":', to_json(title),
                    ',"description":', to_json(tasks.description), ',"status":', to_json(status),
                    ',"position":', to_json(position), ',"assigned_to":', coalesce(to_json(assigned_to), 'null'),
                    ',"labels":', to_json(labels), ',"start_at":', coalesce(to_json(rfc3339(start_at)), 'null'),
                    ',"due_at":', coalesce(to_json(rfc3339(due_at)), 'null'),
                    ',"fields":', fields, ',"comment_count":', comment_count, ',"item_count":', item_count, ',"done_count":', done_count,
                    ',"created_by":', to_json(created_by),
                    ',"version":', tasks.version, ',"created_at":"', rfc3339(tasks.created_at),
                    '","updated_at":"', rfc3339(tasks.updated_at), '"}'
                ), ',' ORDER BY nth, position)
                FROM jsonb_array_elements(columns) WITH ORDINALITY AS each_column (entry, nth)
                JOIN tasks ON board_id = boards.id AND status = entry ->> 'key' AND NOT deleted
            ),
            ']}')
        FROM boards WHERE boards.id = reader.board_id
    ) AS rest
FROM reader
