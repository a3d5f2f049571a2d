-- A write takes PostgreSQL six tenths of the time (docs/adr/0018). Nothing that it says or stores changes, but for a
-- clock that was set back.
--
-- What a write cost was mostly preparing: PostgreSQL prepares the expressions of a function anew in each
-- transaction and an SQL function that it cannot inline with each call, plan and all; and it reads, plans and
-- prepares each CHECK of a table with each statement that writes to it. So here are fewer statements, fewer
-- expressions, no such functions, and triggers in place of CHECKs.

-- All that is altered is locked at once, for the moment that it takes. Who reads locks tables in another order, so
-- that one might wait for the other for ever: this one gives up what it has got, lets them pass, and tries again.
DO $$
DECLARE
    patience text := current_setting('lock_timeout');
BEGIN
    PERFORM set_config('lock_timeout', '100ms', true);
    LOOP
        BEGIN
            LOCK TABLE boards, tasks, comments, events, idempotency_keys, write_rates, column_flow, task_search IN ACCESS EXCLUSIVE MODE;
            EXIT;
        EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
            PERFORM pg_sleep(0.1 * random());
        END;
    END LOOP;
    PERFORM set_config('lock_timeout', patience, true);
END $$;

-- What the rows of the tables that every write touches may be. The limits are those of before, and so are the
-- names and codes by which they are refused, the first of the alphabet where several are broken. What may be null
-- the tables say.

