-- The writes of tasks.

-- Where a task goes in column `target`: what `request` asks for with `before` or `after` (a task's
-- id, or null for the end), else the end. `mover` is the task that is moved (0 for a new one); if it
-- stands there already, it keeps its place. NULL where the neighbour asked for is not in the column.
CREATE FUNCTION task_place(board bigint, target text, request jsonb, mover bigint) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    neighbour tasks;
    low       text COLLATE "C";
    high      text COLLATE "C";
    present   text COLLATE "C";
BEGIN
    -- Single tasks are asked for by their key alone, so that no plan made while the table was small
    -- looks for them in their column.
    IF mover <> 0 THEN
        SELECT CASE WHEN status = target AND NOT deleted THEN position END INTO present
        FROM tasks WHERE board_id = board AND id = mover;
    END IF;
    IF request ->> 'before' IS NULL AND request ->> 'after' IS NULL THEN
        SELECT position INTO low FROM tasks
        WHERE board_id = board AND status = target AND NOT deleted AND id <> mover
        ORDER BY position DESC LIMIT 1;
    ELSE
        SELECT * INTO neighbour FROM tasks
        WHERE board_id = board AND id = coalesce(request ->> 'before', request ->> 'after')::bigint;
        IF neighbour.id IS NULL OR neighbour.id = mover OR neighbour.deleted OR neighbour.status <> target THEN
            RETURN NULL;
        ELSIF request ->> 'before' IS NOT NULL THEN
            high := neighbour.position;
            SELECT position INTO low FROM tasks
            WHERE board_id = board AND status = target AND NOT deleted AND id <> mover AND position < high
            ORDER BY position DESC LIMIT 1;
        ELSE
            low := neighbour.position;
            SELECT position INTO high FROM tasks
            WHERE board_id = board AND status = target AND NOT deleted AND id <> mover AND position > low
            ORDER BY position LIMIT 1;
        END IF;
    END IF;
    IF present IS NOT NULL AND (low IS NULL OR low < present) AND (high IS NULL OR present < high) THEN
        RETURN present;
    END IF;
    RETURN position_between(low, high);
END $$;

-- Refuses (TBWIP) one more task in a column that is full. `mover` is not counted.
CREATE FUNCTION check_wip_limit(board boards, target text, mover bigint) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    most bigint;
BEGIN
    SELECT (entry ->> 'wip_limit')::bigint INTO most
    FROM jsonb_array_elements(board.columns) AS each_column (entry) WHERE entry ->> 'key' = target;
    IF most IS NOT NULL AND (SELECT count(*) FROM (
            SELECT FROM tasks WHERE board_id = board.id AND status = target AND NOT deleted AND id <> mover LIMIT most
        ) AS counted) >= most
    THEN
        PERFORM refuse('TBWIP', format('the column %s takes at most %s tasks', target, most), jsonb_build_object('status', target, 'wip_limit', most));
    END IF;
END $$;

-- The board's member of this name as it is written in their account, or NULL.
CREATE FUNCTION member_name(board bigint, name text) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT username FROM users JOIN board_members ON user_id = users.id AND board_id = board
    WHERE username_key = lower(name COLLATE "C")
$$;

