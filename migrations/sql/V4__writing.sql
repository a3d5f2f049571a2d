-- What every write function needs: who is asking, the board's lock, refusals, the event, and the
-- memory of answers.
--
-- Each write is one call, because a function must never hold a transaction open between two
-- requests to the server, and is decided under the board's lock, because in READ COMMITTED only a
-- statement that starts after the lock was taken sees what others committed before. The codes of
-- refusals are tabled in the README beside these files.

-- What a write answers: the event (NULL when everything was already so), the entity as the caller
-- gets it, and whether both are a remembered answer.
CREATE TYPE write_outcome AS (event jsonb, entity jsonb, replayed boolean);

-- A board that this transaction has locked, by whom, and the moment of the write.
CREATE TYPE write_context AS (board boards, role text, user_id bigint, username text, moment timestamptz);

-- Ends the transaction with one of our own codes and its details for the problem document.
CREATE FUNCTION refuse(code text, message text, detail jsonb DEFAULT '{}') RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = code, MESSAGE = message, DETAIL = detail::text;
END $$;

CREATE FUNCTION refuse_missing(entity text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM refuse('TB404', format('there is no such %s', entity), jsonb_build_object('entity', entity));
END $$;

-- Each fault is an object {pointer, detail}; with none, nothing happens.
CREATE FUNCTION refuse_faults(faults jsonb) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF jsonb_array_length(faults) > 0 THEN
        PERFORM refuse('TB422', 'fields are not acceptable', jsonb_build_object('errors', faults));
    END IF;
END $$;

CREATE FUNCTION fault(pointer text, detail text) RETURNS jsonb
LANGUAGE sql IMMUTABLE AS $$ SELECT jsonb_build_object('pointer', pointer, 'detail', detail) $$;

-- If-Match: NULL where the request had none, else the versions that it names (maybe none).
CREATE FUNCTION check_version(current bigint, if_match bigint[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF if_match IS NOT NULL AND NOT current = ANY (if_match) THEN
        PERFORM refuse('TB412', format('somebody else changed it: it has version %s now', current), jsonb_build_object('version', current));
    END IF;
END $$;

-- RFC 3339 in UTC with milliseconds and Z.
CREATE FUNCTION rfc3339(moment timestamptz) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') $$;

-- The entities as api.md shapes them. A board's `role` is the reader's, so it is added where one
-- reads; an event is the same for all.
CREATE FUNCTION board_json(board boards) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT jsonb_build_object('id', board.id, 'epoch', (SELECT epoch FROM meta), 'name', board.name,
        'description', board.description, 'columns', board.columns, 'seq', board.seq, 'version', board.version,
        'archived', board.archived, 'created_at', rfc3339(board.created_at), 'updated_at', rfc3339(board.updated_at))
$$;

CREATE FUNCTION member_json(member board_members, username text) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT jsonb_build_object('id', member.user_id, 'username', username, 'role', member.role,
        'created_at', rfc3339(member.created_at), 'updated_at', rfc3339(member.updated_at))
$$;

CREATE FUNCTION task_json(task tasks) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT jsonb_build_object('id', task.id, 'board_id', task.board_id, 'title', task.title,
        'description', task.description, 'status', task.status, 'position', task.position,
        'assigned_to', task.assigned_to, 'labels', task.labels, 'due_at', rfc3339(task.due_at),
        'fields', task.fields, 'comment_count', task.comment_count, 'created_by', task.created_by,
        'version', task.version, 'created_at', rfc3339(task.created_at), 'updated_at', rfc3339(task.updated_at))
$$;

CREATE FUNCTION comment_json(comment comments) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT jsonb_build_object('id', comment.id, 'board_id', comment.board_id, 'task_id', comment.task_id,
        'body', comment.body, 'created_by', comment.created_by, 'version', comment.version,
        'created_at', rfc3339(comment.created_at), 'updated_at', rfc3339(comment.updated_at))
$$;

-- What differs, as {field: [old, new]}. What follows from any change is left out.
CREATE FUNCTION changes_between(before jsonb, after jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(jsonb_object_agg(key, jsonb_build_array(before -> key, after -> key)), '{}')
    FROM jsonb_object_keys(after) AS each_key (key)
    WHERE before -> key IS DISTINCT FROM after -> key
      AND key NOT IN ('version', 'seq', 'created_at', 'updated_at', 'comment_count')
$$;

-- The user behind `who`: {user_id, generation, jti} of a token whose signature and expiry were
-- checked; without `jti` the caller vouches for the user. Refused (TB401) are users unknown or
-- disabled, and tokens that were revoked, by themselves or with all of their generation.
CREATE FUNCTION identify(who jsonb, OUT user_id bigint, OUT username text)
LANGUAGE plpgsql AS $$
DECLARE
    found_user users;
BEGIN
    SELECT * INTO found_user FROM users WHERE id = (who ->> 'user_id')::bigint;
    IF NOT FOUND THEN
        PERFORM refuse('TB401', 'the user of this token is unknown', '{"reason": "unknown"}');
    ELSIF found_user.disabled THEN
        PERFORM refuse('TB401', 'this user is disabled', '{"reason": "disabled"}');
    ELSIF who ? 'jti' AND (
        EXISTS (SELECT FROM revoked_tokens WHERE jti = who ->> 'jti')
        OR (found_user.token_generation IS DISTINCT FROM (who ->> 'generation')::bigint
            AND found_user.token_kept_jti IS DISTINCT FROM who ->> 'jti'))
    THEN
        PERFORM refuse('TB401', 'this token has been revoked', '{"reason": "revoked"}');
    END IF;
    user_id := found_user.id;
    username := found_user.username;
END $$;

CREATE FUNCTION role_rank(role text) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT array_position(ARRAY['viewer', 'editor', 'owner'], role) $$;

CREATE FUNCTION check_role(context write_context, needed text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF role_rank(context.role) < role_rank(needed) THEN
        PERFORM refuse('TB403', format('this needs the role %s', needed), jsonb_build_object('role', context.role, 'needed', needed));
    END IF;
END $$;

-- Locks the board, then finds out who is asking and whether they may: whoever is no member is told
-- that there is no such board. `in_trash` opens boards that were deleted less than 30 days ago, too.
CREATE FUNCTION board_open(who jsonb, board bigint, needed text, in_trash boolean DEFAULT false) RETURNS write_context
LANGUAGE plpgsql AS $$
DECLARE
    context write_context;
    locked  boards;
BEGIN
    SELECT * INTO locked FROM boards WHERE id = board FOR NO KEY UPDATE;
    SELECT * INTO context.user_id, context.username FROM identify(who);
    SELECT role INTO context.role FROM board_members WHERE board_id = locked.id AND user_id = context.user_id;
    IF NOT FOUND OR (locked.deleted_at IS NOT NULL AND NOT (in_trash AND locked.deleted_at > clock_timestamp() - interval '30 days')) THEN
        PERFORM refuse_missing('board');
    END IF;
    PERFORM check_role(context, needed);
    context.board := locked;
    -- A clock that was set back must not turn the history around.
    context.moment := greatest(date_trunc('milliseconds', clock_timestamp()), locked.updated_at);
    RETURN context;
END $$;

-- The event as it is stored and sent (api.md, Events).
CREATE FUNCTION event_json(context write_context, number bigint, kind text, action text, content jsonb, changes jsonb DEFAULT '{}', undone bigint DEFAULT NULL) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('board_id', (context.board).id, 'seq', number, 'action', action, 'entity', kind,
            'actor', jsonb_build_object('id', context.user_id, 'username', context.username),
            'timestamp', rfc3339(context.moment))
        || content
        || CASE WHEN changes = '{}' THEN '{}' ELSE jsonb_build_object('changes', changes) END
        || CASE WHEN undone IS NULL THEN '{}' ELSE jsonb_build_object('undoes', undone) END
$$;

-- Writes the event that makes `after` of the context's board, and the board with it. `content` are
-- the event's entities; of a board event without content it is the board itself. Every write ends
-- here, once; the answer is the event.
CREATE FUNCTION event_append(
    context write_context, after boards, kind text, action text,
    content jsonb DEFAULT NULL, changes jsonb DEFAULT '{}', task bigint DEFAULT NULL, undone bigint DEFAULT NULL
) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    appended jsonb;
BEGIN
    after.seq := (context.board).seq + 1;
    after.updated_at := context.moment;
    after.transaction_id := greatest(pg_current_xact_id(), (context.board).transaction_id);
    IF kind = 'board' THEN
        UPDATE boards SET (name, description, columns, archived, deleted_at, seq, version, updated_at, transaction_id)
            = (after.name, after.description, after.columns, after.archived, after.deleted_at, after.seq, after.version, after.updated_at, after.transaction_id)
        WHERE id = after.id;
        content := coalesce(content, jsonb_build_object('board', board_json(after)));
    ELSE
        UPDATE boards SET (next_task_id, next_comment_id, seq, updated_at, transaction_id)
            = (after.next_task_id, after.next_comment_id, after.seq, after.updated_at, after.transaction_id)
        WHERE id = after.id;
    END IF;
    appended := event_json(context, after.seq, kind, action, content, changes, undone);
    INSERT INTO events (board_id, seq, event, entity, action, task_id, created_at, era, transaction_id)
    VALUES (after.id, after.seq, appended, kind, event_append.action, task, context.moment, (SELECT era FROM meta), after.transaction_id);
    RETURN appended;
END $$;

-- The remembered answer to a POST with this key, if there is one: its `replayed` is true.
CREATE FUNCTION answer_recall(board bigint, asker bigint, request_key text, request_fingerprint text) RETURNS write_outcome
LANGUAGE plpgsql AS $$
DECLARE
    kept    idempotency_keys;
    outcome write_outcome;
BEGIN
    IF request_key IS NULL THEN
        RETURN outcome;
    END IF;
    SELECT * INTO kept FROM idempotency_keys
    WHERE board_id = board AND user_id = asker AND key = request_key
      AND created_at > clock_timestamp() - interval '24 hours';
    IF NOT FOUND THEN
        RETURN outcome;
    ELSIF kept.fingerprint <> request_fingerprint THEN
        PERFORM refuse('TBIDK', 'this Idempotency-Key was used for another request');
    END IF;
    RETURN (kept.event, kept.entity, true);
END $$;

-- Remembers an answer; one of the same key that is still there is over 24 hours old.
CREATE FUNCTION answer_keep(board bigint, asker bigint, request_key text, request_fingerprint text, outcome write_outcome) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF request_key IS NOT NULL THEN
        INSERT INTO idempotency_keys (board_id, user_id, key, fingerprint, event, entity)
        VALUES (board, asker, request_key, request_fingerprint, outcome.event, outcome.entity)
        ON CONFLICT (board_id, user_id, key) DO UPDATE
        SET (fingerprint, event, entity, created_at) = (excluded.fingerprint, excluded.event, excluded.entity, excluded.created_at);
    END IF;
END $$;
