-- What a member can fill is bounded: events of comments are slim, pages of events end by bytes as well as
-- by number, an import's events have a budget, and a user's writes a rate.

-- What a comment changes of its task. Its event carries this and not the task, which may be a hundred
-- times as long as the comment; whoever has the task puts these in.
CREATE FUNCTION counted_task_json(task tasks) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT jsonb_build_object('id', task.id, 'comment_count', task.comment_count, 'version', task.version,
        'updated_at', rfc3339(task.updated_at))
$$;

-- The outcome of a change of a comment. Events from before this migration carry the whole `task`.
CREATE OR REPLACE FUNCTION comment_outcome(
    context write_context, after boards, action text, comment comments, task tasks, changes jsonb DEFAULT '{}', undone bigint DEFAULT NULL
) RETURNS write_outcome
LANGUAGE plpgsql AS $$
DECLARE
    event jsonb := event_append(context, after, 'comment', action,
        jsonb_build_object('comment', comment_json(comment), 'task_patch', counted_task_json(task)), changes, task.id, undone);
BEGIN
    RETURN (event, event -> 'comment', false);
END $$;

-- The same as it stood right after event `at` (0: before the first), told by the log alone: each
-- thing is as its newest event up to there left it; a task as the newest that carries it whole, with what
-- the newest comment after that changed of it.
CREATE OR REPLACE FUNCTION board_document_at(board boards, at bigint) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
DECLARE
    document jsonb;
