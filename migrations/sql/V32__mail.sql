-- E-mail addresses of accounts, and the mails that the relay sends. (docs/contract/api.md, API-EMAIL;
-- docs/adr/0034-mails.md.)

-- The address of an account, once its owner has shown that it is theirs. It belongs to one account.
CREATE TABLE emails (
    user_id     bigint PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    address     text COLLATE "C" NOT NULL CHECK (octet_length(address) <= 254),
    -- However it is written. (ASCII alone: shared/src/models/email.rs.)
    address_key text COLLATE "C" NOT NULL GENERATED ALWAYS AS (lower(address COLLATE "C")) STORED UNIQUE,
    verified_at timestamptz NOT NULL DEFAULT date_trunc('milliseconds', clock_timestamp())
);

-- The address that a user says is theirs, and the link by which they show it: one a user, a new one in place of the
-- one before. The address before stays theirs until then.
CREATE TABLE email_links (
    user_id    bigint PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    address    text COLLATE "C" NOT NULL CHECK (octet_length(address) <= 254),
    -- SHA-256 of the link's secret.
    digest     bytea NOT NULL UNIQUE CHECK (octet_length(digest) = 32),
    expires_at timestamptz NOT NULL
);

-- A link that was mailed and one that an admin made do not end each other.
ALTER TABLE reset_links ADD COLUMN mailed boolean NOT NULL DEFAULT false;
ALTER TABLE reset_links DROP CONSTRAINT reset_links_pkey;
ALTER TABLE reset_links ADD PRIMARY KEY (user_id, mailed);

-- As before (V29), of those that admins and operators make.
CREATE OR REPLACE FUNCTION reset_link_set(person bigint, secret_digest text, without_factor boolean DEFAULT false) RETURNS timestamptz
LANGUAGE sql AS $$
    INSERT INTO reset_links (user_id, digest, without_second_factor, expires_at)
    VALUES (person, decode(secret_digest, 'hex'), without_factor,
        date_trunc('milliseconds', clock_timestamp()) + interval '24 hours')
    ON CONFLICT (user_id, mailed) DO UPDATE
    SET (digest, without_second_factor, expires_at) = (excluded.digest, excluded.without_second_factor, excluded.expires_at)
    RETURNING expires_at
$$;

-- What is to be sent, and for a day what was: how many went to an address is counted here.
CREATE TABLE mails (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind            text NOT NULL CHECK (kind IN ('verification', 'reset', 'invitation')),
    language        text NOT NULL CHECK (language IN ('en', 'de')),
    -- Whose account it is about; of an invitation who made it. Null of a reset until the relay has looked whose name or
    -- address somebody typed, which nobody does while they wait for the answer.
    user_id         bigint REFERENCES users ON DELETE CASCADE,
    -- The address; of a reset without user_id what was typed.
    recipient       text COLLATE "C" NOT NULL CHECK (octet_length(recipient) <= 254),
    -- SHA-256 of the link's secret, and the secret itself, encrypted (shared/src/auth/sealing.rs) and gone once the
    -- mail is.
    digest          bytea NOT NULL CHECK (octet_length(digest) = 32),
    sealed_secret   text COLLATE "C" CHECK (char_length(sealed_secret) <= 200),
    created_at      timestamptz NOT NULL DEFAULT date_trunc('milliseconds', clock_timestamp()),
    -- Not sent any more from then on.
    expires_at      timestamptz NOT NULL,
    attempts        integer NOT NULL DEFAULT 0,
    -- When it is due; for as long as a relay is sending it, when another one may.
    next_attempt_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- Null: to be sent.
    outcome         text CHECK (outcome IN ('sent', 'refused', 'expired', 'obsolete', 'limited'))
);
CREATE INDEX mails_due ON mails (next_attempt_at) WHERE outcome IS NULL;
CREATE INDEX mails_recipient ON mails (lower(recipient COLLATE "C"), created_at);
CREATE INDEX mails_user_id ON mails (user_id);
CREATE INDEX mails_created_at ON mails (created_at);

-- A mail for the relay to send, which carries a link. Throws away a little of what is over.
CREATE FUNCTION mail_add(
    of_kind text, in_language text, person bigint, whom text, secret_digest text, sealed text, lasting interval
) RETURNS void
LANGUAGE sql AS $$
    DELETE FROM mails WHERE id IN (
        SELECT id FROM mails AS old WHERE created_at < clock_timestamp() - interval '2 days' LIMIT 100 FOR UPDATE SKIP LOCKED);
    INSERT INTO mails (kind, language, user_id, recipient, digest, sealed_secret, expires_at)
    VALUES (of_kind, in_language, person, whom, decode(secret_digest, 'hex'), sealed, clock_timestamp() + lasting)
