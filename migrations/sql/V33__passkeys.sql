-- Logging in by passkeys (Web Authentication). (docs/contract/api.md, API-PASSKEY.)

-- What somebody's passkeys know them by: it tells nothing, and stays whatever they are called.
ALTER TABLE users ADD COLUMN passkey_handle uuid NOT NULL DEFAULT gen_random_uuid();

CREATE TABLE passkeys (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY CHECK (id <= 9007199254740991),
    user_id         bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    -- What the authenticator calls it.
    credential_id   bytea NOT NULL UNIQUE CHECK (octet_length(credential_id) BETWEEN 1 AND 1023),
    -- In COSE.
    public_key      bytea NOT NULL CHECK (octet_length(public_key) <= 2048),
    -- How often it was used, as its authenticator counts; one that does not count says 0.
    sign_count      bigint NOT NULL,
    backup_eligible boolean NOT NULL,
    name            text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 64),
    created_at      timestamptz NOT NULL DEFAULT date_trunc('milliseconds', clock_timestamp()),
    last_used_at    timestamptz
);
CREATE INDEX passkeys_user_id ON passkeys (user_id);

-- By which passkey a log-in was made, if by one; `authenticated_at` says when.
ALTER TABLE sessions ADD COLUMN passkey_id bigint REFERENCES passkeys ON DELETE SET NULL;
CREATE INDEX sessions_passkey_id ON sessions (passkey_id) WHERE passkey_id IS NOT NULL;

-- Challenges that were answered, so that none counts twice. Rows may be deleted once `expires_at` is past.
CREATE TABLE passkey_challenges (
    challenge  text COLLATE "C" PRIMARY KEY,
    expires_at timestamptz NOT NULL
);
CREATE INDEX passkey_challenges_expires_at ON passkey_challenges (expires_at);

CREATE FUNCTION base64url(bytes bytea) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT translate(encode(bytes, 'base64'), E'+/=\n', '-_')
$$;

CREATE FUNCTION passkey_json(passkey passkeys) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', passkey.id, 'name', passkey.name, 'created_at', rfc3339(passkey.created_at),
        'last_used_at', rfc3339(passkey.last_used_at))
$$;

-- Uses a challenge up; whether it was not used before. Throws away a little of what has expired.
CREATE FUNCTION passkey_challenge_use(answered text, ends timestamptz) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM passkey_challenges WHERE challenge IN (
        SELECT challenge FROM passkey_challenges WHERE expires_at < now() LIMIT 100 FOR UPDATE SKIP LOCKED);
    INSERT INTO passkey_challenges VALUES (answered, ends) ON CONFLICT DO NOTHING;
    RETURN FOUND;
END $$;

-- Somebody logs in by a passkey that was checked: writes the session down, as `begin_session` does of others. Whether
-- the challenge was not used before, and the passkey not since it was looked up.
CREATE FUNCTION passkey_log_in(
    passkey bigint, new_count bigint, answered text, ends timestamptz,
    token_jti text, token_generation bigint, token_end timestamptz, agent text
) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    moment timestamptz := date_trunc('milliseconds', clock_timestamp());
    person bigint;
BEGIN
    IF NOT passkey_challenge_use(answered, ends) THEN
        RETURN false;
    END IF;
    UPDATE passkeys SET sign_count = new_count, last_used_at = moment
    WHERE id = passkey AND (new_count > sign_count OR (new_count, sign_count) = (0, 0))
    RETURNING user_id INTO person;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    DELETE FROM sessions WHERE (user_id, jti) IN (
        SELECT user_id, jti FROM sessions WHERE expires_at < now() LIMIT 100 FOR UPDATE SKIP LOCKED);
    UPDATE users SET last_seen_at = moment WHERE id = person;
    INSERT INTO sessions (user_id, jti, generation, expires_at, user_agent, passkey_id, authenticated_at)
    VALUES (person, token_jti, token_generation, token_end, agent, passkey, moment);
    RETURN true;
END $$;

-- Another passkey of whoever is asking.
CREATE FUNCTION passkey_add(
    who jsonb, answered text, ends timestamptz, credential bytea, key bytea, count bigint, eligible boolean, called text
) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    asker bigint := (identify(who)).user_id;
    added passkeys;
