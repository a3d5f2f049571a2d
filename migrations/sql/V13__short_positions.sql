-- No position is longer than 64 bytes: where a gap is used up, its neighbours make room.
--
-- A text between two others grows by a bit with each halving of one gap, without end: two thousand
-- tasks put into one gap made texts of 340 bytes. So a place that would take more than 64 bytes is
-- not used. The neighbours on both sides of it are spread out instead, as few as it takes for all of
-- them to have 32 bytes or less: one on each side first, then two, four, …. Wherever one side is
-- roomy, which it is unless people take both sides in turn, two tasks move for some 370 that were put
-- in; at worst, by design, O(log n) tasks move for each one, on the average.
--
-- Each of these tasks moves by an event of its own, like any other move and before the one that made
-- it necessary: whoever applies events one by one needs to know nothing of it. Before, between and
-- after them the tasks stand in the same order, and no two in one place.

-- So many positions after `low` and before `high`, in order; NULL is the column's beginning or end.
CREATE FUNCTION positions_between(low text, high text, count integer) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    places text[] := '{}';
    middle text;
    half   integer := (count + 1) / 2;
BEGIN
    IF count = 0 THEN
        RETURN places;
    ELSIF high IS NULL THEN
        FOR n IN 1 .. count LOOP
            low := position_between(low, NULL);
            places := places || low;
        END LOOP;
        RETURN places;
    ELSIF low IS NULL THEN
        FOR n IN 1 .. count LOOP
            high := position_between(NULL, high);
            places := high || places;
        END LOOP;
        RETURN places;
    END IF;
    middle := position_between(low, high);
    RETURN positions_between(low, middle, half - 1) || middle || positions_between(middle, high, count - half);
END $$;

-- A place that is free, and the board after the moves that made it so.
CREATE TYPE task_room AS (board boards, place text);

-- Makes room around `place`, which is too long, in column `target`, for the task `mover` (0 for a new
-- one). `place` itself need not be free.
CREATE FUNCTION make_room(context write_context, target text, place text, mover bigint) RETURNS task_room
LANGUAGE plpgsql AS $$
DECLARE
    width   integer := 1;
    ids     bigint[];
    places  text[];
    below   integer;
    low     text;
    high    text;
    n       integer;
    present text;
    moving  record;
    after   tasks;
    moved   boards;
BEGIN
    LOOP
        SELECT coalesce(array_agg(id ORDER BY position), '{}'), coalesce(array_agg(position ORDER BY position), '{}'),
            count(*) FILTER (WHERE position < make_room.place)
        INTO ids, places, below
        FROM (
            (SELECT id, position FROM tasks
             WHERE board_id = (context.board).id AND status = target AND NOT deleted AND id <> mover AND position < make_room.place
             ORDER BY position DESC LIMIT width + 1)
            UNION ALL
            (SELECT id, position FROM tasks
             WHERE board_id = (context.board).id AND status = target AND NOT deleted AND id <> mover AND position >= make_room.place
             ORDER BY position LIMIT width + 1)) AS nearest;
        low := CASE WHEN below > width THEN places[1] END;
        high := CASE WHEN cardinality(ids) - below > width THEN places[cardinality(ids)] END;
        ids := ids[CASE WHEN low IS NULL THEN 1 ELSE 2 END : cardinality(ids) - CASE WHEN high IS NULL THEN 0 ELSE 1 END];
        below := least(below, width);
        places := positions_between(low, high, cardinality(ids) + 1);
        EXIT WHEN (low IS NULL AND high IS NULL) OR (SELECT max(octet_length(each_place)) FROM unnest(places) AS each_one (each_place)) <= 32;
        width := width * 2;
    END LOOP;
    -- The mover's own place is still taken: whoever was to stand there stands right before it.
    SELECT position INTO present FROM tasks
    WHERE board_id = (context.board).id AND id = mover AND status = target AND NOT deleted;
    n := array_position(places, present);
    IF n IS NOT NULL THEN
        places[n] := position_between(coalesce(places[n - 1], low), present);
    END IF;
    -- Who goes up goes first, the highest at first; then who goes down, the lowest at first: so nobody
    -- passes anybody.
    FOR moving IN
        SELECT tasks AS before, new_place
        FROM unnest(ids, places[: below] || places[below + 2 :]) WITH ORDINALITY AS each_one (task_id, new_place, nth)
        JOIN tasks ON board_id = (context.board).id AND id = task_id
        WHERE position <> new_place
        ORDER BY position > new_place, CASE WHEN position < new_place THEN -nth ELSE nth END
    LOOP
        after := moving.before;
        after.position := moving.new_place;
        PERFORM task_change(context, moving.before, after);
        SELECT * INTO moved FROM boards WHERE id = (context.board).id;
        context.board := moved;
    END LOOP;
    RETURN (context.board, places[below + 1]);
