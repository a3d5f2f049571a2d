-- auth-passkey: whose passkey this is, as `find_login` gives them; then the passkey's id, its public key
-- (base64url), how often it was used, whether it may be copied, and what it knows its user by (base64url).
-- $1 what its authenticator calls it (base64)
SELECT users.id, username, display_name, role, (extract(epoch FROM users.created_at) * 1000)::bigint, token_generation,
       passkeys.id, base64url(public_key), sign_count, backup_eligible, base64url(uuid_send(passkey_handle))
FROM passkeys JOIN users ON users.id = user_id
WHERE credential_id = decode($1::text, 'base64') AND NOT disabled
