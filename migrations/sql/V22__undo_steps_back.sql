-- Undo goes back one step after the other, and forth again. An event that was undone stood in the way of those before
-- it, and so did its undo: of several changes of one thing only the last could be taken back.

-- Refuses (TBUND) to undo `target` where later events stand in the way (api.md, API-UNDO). Those are, of an Update or
-- Move, who changed one of the same fields, of anything else all that were about the same thing; and for what is on
-- a task, the task's deletion. But who was undone stands in no way, unless that undo was undone; nor does an undo of
-- something later than `target`, nor a Move that a neighbour made to make room for another task: of the position alone,
-- and not the last event of its write (those of one write have one moment and one transaction).
CREATE OR REPLACE FUNCTION check_undo(target events) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    kind     text := target.entity;
    fields   text[] := ARRAY(SELECT jsonb_object_keys(target.event -> 'changes'));
    later    record;
    undone   bigint[] := '{}';
    numbers  bigint[] := '{}';
    blocking text[];
BEGIN
    -- The newest first: so it is known of each whether it was undone.
    FOR later IN
        SELECT seq, undoes, touches AND NOT coalesce(makes_room, false) AS touches
        FROM (
            SELECT seq, (event ->> 'undoes')::bigint AS undoes, CASE
                -- A new task cannot be taken back when somebody has written about it.
                WHEN kind = 'task' AND target.action = 'Add' THEN true
                WHEN entity = 'task' AND action = 'Delete' THEN
                    kind = 'task' AND target.action = 'Delete'
                    OR EXISTS (SELECT FROM tasks WHERE tasks.board_id = target.board_id AND id = target.task_id AND deleted)
                WHEN entity <> kind OR event -> kind -> 'id' <> target.event -> kind -> 'id' THEN false
                WHEN fields = '{}' THEN true
                ELSE event -> 'changes' ?| fields OR kind = 'member' OR (kind = 'comment' AND action = 'Delete')
            END AS touches, action = 'Move' AND NOT event ? 'undoes' AND (event -> 'changes') - 'position' = '{}' AND EXISTS (
                SELECT FROM events AS next
                WHERE next.board_id = target.board_id AND next.seq = since.seq + 1
                  AND next.era = since.era AND next.transaction_id = since.transaction_id
                  AND next.created_at = since.created_at AND next.event #> '{actor,id}' = since.event #> '{actor,id}'
            ) AS makes_room
            FROM (
                SELECT * FROM events
                WHERE board_id = target.board_id AND task_id = target.task_id AND seq > target.seq
                UNION ALL
                SELECT * FROM events
                WHERE target.task_id IS NULL
                  AND board_id = target.board_id AND task_id IS NULL AND entity = kind AND seq > target.seq) AS since) AS later_ones
        WHERE touches OR undoes IS NOT NULL
        ORDER BY seq DESC
    LOOP
        CONTINUE WHEN later.seq = ANY (undone);
        IF later.undoes IS NOT NULL THEN
            undone := undone || later.undoes;
        END IF;
        IF later.touches AND coalesce(later.undoes <= target.seq, true) THEN
            numbers := numbers || later.seq;
        END IF;
    END LOOP;
    IF numbers <> '{}' THEN
        numbers := ARRAY(SELECT unnest(numbers) ORDER BY 1);
        blocking := ARRAY(
            SELECT DISTINCT field FROM events, jsonb_object_keys(event -> 'changes') AS each_key (field)
            WHERE board_id = target.board_id AND seq = ANY (numbers) AND (fields = '{}' OR field = ANY (fields)) ORDER BY field);
        PERFORM refuse('TBUND', 'later changes stand in the way', jsonb_build_object('events', numbers, 'fields', blocking));
    END IF;
END $$;
