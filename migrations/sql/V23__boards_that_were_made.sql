-- The admins' activity tells that a board was made, also by an import. That is no event of the board, whose history
-- begins at seq 0, so it stands beside the log, as seq 0, in one order with it. (docs/contract/api.md, API-ACTIVITY.)

-- How each board came to be. Rows are only ever added, and go with their board; of boards from before this migration
-- there is none, since nobody wrote down in which order they were made.
CREATE TABLE board_creations (
    board_id       bigint NOT NULL PRIMARY KEY REFERENCES boards ON DELETE CASCADE,
    -- Before the first event.
    seq            bigint NOT NULL DEFAULT 0 CHECK (seq = 0),
    event          jsonb NOT NULL,
    created_at     timestamptz NOT NULL,
    -- As in events.
    era            integer NOT NULL,
    transaction_id xid8 NOT NULL
);
CREATE INDEX board_creations_activity ON board_creations (era, transaction_id, board_id, seq);
CREATE INDEX board_creations_actor ON board_creations (((event #>> '{actor,id}')::bigint), era, transaction_id, board_id, seq);

-- Makes a board with its first owner, without an event: its history starts at seq 0. Only an import asks
-- for an archived one.
CREATE OR REPLACE FUNCTION board_insert(owner bigint, owner_name text, request jsonb, moment timestamptz) RETURNS boards
LANGUAGE plpgsql AS $$
DECLARE
    made    boards;
    first   board_members;
    context write_context;
BEGIN
    INSERT INTO boards (name, description, columns, archived, transaction_id, created_at, updated_at)
    VALUES (
        request ->> 'name',
        coalesce(request ->> 'description', ''),
        columns_complete(coalesce(nullif(request -> 'columns', 'null'), '[
            {"key": "todo", "name": "To do"},
            {"key": "in_progress", "name": "In progress"},
            {"key": "finished", "name": "Finished"}]')),
        coalesce((request ->> 'archived')::boolean, false),
        pg_current_xact_id(), moment, moment)
    RETURNING * INTO made;
    INSERT INTO board_members VALUES (made.id, owner, 'owner', moment, moment) RETURNING * INTO first;
    UPDATE boards
    SET origin = jsonb_build_object('board', board_json(made), 'members', jsonb_build_array(member_json(first, owner_name)))
    WHERE id = made.id RETURNING * INTO made;
    context.board := made;
    context.user_id := owner;
    context.username := owner_name;
    context.moment := moment;
    INSERT INTO board_creations (board_id, event, created_at, era, transaction_id)
    SELECT made.id, event_json(context, 0, 'board', 'Add', jsonb_build_object('board', made.origin -> 'board')), moment, era, made.transaction_id
    FROM meta;
    RETURN made;
END $$;

-- As before, with how boards came to be.
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
    -- The logs, in one of the two directions. %1$s is the comparison, %2$s the direction.
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
        query := format('SELECT * FROM ((%s) UNION ALL (%s)) AS log', of_boards || of_one, of_makers || of_one) || in_order_of_one;
    ELSIF by_actor IS NOT NULL THEN
        -- The actor stands in the order as well, so that no plan reads what others did.
        query := format('SELECT * FROM ((%s) UNION ALL (%s) UNION ALL (%s)) AS log',
            of_boards || by_one, of_makers || by_one, of_users || by_one) || in_order;
    ELSE
        query := format('SELECT * FROM ((%s) UNION ALL (%s) UNION ALL (%s)) AS log',
            of_boards || settled_rows || in_order, of_makers || settled_rows || in_order, of_users || settled_rows || in_order) || in_order;
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
        CASE WHEN after_board = of_board THEN after_seq WHEN newest THEN 9223372036854775807 ELSE -1 END,
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

-- What happened on all boards in the last hour, counted for the admins' dashboard where Redis has not counted all of it:
-- JSON of the shape that `read_statistics.lua` answers. `first` is when the first of the 60 minutes begins, and
-- `later` when boards and people begin to be counted. Only the boards that changed are looked at, each from the event
-- that `board_seq_at` finds.
CREATE FUNCTION events_counted(first timestamptz, later timestamptz) RETURNS json
LANGUAGE sql STABLE SET jit = off AS $$
    WITH changed AS MATERIALIZED (
        SELECT id, coalesce(board_seq_at(id, first), 0) AS before FROM boards WHERE updated_at >= first
    ), counted AS MATERIALIZED (
        SELECT minute, kind, board_id, username, grouping(minute, board_id, username) AS by, count(*) AS times
        FROM changed CROSS JOIN LATERAL (
            SELECT date_trunc('minute', created_at) AS minute, action || ':' || entity AS kind, board_id,
                event #>> '{actor,username}' AS username, created_at >= later AS is_later
            -- In order, so that no plan reads all of the log.
            FROM events WHERE board_id = changed.id AND seq > before ORDER BY seq OFFSET 0) AS happened
        GROUP BY GROUPING SETS ((minute, kind), (is_later, board_id), (is_later, username))
        HAVING is_later IS NOT false
    ), minutes AS (
        SELECT minute, jsonb_object_agg(kind, times) || jsonb_build_object('all', sum(times)) AS told
        FROM counted WHERE by = 3 GROUP BY minute
    )
    SELECT json_build_object(
        'statistics', json_build_object(),
        'minutes', (
            SELECT json_agg(coalesce(told, '{}') ORDER BY n)
            FROM generate_series(0, 59) AS each_minute (n) LEFT JOIN minutes ON minute = first + n * interval '1 minute'),
        'boards', (SELECT coalesce(json_object_agg(board_id, times), '{}') FROM counted WHERE by = 5),
        'people', (SELECT coalesce(json_object_agg(username, times), '{}') FROM counted WHERE by = 6))
$$;
