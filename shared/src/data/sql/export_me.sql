-- auth-me (export): what is kept of a user (JSON). Of tasks and comments the newest, of comments that fit into so many
-- bytes. No row if the token is not valid.
-- $1 user id, $2 the token's generation, $3 its jti, $4 how many of each, $5 how many bytes
WITH me AS MATERIALIZED (
    SELECT * FROM users
    WHERE id = $1 AND NOT disabled
      AND (token_generation = $2 OR token_kept_jti = $3)
      AND NOT EXISTS (SELECT FROM revoked_tokens WHERE jti = $3)
), mine AS MATERIALIZED (
    SELECT boards.*, board_members.role AS own_role, board_members.created_at AS joined_at, me.username
    FROM me JOIN board_members ON user_id = me.id JOIN boards ON boards.id = board_id AND deleted_at IS NULL
), made AS MATERIALIZED (
    SELECT tasks.*, row_number() OVER newest AS nth
    FROM mine JOIN tasks ON board_id = mine.id AND created_by = username AND NOT tasks.deleted
    WINDOW newest AS (ORDER BY tasks.created_at DESC, board_id, tasks.id)
    ORDER BY nth LIMIT $4::bigint + 1
), written AS MATERIALIZED (
    SELECT comments.*, row_number() OVER newest AS nth, sum(octet_length(body) + 200) OVER newest AS bytes
    FROM mine JOIN comments ON board_id = mine.id AND created_by = username AND author IS NULL AND NOT comments.deleted
    WINDOW newest AS (ORDER BY comments.created_at DESC, board_id, comments.id)
    ORDER BY nth LIMIT $4::bigint + 1
)
SELECT jsonb_build_object(
    'exported_at', rfc3339(clock_timestamp()),
    'user', jsonb_build_object('id', id, 'username', username, 'display_name', display_name, 'role', role,
        'created_at', rfc3339(created_at)),
    'email', email_json(id),
    'sessions', coalesce((
        SELECT jsonb_agg(jsonb_build_object('id', sessions.id, 'user_agent', user_agent, 'created_at', rfc3339(sessions.created_at),
            'last_seen_at', rfc3339(sessions.last_seen_at), 'expires_at', rfc3339(expires_at), 'current', jti = $3)
            ORDER BY sessions.id DESC)
        FROM sessions
        WHERE user_id = me.id AND expires_at > now() AND (generation = token_generation OR jti = token_kept_jti)
          AND NOT EXISTS (SELECT FROM revoked_tokens WHERE revoked_tokens.jti = sessions.jti)), '[]'),
    'identities', coalesce((
        SELECT jsonb_agg(jsonb_build_object('issuer', issuer, 'subject', subject, 'created_at', rfc3339(identities.created_at),
            'last_used_at', rfc3339(last_used_at)) ORDER BY identities.id)
        FROM identities WHERE user_id = me.id), '[]'),
    'passkeys', coalesce((
        SELECT jsonb_agg(passkey_json(passkeys) - 'id' ORDER BY passkeys.id) FROM passkeys WHERE user_id = me.id), '[]'),
    'api_tokens', coalesce((
        SELECT jsonb_agg(jsonb_build_object('id', api_tokens.id, 'name', name, 'scope', scope, 'created_at', rfc3339(api_tokens.created_at),
            'last_used_at', rfc3339(last_used_at), 'expires_at', rfc3339(expires_at)) ORDER BY api_tokens.id)
        FROM api_tokens WHERE user_id = me.id), '[]'),
    'boards', coalesce((
        SELECT jsonb_agg(jsonb_build_object('id', mine.id, 'name', name, 'role', own_role, 'joined_at', rfc3339(joined_at))
            ORDER BY mine.id) FROM mine), '[]'),
    'tasks', coalesce((
        SELECT jsonb_agg(jsonb_build_object('board_id', board_id, 'id', made.id, 'title', title,
            'created_at', rfc3339(made.created_at)) ORDER BY nth) FROM made WHERE nth <= $4::bigint), '[]'),
    'comments', coalesce((
        SELECT jsonb_agg(jsonb_build_object('board_id', board_id, 'task_id', task_id, 'id', written.id, 'body', body,
            'created_at', rfc3339(written.created_at), 'updated_at', rfc3339(written.updated_at)) ORDER BY nth)
        FROM written WHERE nth <= $4::bigint AND bytes <= $5::bigint), '[]'),
    'cut', EXISTS (SELECT FROM made WHERE nth > $4::bigint)
        OR EXISTS (SELECT FROM written WHERE nth > $4::bigint OR bytes > $5::bigint))::text
FROM me
