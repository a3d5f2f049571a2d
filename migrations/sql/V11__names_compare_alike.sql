-- Names compare in an import as they do everywhere else, whatever the database's language is: before,
-- the importer's name was lowered by its rules, so that in Turkish IDA was not ida, and the tasks of
-- the importer lost their assignment.

-- POST /api/boards/import: {name, description?, columns?, tasks: [{title, description?, status?,
-- assigned_to?, labels?, due_at?, fields?, comments?: [text]}]}, all or nothing. The importer becomes
-- the author of everything. There is one event for each task and each comment, as if they had been
-- added one by one; `event` is the newest. `entity` is the board with `warnings`: [{pointer, detail}]
-- of what could not be carried over.
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
    remark    text;
    remarks   bigint := 0;
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
            warnings := warnings || fault(format('/tasks/%s/assigned_to', number), format('%s is not a member of the new board', item ->> 'assigned_to'));
        END IF;
        place := position_between(last ->> target, NULL);
        last := last || jsonb_build_object(target, place);
        number := number + 1;
        INSERT INTO tasks (board_id, id, title, description, status, position, assigned_to, labels, due_at, fields, created_by, created_at, updated_at)
        VALUES (
            made.id, number, item ->> 'title', coalesce(item ->> 'description', ''), target, place, assignee,
            text_array(item -> 'labels'), date_trunc('milliseconds', (item ->> 'due_at')::timestamptz),
            coalesce(nullif(item -> 'fields', 'null'), '{}'),
            owner.username, context.moment, context.moment);
        FOR remark IN SELECT value FROM jsonb_array_elements_text(coalesce(nullif(item -> 'comments', 'null'), '[]')) LOOP
            remarks := remarks + 1;
            INSERT INTO comments (board_id, id, task_id, body, created_by, created_at, updated_at)
            VALUES (made.id, remarks, number, remark, owner.username, context.moment, context.moment);
        END LOOP;
    END LOOP;
    PERFORM refuse_faults(faults);
    PERFORM import_events(context, number);
    UPDATE tasks SET (comment_count, version) = (count, 1 + count)
    FROM (SELECT task_id, count(*) AS count FROM comments WHERE board_id = made.id GROUP BY task_id) AS counted
    WHERE board_id = made.id AND id = counted.task_id;
    UPDATE boards SET (seq, next_task_id, next_comment_id, transaction_id) = (number + remarks, number + 1, remarks + 1, pg_current_xact_id())
    WHERE id = made.id RETURNING * INTO made;
    SELECT event INTO outcome.event FROM events WHERE board_id = made.id AND seq = made.seq;
    outcome := (outcome.event, board_json(made) || jsonb_build_object('role', 'owner', 'warnings', warnings), false);
    PERFORM answer_keep(0, owner.user_id, request_key, request_fingerprint, outcome);
    RETURN outcome;
END $$;
