-- People who log in by an OpenID Connect provider. (docs/contract/api.md, API-OIDC.)

-- Whoever came by a provider has no password until they set one.
ALTER TABLE users ALTER COLUMN password_hash DROP NOT NULL;

-- Whom a provider's subject is here: nothing but issuer and subject tells, no name and no address.
CREATE TABLE identities (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY CHECK (id <= 9007199254740991),
    user_id      bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    issuer       text COLLATE "C" NOT NULL CHECK (octet_length(issuer) BETWEEN 1 AND 512),
    subject      text COLLATE "C" NOT NULL CHECK (octet_length(subject) BETWEEN 1 AND 255),
    created_at   timestamptz NOT NULL DEFAULT date_trunc('milliseconds', clock_timestamp()),
    last_used_at timestamptz NOT NULL DEFAULT date_trunc('milliseconds', clock_timestamp()),
    UNIQUE (issuer, subject)
);
CREATE INDEX identities_user_id ON identities (user_id);

-- By which identity a log-in was made, in which session of the provider's (`sid`), and when its user proved there
-- who they are. All null where a password did it.
ALTER TABLE sessions
    ADD COLUMN identity_id      bigint REFERENCES identities ON DELETE SET NULL,
    ADD COLUMN provider_session text COLLATE "C" CHECK (octet_length(provider_session) <= 255),
    ADD COLUMN authenticated_at timestamptz;
CREATE INDEX sessions_identity_id ON sessions (identity_id) WHERE identity_id IS NOT NULL;

-- Logout tokens that were taken, so that none counts twice. Rows may be deleted once `expires_at` is past.
CREATE TABLE logout_tokens (
    issuer     text COLLATE "C" NOT NULL,
    jti        text COLLATE "C" NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (issuer, jti)
);
CREATE INDEX logout_tokens_expires_at ON logout_tokens (expires_at);

-- Who logs in by this subject, of whom the provider says this. Whoever is new gets an account where they may
-- register, under the name that they want or one like it; no row where they may not. `is_admin` is what the
-- provider's groups make of them (null: nothing). Whoever is an admin no longer loses all tokens (`revoked`). The last
-- admin stays one.
CREATE FUNCTION identity_log_in(
    of_issuer text, of_subject text, wanted text, shown_name text, may_register boolean, is_admin boolean,
    OUT who users, OUT identity bigint, OUT revoked boolean
) RETURNS SETOF record
LANGUAGE plpgsql AS $$
DECLARE
    name text;
BEGIN
    -- One at a time, so that many at once make one account.
    PERFORM pg_advisory_xact_lock(hashtextextended(of_issuer || ' ' || of_subject, 0));
    revoked := false;
    UPDATE identities SET last_used_at = date_trunc('milliseconds', clock_timestamp())
    WHERE (issuer, subject) = (of_issuer, of_subject) RETURNING id INTO identity;
    IF identity IS NULL THEN
        IF NOT may_register THEN
            RETURN;
        END IF;
        FOR attempt IN 1..20 LOOP
            name := CASE WHEN attempt = 1 THEN wanted
                WHEN attempt < 10 THEN left(wanted, 30) || '-' || attempt
                ELSE left(wanted, 23) || '-' || left(md5(concat_ws(' ', of_issuer, of_subject, attempt)), 8) END;
            INSERT INTO users (username, display_name) VALUES (name, shown_name)
            ON CONFLICT ON CONSTRAINT users_username_key DO NOTHING RETURNING * INTO who;
            CONTINUE WHEN NOT FOUND;
            -- Looked up now: the insertion has waited for whoever was giving the name up.
            EXIT WHEN NOT EXISTS (SELECT FROM retired_usernames WHERE username_key = who.username_key);
            DELETE FROM users WHERE id = who.id;
            who := NULL;
        END LOOP;
        INSERT INTO identities (user_id, issuer, subject) VALUES (who.id, of_issuer, of_subject) RETURNING id INTO identity;
    ELSE
        SELECT users.* INTO who FROM users JOIN identities ON user_id = users.id WHERE identities.id = identity;
    END IF;
    IF NOT who.disabled AND is_admin <> (who.role = 'admin') THEN
        -- As where admins change users: two who go at once must not leave nobody.
        PERFORM FROM meta FOR UPDATE;
        UPDATE users SET role = CASE WHEN is_admin THEN 'admin' ELSE 'user' END,
            token_generation = token_generation + CASE WHEN is_admin THEN 0 ELSE 1 END,
            token_kept_jti = CASE WHEN is_admin THEN token_kept_jti END,
            updated_at = date_trunc('milliseconds', clock_timestamp())
        WHERE id = who.id AND is_admin <> (role = 'admin')
          AND (is_admin OR EXISTS (SELECT FROM users AS other WHERE other.role = 'admin' AND NOT other.disabled AND other.id <> who.id));
        revoked := FOUND AND NOT is_admin;
        SELECT * INTO who FROM users WHERE id = who.id;
    END IF;
    RETURN NEXT;
END $$;

-- Lets whoever is asking log in by this subject as well; whether it is theirs now: it may be somebody else's.
CREATE FUNCTION identity_link(who jsonb, of_issuer text, of_subject text) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    asker bigint := (identify(who)).user_id;
BEGIN
    INSERT INTO identities (user_id, issuer, subject) VALUES (asker, of_issuer, of_subject) ON CONFLICT DO NOTHING;
    RETURN EXISTS (SELECT FROM identities WHERE (issuer, subject, user_id) = (of_issuer, of_subject, asker));
END $$;

