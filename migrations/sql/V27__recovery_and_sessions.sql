-- How somebody who forgot their password comes in again, and where everybody is logged in.
-- (docs/contract/api.md, API-RESET and API-SESSIONS.)

-- The link by which a user may set a new password: one a user, a new one in place of the one before.
CREATE TABLE reset_links (
    user_id    bigint PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    -- SHA-256 of the link's secret, which is kept nowhere.
    digest     bytea NOT NULL UNIQUE CHECK (octet_length(digest) = 32),
    expires_at timestamptz NOT NULL
);

-- What a log-in tells of itself, so that its user can name it when they end it. Of those before this migration
-- nobody wrote down what they were; they began as long before their end as all do.
ALTER TABLE sessions
    ADD COLUMN id           bigint GENERATED ALWAYS AS IDENTITY CHECK (id <= 9007199254740991),
    ADD COLUMN user_agent   text CHECK (char_length(user_agent) <= 200),
    ADD COLUMN created_at   timestamptz NOT NULL DEFAULT date_trunc('milliseconds', clock_timestamp()),
    -- To a quarter of an hour.
    ADD COLUMN last_seen_at timestamptz NOT NULL DEFAULT date_trunc('milliseconds', clock_timestamp());
UPDATE sessions SET created_at = expires_at - interval '30 days', last_seen_at = expires_at - interval '30 days';
CREATE UNIQUE INDEX sessions_id ON sessions (user_id, id);

-- A link for a user that counts from now on; gives when it ends. `secret_digest` is in hexadecimal digits.
CREATE FUNCTION reset_link_set(person bigint, secret_digest text) RETURNS timestamptz
LANGUAGE sql AS $$
    INSERT INTO reset_links (user_id, digest, expires_at)
    VALUES (person, decode(secret_digest, 'hex'), date_trunc('milliseconds', clock_timestamp()) + interval '24 hours')
    ON CONFLICT (user_id) DO UPDATE SET (digest, expires_at) = (excluded.digest, excluded.expires_at)
    RETURNING expires_at
$$;

-- The event of what an admin, who holds the lock of `meta`, did to a user.
CREATE FUNCTION user_event_append(who jsonb, after users, changes jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    log      user_events;
    moment   timestamptz;
    appended jsonb;
BEGIN
    SELECT * INTO log FROM user_events ORDER BY seq DESC LIMIT 1;
    moment := greatest(date_trunc('milliseconds', clock_timestamp()), log.created_at);
    appended := jsonb_build_object('seq', coalesce(log.seq, 0) + 1, 'action', 'Update', 'entity', 'user', 'user', user_json(after),
        'changes', changes,
        'actor', (SELECT jsonb_build_object('id', id, 'username', username) FROM users WHERE id = (who ->> 'user_id')::bigint),
        'timestamp', rfc3339(moment));
    INSERT INTO user_events (seq, event, created_at, era, transaction_id)
    SELECT coalesce(log.seq, 0) + 1, appended, moment, meta.era,
        -- Not before the one before it, as on a board.
        greatest(pg_current_xact_id(), CASE WHEN log.era = meta.era THEN log.transaction_id END)
    FROM meta;
    RETURN appended;
END $$;

-- POST /api/admin/users/{username}/reset-link, which the activity tells of.
CREATE FUNCTION reset_link_create(who jsonb, name text, secret_digest text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    target users;
    ends   text;
BEGIN
    PERFORM check_admin(who);
    PERFORM FROM meta FOR UPDATE;
    PERFORM check_admin(who);
    SELECT * INTO target FROM users WHERE username_key = lower(name COLLATE "C");
    IF NOT FOUND THEN
        PERFORM refuse_missing('user');
    END IF;
    ends := rfc3339(reset_link_set(target.id, secret_digest));
    PERFORM user_event_append(who, target, jsonb_build_object('reset_link', jsonb_build_array(NULL, ends)));
    RETURN jsonb_build_object('username', target.username, 'expires_at', ends);
END $$;

-- As before (V17), with the event by the function above.
CREATE OR REPLACE FUNCTION user_patch(who jsonb, name text, patch jsonb) RETURNS user_outcome
LANGUAGE plpgsql AS $$
DECLARE
    outcome user_outcome;
    target  users;
    after   users;
BEGIN
    PERFORM check_admin(who);
    -- One at a time: two admins must not demote each other, and events have their order.
    PERFORM FROM meta FOR UPDATE;
    PERFORM check_admin(who);
    SELECT * INTO target FROM users WHERE username_key = lower(name COLLATE "C") FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        PERFORM refuse_missing('user');
    END IF;
    after := target;
    after.role := coalesce(patch ->> 'role', target.role);
    after.disabled := coalesce((patch ->> 'disabled')::boolean, target.disabled);
    IF (after.role, after.disabled) <> (target.role, target.disabled) THEN
        PERFORM check_other_admin(target, after);
        UPDATE users SET role = after.role, disabled = after.disabled, updated_at = date_trunc('milliseconds', clock_timestamp()),
            token_generation = token_generation + CASE WHEN after.disabled AND NOT target.disabled THEN 1 ELSE 0 END,
            token_kept_jti = CASE WHEN after.disabled THEN NULL ELSE token_kept_jti END
        WHERE id = target.id RETURNING * INTO after;
        outcome.changed_user := target.id;
        outcome.event := user_event_append(who, after, changes_between(user_json(target), user_json(after)));
    END IF;
    outcome.entity := admin_user_json(after);
    RETURN outcome;
END $$;

-- Somebody has to stay an admin.
CREATE FUNCTION check_other_admin(target users, after users) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF target.role = 'admin' AND NOT target.disabled AND (after.role <> 'admin' OR after.disabled)
        AND NOT EXISTS (SELECT FROM users WHERE role = 'admin' AND NOT disabled AND id <> target.id)
    THEN
        PERFORM refuse('TBADM', 'the last admin who is not disabled has to stay one');
    END IF;
END $$;