$$;

-- What a user is told of their address.
CREATE FUNCTION email_json(person bigint) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('address', address, 'verified_at', rfc3339(verified_at), 'pending', (
        SELECT jsonb_build_object('address', email_links.address, 'expires_at', rfc3339(email_links.expires_at))
        FROM email_links WHERE email_links.user_id = person))
    FROM (SELECT) AS one LEFT JOIN emails ON user_id = person
$$;

-- Whoever is asking, whose row is locked: one change of their address at a time. `hash` is that of the password that
-- the caller has checked (null where there is none).
CREATE FUNCTION email_asker(who jsonb, hash text) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    person bigint := (identify(who)).user_id;
    asker  users;
BEGIN
    SELECT * INTO asker FROM users WHERE id = person FOR NO KEY UPDATE;
    IF NOT FOUND OR asker.password_hash IS DISTINCT FROM hash THEN
        PERFORM refuse('TB401', 'this token has been revoked', '{"reason": "revoked"}');
    END IF;
    RETURN asker.id;
END $$;

-- POST /api/auth/email. Whether somebody else has the address is told to nobody but who gets the mail.
CREATE FUNCTION email_set(who jsonb, hash text, new_address text, in_language text, secret_digest text, sealed text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    asker bigint := email_asker(who, hash);
BEGIN
    -- It is theirs already: what they began meanwhile is taken back.
    IF EXISTS (SELECT FROM emails WHERE user_id = asker AND address_key = lower(new_address COLLATE "C")) THEN
        UPDATE emails SET address = new_address WHERE user_id = asker AND address <> new_address;
        DELETE FROM email_links WHERE user_id = asker;
        RETURN email_json(asker);
    END IF;
    INSERT INTO email_links (user_id, address, digest, expires_at)
    VALUES (asker, new_address, decode(secret_digest, 'hex'), date_trunc('milliseconds', clock_timestamp()) + interval '24 hours')
    ON CONFLICT (user_id) DO UPDATE
    SET (address, digest, expires_at) = (excluded.address, excluded.digest, excluded.expires_at);
    PERFORM mail_add('verification', in_language, asker, new_address, secret_digest, sealed, interval '24 hours');
    RETURN email_json(asker);
END $$;

-- POST /api/auth/email/resend: another link in place of the one before.
CREATE FUNCTION email_resend(who jsonb, in_language text, secret_digest text, sealed text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    asker bigint := (identify(who)).user_id;
    whom  text;
BEGIN
    UPDATE email_links
    SET (digest, expires_at) = (decode(secret_digest, 'hex'), date_trunc('milliseconds', clock_timestamp()) + interval '24 hours')
    WHERE user_id = asker RETURNING address INTO whom;
    IF whom IS NULL THEN
        PERFORM refuse_missing('address to be verified');
    END IF;
    PERFORM mail_add('verification', in_language, asker, whom, secret_digest, sealed, interval '24 hours');
    RETURN email_json(asker);
END $$;

-- POST /api/auth/email/remove. Links that were mailed to it count no longer.
CREATE FUNCTION email_remove(who jsonb, hash text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    asker bigint := email_asker(who, hash);
BEGIN
    DELETE FROM emails WHERE user_id = asker;
    DELETE FROM email_links WHERE user_id = asker;
    DELETE FROM reset_links WHERE user_id = asker AND mailed;
END $$;

-- POST /api/auth/email/verify, by whoever the link was made for. Refused (TBEML) where the address is another account's
-- meanwhile; the link stays then.
CREATE FUNCTION email_verify(who jsonb, secret_digest text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    asker bigint := (identify(who)).user_id;
    shown text;
BEGIN
    DELETE FROM email_links WHERE digest = decode(secret_digest, 'hex') AND user_id = asker AND expires_at > clock_timestamp()
    RETURNING address INTO shown;
    IF shown IS NULL THEN
        PERFORM refuse_link();
    END IF;
    DELETE FROM reset_links WHERE user_id = asker AND mailed;
    INSERT INTO emails (user_id, address) VALUES (asker, shown)
    ON CONFLICT (user_id) DO UPDATE SET (address, verified_at) = (excluded.address, excluded.verified_at);
    RETURN email_json(asker);
EXCEPTION WHEN unique_violation THEN
    PERFORM refuse('TBEML', 'this address is that of another account already');
END $$;

-- The next mail that is due, for a relay that has so long to send it before another one may: at most one row. Whose a
-- typed name or address is is found here; of whom there is none nothing is kept. `kind` is null where there was
-- something to do and nothing is to be sent: the caller asks again.
CREATE FUNCTION mail_claim(
    lease interval,
    OUT mail_id bigint, OUT attempt integer, OUT kind text, OUT language text, OUT address text, OUT sealed text,
    OUT message_id text, OUT username text, OUT board text, OUT outcome text
) RETURNS SETOF record
LANGUAGE plpgsql AS $$
DECLARE
    -- Mails of a kind to an address within an hour.
    most   CONSTANT integer := 5;
    due    mails;
    person users;
BEGIN
    SELECT * INTO due FROM mails WHERE mails.outcome IS NULL AND next_attempt_at <= clock_timestamp()
    ORDER BY next_attempt_at LIMIT 1 FOR UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    mail_id := due.id;
    IF due.kind = 'reset' AND due.user_id IS NULL THEN
        -- A name holds no @.
        SELECT users.* INTO person FROM users JOIN emails ON user_id = users.id
        WHERE NOT disabled AND lower(due.recipient COLLATE "C") IN (username_key, address_key);
        IF NOT FOUND THEN
            DELETE FROM mails WHERE id = due.id;
            outcome := 'nobody';
            RETURN NEXT;
            RETURN;
        END IF;
        due.recipient := (SELECT emails.address FROM emails WHERE user_id = person.id);
    ELSE
        SELECT * INTO person FROM users WHERE id = due.user_id;
    END IF;

    IF due.attempts = 0 THEN
        -- One at a time, since they are counted.
        PERFORM pg_advisory_xact_lock(hashtextextended('mail ' || lower(due.recipient COLLATE "C"), 0));
        IF (SELECT count(*) FROM mails WHERE mails.kind = due.kind AND lower(recipient COLLATE "C") = lower(due.recipient COLLATE "C")
            AND user_id IS NOT NULL AND attempts > 0 AND created_at > clock_timestamp() - interval '1 hour') >= most
        THEN
            outcome := 'limited';
        ELSIF due.kind = 'reset' THEN
            INSERT INTO reset_links (user_id, mailed, digest, expires_at) VALUES (person.id, true, due.digest, due.expires_at)
            ON CONFLICT (user_id, mailed) DO UPDATE SET (digest, expires_at) = (excluded.digest, excluded.expires_at);
        END IF;
    END IF;
    -- A link that was used, or replaced by another, is not sent any more.
    IF outcome IS NULL THEN
        outcome := CASE
            WHEN due.expires_at <= clock_timestamp() THEN 'expired'
            WHEN person.disabled OR NOT CASE due.kind
                WHEN 'reset' THEN EXISTS (SELECT FROM reset_links WHERE digest = due.digest)
                    AND EXISTS (SELECT FROM emails WHERE user_id = person.id AND emails.address = due.recipient)
                WHEN 'verification' THEN EXISTS (SELECT FROM email_links WHERE digest = due.digest)
                ELSE EXISTS (SELECT FROM invitations AS link WHERE digest = due.digest AND invitation_counts(link)) END
            THEN 'obsolete' END;
    END IF;
    UPDATE mails SET user_id = person.id, recipient = due.recipient, outcome = mail_claim.outcome,
        attempts = attempts + CASE WHEN mail_claim.outcome IS NULL THEN 1 ELSE 0 END,
        next_attempt_at = clock_timestamp() + lease,
        sealed_secret = CASE WHEN mail_claim.outcome IS NULL THEN sealed_secret END
    WHERE id = due.id RETURNING attempts INTO attempt;
    IF outcome IS NULL THEN
        kind := due.kind;
        language := due.language;
        address := due.recipient;
        sealed := due.sealed_secret;
        message_id := due.id || '.' || (extract(epoch FROM due.created_at) * 1000)::bigint;
        username := CASE WHEN due.kind = 'invitation' THEN person.display_name ELSE person.username END;
        board := (SELECT name FROM invitations JOIN boards ON boards.id = board_id WHERE due.kind = 'invitation' AND digest = due.digest);
    END IF;
    RETURN NEXT;
END $$;