-- Refuses (TB422), all at once, what in `request` does not fit this board.
CREATE FUNCTION check_task_request(board boards, request jsonb, assignee text, target text, place text, fields jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    faults jsonb := '[]';
    anchor text := CASE WHEN request ->> 'before' IS NOT NULL THEN 'before' ELSE 'after' END;
BEGIN
    IF request ? 'before' AND request ? 'after' THEN
        faults := faults || fault('/after', 'cannot be given together with before');
    END IF;
    IF NOT board.columns @> jsonb_build_array(jsonb_build_object('key', target)) THEN
        faults := faults || fault('/status', 'is not a column of this board');
    ELSIF place IS NULL THEN
        faults := faults || fault('/' || anchor, format('is not another task in the column %s', target));
    END IF;
    IF request ->> 'assigned_to' IS NOT NULL AND assignee IS NULL THEN
        faults := faults || fault('/assigned_to', 'is not a member of this board');
    END IF;
    IF NOT fields_fit(fields) THEN
        faults := faults || fault('/fields', 'must be an object of at most 16 KiB');
    END IF;
    PERFORM refuse_faults(faults);
END $$;

-- A JSON array of texts as an array.
CREATE FUNCTION text_array(value jsonb) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN CASE WHEN value IS NULL OR value IN ('null', '[]') THEN '{}' ELSE ARRAY(
        SELECT label FROM jsonb_array_elements_text(value) WITH ORDINALITY AS each_label (label, n) ORDER BY n) END;
END $$;

-- POST /api/boards/{id}/tasks: {title, description?, status?, assigned_to?, labels?, due_at?,
-- fields?, before? | after?}; without a status into the first column.
CREATE FUNCTION task_add(who jsonb, board bigint, request jsonb, request_key text DEFAULT NULL, request_fingerprint text DEFAULT NULL) RETURNS write_outcome
LANGUAGE plpgsql AS $$
DECLARE
    context  write_context := board_open(who, board, 'editor');
    after    boards := context.board;
    outcome  write_outcome := answer_recall(board, context.user_id, request_key, request_fingerprint);
    target   text := coalesce(request ->> 'status', after.columns #>> '{0,key}');
    place    text;
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

-- A task of the board, or 404.
CREATE FUNCTION task_find(board bigint, task bigint) RETURNS tasks
LANGUAGE plpgsql AS $$
DECLARE
    found_task tasks;
BEGIN
    SELECT * INTO found_task FROM tasks WHERE board_id = board AND id = task AND NOT deleted;
    IF NOT FOUND THEN
        PERFORM refuse_missing('task');
    END IF;
    RETURN found_task;
END $$;

-- Stores `after` in place of `before` and tells what differs; used by the PATCH and by undo.
CREATE FUNCTION task_change(context write_context, before tasks, after tasks, undone bigint DEFAULT NULL) RETURNS write_outcome
LANGUAGE plpgsql AS $$
DECLARE
    changes jsonb := changes_between(task_json(before), task_json(after));
    event   jsonb;
BEGIN
    IF changes = '{}' THEN
        RETURN (NULL::jsonb, task_json(before), false);
    END IF;
    after.version := before.version + 1;
    after.updated_at := context.moment;
    UPDATE tasks SET (title, description, status, position, assigned_to, labels, due_at, fields, version, updated_at)
        = (after.title, after.description, after.status, after.position, after.assigned_to, after.labels, after.due_at, after.fields, after.version, after.updated_at)
    WHERE board_id = after.board_id AND id = after.id;
    event := event_append(context, context.board, 'task',
        CASE WHEN changes ?| ARRAY['status', 'position'] THEN 'Move' ELSE 'Update' END,
        jsonb_build_object('task', task_json(after)), changes, after.id, undone);
    RETURN (event, event -> 'task', false);
END $$;

-- PATCH /api/boards/{id}/tasks/{task_id}: a merge patch of what can be given when a task is added;
-- `status`, `before` and `after` move it.
CREATE FUNCTION task_patch(who jsonb, board bigint, task bigint, patch jsonb, if_match bigint[] DEFAULT NULL) RETURNS write_outcome
LANGUAGE plpgsql AS $$
DECLARE
    context write_context := board_open(who, board, 'editor');
    before  tasks := task_find(board, task);
    after   tasks := before;
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
    RETURN task_change(context, before, after);
END $$;

-- Deletes a task; used by DELETE and by undo. The row stays, so that this can be undone in turn.
CREATE FUNCTION task_remove(context write_context, before tasks, undone bigint DEFAULT NULL) RETURNS write_outcome
LANGUAGE plpgsql AS $$
DECLARE
    event jsonb;
BEGIN
    UPDATE tasks SET (deleted, version, updated_at) = (true, before.version + 1, context.moment)
    WHERE board_id = before.board_id AND id = before.id;
    event := event_append(context, context.board, 'task', 'Delete', jsonb_build_object('task', task_json(before)), task => before.id, undone => undone);
    RETURN (event, event -> 'task', false);
END $$;

-- DELETE /api/boards/{id}/tasks/{task_id}
CREATE FUNCTION task_delete(who jsonb, board bigint, task bigint, if_match bigint[] DEFAULT NULL) RETURNS write_outcome
LANGUAGE plpgsql AS $$
DECLARE
    context write_context := board_open(who, board, 'editor');
    before  tasks := task_find(board, task);
BEGIN
    PERFORM check_version(before.version, if_match);
    RETURN task_remove(context, before);
END $$;
