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
