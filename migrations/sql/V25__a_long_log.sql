-- What a log of ten million events showed (docs/scaling.md): what took the longer the longer the log was, or the more
-- people there were, without being asked for more.

-- These forbid nested loops, and where one is needed all the same its price is 10,000,000,000: PostgreSQL then
-- compiled the whole plan, which took two seconds a board or import, and what was computed ten milliseconds.
ALTER FUNCTION board_flow_count(bigint) SET jit = off;
ALTER FUNCTION import_events(write_context, bigint) SET jit = off;
ALTER FUNCTION import_counts(bigint) SET jit = off;

-- A board as it stood right after event `at` (0: before the first), told by the log alone: each thing is as its newest
-- event up to there left it; a task as the newest that carries it whole, with what the newest comment after that
-- changed of it. Each task's events are looked up by themselves: to group all of the board's took as long as its
-- history was.
CREATE OR REPLACE FUNCTION board_document_at(board boards, at bigint) RETURNS jsonb
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
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
                FROM tasks
                -- In these words only `events_task` gives that order.
                CROSS JOIN LATERAL (
                    SELECT event FROM events
                    WHERE board_id = board.id AND task_id BETWEEN tasks.id AND tasks.id AND seq <= at
                    ORDER BY board_id DESC, task_id DESC, seq DESC LIMIT 1) AS newest
                CROSS JOIN LATERAL (
                    SELECT event, entity, action FROM events
                    WHERE board_id = board.id AND task_id BETWEEN tasks.id AND tasks.id AND seq <= at
                      AND (entity = 'task' OR event ? 'task')
                    ORDER BY board_id DESC, task_id DESC, seq DESC LIMIT 1) AS whole
                WHERE tasks.board_id = board.id AND NOT (whole.entity = 'task' AND whole.action = 'Delete')) AS there
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

-- What admins find a user by. Folded with each look, 100,000 users took a second and a half.
ALTER TABLE users ADD COLUMN folded text COLLATE "C";
CREATE FUNCTION user_fold() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    NEW.folded := search_fold(NEW.username || ' ' || NEW.display_name);
    RETURN NEW;
END $$;
CREATE TRIGGER users_folded BEFORE INSERT OR UPDATE OF username, display_name ON users
FOR EACH ROW EXECUTE FUNCTION user_fold();
UPDATE users SET folded = search_fold(username || ' ' || display_name);
ALTER TABLE users ALTER COLUMN folded SET NOT NULL;

-- Where in the order of all events those begin that are not older than a moment; where nothing is settled yet if there
-- are none. Looked for by halves, as on a board. Along this order times go forward but for what was written side by
-- side, or by a clock that was set back.
CREATE FUNCTION activity_at(moment timestamptz, OUT at_era integer, OUT at_transaction xid8)
LANGUAGE plpgsql STABLE SET enable_seqscan = off SET jit = off AS $$
DECLARE
    early  record;
    low    bigint;
    high   bigint;
    middle bigint;
BEGIN
    SELECT era, pg_snapshot_xmin(pg_current_snapshot()) INTO at_era, at_transaction FROM meta;
    FOR each_era IN REVERSE at_era..0 LOOP
        SELECT transaction_id::text::bigint AS number, created_at INTO early FROM events
        WHERE era = each_era ORDER BY era, transaction_id, board_id, seq LIMIT 1;
        CONTINUE WHEN NOT FOUND;
        IF early.created_at < moment THEN
            low := early.number;
            SELECT transaction_id::text::bigint + 1 INTO high FROM events
            WHERE era = each_era ORDER BY era DESC, transaction_id DESC, board_id DESC, seq DESC LIMIT 1;
            middle := high;
            WHILE high - low > 1 LOOP
                middle := (low + high) / 2;
                SELECT transaction_id::text::bigint AS number, created_at INTO early FROM events
                WHERE era = each_era AND transaction_id >= middle::text::xid8
                ORDER BY era, transaction_id, board_id, seq LIMIT 1;
                IF early.created_at < moment THEN
                    low := early.number;
                ELSE
                    high := middle;
                END IF;
            END LOOP;
            IF EXISTS (SELECT FROM events WHERE era = each_era AND transaction_id >= high::text::xid8) THEN
                at_era := each_era;
                at_transaction := high::text::xid8;
            END IF;
            RETURN;
        END IF;
        at_era := each_era;
        at_transaction := early.number::text::xid8;
    END LOOP;
