-- auth-oidc: by what the user of a token can log in: the identities (JSON, oldest first), and whether they have a
-- password. No row if the token is not valid.
-- $1 user id, $2 the token's generation, $3 its jti
SELECT coalesce((
        SELECT jsonb_agg(jsonb_build_object('id', id, 'issuer', issuer,
            'created_at', rfc3339(created_at), 'last_used_at', rfc3339(last_used_at)) ORDER BY id)
        FROM identities WHERE user_id = users.id), '[]')::text,
    password_hash IS NOT NULL
FROM users
WHERE id = $1 AND NOT disabled
  AND (token_generation = $2 OR token_kept_jti = $3)
  AND NOT EXISTS (SELECT FROM revoked_tokens WHERE jti = $3)
