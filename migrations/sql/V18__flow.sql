-- How work flows over a board (docs/contract/api.md, API-ANALYTICS; docs/adr/0017), counted with each write, so
-- that a look at some days costs what these days hold and not what the board has been through. And the board as
-- it stood at a time.
--
-- Each column has running totals: a row for each task that came or went. What a range of days saw is the
-- difference between two rows, and how a day ended is one row, in any time zone. A task itself knows since when
-- it is in its column, when it was started and when finished.

-- The state of a column after a task came or went, by the time and then by number.
CREATE TABLE column_flow (
    board_id  bigint NOT NULL REFERENCES boards ON DELETE CASCADE,
    status    text COLLATE "C" NOT NULL,
    -- That of the event.
    at        timestamptz NOT NULL,
    nth       bigint NOT NULL,
    -- How many are in it.
    tasks     bigint NOT NULL,
    -- How many have ever been added to it; moved into it from another column; left it or been deleted from it.
    added     bigint NOT NULL,
    moved     bigint NOT NULL,
    ended     bigint NOT NULL,
    -- How many milliseconds those that left it or were deleted had been in it, together.
    stayed_ms bigint NOT NULL,
    PRIMARY KEY (board_id, status, at, nth)
);

-- Null in tasks of boards that are not counted yet.
ALTER TABLE tasks
    ADD COLUMN entered_at  timestamptz,
    ADD COLUMN started_at  timestamptz,
    ADD COLUMN finished_at timestamptz;
-- What was finished in a range, newest first, with what its times are made of.
CREATE INDEX tasks_finished ON tasks (board_id, finished_at) INCLUDE (id, created_at, started_at) WHERE finished_at IS NOT NULL;

-- Whether its history up to now is counted: of each new board; `migrate` counts the others, one by one.
ALTER TABLE boards ADD COLUMN flow_counted boolean NOT NULL DEFAULT false;
ALTER TABLE boards ALTER COLUMN flow_counted SET DEFAULT true;

CREATE FUNCTION milliseconds(span interval) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT (date_part('epoch', span) * 1000)::bigint $$;

-- A task that comes into a column, by being added, moved or brought back, or goes. The moment of the write is
-- its `updated_at`. Which column is the first and which the last is what the board says at that moment.
CREATE FUNCTION task_flow_keep() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    counted boolean;
    first   text;
    last    text;
    stay    bigint := milliseconds(NEW.updated_at - OLD.entered_at);
    added   integer := (TG_OP = 'INSERT')::integer;
    moved   integer := (TG_OP = 'UPDATE' AND NOT OLD.deleted AND NOT NEW.deleted)::integer;
BEGIN
    SELECT flow_counted, columns #>> '{0,key}', columns #>> '{-1,key}' INTO counted, first, last
    FROM boards WHERE id = NEW.board_id;
    IF NOT counted THEN
        RETURN NEW;
    END IF;
    INSERT INTO column_flow (board_id, status, at, nth, tasks, added, moved, ended, stayed_ms)
    SELECT NEW.board_id, change.status, NEW.updated_at, coalesce(newest.nth, 0) + 1,
        coalesce(newest.tasks, 0) + change.tasks, coalesce(newest.added, 0) + change.added,
        coalesce(newest.moved, 0) + change.moved, coalesce(newest.ended, 0) + change.ended,
        coalesce(newest.stayed_ms, 0) + change.stayed_ms
    FROM (VALUES (OLD.status, -1, 0, 0, 1, stay, TG_OP = 'UPDATE' AND NOT OLD.deleted),
                 (NEW.status, 1, added, moved, 0, 0, NOT NEW.deleted))
        AS change (status, tasks, added, moved, ended, stayed_ms, happens)
    LEFT JOIN LATERAL (
        SELECT * FROM column_flow WHERE column_flow.board_id = NEW.board_id AND column_flow.status = change.status
        ORDER BY column_flow.at DESC, column_flow.nth DESC LIMIT 1) AS newest ON true
    WHERE happens;
    IF NOT NEW.deleted THEN
        NEW.entered_at := NEW.updated_at;
    END IF;
    -- What comes back is as far as it was.
    IF added + moved > 0 THEN
        IF NEW.status = first THEN
            NEW.started_at := NULL;
        ELSIF NEW.status <> last THEN
            NEW.started_at := coalesce(NEW.started_at, NEW.updated_at);
        END IF;
        NEW.finished_at := CASE WHEN moved > 0 AND NEW.status = last AND first <> last THEN NEW.updated_at END;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER tasks_flow_added BEFORE INSERT ON tasks
