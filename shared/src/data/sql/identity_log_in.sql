-- auth-oidc: who logs in by a subject of a provider's, as `find_login` gives them; then whether they are disabled, the
-- identity's id, and whether their tokens were revoked with the role that they lost. No row for somebody new who may
-- not register.
-- $1 issuer, $2 subject, $3 the username that they want, $4 the display name, $5 whether they may register,
-- $6 whether the provider says that they are an admin, or null
SELECT (who).id, (who).username, (who).display_name, (who).role, (extract(epoch FROM (who).created_at) * 1000)::bigint,
       (who).token_generation, (who).disabled, identity, revoked
FROM identity_log_in($1::text, $2::text, $3::text, $4::text, $5, $6)
