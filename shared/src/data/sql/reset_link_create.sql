-- admin-users: a link by which a user may set a new password, made by an admin: {username, expires_at} (JSON).
-- $1 who (JSON), $2 username, $3 the digest of the link
SELECT reset_link_create($1::text::jsonb, $2::text, $3::text)::text
