-- What admins see and do: everything that happened, in commit order (docs/adr/0016), and users with their
-- logins, whom they let do more or less. (docs/contract/api.md, API-ADMIN and API-ACTIVITY.)

-- The tokens that were issued, so that an admin sees how many of a user's count. What is not here counts all
-- the same: tokens are proved by their signature, and those from before this migration were not written down.
CREATE TABLE sessions (
    user_id    bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    jti        text COLLATE "C" NOT NULL CHECK (char_length(jti) BETWEEN 1 AND 64),
    generation bigint NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, jti)
);
-- Finds what can be thrown away.
CREATE INDEX sessions_expires_at ON sessions (expires_at);

-- When the user last logged in or had a socket open, to a minute. What they change tells the log.
ALTER TABLE users ADD COLUMN last_seen_at timestamptz;

-- What admins changed of users: events like those of boards, in one order with them. Rows are only ever added.
CREATE TABLE user_events (
    -- Of no board: in the place that a board's id has in the order of all events.
    board_id       bigint NOT NULL DEFAULT 0 CHECK (board_id = 0),
    seq            bigint NOT NULL PRIMARY KEY CHECK (seq BETWEEN 1 AND 9007199254740991),
    event          jsonb NOT NULL,
    created_at     timestamptz NOT NULL,
    -- As in events.
    era            integer NOT NULL,
    transaction_id xid8 NOT NULL
);
CREATE INDEX user_events_activity ON user_events (era, transaction_id, board_id, seq);

