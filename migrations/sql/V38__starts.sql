-- When work on a task is to begin (api.md, API-START): not after it is due.
ALTER TABLE tasks ADD COLUMN start_at timestamptz;

-- As before (V20), with the start.
CREATE OR REPLACE FUNCTION broken_limit(task tasks) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN char_length(task.assigned_to) NOT BETWEEN 1 AND 32 THEN 'tasks_assigned_to_check'
        WHEN task.comment_count < 0 THEN 'tasks_comment_count_check'
        WHEN char_length(task.description) > 10000 THEN 'tasks_description_check'
        WHEN task.due_at < timestamptz '0001-01-01 00:00:00+00' OR task.due_at >= timestamptz '10000-01-01 00:00:00+00' THEN 'tasks_due_at_check'
        WHEN task.fields <> '{}' AND NOT fields_fit(task.fields) THEN 'tasks_fields_check'
        WHEN task.id NOT BETWEEN 1 AND 9007199254740991 THEN 'tasks_id_check'
        WHEN task.labels <> '{}' AND NOT labels_fit(task.labels) THEN 'tasks_labels_check'
        WHEN task.position !~ '^[A-Za-z][0-9A-Za-z]+$' OR octet_length(task.position) > 64 THEN 'tasks_position_check'
        WHEN task.start_at < timestamptz '0001-01-01 00:00:00+00' OR task.start_at >= timestamptz '10000-01-01 00:00:00+00'
          OR task.start_at > task.due_at THEN 'tasks_start_at_check'
        WHEN task.status !~ '^[a-z0-9_-]{1,50}$' THEN 'tasks_status_check'
        WHEN char_length(task.title) NOT BETWEEN 1 AND 200 THEN 'tasks_title_check' END
$$;

-- As before (V37), with the start.
CREATE OR REPLACE FUNCTION task_json(task tasks) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT jsonb_build_object('id', task.id, 'board_id', task.board_id, 'title', task.title,
        'description', task.description, 'status', task.status, 'position', task.position,
        'assigned_to', task.assigned_to, 'labels', task.labels, 'start_at', rfc3339(task.start_at), 'due_at', rfc3339(task.due_at),
        'fields', task.fields, 'comment_count', task.comment_count, 'item_count', task.item_count,
        'done_count', task.done_count, 'created_by', task.created_by,
        'version', task.version, 'created_at', rfc3339(task.created_at), 'updated_at', rfc3339(task.updated_at))
$$;