BEGIN
    SELECT event -> 'board' INTO document FROM events
    WHERE board_id = board.id AND task_id IS NULL AND entity = 'board' AND seq <= at
    ORDER BY seq DESC LIMIT 1;
    document := coalesce(document, board.origin -> 'board') || jsonb_build_object(
        'seq', at,
        'epoch', (SELECT epoch FROM meta),
        'updated_at', rfc3339(coalesce((SELECT created_at FROM events WHERE board_id = board.id AND seq = at), board.created_at)));
    RETURN document || jsonb_build_object(
        'tasks', coalesce((
            SELECT jsonb_agg(task ORDER BY nth, task ->> 'position' COLLATE "C")
            FROM (
                SELECT whole.event -> 'task' || coalesce(newest.event -> 'task_patch', '{}') AS task
                FROM (
                    SELECT task_id, max(seq) AS newest_seq, max(seq) FILTER (WHERE entity = 'task' OR event ? 'task') AS whole_seq
                    FROM events WHERE board_id = board.id AND task_id IS NOT NULL AND seq <= at GROUP BY task_id) AS known
                JOIN events AS whole ON whole.board_id = board.id AND whole.seq = whole_seq
                JOIN events AS newest ON newest.board_id = board.id AND newest.seq = newest_seq
                WHERE NOT (whole.entity = 'task' AND whole.action = 'Delete')) AS there
            JOIN jsonb_array_elements(document -> 'columns') WITH ORDINALITY AS each_column (entry, nth)
              ON task ->> 'status' = entry ->> 'key'), '[]'),
        'members', coalesce((
            SELECT jsonb_agg(member ORDER BY id)
            FROM (
                SELECT DISTINCT ON (id) id, member, gone
                FROM (
                    SELECT (event #>> '{member,id}')::bigint AS id, event -> 'member' AS member, action = 'Delete' AS gone, seq
                    FROM events WHERE board_id = board.id AND task_id IS NULL AND entity = 'member' AND seq <= at
                    UNION ALL
                    SELECT (value ->> 'id')::bigint, value, false, 0 FROM jsonb_array_elements(board.origin -> 'members')
                ) AS known
                ORDER BY id, seq DESC) AS newest
            WHERE NOT gone), '[]'));
END $$;

-- A board's events after a seq, oldest first, of one task or (null) of all: at most `most` of them, and
-- none after those that together have `bytes` bytes. Hence at least one where there is one. Each is only
-- unpacked when its turn comes, so that nothing is built that is not answered.
CREATE FUNCTION events_after(board bigint, task bigint, after bigint, most bigint, bytes bigint) RETURNS TABLE (seq bigint, event text)
LANGUAGE plpgsql STABLE AS $$
DECLARE
    page        refcursor;
    found_event jsonb;
    nth         bigint := 0;
    size        bigint := 0;
BEGIN
    IF task IS NULL THEN
        OPEN page FOR SELECT events.seq, events.event FROM events
            WHERE board_id = board AND events.seq > after ORDER BY events.seq;
    ELSE
        OPEN page FOR SELECT events.seq, events.event FROM events
            WHERE board_id = board AND task_id = task AND events.seq > after ORDER BY events.seq;
    END IF;
    WHILE nth < most AND size < bytes LOOP
        FETCH page INTO seq, found_event;
        EXIT WHEN NOT FOUND;
        event := found_event::text;
        RETURN NEXT;
        nth := nth + 1;
        size := size + octet_length(event);
    END LOOP;
    CLOSE page;
END $$;

-- A board's newest events, the newest first: as many as `events_after` would give.
CREATE FUNCTION events_newest(board bigint, most bigint, bytes bigint) RETURNS TABLE (seq bigint, event text)
LANGUAGE plpgsql STABLE AS $$
DECLARE
    page        CURSOR FOR SELECT events.seq, events.event FROM events WHERE board_id = board ORDER BY events.seq DESC;
    found_event jsonb;
    nth         bigint := 0;
    size        bigint := 0;
BEGIN
    OPEN page;
    WHILE nth < most AND size < bytes LOOP
        FETCH page INTO seq, found_event;
        EXIT WHEN NOT FOUND;
        event := found_event::text;
        RETURN NEXT;
        nth := nth + 1;
        size := size + octet_length(event);
    END LOOP;
    CLOSE page;
END $$;

-- How far a user's writes are ahead of the rate that they may have: until then they are paid for. Counted
-- here, because every write comes here and only once, and without a word to the disk: after a crash
-- everybody begins anew.
CREATE UNLOGGED TABLE write_rates (
    user_id    bigint PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    paid_until timestamptz NOT NULL
) WITH (fillfactor = 50);

-- Refuses (TB429) who has written too much lately: `who.writes` is {burst, per_second}; without it there
-- is no limit. Takes no lock, so that nobody's write waits for another's.
CREATE FUNCTION check_write_rate(who jsonb, asker bigint) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    seconds double precision := 1 / (who #>> '{writes,per_second}')::double precision;
    ahead   double precision;
BEGIN
    -- For `charge_write`, at the end of the same transaction.
    PERFORM set_config('taskboard.seconds_a_write', coalesce(seconds::text, ''), true);
    IF seconds IS NOT NULL THEN
        SELECT extract(epoch FROM paid_until - clock_timestamp()) INTO ahead FROM write_rates WHERE user_id = asker;
        ahead := ahead - seconds * ((who #>> '{writes,burst}')::double precision - 1);
        IF ahead > 0 THEN
            PERFORM refuse('TB429', 'you have changed too much in too short a time', jsonb_build_object('retry_after', ceil(ahead)::bigint));
        END IF;
    END IF;
END $$;

-- Counts a write that made events of so many bytes: as one, and one more for each 64 KiB. The last thing
-- that a write does, because it locks the user's row until the transaction ends.
CREATE FUNCTION charge_write(asker bigint, bytes bigint) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    price interval := make_interval(secs => nullif(current_setting('taskboard.seconds_a_write', true), '')::double precision * (1 + bytes / 65536));
BEGIN
    IF price IS NOT NULL THEN
        INSERT INTO write_rates VALUES (asker, clock_timestamp() + price)
        ON CONFLICT (user_id) DO UPDATE SET paid_until = greatest(write_rates.paid_until, clock_timestamp()) + price;
    END IF;
END $$;

-- The user behind `who`: {user_id, generation, jti} of a token whose signature and expiry were
-- checked; without `jti` the caller vouches for the user. Refused (TB401) are users unknown or
-- disabled, and tokens that were revoked, by themselves or with all of their generation; and (TB429) who
-- writes too much.
CREATE OR REPLACE FUNCTION identify(who jsonb, OUT user_id bigint, OUT username text)
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
    PERFORM check_write_rate(who, found_user.id);
    user_id := found_user.id;
    username := found_user.username;
END $$;

-- Writes the event that makes `after` of the context's board, and the board with it. `content` are
-- the event's entities; of a board event without content it is the board itself. Every write ends
-- here, once, and is counted; the answer is the event.
CREATE OR REPLACE FUNCTION event_append(
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
    PERFORM charge_write(context.user_id, octet_length(appended::text));
    RETURN appended;
END $$;

-- POST /api/boards: {name, description?, columns?}. No event: `event` is NULL.
CREATE OR REPLACE FUNCTION board_create(who jsonb, request jsonb, request_key text DEFAULT NULL, request_fingerprint text DEFAULT NULL) RETURNS write_outcome
LANGUAGE plpgsql AS $$
DECLARE
    owner   record;
    made    boards;
    outcome write_outcome;
BEGIN
    -- There is no board to lock yet: requests of one user take turns, or a key could count twice.
    PERFORM FROM users WHERE id = (who ->> 'user_id')::bigint FOR NO KEY UPDATE;
    SELECT * INTO owner FROM identify(who);
    outcome := answer_recall(0, owner.user_id, request_key, request_fingerprint);
    IF outcome.replayed THEN
        RETURN outcome;
    END IF;
    made := board_insert(owner.user_id, owner.username, request, date_trunc('milliseconds', clock_timestamp()));
    outcome := (NULL::jsonb, board_json(made) || '{"role": "owner"}', false);
    PERFORM answer_keep(0, owner.user_id, request_key, request_fingerprint, outcome);
    PERFORM charge_write(owner.user_id, 0);
    RETURN outcome;
END $$;

-- The events of an import: the tasks by id, then the comments by id. One statement, because writing
-- the board's row once for each of thousands would leave as many dead versions of it behind. Refused
-- (TB422) where they have more than 32 MiB together.
CREATE OR REPLACE FUNCTION import_events(context write_context, task_count bigint) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    most CONSTANT bigint := 32 * 1024 * 1024;
    bytes bigint;
BEGIN
    WITH appended AS (
        INSERT INTO events (board_id, seq, event, entity, action, task_id, created_at, era, transaction_id)
        SELECT tasks.board_id, id, event_json(context, id, 'task', 'Add', jsonb_build_object('task', task_json(tasks))),
            'task', 'Add', id, context.moment, (SELECT era FROM meta), pg_current_xact_id()
        FROM tasks WHERE tasks.board_id = (context.board).id
        UNION ALL
        SELECT comments.board_id, task_count + comments.id,
            event_json(context, task_count + comments.id, 'comment', 'Add', jsonb_build_object(
                'comment', comment_json(comments),
                'task_patch', jsonb_build_object('id', task_id, 'comment_count', nth, 'version', 1 + nth, 'updated_at', rfc3339(context.moment)))),
            'comment', 'Add', task_id, context.moment, (SELECT era FROM meta), pg_current_xact_id()
        FROM (SELECT id AS nth_id, row_number() OVER (PARTITION BY task_id ORDER BY id) AS nth FROM comments WHERE board_id = (context.board).id) AS counted
        JOIN comments ON comments.board_id = (context.board).id AND comments.id = nth_id
        RETURNING octet_length(event::text) AS size
    )
    SELECT coalesce(sum(size), 0) INTO bytes FROM appended;
    IF bytes > most THEN
        PERFORM refuse_faults(jsonb_build_array(fault('', format('would make a history of %s bytes; %s are possible', bytes, most))));
    END IF;
    PERFORM charge_write(context.user_id, bytes);
END $$;
