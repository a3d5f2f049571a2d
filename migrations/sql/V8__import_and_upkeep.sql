-- Importing a whole board, and what is done from time to time.

-- POST /api/boards/import: {name, description?, columns?, tasks: [{title, description?, status?,
-- assigned_to?, labels?, due_at?, fields?, comments?: [text]}]}, all or nothing. The importer becomes
-- the author of everything. There is one event for each task and each comment, as if they had been
-- added one by one; `event` is the newest. `entity` is the board with `warnings`: [{pointer, detail}]
-- of what could not be carried over.
CREATE FUNCTION board_import(who jsonb, document jsonb, request_key text DEFAULT NULL, request_fingerprint text DEFAULT NULL) RETURNS write_outcome
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
        assignee := CASE WHEN lower(item ->> 'assigned_to') = lower(owner.username) THEN owner.username END;
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

-- The events of an import: the tasks by id, then the comments by id. One statement, because writing
-- the board's row once for each of thousands would leave as many dead versions of it behind.
CREATE FUNCTION import_events(context write_context, task_count bigint) RETURNS void
LANGUAGE sql AS $$
    INSERT INTO events (board_id, seq, event, entity, action, task_id, created_at, era, transaction_id)
    SELECT tasks.board_id, id, event_json(context, id, 'task', 'Add', jsonb_build_object('task', task_json(tasks))),
        'task', 'Add', id, context.moment, (SELECT era FROM meta), pg_current_xact_id()
    FROM tasks WHERE tasks.board_id = (context.board).id
    UNION ALL
    SELECT comments.board_id, task_count + comments.id,
        event_json(context, task_count + comments.id, 'comment', 'Add', jsonb_build_object(
            'comment', comment_json(comments),
            'task', task_json(tasks) || jsonb_build_object('comment_count', nth, 'version', 1 + nth))),
        'comment', 'Add', task_id, context.moment, (SELECT era FROM meta), pg_current_xact_id()
    FROM (SELECT id AS nth_id, row_number() OVER (PARTITION BY task_id ORDER BY id) AS nth FROM comments WHERE board_id = (context.board).id) AS counted
    JOIN comments ON comments.board_id = (context.board).id AND comments.id = nth_id
    JOIN tasks ON tasks.board_id = comments.board_id AND tasks.id = comments.task_id
$$;

-- Throws away what time has settled: answers after 24 hours, tokens that have ended, boards that lay
-- in the trash for 30 days. A little each time, without waiting for another who does the same.
-- Answers how many of each there were.
CREATE FUNCTION tidy_up(most integer DEFAULT 1000, OUT idempotency_keys bigint, OUT revoked_tokens bigint, OUT boards bigint)
LANGUAGE plpgsql AS $$
BEGIN
    WITH gone AS (
        DELETE FROM idempotency_keys AS kept USING (
            SELECT board_id, user_id, key FROM idempotency_keys AS old
            WHERE created_at < clock_timestamp() - interval '24 hours' LIMIT most FOR UPDATE SKIP LOCKED) AS old
        WHERE (kept.board_id, kept.user_id, kept.key) = (old.board_id, old.user_id, old.key) RETURNING 1)
    SELECT count(*) INTO idempotency_keys FROM gone;
    WITH gone AS (
        DELETE FROM revoked_tokens AS kept WHERE jti IN (
            SELECT jti FROM revoked_tokens AS old WHERE expires_at < clock_timestamp() - interval '1 day' LIMIT most FOR UPDATE SKIP LOCKED) RETURNING 1)
    SELECT count(*) INTO revoked_tokens FROM gone;
    WITH gone AS (
        DELETE FROM boards AS kept WHERE id IN (
            SELECT id FROM boards AS old WHERE deleted_at < clock_timestamp() - interval '30 days' LIMIT 10 FOR UPDATE SKIP LOCKED) RETURNING 1)
    SELECT count(*) INTO boards FROM gone;
END $$;

-- To be called after the database was restored from a backup, before anybody uses it: cursors from
-- the lost future are told from those of this past, and the order of all boards' events goes on.
CREATE FUNCTION database_restored() RETURNS uuid
LANGUAGE sql AS $$
    UPDATE boards SET transaction_id = '0';
    UPDATE meta SET (epoch, era) = (gen_random_uuid(), era + 1) RETURNING epoch
$$;
