-- auth-register: a new user, or no row where somebody has the name already; last the event (JSON) by which they
-- joined a board, or null.
-- $1 username, $2 display name, $3 password hash, $4 idempotency key or null, $5 the digest of a link or null
SELECT (made).id, (made).username, (made).display_name, (made).role, (extract(epoch FROM (made).created_at) * 1000)::bigint,
       (made).token_generation, event::text
FROM user_register($1::text, $2::text, $3::text, $4::text, $5::text)
