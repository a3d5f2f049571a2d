-- Invitations whose makers cannot invite at present are listed, and mails report changes of an account.
-- (docs/contract/api.md, API-INVITATION and API-NOTICE.)

-- Whether a link has not expired and is not used up: it is valid now, or will be once its maker may invite again.
CREATE FUNCTION invitation_waits(link invitations) RETURNS boolean
LANGUAGE sql VOLATILE AS $$
    SELECT link.expires_at > clock_timestamp() AND (link.uses IS NULL OR link.used < link.uses)
$$;

-- As before (V26), and whether it is valid now.
CREATE OR REPLACE FUNCTION invitation_json(link invitations) RETURNS jsonb
LANGUAGE sql VOLATILE AS $$
    SELECT jsonb_build_object('id', link.id, 'uses', link.uses, 'used', link.used,
            'created_by', (SELECT username FROM users WHERE id = link.created_by), 'active', invitation_counts(link),
            'created_at', rfc3339(link.created_at), 'expires_at', rfc3339(link.expires_at))
        || CASE WHEN link.role IS NULL THEN '{}' ELSE jsonb_build_object('role', link.role) END
$$;

-- As before (V26); the 100 include those whose makers cannot invite at present.
CREATE OR REPLACE FUNCTION invitation_create(who jsonb, board bigint, secret_digest text, request jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    made invitations;
BEGIN
    -- One at a time, since they are counted.
    IF board IS NULL THEN
        PERFORM check_admin(who);
        PERFORM FROM meta FOR UPDATE;
        PERFORM check_admin(who);
    ELSE
        PERFORM board_open(who, board, 'owner');
    END IF;
    DELETE FROM invitations WHERE id IN (
        SELECT id FROM invitations AS old WHERE old.expires_at < clock_timestamp() LIMIT 100 FOR UPDATE SKIP LOCKED);
    IF (SELECT count(*) FROM invitations AS link
        WHERE (board_id = board OR (board IS NULL AND board_id IS NULL)) AND invitation_waits(link)) >= 100
    THEN
        PERFORM refuse('TBLIM', 'there are 100 invitations: take one back first', '{"limit": "invitations"}');
    END IF;
    INSERT INTO invitations (digest, board_id, role, created_by, uses, expires_at)
    VALUES (decode(secret_digest, 'hex'), board, request ->> 'role', (who ->> 'user_id')::bigint, (request ->> 'uses')::bigint,
        date_trunc('milliseconds', clock_timestamp()) + make_interval(days => (request ->> 'expires_in_days')::integer))
    RETURNING * INTO made;
    RETURN invitation_json(made);
END $$;

-- As before (V26), with those whose makers cannot invite at present.
CREATE OR REPLACE FUNCTION invitation_list(who jsonb, board bigint, below bigint, most bigint, OUT items text, OUT next_cursor bigint)
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM check_inviter(who, board);
    SELECT coalesce(jsonb_agg(item ORDER BY id DESC) FILTER (WHERE nth <= most), '[]')::text,
        CASE WHEN count(*) > most THEN min(id) FILTER (WHERE nth <= most) END
    INTO items, next_cursor
    FROM (
        SELECT id, row_number() OVER (ORDER BY id DESC) AS nth, invitation_json(link) AS item FROM invitations AS link
        WHERE (board_id = board OR (board IS NULL AND board_id IS NULL)) AND (below IS NULL OR id < below) AND invitation_waits(link)
        ORDER BY id DESC LIMIT most + 1) AS counting;
END $$;

-- The language of mails to it: that of the mail that confirmed it.
ALTER TABLE emails ADD COLUMN language text NOT NULL DEFAULT 'en' CHECK (language IN ('en', 'de'));

-- Notices of a change have a link that gives no access.
ALTER TABLE mails ALTER COLUMN digest DROP NOT NULL;
ALTER TABLE mails DROP CONSTRAINT mails_kind_check;
ALTER TABLE mails ADD CONSTRAINT mails_kind_check
    CHECK (kind IN ('verification', 'reset', 'invitation', 'address', 'password') AND (digest IS NULL) = (kind IN ('address', 'password')));

-- A mail to the address of an account, if it has one, that something was changed.
CREATE FUNCTION mail_notice(of_kind text, person bigint) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM mail_add(of_kind, language, person, address, NULL, NULL, interval '24 hours') FROM emails WHERE user_id = person;
END $$;

-- As before (V32), and the address gets a notice.
CREATE OR REPLACE FUNCTION email_remove(who jsonb, hash text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    asker bigint := email_asker(who, hash);
BEGIN
    PERFORM mail_notice('address', asker);
    DELETE FROM emails WHERE user_id = asker;
    DELETE FROM email_links WHERE user_id = asker;
    DELETE FROM reset_links WHERE user_id = asker AND mailed;
END $$;

-- As before (V32), and the previous address gets a notice.
CREATE OR REPLACE FUNCTION email_verify(who jsonb, secret_digest text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    asker  bigint := (identify(who)).user_id;
    shown  text;
    spoken text;
BEGIN
    DELETE FROM email_links WHERE digest = decode(secret_digest, 'hex') AND user_id = asker AND expires_at > clock_timestamp()
    RETURNING address INTO shown;
    IF shown IS NULL THEN
        PERFORM refuse_link();
    END IF;
    DELETE FROM reset_links WHERE user_id = asker AND mailed;
    spoken := coalesce((SELECT mails.language FROM mails WHERE user_id = asker AND digest = decode(secret_digest, 'hex') LIMIT 1), 'en');
    IF EXISTS (SELECT FROM emails WHERE user_id = asker AND address_key <> lower(shown COLLATE "C")) THEN
        PERFORM mail_notice('address', asker);
    END IF;
    INSERT INTO emails (user_id, address, language) VALUES (asker, shown, spoken)
    ON CONFLICT (user_id) DO UPDATE
    SET (address, verified_at, language) = (excluded.address, excluded.verified_at, excluded.language);
    RETURN email_json(asker);
EXCEPTION WHEN unique_violation THEN
    PERFORM refuse('TBEML', 'this address is that of another account already');
END $$;

-- As before (V32); notices are never obsolete.
CREATE OR REPLACE FUNCTION mail_claim(
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
                WHEN 'address' THEN true
                WHEN 'password' THEN true
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
