-- What admins and members look at often, in half of PostgreSQL's time (docs/performance.md).

-- As before, but the logs of all boards and people, which is what is looked at, are read by plans that a connection
-- keeps, always by their indexes: to make them took longer than to read the page.
CREATE OR REPLACE FUNCTION activity_page(
    after_era integer, after_transaction xid8, after_board bigint, after_seq bigint, newest boolean,
    by_actor bigint, of_board bigint, of_action text, of_entity text, since timestamptz, until timestamptz,
    most bigint, bytes bigint, examined bigint
) RETURNS TABLE (event text, place text, next text)
LANGUAGE plpgsql STABLE SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off SET plan_cache_mode = force_generic_plan SET jit = off
AS $$
#variable_conflict use_column
DECLARE
    -- Everything before these is settled.
    now_era    integer := (SELECT era FROM meta);
    settled    xid8 := pg_snapshot_xmin(pg_current_snapshot());
    now_place  text := concat_ws('.', now_era, settled, 0, 0);
    -- The logs of one board or person, in one of the two directions. %1$s is the comparison, %2$s the direction.
    settled_rows CONSTANT text :=
        'WHERE (era, transaction_id, board_id, seq) %1$s ($1, $2, $3, $4) AND (era, transaction_id) < ($5, $6)';
    in_order   CONSTANT text := ' ORDER BY era %2$s, transaction_id %2$s, board_id %2$s, seq %2$s LIMIT $10';
    -- On one board this order is that of seq.
    in_order_of_one CONSTANT text := ' ORDER BY board_id %2$s, seq %2$s LIMIT $10';
    of_one     CONSTANT text := settled_rows || ' AND board_id = $7 AND seq %1$s $9' || in_order_of_one;
    by_one     CONSTANT text :=
        'WHERE ((event #>> ''{actor,id}'')::bigint, era, transaction_id, board_id, seq) %1$s ($8, $1, $2, $3, $4)
           AND ((event #>> ''{actor,id}'')::bigint, era, transaction_id) < ($8, $5, $6) AND (event #>> ''{actor,id}'')::bigint >= $8
         ORDER BY (event #>> ''{actor,id}'')::bigint %2$s, era %2$s, transaction_id %2$s, board_id %2$s, seq %2$s LIMIT $10';
    of_boards  CONSTANT text :=
        'SELECT event, action, entity, created_at, era, transaction_id, board_id, seq FROM events ';
    of_makers  CONSTANT text :=
        'SELECT event, ''Add'', ''board'', created_at, era, transaction_id, board_id, seq FROM board_creations ';
    of_users   CONSTANT text :=
        'SELECT event, ''Update'', ''user'', created_at, era, transaction_id, board_id, seq FROM user_events ';
    query      text;
    entries    refcursor;
    given      bigint := 0;
    size       bigint := 0;
    -- How many are looked at: without a filter, those that are given.
    last_nth   CONSTANT bigint := CASE WHEN num_nonnulls(of_action, of_entity, since, until) = 0
        AND (of_board IS NULL OR by_actor IS NULL) THEN most ELSE examined END;
    nth        bigint;
    fits       boolean;
    last_place text;
BEGIN
    IF (after_era, after_transaction) > (now_era, settled) THEN
        RETURN;
    END IF;
    IF after_era IS NULL THEN
        after_era := CASE WHEN newest THEN now_era ELSE 0 END;
        after_transaction := CASE WHEN newest THEN settled ELSE '0' END;
        after_board := 0;
        after_seq := 0;
    END IF;
    IF of_board IS NULL AND by_actor IS NULL AND newest THEN
        OPEN entries FOR SELECT log.event::text, concat_ws('.', era, transaction_id, board_id, seq), log.nth, log.fits
        FROM (
            SELECT *, row_number() OVER () AS nth, (of_action IS NULL OR action = of_action) AND (of_entity IS NULL OR entity = of_entity)
                AND (since IS NULL OR created_at >= since) AND (until IS NULL OR created_at < until) AS fits
            FROM (
                SELECT * FROM (
                (SELECT event, action, entity, created_at, era, transaction_id, board_id, seq FROM events
                 WHERE (era, transaction_id, board_id, seq) < (after_era, after_transaction, after_board, after_seq) AND (era, transaction_id) < (now_era, settled)
                 ORDER BY era DESC, transaction_id DESC, board_id DESC, seq DESC LIMIT 1 + last_nth)
                UNION ALL
                (SELECT event, 'Add', 'board', created_at, era, transaction_id, board_id, seq FROM board_creations
                 WHERE (era, transaction_id, board_id, seq) < (after_era, after_transaction, after_board, after_seq) AND (era, transaction_id) < (now_era, settled)
                 ORDER BY era DESC, transaction_id DESC, board_id DESC, seq DESC LIMIT 1 + last_nth)
                UNION ALL
                (SELECT event, 'Update', 'user', created_at, era, transaction_id, board_id, seq FROM user_events
                 WHERE (era, transaction_id, board_id, seq) < (after_era, after_transaction, after_board, after_seq) AND (era, transaction_id) < (now_era, settled)
                 ORDER BY era DESC, transaction_id DESC, board_id DESC, seq DESC LIMIT 1 + last_nth)) AS log
                ORDER BY era DESC, transaction_id DESC, board_id DESC, seq DESC LIMIT 1 + last_nth) AS in_order) AS log
        WHERE log.fits OR log.nth >= last_nth;
    ELSIF of_board IS NULL AND by_actor IS NULL THEN
        OPEN entries FOR SELECT log.event::text, concat_ws('.', era, transaction_id, board_id, seq), log.nth, log.fits
        FROM (
            SELECT *, row_number() OVER () AS nth, (of_action IS NULL OR action = of_action) AND (of_entity IS NULL OR entity = of_entity)
                AND (since IS NULL OR created_at >= since) AND (until IS NULL OR created_at < until) AS fits
            FROM (
                SELECT * FROM (
                (SELECT event, action, entity, created_at, era, transaction_id, board_id, seq FROM events
                 WHERE (era, transaction_id, board_id, seq) > (after_era, after_transaction, after_board, after_seq) AND (era, transaction_id) < (now_era, settled)
                 ORDER BY era ASC, transaction_id ASC, board_id ASC, seq ASC LIMIT 1 + last_nth)
                UNION ALL
                (SELECT event, 'Add', 'board', created_at, era, transaction_id, board_id, seq FROM board_creations
                 WHERE (era, transaction_id, board_id, seq) > (after_era, after_transaction, after_board, after_seq) AND (era, transaction_id) < (now_era, settled)
                 ORDER BY era ASC, transaction_id ASC, board_id ASC, seq ASC LIMIT 1 + last_nth)
                UNION ALL
                (SELECT event, 'Update', 'user', created_at, era, transaction_id, board_id, seq FROM user_events
                 WHERE (era, transaction_id, board_id, seq) > (after_era, after_transaction, after_board, after_seq) AND (era, transaction_id) < (now_era, settled)
                 ORDER BY era ASC, transaction_id ASC, board_id ASC, seq ASC LIMIT 1 + last_nth)) AS log
                ORDER BY era ASC, transaction_id ASC, board_id ASC, seq ASC LIMIT 1 + last_nth) AS in_order) AS log
        WHERE log.fits OR log.nth >= last_nth;
    ELSE
        IF of_board IS NOT NULL THEN
            query := format('SELECT * FROM ((%s) UNION ALL (%s)) AS log', of_boards || of_one, of_makers || of_one) || in_order_of_one;
        ELSE
            -- The actor stands in the order as well, so that no plan reads what others did.
            query := format('SELECT * FROM ((%s) UNION ALL (%s) UNION ALL (%s)) AS log',
                of_boards || by_one, of_makers || by_one, of_users || by_one) || in_order;
        END IF;
        query := format(query, CASE WHEN newest THEN '<' ELSE '>' END, CASE WHEN newest THEN 'DESC' ELSE 'ASC' END);
        OPEN entries FOR EXECUTE format($query$
            SELECT event::text, concat_ws('.', era, transaction_id, board_id, seq), nth, fits
            FROM (
                SELECT *, row_number() OVER () AS nth, ($11 IS NULL OR action = $11) AND ($12 IS NULL OR entity = $12)
                    AND ($13 IS NULL OR created_at >= $13) AND ($14 IS NULL OR created_at < $14)
                    AND ($7 IS NULL OR $8 IS NULL OR (event #>> '{actor,id}')::bigint = $8) AS fits
                FROM (%s) AS in_order) AS looked
            WHERE fits OR nth >= $15 $query$, query)
        USING after_era, after_transaction, after_board, after_seq, now_era, settled, of_board, by_actor,
            CASE WHEN after_board = of_board THEN after_seq WHEN newest THEN 9223372036854775807 ELSE -1 END,
            -- With one more, which tells that there is more.
            1 + last_nth, of_action, of_entity, since, until, last_nth;
    END IF;
    LOOP
        FETCH entries INTO event, place, nth, fits;
        EXIT WHEN NOT FOUND;
        IF given >= most OR size >= bytes OR nth > last_nth THEN
            next := last_place;
            EXIT;
        END IF;
        last_place := place;
        IF fits THEN
            RETURN NEXT;
            given := given + 1;
            size := size + octet_length(event);
        END IF;
    END LOOP;
    event := NULL;
    place := CASE WHEN newest OR next IS NULL THEN now_place ELSE next END;
    RETURN NEXT;
END $$;

-- A board's analytics right after a change: what is new is counted, and what the days tell that are over is not
-- counted again, where whoever asks has kept it.

-- The first moment of a day: midnight, the first of two, or when a midnight is left out. One expression, so that
-- PostgreSQL puts it in place of the call.
CREATE FUNCTION day_begins(day date, zone text) RETURNS timestamptz
LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN (((day::timestamp - interval '12 hours') AT TIME ZONE zone + interval '12 hours') AT TIME ZONE zone)::date = day
        THEN least((day::timestamp - interval '12 hours') AT TIME ZONE zone + interval '12 hours', day::timestamp AT TIME ZONE zone)
        ELSE day::timestamp AT TIME ZONE zone END
$$;

-- A finished task as an entry of a JSON array, with its times in milliseconds.
CREATE FUNCTION finished_json(task bigint, finished_at timestamptz, lead bigint, cycle bigint) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT concat('{"task_id":', task, ',"finished_at":"', rfc3339(finished_at), '","lead_ms":', lead, ',"cycle_ms":', coalesce(cycle::text, 'null'), '}')
$$;

-- What the days tell that are over for the reader, from `from_day` on, `over` of them: the newest `room` finished tasks
-- and the days themselves, as the end of one member of the document and nearly all of the next; and all `finishes`
-- (JSON: `leads` and `cycles` in milliseconds, `weeks`), to which those of today come.
CREATE FUNCTION board_days_over(
    board boards, keys text[], from_day date, over integer, zone text, room bigint, OUT closed text, OUT finishes json
)
LANGUAGE plpgsql STABLE SET enable_seqscan = off SET plan_cache_mode = force_generic_plan SET jit = off AS $$
DECLARE
    -- When each day begins, and when the last one ends.
    bounds   CONSTANT timestamptz[] := ARRAY(SELECT day_begins(from_day + nth, zone) FROM generate_series(0, over) AS each_day (nth) ORDER BY nth);
    first    CONSTANT timestamptz := bounds[1];
    turn     CONSTANT timestamptz := bounds[over + 1];
    -- How many tasks were finished on each.
    of_days  bigint[];
    listed   text;
BEGIN
    WITH done AS MATERIALIZED (
        SELECT id, finished_at, greatest(milliseconds(finished_at - created_at), 0) AS lead, milliseconds(finished_at - started_at) AS cycle
        FROM tasks WHERE board_id = board.id AND finished_at >= first AND finished_at < turn
    ), newest AS (
        SELECT * FROM done ORDER BY done.finished_at DESC, id DESC LIMIT room
    ), counted AS (
        SELECT width_bucket(finished_at, bounds) AS nth, count(*) AS finished FROM done GROUP BY 1
    ), of_day AS (
        SELECT nth, coalesce(finished, 0) AS finished FROM generate_series(1, over) AS each_day (nth) LEFT JOIN counted USING (nth)
    ), of_week AS (
        SELECT date_trunc('week', (from_day + nth - 1)::timestamp)::date AS monday, count(*) AS days, sum(finished) AS finished
        FROM of_day GROUP BY monday ORDER BY monday
    )
    SELECT json_build_object(
            'leads', (SELECT coalesce(array_agg(lead), '{}') FROM done),
            'cycles', (SELECT coalesce(array_agg(cycle) FILTER (WHERE cycle IS NOT NULL), '{}') FROM done),
            'weeks', (SELECT coalesce(json_agg(of_week), '[]') FROM of_week)),
        ARRAY(SELECT finished FROM of_day ORDER BY nth),
        (SELECT string_agg(finished_json(id, newest.finished_at, lead, cycle), ',') FROM newest)
    INTO finishes, of_days, listed;

    WITH state AS MATERIALIZED (
        SELECT place, nth, coalesce(tasks, 0) AS tasks, coalesce(added, 0) AS added, coalesce(moved, 0) AS moved
        FROM unnest(keys) WITH ORDINALITY AS each_column (key, place)
        CROSS JOIN unnest(bounds) WITH ORDINALITY AS each_bound (bound, nth)
        LEFT JOIN LATERAL (
            SELECT tasks, added, moved FROM column_flow
            WHERE board_id = board.id AND status = key AND at < bound ORDER BY at DESC, column_flow.nth DESC LIMIT 1) AS flow ON true
    ), board_state AS (
        SELECT nth, sum(added) AS added, sum(moved) AS moved, json_agg(tasks ORDER BY place) AS tasks FROM state GROUP BY nth
    ), day_rows AS (
        SELECT from_day + (nth - 2)::integer AS date, added - lag(added) OVER in_order AS added, moved - lag(moved) OVER in_order AS moved,
            of_days[nth - 1] AS finished, tasks
        FROM board_state WINDOW in_order AS (ORDER BY nth) ORDER BY nth OFFSET 1
    )
    SELECT concat(listed, '],"days":[', string_agg(row_to_json(day_rows)::text, ','))
    INTO closed FROM day_rows;
END $$;

-- What `board_analytics_parts` gives (V21; programs of the version before still ask it), in parts that the function
-- puts together: a document's `opening`, the finished tasks of today (`listed`), what the days tell that are over
-- (`closed` and its `finishes`), and its `ending`. `today` are the finishes of today.
--
-- `moment` is what such an answer is of: the board's newest event and its time, the database's epoch, the reader's day,
-- and when it was made. Where the `answered` one is of the same, and of this minute, that is all that is given.
--
-- `closed` stays as it is while `closed_of` does, whatever happens on the board today, so whoever has kept it says of
-- which one (`known`) and is given null. What can alter it: a row of `column_flow` before today, which is one more in
-- its column and so another `nth`; a finish that is taken back, which is one less; columns that are shown; another
-- history of the database. Of today the newest `most` finished tasks are listed, of the days before as many as there
-- is room for, in steps of a hundred.
CREATE FUNCTION board_analytics_news(
    board boards, from_day date, to_day date, zone text, most bigint, answered text, known text,
    OUT moment text, OUT opening text, OUT listed text, OUT ending text, OUT today json,
    OUT closed_of text, OUT closed text, OUT finishes json
)
LANGUAGE plpgsql STABLE SET enable_seqscan = off SET plan_cache_mode = force_generic_plan SET jit = off AS $$
DECLARE
    -- As far as the clock is, or the board (board_open).
    as_of    CONSTANT timestamptz := greatest(date_trunc('milliseconds', clock_timestamp()), board.updated_at);
    this_day CONSTANT date := board_today(board, zone);
    -- How many of the days are over, whether today is one of them, and when they begin and end.
    over     integer;
    is_today boolean;
    first    timestamptz;
    turn     timestamptz;
    past     timestamptz;
    epoch    text;
    finished bigint;
    room     bigint;
    keys     text[];
    nths     bigint[];
    columns  json;
    day      text;
    open     text;
BEGIN
    SELECT meta.epoch INTO epoch FROM meta;
    moment := concat_ws(' ', board.seq, rfc3339(board.updated_at), epoch, this_day);
    IF answered COLLATE "C" BETWEEN concat(moment, ' ', rfc3339(as_of - interval '1 minute')) AND concat(moment, ' ', rfc3339(as_of)) THEN
        moment := answered;
        RETURN;
    END IF;
    moment := concat(moment, ' ', rfc3339(as_of));
    IF NOT board.flow_counted THEN
        PERFORM refuse('TB503', 'the history of this board is still being counted');
    END IF;
    to_day := coalesce(to_day, this_day);
    from_day := coalesce(from_day, to_day - 29);
    IF from_day > to_day THEN
        PERFORM refuse_faults(jsonb_build_array(fault('?from', format('must not be after to, which is %s', to_day))));
    ELSIF to_day - from_day >= 731 THEN
        PERFORM refuse_faults(jsonb_build_array(fault('?from', 'must not be more than two years (731 days) before to')));
    END IF;
    over := greatest(least(to_day, this_day - 1) - from_day + 1, 0);
    is_today := this_day BETWEEN from_day AND to_day;
    first := day_begins(from_day, zone);
    turn := day_begins(from_day + over, zone);
    past := day_begins(from_day + over + is_today::integer, zone);

    SELECT count(*), array_to_string((array_agg(finished_json(id, finished_at, lead, cycle)))[:most], ','),
        json_build_object('leads', coalesce(array_agg(lead), '{}'), 'cycles', coalesce(array_agg(cycle) FILTER (WHERE cycle IS NOT NULL), '{}'),
            'weeks', CASE WHEN is_today THEN json_build_array(json_build_object(
                'monday', date_trunc('week', this_day::timestamp)::date, 'days', 1, 'finished', count(*))) ELSE '[]' END)
    INTO finished, listed, today
    FROM (
        SELECT id, finished_at, greatest(milliseconds(finished_at - created_at), 0) AS lead, milliseconds(finished_at - started_at) AS cycle
        FROM tasks WHERE board_id = board.id AND finished_at >= turn AND finished_at < past
        ORDER BY finished_at DESC, id DESC) AS newest;
    room := greatest(most - 100 * ceil(finished / 100.0), 0);

    WITH RECURSIVE used AS (
        (SELECT status FROM column_flow WHERE board_id = board.id ORDER BY status LIMIT 1)
        UNION ALL
        SELECT (SELECT status FROM column_flow WHERE board_id = board.id AND status > used.status ORDER BY status LIMIT 1)
        FROM used WHERE used.status IS NOT NULL
    ), each_column AS (
        SELECT entry ->> 'key' AS key, entry ->> 'name' AS name, nth AS place
        FROM jsonb_array_elements(board.columns) WITH ORDINALITY AS of_board (entry, nth)
        UNION ALL
        SELECT status, NULL, NULL FROM used WHERE NOT board.columns @> jsonb_build_array(jsonb_build_object('key', status))
    ), shown AS (
        SELECT key, name, after.tasks, was.nth,
            after.added - coalesce(was.added, 0) AS added, after.moved - coalesce(was.moved, 0) AS moved,
            after.ended - coalesce(before.ended, 0) AS stays, after.stayed_ms - coalesce(before.stayed_ms, 0) AS stayed_ms
        FROM each_column
        LEFT JOIN LATERAL (
            SELECT nth, tasks, ended, stayed_ms FROM column_flow
            WHERE board_id = board.id AND status = key AND at < first ORDER BY at DESC, nth DESC LIMIT 1) AS before ON true
        LEFT JOIN LATERAL (
            SELECT nth, added, moved FROM column_flow
            WHERE board_id = board.id AND status = key AND at < turn ORDER BY at DESC, nth DESC LIMIT 1) AS was ON true
        LEFT JOIN LATERAL (
            SELECT nth, tasks, added, moved, ended, stayed_ms FROM column_flow
            WHERE board_id = board.id AND status = key AND at < past ORDER BY at DESC, nth DESC LIMIT 1) AS after ON true
        WHERE place IS NOT NULL OR before.tasks > 0 OR after.nth > coalesce(before.nth, 0)
        -- Those that the board has no longer come last, by key.
        ORDER BY place, key
    )
    SELECT array_agg(key), array_agg(coalesce(nth, 0)),
        json_agg(json_build_object('key', key, 'name', name, 'stays', coalesce(stays, 0), 'mean_stay_ms', stayed_ms / nullif(stays, 0))),
        CASE WHEN is_today THEN concat('{"date":"', this_day, '","added":', coalesce(sum(added), 0), ',"moved":', coalesce(sum(moved), 0),
            ',"finished":', finished, ',"tasks":', json_agg(coalesce(tasks, 0)), '}') END
    INTO keys, nths, columns, day FROM shown;

    SELECT string_agg(concat('{"key":', to_json(key), ',"count":', count, ',"tasks":[', tasks, ']}'), ',' ORDER BY place) INTO open
    FROM (
        SELECT entry ->> 'key' AS key, nth AS place
        FROM jsonb_array_elements(board.columns) WITH ORDINALITY AS each_column (entry, nth)
        WHERE nth < jsonb_array_length(board.columns) OR nth = 1) AS column_keys
    CROSS JOIN LATERAL (
        SELECT coalesce(max(count), 0) AS count, string_agg(concat('{"id":', id, ',"title":', to_json(title), ',"created_at":"', rfc3339(created_at),
            '","started_at":', '"' || rfc3339(started_at) || '"', CASE WHEN started_at IS NULL THEN 'null' END,
            ',"entered_at":"', rfc3339(entered_at), '"}'), ',') AS tasks
        FROM (
            SELECT id, title, created_at, started_at, entered_at, count(*) OVER ()
            FROM tasks WHERE board_id = board.id AND status = key AND NOT deleted
            ORDER BY coalesce(started_at, created_at), id LIMIT 100) AS oldest) AS there;

    opening := concat(rtrim(json_build_object('from', from_day, 'to', to_day, 'time_zone', zone, 'as_of', rfc3339(as_of),
        'seq', board.seq, 'columns', columns)::text, '}'), ',"open":[', open, ']');
    ending := concat(CASE WHEN over > 0 THEN ',' || day ELSE day END, ']}');
    closed_of := md5(concat_ws(' ', epoch, keys, nths, first, turn, room,
        (SELECT count(*) FROM tasks WHERE board_id = board.id AND finished_at >= first AND finished_at < turn)));
    IF closed_of IS DISTINCT FROM known THEN
        SELECT * INTO closed, finishes FROM board_days_over(board, keys, from_day, over, zone, room);
    END IF;
END $$;
