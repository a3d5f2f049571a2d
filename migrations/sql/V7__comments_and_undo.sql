-- The writes of comments, and undo.

-- Refuses whoever neither wrote the comment nor (where that is enough) owns the board.
CREATE FUNCTION check_author(context write_context, author text, owner_may boolean) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF context.username <> author AND NOT (owner_may AND context.role = 'owner') THEN
        PERFORM refuse('TB403', 'this comment is somebody else''s', jsonb_build_object('role', context.role, 'needed', 'author'));
    END IF;
END $$;

-- A comment of a task, or 404.
CREATE FUNCTION comment_find(board bigint, task bigint, comment bigint) RETURNS comments
LANGUAGE plpgsql AS $$
DECLARE
    found_comment comments;
BEGIN
    SELECT * INTO found_comment FROM comments WHERE board_id = board AND task_id = task AND id = comment AND NOT deleted;
    IF NOT FOUND THEN
        PERFORM refuse_missing('comment');
    END IF;
    RETURN found_comment;
END $$;

-- Counts a comment more or less on its task. That is a change of the task: it gets a new version,
-- because its representation and so its entity tag must change.
CREATE FUNCTION comment_count_change(context write_context, counted tasks, difference integer) RETURNS tasks
LANGUAGE plpgsql AS $$
BEGIN
    UPDATE tasks SET (comment_count, version, updated_at) = (comment_count + difference, version + 1, context.moment)
    WHERE board_id = counted.board_id AND id = counted.id RETURNING * INTO counted;
    RETURN counted;
END $$;

-- The outcome of a change of a comment; its event carries the task as well.
CREATE FUNCTION comment_outcome(
    context write_context, after boards, action text, comment comments, task tasks, changes jsonb DEFAULT '{}', undone bigint DEFAULT NULL
) RETURNS write_outcome
LANGUAGE plpgsql AS $$
DECLARE
    event jsonb := event_append(context, after, 'comment', action,
        jsonb_build_object('comment', comment_json(comment), 'task', task_json(task)), changes, task.id, undone);
BEGIN
    RETURN (event, event -> 'comment', false);
END $$;

-- POST /api/boards/{id}/tasks/{task_id}/comments
CREATE FUNCTION comment_add(who jsonb, board bigint, task bigint, content text, request_key text DEFAULT NULL, request_fingerprint text DEFAULT NULL) RETURNS write_outcome
LANGUAGE plpgsql AS $$
DECLARE
    context write_context := board_open(who, board, 'editor');
    after   boards := context.board;
    outcome write_outcome := answer_recall(board, context.user_id, request_key, request_fingerprint);
    about   tasks;
    added   comments;
BEGIN
    IF outcome.replayed THEN
        RETURN outcome;
    END IF;
    about := comment_count_change(context, task_find(board, task), 1);
    INSERT INTO comments (board_id, id, task_id, body, created_by, created_at, updated_at)
    VALUES (board, after.next_comment_id, task, content, context.username, context.moment, context.moment)
    RETURNING * INTO added;
    after.next_comment_id := after.next_comment_id + 1;
    outcome := comment_outcome(context, after, 'Add', added, about);
    PERFORM answer_keep(board, context.user_id, request_key, request_fingerprint, outcome);
    RETURN outcome;
END $$;

-- Gives a comment another text; used by the PATCH and by undo.
CREATE FUNCTION comment_change(context write_context, before comments, content text, undone bigint DEFAULT NULL) RETURNS write_outcome
LANGUAGE plpgsql AS $$
DECLARE
    after comments;
BEGIN
    PERFORM check_author(context, before.created_by, owner_may => false);
    IF before.body = content THEN
        RETURN (NULL::jsonb, comment_json(before), false);
    END IF;
    UPDATE comments SET (body, version, updated_at) = (content, version + 1, context.moment)
    WHERE board_id = before.board_id AND id = before.id RETURNING * INTO after;
    RETURN comment_outcome(context, context.board, 'Update', after, task_find(after.board_id, after.task_id),
        jsonb_build_object('body', jsonb_build_array(before.body, after.body)), undone);
