-- realtime-relay: these users have sockets open now.
-- $1 user ids
UPDATE users SET last_seen_at = date_trunc('milliseconds', clock_timestamp())
WHERE id = ANY ($1::bigint[]) AND (last_seen_at IS NULL OR last_seen_at < now() - interval '30 seconds')
