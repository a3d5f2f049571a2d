-- An import loses less: comments keep their moments and the names of who wrote them, tasks the moment at
-- which they were made, and an archived board stays archived.

-- Who wrote an imported comment, where that was not the importer: a name and no user, because a file is
-- no proof of who wrote what is in it. `created_by` is whose it is here.
ALTER TABLE comments ADD COLUMN author text CONSTRAINT comments_author_check CHECK (char_length(author) BETWEEN 1 AND 64);

-- As before, with `author` where there is one.
CREATE OR REPLACE FUNCTION comment_json(comment comments) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT jsonb_build_object('id', comment.id, 'board_id', comment.board_id, 'task_id', comment.task_id,
        'body', comment.body, 'created_by', comment.created_by, 'version', comment.version,
        'created_at', rfc3339(comment.created_at), 'updated_at', rfc3339(comment.updated_at))
        || CASE WHEN comment.author IS NULL THEN '{}' ELSE jsonb_build_object('author', comment.author) END
$$;

-- Makes a board with its first owner, without an event: its history starts at seq 0. Only an import asks
-- for an archived one.
CREATE OR REPLACE FUNCTION board_insert(owner bigint, owner_name text, request jsonb, moment timestamptz) RETURNS boards
LANGUAGE plpgsql AS $$
DECLARE
    made  boards;
    first board_members;
BEGIN
    INSERT INTO boards (name, description, columns, archived, created_at, updated_at)
    VALUES (
        request ->> 'name',
        coalesce(request ->> 'description', ''),
        columns_complete(coalesce(nullif(request -> 'columns', 'null'), '[
            {"key": "todo", "name": "To do"},
            {"key": "in_progress", "name": "In progress"},
            {"key": "finished", "name": "Finished"}]')),
        coalesce((request ->> 'archived')::boolean, false),
        moment, moment)
    RETURNING * INTO made;
    INSERT INTO board_members VALUES (made.id, owner, 'owner', moment, moment) RETURNING * INTO first;
    UPDATE boards
    SET origin = jsonb_build_object('board', board_json(made), 'members', jsonb_build_array(member_json(first, owner_name)))
    WHERE id = made.id RETURNING * INTO made;
    RETURN made;
END $$;

-- POST /api/boards/import: {name, description?, columns?, archived?, tasks: [{title, description?, status?,
-- assigned_to?, labels?, due_at?, fields?, created_at?, comments?: [text or {body, author?, created_at?,
-- updated_at?}]}]}, all or nothing. Everything is the importer's. There is one event for each task and each
-- comment, as if they had been added one by one; `event` is the newest. `entity` is the board with
-- `warnings`: [{pointer, code, arguments, detail}] of what could not be carried over.
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
        INSERT INTO tasks (board_id, id, title, description, status, position, assigned_to, labels, due_at, fields, created_by, created_at, updated_at)
        VALUES (
            made.id, number, item ->> 'title', coalesce(item ->> 'description', ''), target, place, assignee,
            text_array(item -> 'labels'), date_trunc('milliseconds', (item ->> 'due_at')::timestamptz),
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
