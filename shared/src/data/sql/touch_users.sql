-- realtime-relay: these tokens have sockets open now: their users are here, and so are the sessions (to a quarter of
-- an hour).
-- $1 user ids, $2 the tokens' jtis
WITH seen AS (
    UPDATE sessions SET last_seen_at = date_trunc('milliseconds', clock_timestamp())
    FROM unnest($1::bigint[], $2::text[]) AS token (user_id, jti)
    WHERE sessions.user_id = token.user_id AND sessions.jti = token.jti AND last_seen_at < now() - interval '15 minutes'
)
UPDATE users SET last_seen_at = date_trunc('milliseconds', clock_timestamp())
WHERE id = ANY ($1::bigint[]) AND (last_seen_at IS NULL OR last_seen_at < now() - interval '30 seconds')
