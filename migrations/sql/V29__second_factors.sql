-- Codes of an authenticator app (TOTP, RFC 6238) beside the password, and recovery codes for whoever lost the app.
-- (docs/contract/api.md, API-TOTP.)

CREATE TABLE totp (
    user_id       bigint PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    -- Encrypted (shared/src/auth/sealing.rs): the database alone makes no codes.
    sealed_secret text COLLATE "C" NOT NULL CHECK (char_length(sealed_secret) <= 200),
    -- When a first code showed that the app has the secret; it does not count before.
    confirmed_at  timestamptz,
    -- The step of the newest code that was used, in 30 seconds since 1970: neither it nor one before it counts again.
    last_step     bigint NOT NULL DEFAULT 0
);

-- Those that were not used yet.
CREATE TABLE recovery_codes (
    user_id bigint NOT NULL REFERENCES totp ON DELETE CASCADE,
    -- SHA-256 of the code, which is kept nowhere.
    digest  bytea NOT NULL CHECK (octet_length(digest) = 32),
    PRIMARY KEY (user_id, digest)
);

-- An operator's link may also turn the codes off once it is used: for whoever lost both.
ALTER TABLE reset_links ADD COLUMN without_second_factor boolean NOT NULL DEFAULT false;

-- As before (V27), and whether it turns the codes off.
DROP FUNCTION reset_link_set(bigint, text);
CREATE FUNCTION reset_link_set(person bigint, secret_digest text, without_factor boolean DEFAULT false) RETURNS timestamptz
LANGUAGE sql AS $$
    INSERT INTO reset_links (user_id, digest, without_second_factor, expires_at)
    VALUES (person, decode(secret_digest, 'hex'), without_factor,
        date_trunc('milliseconds', clock_timestamp()) + interval '24 hours')
    ON CONFLICT (user_id) DO UPDATE
    SET (digest, without_second_factor, expires_at) = (excluded.digest, excluded.without_second_factor, excluded.expires_at)
    RETURNING expires_at
$$;