-- Refuses a row as a CHECK of this name would.
CREATE FUNCTION refuse_row(table_name text, constraint_name text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', TABLE = table_name, CONSTRAINT = constraint_name,
        MESSAGE = format('new row for relation "%s" violates check constraint "%s"', table_name, constraint_name);
END $$;

CREATE FUNCTION check_board() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    broken text := CASE
        WHEN NOT columns_fit(NEW.columns) THEN 'boards_columns_check'
        WHEN char_length(NEW.description) > 10000 THEN 'boards_description_check'
        WHEN NEW.id > 9007199254740991 THEN 'boards_id_check'
        WHEN char_length(NEW.name) NOT BETWEEN 1 AND 100 THEN 'boards_name_check' END;
BEGIN
    IF broken IS NOT NULL THEN
        PERFORM refuse_row('boards', broken);
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER boards_columns_check ON boards;
DROP FUNCTION check_columns;
-- Not for each new version of the row: every write makes one. Its `seq` is that of its newest event.
CREATE TRIGGER boards_fit BEFORE INSERT OR UPDATE OF id, name, description, columns ON boards
FOR EACH ROW EXECUTE FUNCTION check_board();
ALTER TABLE boards
    DROP CONSTRAINT boards_id_check,
    DROP CONSTRAINT boards_name_check,
    DROP CONSTRAINT boards_description_check,
    DROP CONSTRAINT boards_seq_check;

-- Which limit a task is over, as the name of its constraint, or NULL.
CREATE FUNCTION broken_limit(task tasks) RETURNS text
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
        WHEN task.status !~ '^[a-z0-9_-]{1,50}$' THEN 'tasks_status_check'
        WHEN char_length(task.title) NOT BETWEEN 1 AND 200 THEN 'tasks_title_check' END
$$;

CREATE FUNCTION check_task() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    broken text := broken_limit(NEW);
BEGIN
    IF broken IS NOT NULL THEN
        PERFORM refuse_row('tasks', broken);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER tasks_fit BEFORE UPDATE ON tasks
FOR EACH ROW EXECUTE FUNCTION check_task();
ALTER TABLE tasks
    DROP CONSTRAINT tasks_id_check,
    DROP CONSTRAINT tasks_title_check,
    DROP CONSTRAINT tasks_description_check,
    DROP CONSTRAINT tasks_status_check,
    DROP CONSTRAINT tasks_position_check,
    DROP CONSTRAINT tasks_assigned_to_check,
    DROP CONSTRAINT tasks_labels_check,
    DROP CONSTRAINT tasks_due_at_check,
    DROP CONSTRAINT tasks_fields_check,
    DROP CONSTRAINT tasks_comment_count_check;

CREATE FUNCTION check_comment() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    broken text := CASE
        WHEN char_length(NEW.author) NOT BETWEEN 1 AND 64 THEN 'comments_author_check'
        WHEN char_length(NEW.body) NOT BETWEEN 1 AND 10000 THEN 'comments_body_check'
        WHEN NEW.id NOT BETWEEN 1 AND 9007199254740991 THEN 'comments_id_check' END;
BEGIN
    IF broken IS NOT NULL THEN
        PERFORM refuse_row('comments', broken);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER comments_fit BEFORE INSERT OR UPDATE ON comments
FOR EACH ROW EXECUTE FUNCTION check_comment();
ALTER TABLE comments
    DROP CONSTRAINT comments_id_check,
    DROP CONSTRAINT comments_body_check,
    DROP CONSTRAINT comments_author_check;

CREATE FUNCTION check_event() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    broken text := CASE
        WHEN NEW.action NOT IN ('Add', 'Update', 'Move', 'Delete') THEN 'events_action_check'
        WHEN NEW.entity NOT IN ('board', 'task', 'comment', 'member') THEN 'events_entity_check'
        WHEN NEW.seq NOT BETWEEN 1 AND 9007199254740991 THEN 'events_seq_check' END;
BEGIN
    IF broken IS NOT NULL THEN
        PERFORM refuse_row('events', broken);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER events_fit BEFORE INSERT OR UPDATE ON events
FOR EACH ROW EXECUTE FUNCTION check_event();
ALTER TABLE events
    DROP CONSTRAINT events_seq_check,
    DROP CONSTRAINT events_entity_check,
    DROP CONSTRAINT events_action_check;

CREATE FUNCTION check_idempotency_key() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    broken text := CASE
        WHEN char_length(NEW.fingerprint) NOT BETWEEN 1 AND 128 THEN 'idempotency_keys_fingerprint_check'
        WHEN char_length(NEW.key) NOT BETWEEN 1 AND 255 THEN 'idempotency_keys_key_check' END;
BEGIN
    IF broken IS NOT NULL THEN
        PERFORM refuse_row('idempotency_keys', broken);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER idempotency_keys_fit BEFORE INSERT OR UPDATE ON idempotency_keys
FOR EACH ROW EXECUTE FUNCTION check_idempotency_key();
ALTER TABLE idempotency_keys
    DROP CONSTRAINT idempotency_keys_key_check,
    DROP CONSTRAINT idempotency_keys_fingerprint_check;

-- In PL/pgSQL, which keeps a plan for as long as a connection lives.
CREATE OR REPLACE FUNCTION labels_fit(labels text[]) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    RETURN cardinality(labels) <= 50
       AND NOT EXISTS (SELECT FROM unnest(labels) AS each_label (label) WHERE label IS NULL OR char_length(label) NOT BETWEEN 1 AND 64);
END $$;

CREATE OR REPLACE FUNCTION member_name(board bigint, name text) RETURNS text
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT username FROM users JOIN board_members ON user_id = users.id AND board_id = board
            WHERE username_key = lower(name COLLATE "C"));
END $$;

CREATE OR REPLACE FUNCTION text_array(value jsonb) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    IF value IS NULL OR value IN ('null', '[]') THEN
        RETURN '{}';
    END IF;
    RETURN ARRAY(SELECT label FROM jsonb_array_elements_text(value) WITH ORDINALITY AS each_label (label, n) ORDER BY n);
END $$;

-- The whole number before (`step` -1) or after (`step` 1) the one in `place`.
CREATE OR REPLACE FUNCTION position_step(place text, step integer) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    alphabet CONSTANT text := '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
    head     text := left(place, 1);
    width    integer := position_width(head);
    -- Without the digits at the end that turn from the last to the first, or back.
    digits   text := rtrim(substr(place, 2, width), CASE step WHEN 1 THEN 'z' ELSE '0' END);
BEGIN
    IF digits = '' THEN
        -- Past the last number of this width. The letters run out after 62 to the 26th steps.
        head := CASE
            WHEN head = 'Z' AND step = 1 THEN 'a'
            WHEN head = 'a' AND step = -1 THEN 'Z'
            ELSE chr(ascii(head) + step)
        END;
        RETURN head || repeat(CASE step WHEN 1 THEN '0' ELSE 'z' END, position_width(head));
    END IF;
    RETURN head || left(digits, -1) || substr(alphabet, strpos(alphabet, right(digits, 1)) + step, 1)
        || repeat(CASE step WHEN 1 THEN '0' ELSE 'z' END, width - length(digits));
