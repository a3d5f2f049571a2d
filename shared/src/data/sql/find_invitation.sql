-- invitations, auth-register: what a link leads to, or no row if it is not valid: the board's name and the role
-- (null of an admin's), who made it, and when it ends.
-- $1 the digest of the link
SELECT boards.name, invitations.role, display_name, rfc3339(expires_at)
FROM invitations JOIN users ON users.id = created_by LEFT JOIN boards ON boards.id = board_id
WHERE digest = decode($1::text, 'hex') AND invitation_counts(invitations)