-- What somebody did, in order. (What happened to a board its key tells.)
CREATE INDEX events_actor ON events (((event #>> '{actor,id}')::bigint), era, transaction_id, board_id, seq);

-- A page of what happened on all boards and to users, in the order of the transactions. Rows of the event
-- and its place, `ERA.TRANSACTION.BOARD.SEQ`; then always one without an event: the place to go on from for
-- what happens next, and the one to go on from in this order (null where there is no more for now). No row at
-- all where the place to begin after is of a future that the database has lost.
--
-- Only what is settled is given: transactions below the oldest that is still going on have all ended, so
-- nothing can come to stand before it. `after_era` null is to begin: with the oldest or with the newest.
-- Filters are null for none; `by_actor` 0 is nobody. No more than `most` rows, none after those that together
-- have `bytes` bytes, and `examined` at most that are looked at.
CREATE FUNCTION activity_page(
    after_era integer, after_transaction xid8, after_board bigint, after_seq bigint, newest boolean,
    by_actor bigint, of_board bigint, of_action text, of_entity text, since timestamptz, until timestamptz,
    most bigint, bytes bigint, examined bigint
) RETURNS TABLE (event text, place text, next text)
LANGUAGE plpgsql STABLE AS $$
DECLARE
    page       refcursor;
    -- Everything before these is settled.
    now_era    integer := (SELECT era FROM meta);
    settled    xid8 := pg_snapshot_xmin(pg_current_snapshot());
    now_place  text := concat_ws('.', now_era, settled, 0, 0);
    -- Both logs, or one of them, in one of the two directions. %1$s is the comparison, %2$s the direction.
    settled_rows CONSTANT text :=
        'WHERE (era, transaction_id, board_id, seq) %1$s ($1, $2, $3, $4) AND (era, transaction_id) < ($5, $6)';
    in_order   CONSTANT text := ' ORDER BY era %2$s, transaction_id %2$s, board_id %2$s, seq %2$s LIMIT $10';
    by_one     CONSTANT text :=
        'WHERE ((event #>> ''{actor,id}'')::bigint, era, transaction_id, board_id, seq) %1$s ($8, $1, $2, $3, $4)
           AND ((event #>> ''{actor,id}'')::bigint, era, transaction_id) < ($8, $5, $6) AND (event #>> ''{actor,id}'')::bigint >= $8
         ORDER BY (event #>> ''{actor,id}'')::bigint %2$s, era %2$s, transaction_id %2$s, board_id %2$s, seq %2$s LIMIT $10';
    of_boards  CONSTANT text :=
        'SELECT event, action, entity, created_at, era, transaction_id, board_id, seq FROM events ';
    of_users   CONSTANT text :=
        'SELECT event, ''Update'', ''user'', created_at, era, transaction_id, board_id, seq FROM user_events ';
    query      text;
    looked     bigint := 0;
    given      bigint := 0;
    size       bigint := 0;
    found_row  record;
    last_place text;
BEGIN
    IF (after_era, after_transaction) > (now_era, settled) THEN
        RETURN;
    END IF;
    IF of_board IS NOT NULL THEN
        -- On one board this order is that of seq.
        query := of_boards || settled_rows || ' AND board_id = $7 AND seq %1$s $9 ORDER BY board_id %2$s, seq %2$s LIMIT $10';
    ELSIF by_actor IS NOT NULL THEN
        -- The actor stands in the order as well, so that no plan reads what others did.
        query := format('SELECT * FROM ((%s) UNION ALL (%s)) AS log', of_boards || by_one, of_users || by_one) || in_order;
    ELSE
        query := format('SELECT * FROM ((%s) UNION ALL (%s)) AS log',
            of_boards || settled_rows || in_order, of_users || settled_rows || in_order) || in_order;
    END IF;
    IF newest THEN
        query := format(query, '<', 'DESC');
        IF after_era IS NULL THEN
            after_era := now_era;
            after_transaction := settled;
            after_board := 0;
            after_seq := 0;
        END IF;
    ELSE
        query := format(query, '>', 'ASC');
        IF after_era IS NULL THEN
            after_era := 0;
            after_transaction := '0';
            after_board := 0;
            after_seq := 0;
        END IF;
    END IF;
    OPEN page FOR EXECUTE query USING after_era, after_transaction, after_board, after_seq, now_era, settled, of_board, by_actor,
        CASE WHEN after_board = of_board THEN after_seq WHEN newest THEN 9223372036854775807 ELSE 0 END,
        -- With one more, which tells that there is more.
        1 + CASE WHEN num_nonnulls(of_action, of_entity, since, until) = 0 AND (of_board IS NULL OR by_actor IS NULL)
            THEN least(most, examined) ELSE examined END;
    LOOP
        FETCH page INTO found_row;
        IF NOT FOUND THEN
            last_place := NULL;
            EXIT;
        END IF;
        EXIT WHEN given >= most OR size >= bytes OR looked >= examined;
        looked := looked + 1;
        last_place := concat_ws('.', found_row.era, found_row.transaction_id, found_row.board_id, found_row.seq);
        CONTINUE WHEN found_row.action <> of_action OR found_row.entity <> of_entity
            OR found_row.created_at < since OR found_row.created_at >= until
            OR (of_board IS NOT NULL AND (found_row.event #>> '{actor,id}')::bigint <> by_actor);
        event := found_row.event::text;
        place := last_place;
        RETURN NEXT;
        given := given + 1;
        size := size + octet_length(event);
    END LOOP;
    CLOSE page;
    event := NULL;
    place := CASE WHEN newest OR last_place IS NULL THEN now_place ELSE last_place END;
    next := last_place;
    RETURN NEXT;
END $$;

-- A user as admins see them in an event, and with what is not of one moment.
CREATE FUNCTION user_json(who users) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT jsonb_build_object('id', who.id, 'username', who.username, 'display_name', who.display_name, 'role', who.role,
        'disabled', who.disabled, 'created_at', rfc3339(who.created_at))
$$;

CREATE FUNCTION admin_user_json(who users) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT user_json(who) || jsonb_build_object(
        'last_seen_at', rfc3339(greatest(who.last_seen_at, (
            -- In these words only `events_actor` gives that order, also of somebody who did nothing.
            SELECT created_at FROM events WHERE (event #>> '{actor,id}')::bigint BETWEEN who.id AND who.id
            ORDER BY (event #>> '{actor,id}')::bigint DESC, era DESC, transaction_id DESC, board_id DESC, seq DESC LIMIT 1))),
        'sessions', (
            SELECT count(*) FROM sessions
            WHERE user_id = who.id AND NOT who.disabled AND expires_at > now()
              AND (generation = who.token_generation OR jti = who.token_kept_jti)
              AND NOT EXISTS (SELECT FROM revoked_tokens WHERE revoked_tokens.jti = sessions.jti)))
$$;

CREATE FUNCTION check_admin(who jsonb) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM identify(who);
    IF NOT EXISTS (SELECT FROM users WHERE id = (who ->> 'user_id')::bigint AND role = 'admin') THEN
        PERFORM refuse('TB404', 'there is nothing here', '{"entity": "page"}');
    END IF;
END $$;

-- An admin gives the user of a name another role, disables or enables them: `patch` is {role?, disabled?}.
-- Whoever is disabled begins a new generation of tokens, so that none of today's counts when they are enabled
-- again. Answers the event (null where everything was so already), the user as admins see them, and whose
-- sockets are to be looked at.
CREATE TYPE user_outcome AS (event jsonb, entity jsonb, changed_user bigint);
CREATE FUNCTION user_patch(who jsonb, name text, patch jsonb) RETURNS user_outcome
LANGUAGE plpgsql AS $$
DECLARE
    outcome user_outcome;
    target  users;
    after   users;
    moment  timestamptz;
    log     user_events;
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
        IF target.role = 'admin' AND NOT target.disabled AND (after.role <> 'admin' OR after.disabled)
            AND NOT EXISTS (SELECT FROM users WHERE role = 'admin' AND NOT disabled AND id <> target.id)
        THEN
            PERFORM refuse('TBADM', 'the last admin who is not disabled has to stay one');
        END IF;
        SELECT * INTO log FROM user_events ORDER BY seq DESC LIMIT 1;
        moment := greatest(date_trunc('milliseconds', clock_timestamp()), log.created_at);
        UPDATE users SET role = after.role, disabled = after.disabled, updated_at = moment,
            token_generation = token_generation + CASE WHEN after.disabled AND NOT target.disabled THEN 1 ELSE 0 END,
            token_kept_jti = CASE WHEN after.disabled THEN NULL ELSE token_kept_jti END
        WHERE id = target.id RETURNING * INTO after;
        outcome.changed_user := target.id;
        outcome.event := jsonb_build_object('seq', coalesce(log.seq, 0) + 1, 'action', 'Update', 'entity', 'user', 'user', user_json(after),
            'changes', changes_between(user_json(target), user_json(after)),
            'actor', (SELECT jsonb_build_object('id', id, 'username', username) FROM users WHERE id = (who ->> 'user_id')::bigint),
            'timestamp', rfc3339(moment));
        INSERT INTO user_events (seq, event, created_at, era, transaction_id)
        SELECT coalesce(log.seq, 0) + 1, outcome.event, moment, meta.era,
            -- Not before the one before it, as on a board.
            greatest(pg_current_xact_id(), CASE WHEN log.era = meta.era THEN log.transaction_id END)
        FROM meta;
    END IF;
    outcome.entity := admin_user_json(after);
    RETURN outcome;
END $$;