END $$;

-- Who is asking, in one statement: the user behind `who` with their role on `board` (null where they are no member
-- of it, or it is null), the moment, which is not before `earliest`, and the trace. Refused (TB401) are users
-- unknown or disabled, and tokens that were revoked, by themselves or with all of their generation; and (TB429)
-- who writes too much: `who.writes` is {burst, per_second}, without it there is no limit. Takes no lock, so that
-- nobody's write waits for another's.
CREATE FUNCTION find_asker(who jsonb, board bigint, earliest timestamptz) RETURNS write_context
LANGUAGE plpgsql AS $$
DECLARE
    context write_context;
    seconds text;
    reason  text;
    ahead   double precision;
BEGIN
    SELECT users.id, users.username, board_members.role, greatest(date_trunc('milliseconds', clock_timestamp()), earliest),
        who ->> 'traceparent',
        CASE
            WHEN disabled THEN 'disabled'
            WHEN who ? 'jti' AND (
                EXISTS (SELECT FROM revoked_tokens WHERE jti = who ->> 'jti')
                OR (token_generation IS DISTINCT FROM (who ->> 'generation')::bigint AND token_kept_jti IS DISTINCT FROM who ->> 'jti'))
            THEN 'revoked' END,
        date_part('epoch', paid_until - clock_timestamp())
            - ((who #>> '{writes,burst}')::double precision - 1) / (who #>> '{writes,per_second}')::double precision,
        -- For `charge_write`, at the end of the same transaction.
        set_config('taskboard.seconds_a_write', coalesce((1 / (who #>> '{writes,per_second}')::double precision)::text, ''), true)
    INTO context.user_id, context.username, context.role, context.moment, context.traceparent, reason, ahead, seconds
    FROM users
    LEFT JOIN board_members ON board_id = board AND board_members.user_id = users.id
    LEFT JOIN write_rates ON write_rates.user_id = users.id AND charged_at <= clock_timestamp()
    WHERE users.id = (who ->> 'user_id')::bigint;
    IF reason IS NOT NULL OR ahead > 0 OR context.user_id IS NULL THEN
        CASE coalesce(reason, CASE WHEN context.user_id IS NULL THEN 'unknown' ELSE 'fast' END)
            WHEN 'unknown' THEN PERFORM refuse('TB401', 'the user of this token is unknown', '{"reason": "unknown"}');
            WHEN 'disabled' THEN PERFORM refuse('TB401', 'this user is disabled', '{"reason": "disabled"}');
            WHEN 'revoked' THEN PERFORM refuse('TB401', 'this token has been revoked', '{"reason": "revoked"}');
            ELSE PERFORM refuse('TB429', 'you have changed too much in too short a time', jsonb_build_object('retry_after', ceil(ahead)::bigint));
        END CASE;
    END IF;
    RETURN context;
END $$;

CREATE OR REPLACE FUNCTION identify(who jsonb, OUT user_id bigint, OUT username text)
LANGUAGE plpgsql AS $$
DECLARE
    context write_context := find_asker(who, NULL, NULL);
BEGIN
    user_id := context.user_id;
    username := context.username;
END $$;
DROP FUNCTION check_write_rate;

-- Since when `paid_until` counts. Where the clock was set back behind that, it no longer does: it might be years
-- away. All begin anew here, as after a crash.
TRUNCATE write_rates;
ALTER TABLE write_rates ADD COLUMN charged_at timestamptz NOT NULL;

-- Counts a write that made events of so many bytes: as one, and one more for each 64 KiB. The last thing
-- that a write does, because it locks the user's row until the transaction ends.
CREATE OR REPLACE FUNCTION charge_write(asker bigint, bytes bigint) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    price interval := make_interval(secs => nullif(current_setting('taskboard.seconds_a_write', true), '')::double precision * (1 + bytes / 65536));
BEGIN
    IF price IS NOT NULL THEN
        INSERT INTO write_rates AS old (user_id, paid_until, charged_at) VALUES (asker, clock_timestamp() + price, clock_timestamp())
        ON CONFLICT (user_id) DO UPDATE
        SET paid_until = greatest(CASE WHEN old.charged_at <= clock_timestamp() THEN old.paid_until END, clock_timestamp()) + price,
            charged_at = clock_timestamp();
    END IF;
END $$;

-- As before, in two statements.
CREATE OR REPLACE FUNCTION board_open(who jsonb, board bigint, needed text, in_trash boolean DEFAULT false) RETURNS write_context
LANGUAGE plpgsql AS $$
DECLARE
    context write_context;
    locked  boards;
BEGIN
    -- The membership gives the id to look for, so that it is looked at first; without one, nothing else is.
    SELECT * INTO locked FROM boards
    WHERE id = (SELECT board_id FROM board_members WHERE board_id = board AND user_id = (who ->> 'user_id')::bigint)
    FOR NO KEY UPDATE;
    -- What is true now that the lock is held. A clock that was set back must not turn the history around.
    context := find_asker(who, locked.id, locked.updated_at);
    IF context.role IS NULL OR locked.deleted_at IS NOT NULL OR role_rank(context.role) < role_rank(needed) THEN
        IF context.role IS NULL OR (locked.deleted_at IS NOT NULL AND NOT (in_trash AND locked.deleted_at > clock_timestamp() - interval '30 days')) THEN
            PERFORM refuse_missing('board');
        END IF;
        PERFORM check_role(context, needed);
    END IF;
    context.board := locked;
    RETURN context;
END $$;

-- Writes the event that makes `after` of the context's board, and the board with it. `content` are
-- the event's entities; of a board event without content it is the board itself. Every write ends
-- here, once, and is counted; the answer is the event.
CREATE OR REPLACE FUNCTION event_append(
    context write_context, after boards, kind text, action text,
    content jsonb DEFAULT NULL, changes jsonb DEFAULT '{}', task bigint DEFAULT NULL, undone bigint DEFAULT NULL
) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    appended jsonb;
BEGIN
    IF kind = 'board' THEN
        UPDATE boards SET (name, description, columns, archived, deleted_at, version)
            = (after.name, after.description, after.columns, after.archived, after.deleted_at, after.version),
            seq = seq + 1, updated_at = context.moment, transaction_id = greatest(pg_current_xact_id(), transaction_id)
        WHERE id = after.id RETURNING * INTO after;
        content := coalesce(content, jsonb_build_object('board', board_json(after)));
    ELSE
        UPDATE boards SET next_task_id = after.next_task_id, next_comment_id = after.next_comment_id,
            seq = seq + 1, updated_at = context.moment, transaction_id = greatest(pg_current_xact_id(), transaction_id)
        WHERE id = after.id RETURNING seq, transaction_id INTO after.seq, after.transaction_id;
    END IF;
    appended := event_json(context, after.seq, kind, action, content, changes, undone);
    INSERT INTO events (board_id, seq, event, entity, action, task_id, created_at, era, transaction_id)
    VALUES (after.id, after.seq, appended, kind, event_append.action, task, context.moment, (SELECT era FROM meta), after.transaction_id);
    PERFORM charge_write(context.user_id, octet_length(appended::text));
    RETURN appended;
END $$;

-- The column of a key, or NULL.
CREATE FUNCTION column_of(columns jsonb, key text) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT jsonb_path_query_first(columns, '$[*] ? (@.key == $key)', jsonb_build_object('key', key))
$$;

-- As before. Most columns have no limit.
CREATE OR REPLACE FUNCTION check_wip_limit(board boards, target text, mover bigint) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    most bigint := (column_of(board.columns, target) ->> 'wip_limit')::bigint;
BEGIN
    IF most IS NULL THEN
        RETURN;
    END IF;
    IF (SELECT count(*) FROM (
            SELECT FROM tasks WHERE board_id = board.id AND status = target AND NOT deleted AND id <> mover LIMIT most
        ) AS counted) >= most
    THEN
        PERFORM refuse('TBWIP', format('the column %s takes at most %s tasks', target, most), jsonb_build_object('status', target, 'wip_limit', most));
    END IF;
END $$;

-- Whether `request` fits this board. What does not, `check_task_request` tells.
CREATE FUNCTION task_request_fits(columns jsonb, request jsonb, assignee text, target text, place text, fields jsonb) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT place IS NOT NULL AND column_of(columns, target) IS NOT NULL AND NOT request ?& ARRAY['before', 'after']
        AND (request ->> 'assigned_to' IS NULL OR assignee IS NOT NULL) AND fields_fit(fields)
$$;

-- Where a task goes in column `target`: what `request` asks for with `before` or `after` (a task's
-- id, or null for the end), else the end. `mover` is the task that is moved (0 for a new one); if it
-- stands there already, it keeps its place. NULL where the neighbour asked for is not in the column.
CREATE OR REPLACE FUNCTION task_place(board bigint, target text, request jsonb, mover bigint) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    neighbour bigint := coalesce(request ->> 'before', request ->> 'after')::bigint;
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
    IF neighbour IS NULL THEN
        SELECT position INTO low FROM tasks
        WHERE board_id = board AND status = target AND NOT deleted AND id <> mover
        ORDER BY position DESC LIMIT 1;
    ELSE
        SELECT CASE WHEN status = target AND NOT deleted AND id <> mover THEN position END INTO low
        FROM tasks WHERE board_id = board AND id = neighbour;
        IF low IS NULL THEN
            RETURN NULL;
        ELSIF request ->> 'before' IS NOT NULL THEN
            high := low;
            SELECT position INTO low FROM tasks
            WHERE board_id = board AND status = target AND NOT deleted AND id <> mover AND position < high
            ORDER BY position DESC LIMIT 1;
        ELSE
            SELECT position INTO high FROM tasks
            WHERE board_id = board AND status = target AND NOT deleted AND id <> mover AND position > low
            ORDER BY position LIMIT 1;
        END IF;
    END IF;
    IF present IS NOT NULL AND (low IS NULL OR low < present) AND (high IS NULL OR present < high) THEN
        RETURN present;
    END IF;
    RETURN CASE WHEN high IS NULL AND low IS NOT NULL THEN position_step(low, 1) ELSE position_between(low, high) END;
END $$;

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
    INSERT INTO tasks (board_id, id, title, description, status, position, assigned_to, labels, due_at, fields, created_by, created_at, updated_at)
    VALUES (
        board, after.next_task_id, request ->> 'title', coalesce(request ->> 'description', ''), target, place, assignee,
        text_array(request -> 'labels'), date_trunc('milliseconds', (request ->> 'due_at')::timestamptz), fields,
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

-- Stores `after` in place of `before` and tells what differs; used by the PATCH and by undo.
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
    IF after.due_at IS DISTINCT FROM before.due_at THEN
        changes := changes || jsonb_build_object('due_at', jsonb_build_array(rfc3339(before.due_at), rfc3339(after.due_at)));
    END IF;
    IF after.fields <> before.fields THEN
        changes := changes || jsonb_build_object('fields', jsonb_build_array(before.fields, after.fields));
    END IF;
    IF changes = '{}' THEN
        RETURN (NULL::jsonb, task_json(before), false);
    END IF;
    UPDATE tasks SET (title, description, status, position, assigned_to, labels, due_at, fields, version, updated_at)
        = (after.title, after.description, after.status, after.position, after.assigned_to, after.labels, after.due_at, after.fields, before.version + 1, context.moment)
    WHERE board_id = after.board_id AND id = after.id RETURNING * INTO after;
    event := event_append(context, context.board, 'task',
        CASE WHEN changes ?| ARRAY['status', 'position'] THEN 'Move' ELSE 'Update' END,
        jsonb_build_object('task', task_json(after)), changes, after.id, undone);
    RETURN (event, event -> 'task', false);
END $$;

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
    IF patch ? 'fields' THEN
        after.fields := coalesce(nullif(merge_patch(before.fields, patch -> 'fields'), 'null'), '{}');
    END IF;
    IF NOT task_request_fits((context.board).columns, patch, after.assigned_to, after.status, after.position, after.fields) THEN
        PERFORM check_task_request(context.board, patch, after.assigned_to, after.status, after.position, after.fields);
    ELSIF after.status <> before.status AND column_of((context.board).columns, after.status) ->> 'wip_limit' IS NOT NULL THEN
        PERFORM check_wip_limit(context.board, after.status, task);
    END IF;
    IF octet_length(after.position) > 64 THEN
        room := make_room(context, after.status, after.position, task);
        context.board := room.board;
        after.position := room.place;
    END IF;
    RETURN task_change(context, before, after);
END $$;

-- As before, in PL/pgSQL.
CREATE OR REPLACE FUNCTION changes_between(before jsonb, after jsonb) RETURNS jsonb
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
    RETURN (SELECT coalesce(jsonb_object_agg(key, jsonb_build_array(before -> key, after -> key)), '{}')
            FROM jsonb_object_keys(after) AS each_key (key)
            WHERE before -> key IS DISTINCT FROM after -> key
              AND key NOT IN ('version', 'seq', 'created_at', 'updated_at', 'comment_count'));
END $$;

-- Most texts need no more than small letters.
ALTER FUNCTION search_fold(text) RENAME TO search_fold_whole;
CREATE FUNCTION search_fold(value text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
    IF octet_length(value) = char_length(value) AND value !~ '[\t-\r]|  ' THEN
        RETURN lower(value COLLATE "C");
    END IF;
    RETURN search_fold_whole(value);
END $$;

CREATE OR REPLACE FUNCTION search_text(title text, description text, labels text[], assigned_to text, id bigint) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    RETURN search_fold(title) || E'\n' || CASE description WHEN '' THEN '' ELSE search_fold(description) END
        || E'\n' || CASE labels WHEN '{}' THEN '' ELSE search_fold(array_to_string(labels, ' ')) END
        || E'\n' || coalesce(search_fold(assigned_to), '') || E'\n#' || id;
END $$;

-- What is kept of tasks for the search and of columns for how work flows is only ever written by the triggers of
-- a task, whose board is there: nothing is gained by looking for it once more. It goes with them as before.
ALTER TABLE column_flow DROP CONSTRAINT column_flow_board_id_fkey;
ALTER TABLE task_search DROP CONSTRAINT task_search_board_id_task_id_fkey;

CREATE FUNCTION board_flow_forget() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM column_flow WHERE board_id = OLD.id;
    RETURN NULL;
END $$;
CREATE TRIGGER boards_gone AFTER DELETE ON boards
FOR EACH ROW EXECUTE FUNCTION board_flow_forget();

CREATE FUNCTION task_search_forget() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM task_search WHERE board_id = OLD.board_id AND task_id = OLD.id;
    RETURN NULL;
END $$;
CREATE TRIGGER tasks_gone AFTER DELETE ON tasks
FOR EACH ROW EXECUTE FUNCTION task_search_forget();

-- A task that is added: what it may be, its column's flow, and what it is found by. The moment of the write is its
-- `updated_at`. Which column is the first and which the last is what the board says at that moment.
CREATE FUNCTION task_begin() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    broken  text := broken_limit(NEW);
    counted boolean;
    newest  column_flow;
BEGIN
    IF broken IS NOT NULL THEN
        PERFORM refuse_row('tasks', broken);
    END IF;
    SELECT flow_counted,
        CASE WHEN flow_counted THEN NEW.updated_at END,
        CASE WHEN flow_counted AND NEW.status NOT IN (columns #>> '{0,key}', columns #>> '{-1,key}') THEN NEW.updated_at END,
        flow.nth, flow.tasks, flow.added, flow.moved, flow.ended, flow.stayed_ms
    INTO counted, NEW.entered_at, NEW.started_at, newest.nth, newest.tasks, newest.added, newest.moved, newest.ended, newest.stayed_ms
    FROM boards LEFT JOIN LATERAL (
        SELECT * FROM column_flow WHERE board_id = boards.id AND status = NEW.status ORDER BY at DESC, nth DESC LIMIT 1) AS flow ON true
    WHERE id = NEW.board_id;
    IF counted THEN
        INSERT INTO column_flow (board_id, status, at, nth, tasks, added, moved, ended, stayed_ms)
        VALUES (NEW.board_id, NEW.status, NEW.updated_at, coalesce(newest.nth, 0) + 1,
            coalesce(newest.tasks, 0) + 1, coalesce(newest.added, 0) + 1, coalesce(newest.moved, 0),
            coalesce(newest.ended, 0), coalesce(newest.stayed_ms, 0));
    END IF;
    INSERT INTO task_search (board_id, task_id, folded)
    VALUES (NEW.board_id, NEW.id, search_text(NEW.title, NEW.description, NEW.labels, NEW.assigned_to, NEW.id));
    RETURN NEW;
END $$;
DROP TRIGGER tasks_flow_added ON tasks;
DROP TRIGGER tasks_search_added ON tasks;
CREATE TRIGGER tasks_begin BEFORE INSERT ON tasks
FOR EACH ROW EXECUTE FUNCTION task_begin();

-- A task that is moved to another column, is deleted or comes back.
CREATE OR REPLACE FUNCTION task_flow_keep() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    counted boolean;
    first   text;
    last    text;
    newest  column_flow;
    moves   CONSTANT boolean := NOT OLD.deleted AND NOT NEW.deleted;
BEGIN
    SELECT flow_counted, columns #>> '{0,key}', columns #>> '{-1,key}', flow.nth, flow.tasks, flow.added, flow.moved, flow.ended, flow.stayed_ms
    INTO counted, first, last, newest.nth, newest.tasks, newest.added, newest.moved, newest.ended, newest.stayed_ms
    FROM boards LEFT JOIN LATERAL (
        SELECT * FROM column_flow WHERE board_id = boards.id AND status = NEW.status ORDER BY at DESC, nth DESC LIMIT 1) AS flow ON true
    WHERE id = NEW.board_id;
    IF NOT counted THEN
        RETURN NEW;
    END IF;
    IF NOT OLD.deleted THEN
        INSERT INTO column_flow (board_id, status, at, nth, tasks, added, moved, ended, stayed_ms)
        SELECT board_id, status, NEW.updated_at, nth + 1, tasks - 1, added, moved, ended + 1, stayed_ms + milliseconds(NEW.updated_at - OLD.entered_at)
        FROM column_flow WHERE board_id = NEW.board_id AND status = OLD.status ORDER BY at DESC, nth DESC LIMIT 1;
    END IF;
    IF NOT NEW.deleted THEN
        INSERT INTO column_flow (board_id, status, at, nth, tasks, added, moved, ended, stayed_ms)
        VALUES (NEW.board_id, NEW.status, NEW.updated_at, coalesce(newest.nth, 0) + 1,
            coalesce(newest.tasks, 0) + 1, coalesce(newest.added, 0), coalesce(newest.moved, 0) + moves::integer,
            coalesce(newest.ended, 0), coalesce(newest.stayed_ms, 0));
        NEW.entered_at := NEW.updated_at;
    END IF;
    -- What comes back is as far as it was.
    IF moves THEN
        IF NEW.status = first THEN
            NEW.started_at := NULL;
        ELSIF NEW.status <> last THEN
            NEW.started_at := coalesce(NEW.started_at, NEW.updated_at);
        END IF;
        NEW.finished_at := CASE WHEN NEW.status = last AND first <> last THEN NEW.updated_at END;
    END IF;
    RETURN NEW;
END $$;

-- A large import took the square of its tasks where PostgreSQL expected few of them, from boards that have few: it
-- compared each with each. Nothing of it is joined by nested loops any more.
ALTER FUNCTION import_events(write_context, bigint) SET enable_nestloop = off;

-- Counts the comments of a board's tasks, each a change of its task.
CREATE FUNCTION import_counts(board bigint) RETURNS void
LANGUAGE plpgsql SET enable_nestloop = off AS $$
BEGIN
    UPDATE tasks SET (comment_count, version) = (count, 1 + count)
    FROM (SELECT task_id, count(*) AS count FROM comments WHERE board_id = board GROUP BY task_id) AS counted
    WHERE board_id = board AND id = counted.task_id;
END $$;

-- As before, but for the counts.
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
    PERFORM import_counts(made.id);
    UPDATE boards SET (seq, next_task_id, next_comment_id, transaction_id) = (number + remarks, number + 1, remarks + 1, pg_current_xact_id())
    WHERE id = made.id RETURNING * INTO made;
    SELECT event INTO outcome.event FROM events WHERE board_id = made.id AND seq = made.seq;
    outcome := (outcome.event, board_json(made) || jsonb_build_object('role', 'owner', 'warnings', warnings), false);
    PERFORM answer_keep(0, owner.user_id, request_key, request_fingerprint, outcome);
    RETURN outcome;
END $$;

-- A plan that a connection made while the log was short joins every event with every other once it is long:
-- 2,000 tasks took seconds, and minutes where they were moved. Planned anew each time they take 55 ms.
ALTER FUNCTION board_document_at(boards, bigint) SET plan_cache_mode = force_custom_plan;
