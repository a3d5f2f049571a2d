-- auth-me: a page of the user's log-ins that are still valid, newest first: the items (JSON) and the id that the next
-- one begins below. No row if the token is not valid.
-- $1 user id, $2 the token's generation, $3 its jti, $4 the id to begin below or null, $5 limit
SELECT coalesce(jsonb_agg(item ORDER BY counting.id DESC) FILTER (WHERE nth <= $5::bigint), '[]')::text AS items,
    CASE WHEN count(counting.id) > $5::bigint THEN min(counting.id) FILTER (WHERE nth <= $5::bigint) END AS next_cursor
FROM users AS reader LEFT JOIN LATERAL (
    SELECT id, row_number() OVER (ORDER BY id DESC) AS nth, jsonb_build_object('id', id, 'user_agent', user_agent,
        'created_at', rfc3339(created_at), 'last_seen_at', rfc3339(last_seen_at), 'expires_at', rfc3339(expires_at),
        'current', jti = $3) AS item
    FROM sessions
    WHERE user_id = reader.id AND expires_at > now()
      AND (generation = reader.token_generation OR jti = reader.token_kept_jti)
      AND NOT EXISTS (SELECT FROM revoked_tokens WHERE revoked_tokens.jti = sessions.jti)
      AND ($4::bigint IS NULL OR id < $4::bigint)
    ORDER BY id DESC LIMIT $5::bigint + 1
) AS counting ON true
WHERE reader.id = $1 AND NOT disabled
  AND (token_generation = $2 OR token_kept_jti = $3)
  AND NOT EXISTS (SELECT FROM revoked_tokens WHERE jti = $3)
GROUP BY reader.id