-- As before (V20), with the start.
CREATE OR REPLACE FUNCTION task_add(who jsonb, board bigint, request jsonb, request_key text DEFAULT NULL, request_fingerprint text DEFAULT NULL) RETURNS write_outcome
LANGUAGE plpgsql AS $$
DECLARE
    context  write_context := board_open(who, board, 'editor');
    after    boards := context.board;
    outcome  write_outcome;
    target   text := coalesce(request ->> 'status', after.columns #>> '{0,key}');
    place    text;
    room     task_room;
    fields   jsonb := coalesce(nullif(request -> 'fields', 'null'), '{}');
    assignee text;
    added    tasks;
BEGIN
    IF request_key IS NOT NULL THEN
        outcome := answer_recall(board, context.user_id, request_key, request_fingerprint);
        IF outcome.replayed THEN
            RETURN outcome;
        END IF;
    END IF;
    place := task_place(board, target, request, 0);
    IF request ->> 'assigned_to' IS NOT NULL THEN
        assignee := member_name(board, request ->> 'assigned_to');
    END IF;
    IF NOT task_request_fits(after.columns, request, assignee, target, place, fields) THEN
        PERFORM check_task_request(after, request, assignee, target, place, fields);
    ELSIF column_of(after.columns, target) ->> 'wip_limit' IS NOT NULL THEN
        PERFORM check_wip_limit(after, target, 0);
    END IF;
    IF octet_length(place) > 64 THEN
        room := make_room(context, target, place, 0);
        context.board := room.board;
        after := room.board;
        place := room.place;
    END IF;
    INSERT INTO tasks (board_id, id, title, description, status, position, assigned_to, labels, start_at, due_at, fields, created_by, created_at, updated_at)
    VALUES (
        board, after.next_task_id, request ->> 'title', coalesce(request ->> 'description', ''), target, place, assignee,
        text_array(request -> 'labels'), date_trunc('milliseconds', (request ->> 'start_at')::timestamptz),
        date_trunc('milliseconds', (request ->> 'due_at')::timestamptz), fields,
        context.username, context.moment, context.moment)
    RETURNING * INTO added;
    after.next_task_id := after.next_task_id + 1;
    outcome.event := event_append(context, after, 'task', 'Add', jsonb_build_object('task', task_json(added)), task => added.id);
    outcome := (outcome.event, outcome.event -> 'task', false);
    IF request_key IS NOT NULL THEN
        PERFORM answer_keep(board, context.user_id, request_key, request_fingerprint, outcome);
    END IF;
    RETURN outcome;
END $$;

-- Stores `after` in place of `before` and tells what differs, as before (V20), with the start.
CREATE OR REPLACE FUNCTION task_change(context write_context, before tasks, after tasks, undone bigint DEFAULT NULL) RETURNS write_outcome
LANGUAGE plpgsql AS $$
DECLARE
    changes jsonb := '{}';
    event   jsonb;
BEGIN
    IF after.title <> before.title THEN
        changes := changes || jsonb_build_object('title', jsonb_build_array(before.title, after.title));
    END IF;
    IF after.description <> before.description THEN
        changes := changes || jsonb_build_object('description', jsonb_build_array(before.description, after.description));
    END IF;
    IF after.status <> before.status THEN
        changes := changes || jsonb_build_object('status', jsonb_build_array(before.status, after.status));
    END IF;
    IF after.position <> before.position THEN
        changes := changes || jsonb_build_object('position', jsonb_build_array(before.position, after.position));
    END IF;
    IF after.assigned_to IS DISTINCT FROM before.assigned_to THEN
        changes := changes || jsonb_build_object('assigned_to', jsonb_build_array(before.assigned_to, after.assigned_to));
    END IF;
    IF after.labels <> before.labels THEN
        changes := changes || jsonb_build_object('labels', jsonb_build_array(before.labels, after.labels));
    END IF;
    IF after.start_at IS DISTINCT FROM before.start_at THEN
        changes := changes || jsonb_build_object('start_at', jsonb_build_array(rfc3339(before.start_at), rfc3339(after.start_at)));
    END IF;
    IF after.due_at IS DISTINCT FROM before.due_at THEN
        changes := changes || jsonb_build_object('due_at', jsonb_build_array(rfc3339(before.due_at), rfc3339(after.due_at)));
    END IF;
    IF after.fields <> before.fields THEN
        changes := changes || jsonb_build_object('fields', jsonb_build_array(before.fields, after.fields));
    END IF;
    IF changes = '{}' THEN
        RETURN (NULL::jsonb, task_json(before), false);
    END IF;
    UPDATE tasks SET (title, description, status, position, assigned_to, labels, start_at, due_at, fields, version, updated_at)
        = (after.title, after.description, after.status, after.position, after.assigned_to, after.labels, after.start_at, after.due_at, after.fields, before.version + 1, context.moment)
    WHERE board_id = after.board_id AND id = after.id RETURNING * INTO after;
    event := event_append(context, context.board, 'task',
        CASE WHEN changes ?| ARRAY['status', 'position'] THEN 'Move' ELSE 'Update' END,
        jsonb_build_object('task', task_json(after)), changes, after.id, undone);
    RETURN (event, event -> 'task', false);
END $$;

-- As before (V20), with the start.
CREATE OR REPLACE FUNCTION task_patch(who jsonb, board bigint, task bigint, patch jsonb, if_match bigint[] DEFAULT NULL) RETURNS write_outcome
LANGUAGE plpgsql AS $$
DECLARE
    context write_context := board_open(who, board, 'editor');
    before  tasks := task_find(board, task);
    after   tasks := before;
    room    task_room;
BEGIN
    IF if_match IS NOT NULL THEN
        PERFORM check_version(before.version, if_match);
    END IF;
    IF patch ?| ARRAY['status', 'before', 'after'] THEN
        after.status := coalesce(patch ->> 'status', before.status);
        IF after.status <> before.status OR patch ?| ARRAY['before', 'after'] THEN
            after.position := task_place(board, after.status, patch, task);
        END IF;
    END IF;
    IF patch ? 'assigned_to' THEN
        after.assigned_to := CASE WHEN patch ->> 'assigned_to' IS NOT NULL THEN member_name(board, patch ->> 'assigned_to') END;
    END IF;
    IF patch ? 'title' THEN
        after.title := coalesce(patch ->> 'title', before.title);
    END IF;
    IF patch ? 'description' THEN
        after.description := coalesce(patch ->> 'description', '');
    END IF;
    IF patch ? 'labels' THEN
        after.labels := text_array(patch -> 'labels');
    END IF;
    IF patch ? 'due_at' THEN
        after.due_at := date_trunc('milliseconds', (patch ->> 'due_at')::timestamptz);
    END IF;
    IF patch ? 'start_at' THEN
        after.start_at := date_trunc('milliseconds', (patch ->> 'start_at')::timestamptz);
    END IF;
    IF patch ? 'fields' THEN
        after.fields := coalesce(nullif(merge_patch(before.fields, patch -> 'fields'), 'null'), '{}');
    END IF;
    IF NOT task_request_fits((context.board).columns, patch, after.assigned_to, after.status, after.position, after.fields) THEN
        PERFORM check_task_request(context.board, patch, after.assigned_to, after.status, after.position, after.fields);
    ELSIF after.status <> before.status AND column_of((context.board).columns, after.status) ->> 'wip_limit' IS NOT NULL THEN
        PERFORM check_wip_limit(context.board, after.status, task);
    END IF;
    IF after.start_at > after.due_at THEN
        PERFORM refuse_faults(jsonb_build_array(CASE WHEN patch ->> 'start_at' IS NOT NULL
            THEN fault('/start_at', 'must not be after due_at') ELSE fault('/due_at', 'must not be before start_at') END));
    END IF;
    IF octet_length(after.position) > 64 THEN
        room := make_room(context, after.status, after.position, task);
        context.board := room.board;
        after.position := room.place;
    END IF;
    RETURN task_change(context, before, after);
END $$;

-- As before (V13). Of the start and the moment when it is due, one may have been changed since the other was.
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
    IF after.start_at > after.due_at THEN
        PERFORM refuse('TBUND', 'the task would start after it is due', '{"events": [], "fields": ["start_at", "due_at"]}');
    END IF;
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

-- As before (V37). Where an event is older than the start of tasks, its task had none.
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
                SELECT '{"start_at": null, "item_count": 0, "done_count": 0}' || (whole.event -> 'task') || coalesce(newest.event -> 'task_patch', '{}') AS task
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

-- As before (V37), with the start.
CREATE OR REPLACE FUNCTION board_import(who jsonb, document jsonb, request_key text DEFAULT NULL, request_fingerprint text DEFAULT NULL) RETURNS write_outcome
LANGUAGE plpgsql AS $$
DECLARE
    owner     record;
    context   write_context;
    made      boards;
    outcome   write_outcome;
    item      jsonb;
    target    text;
    last      jsonb := '{}';
    place     text;
    faults    jsonb := '[]';
    warnings  jsonb := '[]';
    assignee  text;
    number    bigint := 0;
    remark    jsonb;
    written   timestamptz;
    remarks   bigint := 0;
    lists     bigint := 0;
    items     bigint := 0;
BEGIN
    PERFORM FROM users WHERE id = (who ->> 'user_id')::bigint FOR NO KEY UPDATE;
    SELECT * INTO owner FROM identify(who);
    outcome := answer_recall(0, owner.user_id, request_key, request_fingerprint);
    IF outcome.replayed THEN
        RETURN outcome;
    END IF;
    context.user_id := owner.user_id;
    context.username := owner.username;
    context.moment := date_trunc('milliseconds', clock_timestamp());
    made := board_insert(owner.user_id, owner.username, document, context.moment);
    context.board := made;
    FOR item IN SELECT value FROM jsonb_array_elements(coalesce(nullif(document -> 'tasks', 'null'), '[]')) LOOP
        target := coalesce(item ->> 'status', made.columns #>> '{0,key}');
        IF NOT made.columns @> jsonb_build_array(jsonb_build_object('key', target)) THEN
            faults := faults || fault(format('/tasks/%s/status', number), 'is not a column of this board');
        END IF;
        IF NOT fields_fit(coalesce(nullif(item -> 'fields', 'null'), '{}')) THEN
            faults := faults || fault(format('/tasks/%s/fields', number), 'must be an object of at most 16 KiB');
            CONTINUE;
        END IF;
        assignee := CASE WHEN lower((item ->> 'assigned_to') COLLATE "C") = lower(owner.username COLLATE "C") THEN owner.username END;
        IF item ->> 'assigned_to' IS NOT NULL AND assignee IS NULL THEN
            warnings := warnings || jsonb_build_object(
                'pointer', format('/tasks/%s/assigned_to', number),
                'code', 'not-a-member',
                'arguments', jsonb_build_object('name', item ->> 'assigned_to', 'task', item ->> 'title'),
                'detail', format('was left out: %s is not a member of the new board', item ->> 'assigned_to'));
        END IF;
        place := position_between(last ->> target, NULL);
        last := last || jsonb_build_object(target, place);
        number := number + 1;
        INSERT INTO tasks (board_id, id, title, description, status, position, assigned_to, labels, start_at, due_at, fields, created_by, created_at, updated_at)
        VALUES (
            made.id, number, item ->> 'title', coalesce(item ->> 'description', ''), target, place, assignee,
            text_array(item -> 'labels'), date_trunc('milliseconds', (item ->> 'start_at')::timestamptz),
            date_trunc('milliseconds', (item ->> 'due_at')::timestamptz),
            coalesce(nullif(item -> 'fields', 'null'), '{}'),
            owner.username, coalesce(date_trunc('milliseconds', (item ->> 'created_at')::timestamptz), context.moment), context.moment);
        FOR remark IN SELECT value FROM jsonb_array_elements(coalesce(nullif(item -> 'comments', 'null'), '[]')) LOOP
            remarks := remarks + 1;
            IF jsonb_typeof(remark) = 'string' THEN
                remark := jsonb_build_object('body', remark);
            END IF;
            written := coalesce(date_trunc('milliseconds', (remark ->> 'created_at')::timestamptz), context.moment);
            INSERT INTO comments (board_id, id, task_id, body, author, created_by, created_at, updated_at)
            VALUES (
                made.id, remarks, number, remark ->> 'body', remark ->> 'author', owner.username, written,
                coalesce(date_trunc('milliseconds', (remark ->> 'updated_at')::timestamptz), written));
        END LOOP;
        IF jsonb_array_length(coalesce(nullif(item -> 'checklists', 'null'), '[]')) > 0 THEN
            SELECT * INTO lists, items FROM import_checklists(made.id, number, owner.username, item -> 'checklists', lists, items);
        END IF;
    END LOOP;
    PERFORM refuse_faults(faults);
    PERFORM import_events(context, number);
    PERFORM import_counts(made.id);
    UPDATE boards SET (seq, next_task_id, next_comment_id, transaction_id) = (number + remarks + lists, number + 1, remarks + 1, pg_current_xact_id())
    WHERE id = made.id RETURNING * INTO made;
    SELECT event INTO outcome.event FROM events WHERE board_id = made.id AND seq = made.seq;
    outcome := (outcome.event, board_json(made) || jsonb_build_object('role', 'owner', 'warnings', warnings), false);
    PERFORM answer_keep(0, owner.user_id, request_key, request_fingerprint, outcome);
    RETURN outcome;
END $$;