END $$;

-- PATCH /api/boards/{id}/tasks/{task_id}/comments/{comment_id}: one's own.
CREATE FUNCTION comment_patch(who jsonb, board bigint, task bigint, comment bigint, content text, if_match bigint[] DEFAULT NULL) RETURNS write_outcome
LANGUAGE plpgsql AS $$
DECLARE
    context write_context := board_open(who, board, 'editor');
    about   tasks := task_find(board, task);
    before  comments := comment_find(board, about.id, comment);
BEGIN
    PERFORM check_author(context, before.created_by, owner_may => false);
    PERFORM check_version(before.version, if_match);
    RETURN comment_change(context, before, coalesce(content, before.body));
END $$;

-- Deletes a comment; used by DELETE and by undo. The row stays, so that this can be undone in turn.
CREATE FUNCTION comment_remove(context write_context, before comments, undone bigint DEFAULT NULL) RETURNS write_outcome
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM check_author(context, before.created_by, owner_may => true);
    UPDATE comments SET (deleted, version, updated_at) = (true, version + 1, context.moment)
    WHERE board_id = before.board_id AND id = before.id;
    RETURN comment_outcome(context, context.board, 'Delete', before,
        comment_count_change(context, task_find(before.board_id, before.task_id), -1), undone => undone);
END $$;

-- DELETE /api/boards/{id}/tasks/{task_id}/comments/{comment_id}: one's own; owners anybody's.
CREATE FUNCTION comment_delete(who jsonb, board bigint, task bigint, comment bigint, if_match bigint[] DEFAULT NULL) RETURNS write_outcome
LANGUAGE plpgsql AS $$
DECLARE
    context write_context := board_open(who, board, 'editor');
    about   tasks := task_find(board, task);
    before  comments := comment_find(board, about.id, comment);
BEGIN
    PERFORM check_author(context, before.created_by, owner_may => true);
    PERFORM check_version(before.version, if_match);
    RETURN comment_remove(context, before);
END $$;

-- Refuses (TBUND) to undo `target` where later events stand in the way: of an Update or Move those
-- that changed one of the same fields, of anything else all that were about the same thing; and for
-- what is on a task, the task's deletion.
CREATE FUNCTION check_undo(target events) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    kind     text := target.entity;
    fields   text[] := ARRAY(SELECT jsonb_object_keys(target.event -> 'changes'));
    numbers  bigint[];
    blocking text[];
BEGIN
    SELECT array_agg(seq ORDER BY seq) INTO numbers FROM events
    WHERE board_id = target.board_id AND seq > target.seq
      AND (task_id = target.task_id OR (task_id IS NULL AND target.task_id IS NULL))
      AND CASE
          -- A new task cannot be taken back when somebody has written about it.
          WHEN kind = 'task' AND target.action = 'Add' THEN true
          WHEN entity = 'task' AND action = 'Delete' THEN
              kind = 'task' AND target.action = 'Delete'
              OR EXISTS (SELECT FROM tasks WHERE tasks.board_id = target.board_id AND id = target.task_id AND deleted)
          WHEN entity <> kind OR event -> kind -> 'id' <> target.event -> kind -> 'id' THEN false
          WHEN fields = '{}' THEN true
          ELSE event -> 'changes' ?| fields
               OR kind = 'member' OR (kind = 'comment' AND action = 'Delete')
      END;
    IF numbers IS NOT NULL THEN
        blocking := ARRAY(
            SELECT DISTINCT field FROM events, jsonb_object_keys(event -> 'changes') AS each_key (field)
            WHERE board_id = target.board_id AND seq = ANY (numbers) AND (fields = '{}' OR field = ANY (fields)) ORDER BY field);
        PERFORM refuse('TBUND', 'later changes stand in the way', jsonb_build_object('events', numbers, 'fields', blocking));
    END IF;
END $$;