END $$;

CREATE OR REPLACE FUNCTION task_add(who jsonb, board bigint, request jsonb, request_key text DEFAULT NULL, request_fingerprint text DEFAULT NULL) RETURNS write_outcome
LANGUAGE plpgsql AS $$
DECLARE
    context  write_context := board_open(who, board, 'editor');
    after    boards := context.board;
    outcome  write_outcome := answer_recall(board, context.user_id, request_key, request_fingerprint);
    target   text := coalesce(request ->> 'status', after.columns #>> '{0,key}');
    place    text;
    room     task_room;
    fields   jsonb := coalesce(nullif(request -> 'fields', 'null'), '{}');
    assignee text;
    added    tasks;
BEGIN
    IF outcome.replayed THEN
        RETURN outcome;
    END IF;
    place := task_place(board, target, request, 0);
    IF request ->> 'assigned_to' IS NOT NULL THEN
        assignee := member_name(board, request ->> 'assigned_to');
    END IF;
    PERFORM check_task_request(after, request, assignee, target, place, fields);
    PERFORM check_wip_limit(after, target, 0);
    IF octet_length(place) > 64 THEN
        room := make_room(context, target, place, 0);
        context.board := room.board;
        after := room.board;
        place := room.place;
    END IF;
    INSERT INTO tasks (board_id, id, title, description, status, position, assigned_to, labels, due_at, fields, created_by, created_at, updated_at)
    VALUES (
        board, after.next_task_id, request ->> 'title', coalesce(request ->> 'description', ''), target, place, assignee,
        text_array(request -> 'labels'), date_trunc('milliseconds', (request ->> 'due_at')::timestamptz), fields,
        context.username, context.moment, context.moment)
    RETURNING * INTO added;
    after.next_task_id := after.next_task_id + 1;
    outcome.event := event_append(context, after, 'task', 'Add', jsonb_build_object('task', task_json(added)), task => added.id);
    outcome := (outcome.event, outcome.event -> 'task', false);
    PERFORM answer_keep(board, context.user_id, request_key, request_fingerprint, outcome);
    RETURN outcome;
END $$;

CREATE OR REPLACE FUNCTION task_patch(who jsonb, board bigint, task bigint, patch jsonb, if_match bigint[] DEFAULT NULL) RETURNS write_outcome
LANGUAGE plpgsql AS $$
DECLARE
    context write_context := board_open(who, board, 'editor');
    before  tasks := task_find(board, task);
    after   tasks := before;
    room    task_room;
BEGIN
    PERFORM check_version(before.version, if_match);
    after.status := coalesce(patch ->> 'status', before.status);
    IF after.status <> before.status OR patch ?| ARRAY['before', 'after'] THEN
        after.position := task_place(board, after.status, patch, task);
    END IF;
    IF patch ? 'assigned_to' THEN
        after.assigned_to := CASE WHEN patch ->> 'assigned_to' IS NOT NULL THEN member_name(board, patch ->> 'assigned_to') END;
    END IF;
    after.title := coalesce(patch ->> 'title', before.title);
    IF patch ? 'description' THEN
        after.description := coalesce(patch ->> 'description', '');
    END IF;
    IF patch ? 'labels' THEN
        after.labels := text_array(patch -> 'labels');
    END IF;
    IF patch ? 'due_at' THEN
        after.due_at := date_trunc('milliseconds', (patch ->> 'due_at')::timestamptz);
    END IF;
    IF patch ? 'fields' THEN
        after.fields := coalesce(nullif(merge_patch(before.fields, patch -> 'fields'), 'null'), '{}');
    END IF;
    PERFORM check_task_request(context.board, patch, after.assigned_to, after.status, after.position, after.fields);
    IF after.status <> before.status THEN
        PERFORM check_wip_limit(context.board, after.status, task);
    END IF;
    IF octet_length(after.position) > 64 THEN
        room := make_room(context, after.status, after.position, task);
        context.board := room.board;
        after.position := room.place;
    END IF;
    RETURN task_change(context, before, after);
END $$;

CREATE OR REPLACE FUNCTION task_undo(context write_context, target events, old jsonb) RETURNS write_outcome
LANGUAGE plpgsql AS $$
DECLARE
    before tasks;
    after  tasks;
    room   task_room;
    event  jsonb;
BEGIN
    SELECT * INTO before FROM tasks WHERE board_id = target.board_id AND id = target.task_id;
    IF target.action = 'Add' THEN
        RETURN task_remove(context, before, target.seq);
    END IF;
    after := jsonb_populate_record(before, old);
    IF target.action = 'Delete' OR old ?| ARRAY['status', 'position'] THEN
        IF NOT (context.board).columns @> jsonb_build_array(jsonb_build_object('key', after.status)) THEN
            PERFORM refuse('TBUND', 'its column is gone', '{"events": [], "fields": ["status"]}');
        END IF;
        IF target.action = 'Delete' OR after.status <> before.status THEN
            PERFORM check_wip_limit(context.board, after.status, after.id);
        END IF;
        after.position := place_again(after);
        -- The old place may be of a time when places could be longer.
        IF octet_length(after.position) > 64 THEN
            room := make_room(context, after.status, after.position, after.id);
            context.board := room.board;
            after.position := room.place;
        END IF;
    END IF;
    IF target.action <> 'Delete' THEN
        RETURN task_change(context, before, after, target.seq);
    END IF;
    UPDATE tasks SET (deleted, position, version, updated_at) = (false, after.position, version + 1, context.moment)
    WHERE board_id = after.board_id AND id = after.id RETURNING * INTO after;
    event := event_append(context, context.board, 'task', 'Add', jsonb_build_object('task', task_json(after)), task => after.id, undone => target.seq);
    RETURN (event, event -> 'task', false);
END $$;

-- The long positions that there are become short, by events like any others, in the name of an owner.
-- Relays find and publish them.
DO $$
DECLARE
    long_one record;
    before   tasks;
    after    tasks;
    locked   boards;
    context  write_context;
    room     task_room;
BEGIN
    FOR long_one IN
        SELECT board_id, id FROM tasks WHERE octet_length(position) > 64 AND NOT deleted ORDER BY board_id, status, position
    LOOP
        SELECT * INTO locked FROM boards WHERE id = long_one.board_id FOR NO KEY UPDATE;
        SELECT * INTO before FROM tasks WHERE board_id = long_one.board_id AND id = long_one.id;
        -- Some make room for others.
        CONTINUE WHEN octet_length(before.position) <= 64;
        context.board := locked;
        context.role := 'owner';
        context.moment := greatest(date_trunc('milliseconds', clock_timestamp()), locked.updated_at);
        SELECT users.id, username INTO context.user_id, context.username
        FROM board_members JOIN users ON users.id = user_id
        WHERE board_id = locked.id AND board_members.role = 'owner' ORDER BY users.id LIMIT 1;
        room := make_room(context, before.status, before.position, before.id);
        context.board := room.board;
        after := before;
        after.position := room.place;
        PERFORM task_change(context, before, after);
    END LOOP;
    -- A deleted task comes back near where it stood.
    UPDATE tasks SET position = rpad(rtrim(left(position, 64), '0'), 1 + position_width(left(position, 1)), '0')
    WHERE octet_length(position) > 64;
END $$;

ALTER TABLE tasks
    DROP CONSTRAINT tasks_position_check,
    ADD CONSTRAINT tasks_position_check CHECK (position ~ '^[A-Za-z][0-9A-Za-z]+$' AND octet_length(position) <= 64);
