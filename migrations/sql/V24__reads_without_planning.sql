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