-- A place for a task that comes back: its old one, or right behind whoever has that now.
CREATE FUNCTION place_again(back tasks) RETURNS text
LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM tasks
        WHERE board_id = back.board_id AND status = back.status AND position = back.position AND NOT deleted AND id <> back.id)
    THEN
        RETURN back.position;
    END IF;
    RETURN position_between(back.position, (
        SELECT min(position) FROM tasks
        WHERE board_id = back.board_id AND status = back.status AND position > back.position AND NOT deleted AND id <> back.id));
END $$;

-- Undoes what was done to a task.
CREATE FUNCTION task_undo(context write_context, target events, old jsonb) RETURNS write_outcome
LANGUAGE plpgsql AS $$
DECLARE
    before tasks;
    after  tasks;
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
    END IF;
    IF target.action <> 'Delete' THEN
        RETURN task_change(context, before, after, target.seq);
    END IF;
    UPDATE tasks SET (deleted, position, version, updated_at) = (false, after.position, version + 1, context.moment)
    WHERE board_id = after.board_id AND id = after.id RETURNING * INTO after;
    event := event_append(context, context.board, 'task', 'Add', jsonb_build_object('task', task_json(after)), task => after.id, undone => target.seq);
    RETURN (event, event -> 'task', false);
END $$;

-- Undoes what was done to a comment, by whoever might have done it.
CREATE FUNCTION comment_undo(context write_context, target events, old jsonb) RETURNS write_outcome
LANGUAGE plpgsql AS $$
DECLARE
    about comments;
BEGIN
    SELECT * INTO about FROM comments WHERE board_id = target.board_id AND id = (target.event #>> '{comment,id}')::bigint;
    IF target.action = 'Add' THEN
        RETURN comment_remove(context, about, target.seq);
    ELSIF target.action = 'Update' THEN
        RETURN comment_change(context, about, old ->> 'body', target.seq);
    END IF;
    PERFORM check_author(context, about.created_by, owner_may => true);
    UPDATE comments SET (deleted, version, updated_at) = (false, version + 1, context.moment)
    WHERE board_id = about.board_id AND id = about.id RETURNING * INTO about;
    RETURN comment_outcome(context, context.board, 'Add', about,
        comment_count_change(context, task_find(about.board_id, about.task_id), 1), undone => target.seq);
END $$;

-- POST /api/boards/{id}/events/{seq}/undo: makes the event that takes this one back.
CREATE FUNCTION event_undo(who jsonb, board bigint, undone bigint, request_key text DEFAULT NULL, request_fingerprint text DEFAULT NULL) RETURNS write_outcome
LANGUAGE plpgsql AS $$
DECLARE
    context write_context := board_open(who, board, 'editor');
    outcome write_outcome := answer_recall(board, context.user_id, request_key, request_fingerprint);
    target  events;
    old     jsonb;
BEGIN
    IF outcome.replayed THEN
        RETURN outcome;
    END IF;
    SELECT * INTO target FROM events WHERE board_id = board AND seq = undone;
    IF NOT FOUND THEN
        PERFORM refuse_missing('event');
    ELSIF target.entity = 'member' THEN
        PERFORM check_role(context, 'owner');
    END IF;
    PERFORM check_undo(target);
    SELECT coalesce(jsonb_object_agg(key, value -> 0), '{}') INTO old FROM jsonb_each(target.event -> 'changes');
    IF target.entity = 'task' THEN
        outcome := task_undo(context, target, old);
    ELSIF target.entity = 'comment' THEN
        outcome := comment_undo(context, target, old);
    ELSIF target.entity = 'member' THEN
        outcome := member_change(context, (target.event #>> '{member,id}')::bigint, target.event #>> '{member,username}',
            CASE target.action WHEN 'Delete' THEN target.event #>> '{member,role}' WHEN 'Update' THEN old ->> 'role' END, target.seq);
    ELSIF target.action = 'Update' THEN
        outcome := board_change(context, old, target.seq);
    ELSE
        PERFORM refuse('TBUND', 'a board is deleted and restored by requests of their own', '{"events": [], "fields": []}');
    END IF;
    PERFORM answer_keep(board, context.user_id, request_key, request_fingerprint, outcome);
    RETURN outcome;
END $$;
