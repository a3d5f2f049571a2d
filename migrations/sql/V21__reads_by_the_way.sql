-- What admins and members look at often, in the time of a read of one row.

-- As before, but the query itself passes over what no filter lets through, in a fifth of the time, and
-- `examined` holds only where there are filters that no index knows.
CREATE OR REPLACE FUNCTION activity_page(
    after_era integer, after_transaction xid8, after_board bigint, after_seq bigint, newest boolean,
    by_actor bigint, of_board bigint, of_action text, of_entity text, since timestamptz, until timestamptz,
    most bigint, bytes bigint, examined bigint
) RETURNS TABLE (event text, place text, next text)
LANGUAGE plpgsql STABLE AS $$
DECLARE
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
    -- What no filter lets through is passed over by the query, but for the last entry that is looked at.
    FOR event, place, nth, fits IN EXECUTE format($query$
        SELECT event::text, concat_ws('.', era, transaction_id, board_id, seq), nth, fits
        FROM (
            SELECT *, row_number() OVER () AS nth, ($11 IS NULL OR action = $11) AND ($12 IS NULL OR entity = $12)
                AND ($13 IS NULL OR created_at >= $13) AND ($14 IS NULL OR created_at < $14)
                AND ($7 IS NULL OR $8 IS NULL OR (event #>> '{actor,id}')::bigint = $8) AS fits
            FROM (%s) AS in_order) AS looked
        WHERE fits OR nth >= $15 $query$, query)
    USING after_era, after_transaction, after_board, after_seq, now_era, settled, of_board, by_actor,
        CASE WHEN after_board = of_board THEN after_seq WHEN newest THEN 9223372036854775807 ELSE 0 END,
        -- With one more, which tells that there is more.
        1 + last_nth, of_action, of_entity, since, until, last_nth
    LOOP
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

-- Which day it is on a board for a reader in this time zone: as far as the clock is, or the board. What
-- `board_analytics` answers is the same all day, until something happens on the board.
CREATE FUNCTION board_today(board boards, zone text) RETURNS date
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (greatest(clock_timestamp(), board.updated_at) AT TIME ZONE zone)::date;
EXCEPTION WHEN invalid_parameter_value THEN
    PERFORM refuse_faults(jsonb_build_array(fault('?tz', 'is not a time zone that is known here')));
END $$;

-- A finished task as an entry of a JSON array. A thousand of them by json_agg would take longer than all the rest.
CREATE FUNCTION finished_json(task bigint, finished_at timestamptz, created_at timestamptz, started_at timestamptz) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT concat('{"task_id":', task, ',"finished_at":"', rfc3339(finished_at),
        '","lead_ms":', greatest(milliseconds(finished_at - created_at), 0),
        ',"cycle_ms":', coalesce(milliseconds(finished_at - started_at)::text, 'null'), '}')
$$;

-- Three percentiles of so many times.
CREATE FUNCTION times_json(count bigint, times interval[]) RETURNS json
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT json_build_object('count', count, 'p50_ms', milliseconds(times[1]), 'p85_ms', milliseconds(times[2]), 'p95_ms', milliseconds(times[3]))
$$;

-- What `board_analytics` gives (V18; programs of the version before still ask it), in three parts that make the
-- document when they are put together. In the middle one is what the days tell that are over for the reader, and
-- nothing else: the finished tasks and the days themselves. It stays as it is while `closed_of` does, whatever
-- happens on the board today, so whoever has kept it says of which one (`known`) and is given null.
--
-- What can alter it: a row of `column_flow` before today, which is one more in its column and so another `nth`; a
-- finish that is taken back, which is one less; columns that are shown; another history of the database. Of today
-- the newest `most` finished tasks are listed, of the days before as many as there is room for, in steps of a hundred.
CREATE FUNCTION board_analytics_parts(
    board boards, from_day date, to_day date, zone text, most bigint, known text,
    OUT opening text, OUT closed text, OUT ending text, OUT closed_of text
)
LANGUAGE plpgsql STABLE SET enable_seqscan = off SET plan_cache_mode = force_generic_plan SET jit = off AS $$
DECLARE
    -- As far as the clock is, or the board (board_open).
    as_of    CONSTANT timestamptz := greatest(date_trunc('milliseconds', clock_timestamp()), board.updated_at);
    today    CONSTANT date := board_today(board, zone);
    -- When each day up to today begins, and when the last one ends.
    bounds   timestamptz[];
    first    timestamptz;
    past     timestamptz;
    -- How many of the days are over, and when they are.
    over     integer;
    turn     timestamptz;
    keys     text[];
    names    text[];
    -- How many tasks were finished on each day.
    finishes bigint[];
    room     bigint;
    columns  json;
    nths     bigint[];
    day      text;
    weeks    json;
    leads    json;
    cycles   json;
    listed   text;
    open     text;
BEGIN
    IF NOT board.flow_counted THEN
        PERFORM refuse('TB503', 'the history of this board is still being counted');
    END IF;
    to_day := coalesce(to_day, today);
    from_day := coalesce(from_day, to_day - 29);
    IF from_day > to_day THEN
        PERFORM refuse_faults(jsonb_build_array(fault('?from', format('must not be after to, which is %s', to_day))));
    ELSIF to_day - from_day >= 731 THEN
        PERFORM refuse_faults(jsonb_build_array(fault('?from', 'must not be more than two years (731 days) before to')));
    END IF;

    -- A day begins at the first of its moments: at midnight, at the first of two, or when a midnight is left out.
    SELECT array_agg(CASE WHEN early < plain AND (early AT TIME ZONE zone)::date = midnights.day THEN early ELSE plain END ORDER BY midnights.day)
    INTO bounds
    FROM (
        SELECT from_day + n AS day, (from_day + n)::timestamp AT TIME ZONE zone AS plain,
            ((from_day + n)::timestamp - interval '12 hours') AT TIME ZONE zone + interval '12 hours' AS early
        FROM generate_series(0, greatest(least(to_day, today) - from_day + 1, 0)) AS each_day (n)) AS midnights;
    over := greatest(least(to_day, today - 1) - from_day + 1, 0);
    first := bounds[1];
    turn := bounds[over + 1];
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

    WITH times AS (
        SELECT count(*) AS all_leads, count(started_at) AS all_cycles,
            percentile_disc(ARRAY[0.5, 0.85, 0.95]) WITHIN GROUP (ORDER BY greatest(finished_at - created_at, '0')) AS lead,
            percentile_disc(ARRAY[0.5, 0.85, 0.95]) WITHIN GROUP (ORDER BY finished_at - started_at) AS cycle
        FROM tasks WHERE board_id = board.id AND finished_at >= first AND finished_at < past
    ), of_day AS (
        SELECT width_bucket(finished_at, bounds) AS nth, count(*) AS count
        FROM tasks WHERE board_id = board.id AND finished_at >= first AND finished_at < past GROUP BY 1
    )
    SELECT times_json(all_leads, lead), times_json(all_cycles, cycle),
        ARRAY(SELECT coalesce(count, 0) FROM generate_series(1, cardinality(bounds) - 1) AS each_day (nth) LEFT JOIN of_day USING (nth) ORDER BY nth)
    INTO leads, cycles, finishes FROM times;
    room := greatest(most - 100 * ceil(coalesce(finishes[over + 1], 0) / 100.0), 0);

    SELECT string_agg(finished_json(id, finished_at, created_at, started_at), ',') INTO listed
    FROM (
        SELECT id, finished_at, created_at, started_at FROM tasks
        WHERE board_id = board.id AND finished_at >= turn AND finished_at < past
        ORDER BY finished_at DESC, id DESC LIMIT most) AS newest;

    WITH state AS MATERIALIZED (
        SELECT place, bound, flow.nth, coalesce(tasks, 0) AS tasks, coalesce(added, 0) AS added, coalesce(moved, 0) AS moved,
            coalesce(ended, 0) AS ended, coalesce(stayed_ms, 0) AS stayed_ms
        FROM unnest(keys) WITH ORDINALITY AS each_column (key, place)
        CROSS JOIN unnest(ARRAY[first, turn, past]) WITH ORDINALITY AS each_bound (moment, bound)
        LEFT JOIN LATERAL (
            SELECT nth, tasks, added, moved, ended, stayed_ms FROM column_flow
            WHERE board_id = board.id AND status = key AND at < moment ORDER BY at DESC, column_flow.nth DESC LIMIT 1) AS flow ON true
    ), column_rows AS (
        SELECT keys[place] AS key, names[place] AS name, max(ended) - min(ended) AS stays,
            (max(stayed_ms) - min(stayed_ms)) / nullif(max(ended) - min(ended), 0) AS mean_stay_ms
        FROM state GROUP BY place ORDER BY place
    ), last_day AS (
        SELECT from_day + over AS date, sum(added) FILTER (WHERE bound = 3) - sum(added) FILTER (WHERE bound = 2) AS added,
            sum(moved) FILTER (WHERE bound = 3) - sum(moved) FILTER (WHERE bound = 2) AS moved,
            finishes[over + 1] AS finished, json_agg(tasks ORDER BY place) FILTER (WHERE bound = 3) AS tasks
        FROM state
    )
    SELECT (SELECT json_agg(column_rows) FROM column_rows), (SELECT row_to_json(last_day) FROM last_day WHERE turn < past),
        ARRAY(SELECT nth FROM state WHERE bound = 2 ORDER BY place)
    INTO columns, day, nths;

    WITH week_rows AS (
        SELECT date_trunc('week', (from_day + nth::integer - 1)::timestamp)::date AS monday, count(*) AS days, sum(count) AS finished
        FROM unnest(finishes) WITH ORDINALITY AS each_day (count, nth) GROUP BY 1 ORDER BY 1
    )
    SELECT coalesce(json_agg(week_rows), '[]') INTO weeks FROM week_rows;

    SELECT string_agg(concat('{"key":', to_json(key), ',"count":', count, ',"tasks":[', tasks, ']}'), ',' ORDER BY place) INTO open
    FROM (
        SELECT entry ->> 'key' AS key, nth AS place
        FROM jsonb_array_elements(board.columns) WITH ORDINALITY AS each_column (entry, nth)
        WHERE nth < jsonb_array_length(board.columns) OR nth = 1) AS column_keys
    CROSS JOIN LATERAL (
        SELECT coalesce(max(ranked.count), 0) AS count, string_agg(concat('{"id":', id, ',"title":', to_json(title), ',"created_at":"', rfc3339(created_at),
            '","started_at":', '"' || rfc3339(started_at) || '"', CASE WHEN started_at IS NULL THEN 'null' END,
            ',"entered_at":"', rfc3339(entered_at), '"}'), ',' ORDER BY rank) AS tasks
        FROM (
            SELECT id, title, created_at, started_at, entered_at, count(*) OVER (),
                row_number() OVER (ORDER BY coalesce(started_at, created_at), id) AS rank
            FROM tasks WHERE board_id = board.id AND status = key AND NOT deleted) AS ranked
        WHERE rank <= 100) AS there;

    opening := concat(rtrim(json_build_object(
        'from', from_day, 'to', to_day, 'time_zone', zone, 'as_of', rfc3339(as_of),
        'columns', columns, 'weeks', weeks, 'lead_time', leads, 'cycle_time', cycles, 'seq', board.seq)::text, '}'),
        ',"open":[', open, '],"finished":[', listed,
        CASE WHEN listed IS NOT NULL AND room > 0 AND EXISTS (SELECT FROM unnest(finishes[:over]) AS count WHERE count > 0) THEN ',' END);
    ending := concat(CASE WHEN over > 0 THEN ',' || day ELSE day END, ']}');
    closed_of := md5(concat_ws(' ', (SELECT epoch FROM meta), keys::text, nths::text,
        (SELECT sum(count) FROM unnest(finishes[:over]) AS count), first, turn, room));
    IF closed_of = known THEN
        RETURN;
    END IF;

    SELECT string_agg(finished_json(id, finished_at, created_at, started_at), ',') INTO listed
    FROM (
        SELECT id, finished_at, created_at, started_at FROM tasks
        WHERE board_id = board.id AND finished_at >= first AND finished_at < turn
        ORDER BY finished_at DESC, id DESC LIMIT room) AS newest;

    WITH state AS MATERIALIZED (
        SELECT place, nth, coalesce(tasks, 0) AS tasks, coalesce(added, 0) AS added, coalesce(moved, 0) AS moved
        FROM unnest(keys) WITH ORDINALITY AS each_column (key, place)
        CROSS JOIN unnest(bounds[:over + 1]) WITH ORDINALITY AS each_bound (bound, nth)
        LEFT JOIN LATERAL (
            SELECT tasks, added, moved FROM column_flow
            WHERE board_id = board.id AND status = key AND at < bound ORDER BY at DESC, column_flow.nth DESC LIMIT 1) AS flow ON true
    ), board_state AS (
        SELECT nth, sum(added) AS added, sum(moved) AS moved, json_agg(tasks ORDER BY place) AS tasks FROM state GROUP BY nth
    ), day_rows AS (
        SELECT from_day + (nth - 2)::integer AS date, added - lag(added) OVER in_order AS added, moved - lag(moved) OVER in_order AS moved,
            finishes[nth - 1] AS finished, tasks
        FROM board_state WINDOW in_order AS (ORDER BY nth) ORDER BY nth OFFSET 1
    )
    SELECT concat(listed, '],"days":[', string_agg(row_to_json(day_rows)::text, ','))
    INTO closed FROM day_rows;
END $$;