BEGIN
    -- One at a time, so that the limit holds.
    PERFORM FROM users WHERE id = asker FOR NO KEY UPDATE;
    IF NOT passkey_challenge_use(answered, ends) THEN
        PERFORM refuse_faults('[{"pointer": "/credential", "detail": "answers a challenge that was used: ask for another one"}]');
    ELSIF (SELECT count(*) FROM passkeys WHERE user_id = asker) >= 20 THEN
        PERFORM refuse('TBLIM', 'you have 20 passkeys: remove one first', '{"limit": "passkeys"}');
    END IF;
    INSERT INTO passkeys (user_id, credential_id, public_key, sign_count, backup_eligible, name)
    VALUES (asker, credential, key, count, eligible, called)
    ON CONFLICT (credential_id) DO NOTHING RETURNING * INTO added;
    IF NOT FOUND THEN
        PERFORM refuse_faults('[{"pointer": "/credential", "detail": "was added already"}]');
    END IF;
    RETURN passkey_json(added);
END $$;

-- Another name for one of them.
CREATE FUNCTION passkey_rename(who jsonb, passkey bigint, called text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    asker   bigint := (identify(who)).user_id;
    renamed passkeys;
BEGIN
    UPDATE passkeys SET name = called WHERE id = passkey AND user_id = asker RETURNING * INTO renamed;
    IF NOT FOUND THEN
        PERFORM refuse_missing('passkey');
    END IF;
    RETURN passkey_json(renamed);
END $$;

-- Whether somebody could still log in without one of these ways (null: none of the kind). A provider counts while it is
-- still there (`issuers`).
CREATE FUNCTION has_way_in(person users, issuers jsonb, identity bigint, passkey bigint) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT person.password_hash IS NOT NULL
        OR EXISTS (SELECT FROM identities WHERE user_id = person.id AND id IS DISTINCT FROM identity AND issuers ? issuer)
        OR EXISTS (SELECT FROM passkeys WHERE user_id = person.id AND id IS DISTINCT FROM passkey)
$$;

-- The end of a passkey, and of the log-ins that were made by it, but for the one that asks. Refused (TBWAY) where it is
-- the last way in.
CREATE FUNCTION passkey_remove(who jsonb, passkey bigint, issuers jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    asker users;
BEGIN
    SELECT * INTO asker FROM users WHERE id = (identify(who)).user_id FOR NO KEY UPDATE;
    IF NOT EXISTS (SELECT FROM passkeys WHERE id = passkey AND user_id = asker.id) THEN
        PERFORM refuse_missing('passkey');
    ELSIF NOT has_way_in(asker, issuers, NULL, passkey) THEN
        PERFORM refuse('TBWAY', 'this is the last way in to your account: set a password or add another one first');
    END IF;
    INSERT INTO revoked_tokens (jti, user_id, expires_at)
    SELECT jti, user_id, expires_at FROM sessions WHERE passkey_id = passkey AND jti <> who ->> 'jti' AND expires_at > now()
    ON CONFLICT (jti) DO NOTHING;
    DELETE FROM passkeys WHERE id = passkey;
END $$;

-- As before (V30); a passkey is a way in as well.
CREATE OR REPLACE FUNCTION identity_unlink(who jsonb, identity bigint, issuers jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    asker users;
BEGIN
    SELECT * INTO asker FROM users WHERE id = (identify(who)).user_id FOR NO KEY UPDATE;
    IF NOT EXISTS (SELECT FROM identities WHERE id = identity AND user_id = asker.id) THEN
        PERFORM refuse_missing('identity');
    ELSIF NOT has_way_in(asker, issuers, identity, NULL) THEN
        PERFORM refuse('TBWAY', 'this is the last way in to your account: set a password or add another one first');
    END IF;
    INSERT INTO revoked_tokens (jti, user_id, expires_at)
    SELECT jti, user_id, expires_at FROM sessions WHERE identity_id = identity AND jti <> who ->> 'jti' AND expires_at > now()
    ON CONFLICT (jti) DO NOTHING;
    DELETE FROM identities WHERE id = identity;
END $$;
