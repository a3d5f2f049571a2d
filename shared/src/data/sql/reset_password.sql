-- auth-login (reset-password): uses a link up, sets the password of its user and revokes all of their tokens, of which
-- their address is told; gives id and name, or no row if the link is not valid (any more). The second factor and the passkeys stay, unless the
-- link says otherwise.
-- $1 the digest of the link, $2 the new password's hash
WITH link AS (
    DELETE FROM reset_links WHERE digest = decode($1::text, 'hex') AND expires_at > clock_timestamp()
    RETURNING user_id, without_second_factor
), changed AS (
    UPDATE users
    SET password_hash = $2::text, token_generation = token_generation + 1, token_kept_jti = NULL,
        updated_at = date_trunc('milliseconds', clock_timestamp())
    FROM link WHERE id = user_id AND NOT disabled
    RETURNING id, username, without_second_factor
), others AS (
    DELETE FROM reset_links USING changed WHERE reset_links.user_id = changed.id AND digest <> decode($1::text, 'hex')
), codes AS (
    DELETE FROM totp USING changed WHERE totp.user_id = changed.id AND without_second_factor
), keys AS (
    DELETE FROM passkeys USING changed WHERE passkeys.user_id = changed.id AND without_second_factor
)
SELECT id, username FROM changed, LATERAL mail_notice('password', id) AS told