FOR EACH ROW EXECUTE FUNCTION task_flow_keep();
CREATE TRIGGER tasks_flow_changed BEFORE UPDATE ON tasks
FOR EACH ROW WHEN ((OLD.status, OLD.deleted) IS DISTINCT FROM (NEW.status, NEW.deleted))
EXECUTE FUNCTION task_flow_keep();

-- Counts a board's history from its log, in place of what may be counted of it. Its writes wait meanwhile.
-- Without nested loops, which PostgreSQL takes where it has no statistics of a table yet: minutes for seconds.
CREATE FUNCTION board_flow_count(board bigint) RETURNS void
LANGUAGE plpgsql SET enable_nestloop = off AS $$
BEGIN
    PERFORM FROM boards WHERE id = board FOR NO KEY UPDATE;
    DELETE FROM column_flow WHERE board_id = board;
    WITH columns_of AS (
        SELECT 0 AS seq, origin #> '{board,columns}' AS columns FROM boards WHERE id = board
        UNION ALL
        SELECT seq, event #> '{board,columns}' FROM events WHERE board_id = board AND task_id IS NULL AND entity = 'board'
    ), ends AS (
        SELECT seq, columns #>> '{0,key}' AS first, columns #>> '{-1,key}' AS last,
            lag(ARRAY[columns #>> '{0,key}', columns #>> '{-1,key}']) OVER (ORDER BY seq) AS before
        FROM columns_of
    ), spans AS (
        SELECT seq, lead(seq, 1, 9007199254740992) OVER (ORDER BY seq) AS next, first, last
        FROM ends WHERE before IS DISTINCT FROM ARRAY[first, last]
    ), changes AS (
        SELECT seq, task_id AS task, created_at AS at, action, event #>> '{task,status}' AS status,
            coalesce(event #>> '{changes,status,0}', event #>> '{task,status}') AS old_status
        FROM events
        WHERE board_id = board AND task_id IS NOT NULL AND entity = 'task'
          AND (action IN ('Add', 'Delete') OR event #> '{changes,status}' IS NOT NULL)
    ), steps AS MATERIALIZED (
        SELECT changes.*, first, last, lag(at) OVER of_task AS since,
            -- What brings a task back starts and finishes nothing.
            action = 'Add' AND lag(at) OVER of_task IS NULL AS adds, action NOT IN ('Add', 'Delete') AS moves
        FROM changes JOIN spans ON changes.seq > spans.seq AND changes.seq < spans.next
        WINDOW of_task AS (PARTITION BY task ORDER BY changes.seq)
    ), flow AS (
        INSERT INTO column_flow (board_id, status, at, nth, tasks, added, moved, ended, stayed_ms)
        SELECT board, status, at, row_number() OVER so_far, sum(tasks) OVER so_far, sum(added) OVER so_far,
            sum(moved) OVER so_far, sum(ended) OVER so_far, sum(stayed_ms) OVER so_far
        FROM (
            SELECT seq, at, old_status AS status, -1 AS tasks, 0 AS added, 0 AS moved, 1 AS ended, milliseconds(at - since) AS stayed_ms
            FROM steps WHERE action <> 'Add'
            UNION ALL
            SELECT seq, at, status, 1, adds::integer, moves::integer, 0, 0
            FROM steps WHERE action <> 'Delete') AS each_step
        WINDOW so_far AS (PARTITION BY status ORDER BY seq)
    ), entries AS (
        SELECT *, max(seq) FILTER (WHERE (adds OR moves) AND status = first) OVER (PARTITION BY task) AS begun,
            max(seq) FILTER (WHERE moves) OVER (PARTITION BY task) AS newest
        FROM steps WHERE action <> 'Delete'
    ), known AS (
        SELECT task, max(at) AS entered_at,
            min(at) FILTER (WHERE (adds OR moves) AND status NOT IN (first, last) AND seq > coalesce(begun, 0)) AS started_at,
            max(at) FILTER (WHERE seq = newest AND status = last AND first <> last) AS finished_at
        FROM entries GROUP BY task
    )
    UPDATE tasks SET (entered_at, started_at, finished_at) = (known.entered_at, known.started_at, known.finished_at)
    FROM known WHERE board_id = board AND id = task;
    UPDATE boards SET flow_counted = true WHERE id = board;
END $$;

-- GET /api/boards/{id}/analytics: the document of API-ANALYTICS (JSON) for the days `from_day` to `to_day` in the
-- time zone `zone`; null days are the default ones. `most` is how many finished tasks it lists. Refused are
-- (TB422) what the days and the zone may not be, and (TB503) a board whose history is not counted yet.
-- Whatever PostgreSQL thinks of the tables, all that is read is found by an index, and plans that are made once
-- and not compiled do for it: to make and compile them anew takes ten times as long as to run them.
CREATE FUNCTION board_analytics(board boards, from_day date, to_day date, zone text, most bigint) RETURNS text
LANGUAGE plpgsql STABLE SET enable_seqscan = off SET plan_cache_mode = force_generic_plan SET jit = off AS $$
DECLARE
    -- As far as the clock is, or the board (board_open).
    as_of    CONSTANT timestamptz := greatest(date_trunc('milliseconds', clock_timestamp()), board.updated_at);
    today    date;
    -- When each day up to today begins, and when the last one ends.
    bounds   timestamptz[];
    first    timestamptz;
    past     timestamptz;
    keys     text[];
    names    text[];
    finishes bigint[];
    columns  json;
    days     json;
    weeks    json;
    leads    json;
    cycles   json;
    finished text;
    open     json;
BEGIN
    IF NOT board.flow_counted THEN
        PERFORM refuse('TB503', 'the history of this board is still being counted');
    END IF;
    BEGIN
        today := (as_of AT TIME ZONE zone)::date;
    EXCEPTION WHEN invalid_parameter_value THEN
        PERFORM refuse_faults(jsonb_build_array(fault('?tz', 'is not a time zone that is known here')));
    END;
    to_day := coalesce(to_day, today);
    from_day := coalesce(from_day, to_day - 29);
    IF from_day > to_day THEN
        PERFORM refuse_faults(jsonb_build_array(fault('?from', format('must not be after to, which is %s', to_day))));
    ELSIF to_day - from_day >= 731 THEN
        PERFORM refuse_faults(jsonb_build_array(fault('?from', 'must not be more than two years (731 days) before to')));
    END IF;

    -- A day begins at the first of its moments: at midnight, at the first of two, or when a midnight is left out.
    SELECT array_agg(CASE WHEN early < plain AND (early AT TIME ZONE zone)::date = day THEN early ELSE plain END ORDER BY day)
    INTO bounds
    FROM (
        SELECT from_day + n AS day, (from_day + n)::timestamp AT TIME ZONE zone AS plain,
            ((from_day + n)::timestamp - interval '12 hours') AT TIME ZONE zone + interval '12 hours' AS early
        FROM generate_series(0, greatest(least(to_day, today) - from_day + 1, 0)) AS each_day (n)) AS midnights;
    first := bounds[1];
    past := bounds[cardinality(bounds)];

    WITH RECURSIVE kept AS (
        (SELECT status FROM column_flow WHERE board_id = board.id ORDER BY status LIMIT 1)
        UNION ALL
        SELECT (SELECT status FROM column_flow WHERE board_id = board.id AND status > kept.status ORDER BY status LIMIT 1)
        FROM kept WHERE kept.status IS NOT NULL
    ), shown AS (
        SELECT entry ->> 'key' AS key, entry ->> 'name' AS name, nth FROM jsonb_array_elements(board.columns) WITH ORDINALITY AS each_column (entry, nth)
        UNION ALL
        SELECT kept.status, NULL, NULL FROM kept
        LEFT JOIN LATERAL (
            SELECT nth, tasks FROM column_flow WHERE board_id = board.id AND column_flow.status = kept.status AND at < first
            ORDER BY at DESC, nth DESC LIMIT 1) AS before ON true
        CROSS JOIN LATERAL (
            SELECT nth FROM column_flow WHERE board_id = board.id AND column_flow.status = kept.status AND at < past
            ORDER BY at DESC, nth DESC LIMIT 1) AS after
        WHERE NOT board.columns @> jsonb_build_array(jsonb_build_object('key', kept.status))
          AND (before.tasks > 0 OR after.nth > coalesce(before.nth, 0))
    )
    SELECT array_agg(key ORDER BY nth, key), array_agg(name ORDER BY nth, key) INTO keys, names FROM shown;

    WITH done AS MATERIALIZED (
        SELECT id, finished_at, greatest(milliseconds(finished_at - created_at), 0) AS lead, milliseconds(finished_at - started_at) AS cycle
        FROM tasks WHERE board_id = board.id AND finished_at >= first AND finished_at < past
    ), times AS (
        SELECT count(lead) AS all_leads, percentile_disc(ARRAY[0.5, 0.85, 0.95]) WITHIN GROUP (ORDER BY lead) AS lead,
            count(cycle) AS all_cycles, percentile_disc(ARRAY[0.5, 0.85, 0.95]) WITHIN GROUP (ORDER BY cycle) AS cycle
        FROM done
    ), newest AS (
        SELECT * FROM done ORDER BY done.finished_at DESC, id DESC LIMIT most
    ), of_day AS (
        SELECT width_bucket(finished_at, bounds) AS nth, count(*) AS count FROM done GROUP BY 1
    )
    SELECT json_build_object('count', all_leads, 'p50_ms', lead[1], 'p85_ms', lead[2], 'p95_ms', lead[3]),
        json_build_object('count', all_cycles, 'p50_ms', cycle[1], 'p85_ms', cycle[2], 'p95_ms', cycle[3]),
        -- A thousand of them by json_agg would take longer than all the rest.
        (SELECT string_agg(concat('{"task_id":', id, ',"finished_at":"', rfc3339(newest.finished_at),
            '","lead_ms":', lead, ',"cycle_ms":', coalesce(cycle::text, 'null'), '}'), ',') FROM newest),
        ARRAY(SELECT coalesce(count, 0) FROM generate_series(1, cardinality(bounds) - 1) AS each_day (nth) LEFT JOIN of_day USING (nth) ORDER BY nth)
    INTO leads, cycles, finished, finishes FROM times;

    WITH state AS MATERIALIZED (
        SELECT place, nth, coalesce(tasks, 0) AS tasks, coalesce(added, 0) AS added, coalesce(moved, 0) AS moved,
            coalesce(ended, 0) AS ended, coalesce(stayed_ms, 0) AS stayed_ms
        FROM unnest(keys) WITH ORDINALITY AS each_column (key, place)
        CROSS JOIN unnest(bounds) WITH ORDINALITY AS each_bound (bound, nth)
        LEFT JOIN LATERAL (
            SELECT tasks, added, moved, ended, stayed_ms FROM column_flow
            WHERE board_id = board.id AND status = key AND at < bound ORDER BY at DESC, column_flow.nth DESC LIMIT 1) AS flow ON true
    ), whole AS (
        SELECT place, max(ended) - min(ended) AS stays, max(stayed_ms) - min(stayed_ms) AS stayed_ms FROM state GROUP BY place
    ), column_rows AS (
        SELECT keys[place] AS key, names[place] AS name, stays, stayed_ms / nullif(stays, 0) AS mean_stay_ms
        FROM whole ORDER BY place
    ), board_state AS (
        SELECT nth, sum(added) AS added, sum(moved) AS moved, json_agg(tasks ORDER BY place) AS tasks FROM state GROUP BY nth
    ), day_rows AS (
        SELECT from_day + (nth - 2)::integer AS date, added - lag(added) OVER in_order AS added, moved - lag(moved) OVER in_order AS moved,
            finishes[nth - 1] AS finished, tasks
        FROM board_state WINDOW in_order AS (ORDER BY nth) ORDER BY nth OFFSET 1
    )
    SELECT (SELECT json_agg(column_rows) FROM column_rows), (SELECT coalesce(json_agg(day_rows), '[]') FROM day_rows)
    INTO columns, days;

    WITH week_rows AS (
        SELECT date_trunc('week', (from_day + nth::integer - 1)::timestamp)::date AS monday, count(*) AS days, sum(count) AS finished
        FROM unnest(finishes) WITH ORDINALITY AS each_day (count, nth) GROUP BY 1 ORDER BY 1
    )
    SELECT coalesce(json_agg(week_rows), '[]') INTO weeks FROM week_rows;

    WITH column_rows AS (
        SELECT entry ->> 'key' AS key, coalesce(there.count, 0) AS count, coalesce(there.tasks, '[]') AS tasks
        FROM jsonb_array_elements(board.columns) WITH ORDINALITY AS each_column (entry, nth)
        CROSS JOIN LATERAL (
            SELECT max(ranked.count) AS count, json_agg(json_build_object(
                'id', id, 'title', title, 'created_at', rfc3339(created_at), 'started_at', rfc3339(started_at), 'entered_at', rfc3339(entered_at)) ORDER BY rank) AS tasks
            FROM (
                SELECT id, title, created_at, started_at, entered_at, count(*) OVER (),
                    row_number() OVER (ORDER BY coalesce(started_at, created_at), id) AS rank
                FROM tasks WHERE board_id = board.id AND status = entry ->> 'key' AND NOT deleted) AS ranked
            WHERE rank <= 100) AS there
        WHERE nth < jsonb_array_length(board.columns) OR nth = 1
        ORDER BY nth
    )
    SELECT json_agg(column_rows) INTO open FROM column_rows;

    RETURN concat(rtrim(json_build_object(
        'from', from_day, 'to', to_day, 'time_zone', zone, 'as_of', rfc3339(as_of), 'seq', board.seq,
        'columns', columns, 'days', days, 'weeks', weeks, 'lead_time', leads, 'cycle_time', cycles, 'open', open)::text, '}'),
        ',"finished":[', finished, ']}');
END $$;

-- The newest event of a board that is not later than a moment: its seq, 0 before the first, null before the board
-- was made. Times never go backwards along `seq`, so it is looked for by halves.
CREATE FUNCTION board_seq_at(board bigint, moment timestamptz) RETURNS bigint
LANGUAGE plpgsql STABLE STRICT AS $$
DECLARE
    low    bigint := 0;
    high   bigint;
    middle bigint;
BEGIN
    SELECT seq INTO high FROM boards WHERE id = board AND created_at <= moment;
    WHILE low < high LOOP
        middle := (low + high + 1) / 2;
        IF (SELECT created_at FROM events WHERE board_id = board AND seq = middle) <= moment THEN
            low := middle;
        ELSE
            high := middle - 1;
        END IF;
    END LOOP;
    RETURN CASE WHEN high IS NOT NULL THEN low END;
END $$;
