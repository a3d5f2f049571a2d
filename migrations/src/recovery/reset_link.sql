-- make-reset-link: a link by which a user may set a new password, in place of the one before; gives the name as it is
-- written, when the link ends, and whether they are disabled; or no row for an unknown name.
-- $1 username, however it is written, $2 the digest of the link, $3 whether its use turns the second factor off
SELECT username, rfc3339(reset_link_set(id, $2::text, $3)), disabled FROM users
WHERE username_key = lower($1::text COLLATE "C")