END $$;

-- A page of the activity as `activity_page` gives it, where times are asked for: what lies before or behind them is not
-- looked at. A page from a year ago was to be had only through all the pages since. An hour is added on both sides
-- for clocks (docs/contract/api.md, API-ACTIVITY); on a board times never go backwards.
CREATE FUNCTION activity_of_time(
    after_era integer, after_transaction xid8, after_board bigint, after_seq bigint, newest boolean,
    by_actor bigint, of_board bigint, of_action text, of_entity text, since timestamptz, until timestamptz,
    most bigint, bytes bigint, examined bigint
) RETURNS TABLE (event text, place text, next text)
LANGUAGE plpgsql STABLE AS $$
DECLARE
    -- The first and the last place that can have what is asked for, the latter not included.
    early record;
    late  record;
    start record;
BEGIN
    IF of_board IS NOT NULL THEN
        SELECT era, transaction_id, board_id, seq INTO early FROM events
        WHERE board_id = of_board AND seq = board_seq_at(of_board, since - interval '1 microsecond');
        SELECT era, transaction_id, board_id, seq INTO late FROM events
        WHERE board_id = of_board AND seq = coalesce(board_seq_at(of_board, until - interval '1 microsecond'), 0) + 1 AND until IS NOT NULL;
    ELSE
        SELECT at_era AS era, at_transaction AS transaction_id, 0::bigint AS board_id, 0::bigint AS seq INTO early
        FROM activity_at(since - interval '1 hour') WHERE since IS NOT NULL;
        SELECT at_era AS era, at_transaction AS transaction_id, 0::bigint AS board_id, 0::bigint AS seq INTO late
        FROM activity_at(until + interval '1 hour') WHERE until IS NOT NULL;
    END IF;
    start := CASE WHEN newest THEN late ELSE early END;
    -- A cursor that lies within stays, and so does one of a lost future, which is refused.
    IF start.era IS NOT NULL AND (after_era IS NULL OR (
        (after_era, after_transaction) <= (SELECT era, pg_snapshot_xmin(pg_current_snapshot()) FROM meta)
        AND CASE WHEN newest THEN (after_era, after_transaction, after_board, after_seq) > (start.era, start.transaction_id, start.board_id, start.seq)
            ELSE (after_era, after_transaction, after_board, after_seq) < (start.era, start.transaction_id, start.board_id, start.seq) END))
    THEN
        after_era := start.era;
        after_transaction := start.transaction_id;
        after_board := start.board_id;
        after_seq := start.seq;
    END IF;
    FOR event, place, next IN
        SELECT * FROM activity_page(after_era, after_transaction, after_board, after_seq, newest,
            by_actor, of_board, of_action, of_entity, since, until, most, bytes, examined)
    LOOP
        IF next IS NOT NULL THEN
            SELECT part[1]::integer AS era, part[2]::xid8 AS transaction_id, part[3]::bigint AS board_id, part[4]::bigint AS seq
            INTO start FROM string_to_array(next, '.') AS each_part (part);
            IF (CASE WHEN newest THEN (start.era, start.transaction_id, start.board_id, start.seq) <= (early.era, early.transaction_id, early.board_id, early.seq)
                ELSE (start.era, start.transaction_id, start.board_id, start.seq) >= (late.era, late.transaction_id, late.board_id, late.seq) END)
            THEN
                next := NULL;
            END IF;
        END IF;
        RETURN NEXT;
    END LOOP;
END $$;