-- The end of a way to log in, and of the log-ins that were made by it, but for the one that asks. Refused (TBWAY) where
-- it is the last: without a password, another one has to be of a provider that is still there (`issuers`).
CREATE FUNCTION identity_unlink(who jsonb, identity bigint, issuers jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    asker users;
BEGIN
    SELECT * INTO asker FROM users WHERE id = (identify(who)).user_id FOR NO KEY UPDATE;
    IF NOT EXISTS (SELECT FROM identities WHERE id = identity AND user_id = asker.id) THEN
        PERFORM refuse_missing('identity');
    ELSIF asker.password_hash IS NULL
        AND NOT EXISTS (SELECT FROM identities WHERE user_id = asker.id AND id <> identity AND issuers ? issuer)
    THEN
        PERFORM refuse('TBWAY', 'this is the last way in to your account: set a password or add another one first');
    END IF;
    INSERT INTO revoked_tokens (jti, user_id, expires_at)
    SELECT jti, user_id, expires_at FROM sessions WHERE identity_id = identity AND jti <> who ->> 'jti' AND expires_at > now()
    ON CONFLICT (jti) DO NOTHING;
    DELETE FROM identities WHERE id = identity;
END $$;

-- A provider says that a session there is over, or (no `of_session`) all of a subject: so are the log-ins made by
-- it. Gives whose they were, and no row where this logout token was taken before. Throws away a little of what has
-- expired.
CREATE FUNCTION identity_log_out(of_issuer text, token_jti text, token_end timestamptz, of_subject text, of_session text)
RETURNS TABLE (user_id bigint)
LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM logout_tokens WHERE (issuer, jti) IN (
        SELECT issuer, jti FROM logout_tokens WHERE expires_at < now() LIMIT 100 FOR UPDATE SKIP LOCKED);
    INSERT INTO logout_tokens VALUES (of_issuer, token_jti, token_end) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    RETURN QUERY
        WITH over AS (
            INSERT INTO revoked_tokens (jti, user_id, expires_at)
            SELECT sessions.jti, sessions.user_id, sessions.expires_at FROM sessions JOIN identities ON identities.id = identity_id
            WHERE issuer = of_issuer AND (of_subject IS NULL OR subject = of_subject)
              AND (of_session IS NULL OR provider_session = of_session) AND sessions.expires_at > now()
            ON CONFLICT (jti) DO NOTHING RETURNING revoked_tokens.user_id)
        SELECT DISTINCT over.user_id FROM over
        UNION ALL SELECT NULL;
END $$;

-- As before (V28), also for whoever has no password: `hash` is null then.
CREATE OR REPLACE FUNCTION user_delete(who jsonb, hash text, boards_too boolean) RETURNS SETOF jsonb
LANGUAGE plpgsql AS $$
DECLARE
    leaver  users;
    after   users;
    locked  boards;
    left_by boards;
    context write_context;
    kept    jsonb;
    others  boolean;
BEGIN
    -- One at a time, and no admin demotes another meanwhile.
    PERFORM FROM meta FOR UPDATE;
    PERFORM FROM boards WHERE id IN (SELECT board_id FROM board_members WHERE user_id = (who ->> 'user_id')::bigint)
    ORDER BY id FOR NO KEY UPDATE;
    context := find_asker(who, NULL, NULL);
    SELECT * INTO leaver FROM users WHERE id = context.user_id FOR UPDATE;
    IF leaver.password_hash IS DISTINCT FROM hash THEN
        PERFORM refuse('TB401', 'this token has been revoked', '{"reason": "revoked"}');
    END IF;
    after := leaver;
    after.disabled := true;
    PERFORM check_other_admin(leaver, after);

    SELECT jsonb_agg(jsonb_build_object('id', id, 'name', name, 'members', members) ORDER BY id) INTO kept
    FROM (
        SELECT id, name, (SELECT count(*) FROM board_members WHERE board_id = id) AS members
        FROM boards JOIN board_members AS own ON own.board_id = id AND own.user_id = leaver.id AND own.role = 'owner'
        WHERE deleted_at IS NULL
          AND EXISTS (SELECT FROM board_members WHERE board_id = id AND user_id <> leaver.id)
          AND NOT EXISTS (SELECT FROM board_members WHERE board_id = id AND user_id <> leaver.id AND role = 'owner')
        ORDER BY id LIMIT 100) AS alone;
    IF kept IS NOT NULL AND NOT boards_too THEN
        PERFORM refuse('TBBRD', 'you are the only owner of boards that others are on', jsonb_build_object('boards', kept));
    END IF;

    FOR locked IN
        SELECT boards.* FROM boards JOIN board_members ON board_id = id AND user_id = leaver.id ORDER BY id
    LOOP
        context := find_asker(jsonb_build_object('user_id', leaver.id), locked.id, locked.updated_at);
        context.board := locked;
        others := EXISTS (SELECT FROM board_members WHERE board_id = locked.id AND user_id <> leaver.id AND role = 'owner');
        IF others THEN
            RETURN NEXT (member_change(context, leaver.id, leaver.username, NULL)).event;
            CONTINUE;
        END IF;
        IF locked.deleted_at IS NULL THEN
            left_by := locked;
            left_by.deleted_at := context.moment;
            left_by.version := locked.version + 1;
            RETURN NEXT event_append(context, left_by, 'board', 'Delete', jsonb_build_object('board', board_json(locked)));
        END IF;
        -- Nobody can take it out of the trash, so nobody reads on.
        DELETE FROM board_members WHERE board_id = locked.id AND user_id = leaver.id;
    END LOOP;
    INSERT INTO retired_usernames VALUES (leaver.username_key) ON CONFLICT DO NOTHING;
    DELETE FROM users WHERE id = leaver.id;
END $$;
