-- auth-second-factor (login): uses a code and the first step up and writes the log-in down: all of it, or nothing. False
-- where the code is not valid, refused (TBSTP) where the step has led to a log-in, no row where the user is disabled or
-- their tokens were all revoked. Throws away a little of what has expired.
-- $1 user id, $2 the generation of tokens, $3 the token's jti, $4 when it ends, in seconds since 1970, $5 what the client says
-- that it is, or null; $6 the digest of a recovery code; or of a code of the app $7 the step, $8 the sealed secret that
-- it was found with, and $9 the same secret sealed anew, or null
WITH person AS (
    -- First, as where an account ends: so neither of two waits for the other.
    SELECT id FROM users WHERE id = $1 AND NOT disabled AND token_generation = $2 FOR NO KEY UPDATE
), recovery AS (
    DELETE FROM recovery_codes USING person WHERE user_id = person.id AND digest = decode($6::text, 'hex')
    RETURNING user_id
), app AS (
    UPDATE totp SET last_step = $7, sealed_secret = coalesce($9::text, sealed_secret) FROM person
    WHERE user_id = person.id AND last_step < $7 AND sealed_secret = $8::text AND confirmed_at IS NOT NULL
    RETURNING user_id
), code AS (
    SELECT user_id FROM recovery UNION ALL SELECT user_id FROM app
), session AS (
    INSERT INTO sessions (user_id, jti, generation, expires_at, user_agent)
    SELECT user_id, $3::text, $2, to_timestamp($4::bigint), $5::text FROM code
    ON CONFLICT DO NOTHING RETURNING user_id
), seen AS (
    UPDATE users SET last_seen_at = date_trunc('milliseconds', clock_timestamp()) FROM session WHERE id = session.user_id
), over AS (
    DELETE FROM sessions WHERE (user_id, jti) IN (
        SELECT user_id, jti FROM sessions WHERE expires_at < now() LIMIT 100 FOR UPDATE SKIP LOCKED
    )
)
SELECT CASE
    -- Which undoes the use of the code.
    WHEN EXISTS (SELECT FROM code) AND NOT EXISTS (SELECT FROM session)
        THEN refuse('TBSTP', 'this first step has led to a log-in') IS NULL
    ELSE EXISTS (SELECT FROM code)
END
FROM person
