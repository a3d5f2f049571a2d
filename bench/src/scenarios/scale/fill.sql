-- What a year of use leaves in the database, made by the set and not write by write: bench.users people, bench.boards
-- boards of 50 tasks and 900 events, and board 1 with 5,000 tasks and bench.large events. Somebody has registered:
-- they own boards 1 to 100. All that is derived from tasks and events alone (what is searched, how work flowed) is
-- left to `migrate`, which makes it for data that is older than it.
--
-- On each board the tasks are changed in turn: event `seq` is about task (seq - 1) % tasks + 1, and its `round`
-- (-1: the task is added) tells what it is: every second one moves the task to the next column, one in four is a
-- comment, one in four a new title. So everything follows from `seq`, and any row can be made by itself.
--
-- The log is of era 1, as if the database had been restored from a backup since: its transactions have numbers that
-- this server has not given yet.

SET session_replication_role = replica;
SET maintenance_work_mem = '512MB';
SET jit = off;

CREATE FUNCTION pg_temp.size(name text) RETURNS bigint
LANGUAGE sql STABLE AS $$ SELECT current_setting('bench.' || name)::bigint $$;
CREATE FUNCTION pg_temp.written(moment timestamptz) RETURNS text
LANGUAGE sql STABLE AS $$ SELECT to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') $$;

UPDATE users SET role = 'admin';
INSERT INTO users (id, username, display_name, folded, password_hash, role, disabled, last_seen_at, created_at)
OVERRIDING SYSTEM VALUE
SELECT n, 'user-' || lpad(n::text, 6, '0'), 'User ' || n, 'user-' || lpad(n::text, 6, '0') || ' user ' || n, first.password_hash,
    CASE WHEN n % 1000 = 0 THEN 'admin' ELSE 'user' END, n % 100 = 1,
    now() - n % 400 * interval '1 day', now() - interval '366 days'
FROM users AS first, generate_series(2, pg_temp.size('users')) AS each_user (n) WHERE first.id = 1;
SELECT setval(pg_get_serial_sequence('users', 'id'), pg_temp.size('users'));
INSERT INTO sessions (user_id, jti, generation, expires_at)
SELECT n, 'session-' || n, 0, now() + (n % 30) * interval '1 day' FROM generate_series(2, pg_temp.size('users')) AS each_user (n);

-- The boards, and the first of the users that follow one another and are their members.
CREATE TEMPORARY TABLE plan ON COMMIT DROP AS
SELECT board, tasks, events, interval '365 days' / events AS pace,
    -- Side by side, but no two at once.
    date_trunc('day', now()) - interval '365 days' + interval '365 days' / events * board / pg_temp.size('boards') AS start,
    CASE WHEN board <= 100 THEN 1 ELSE 2 + board * 9 % (pg_temp.size('users') - 10) END AS owner,
    2 + board * 9 % (pg_temp.size('users') - 10) AS member, (SELECT username FROM users WHERE id = 1) AS first_name,
    -- The numbers of the transactions go as far as there are events.
    900 * pg_temp.size('boards') + pg_temp.size('large') AS writes, pg_temp.size('boards') AS boards
FROM (
    SELECT n AS board, CASE WHEN n = 1 THEN 5000 ELSE 50 END AS tasks, CASE WHEN n = 1 THEN pg_temp.size('large') ELSE 900 END AS events
    FROM generate_series(1, pg_temp.size('boards')) AS each_board (n)) AS sizes;
ANALYZE plan;

INSERT INTO boards (id, name, columns, seq, next_task_id, next_comment_id, created_at, updated_at, flow_counted)
OVERRIDING SYSTEM VALUE
SELECT board, 'Board ' || board, columns_complete('[
        {"key": "todo", "name": "To do"}, {"key": "in_progress", "name": "In progress"}, {"key": "finished", "name": "Finished"}]'),
    events, tasks + 1, events + 1, start - interval '1 hour', date_trunc('milliseconds', start + (events - 1) * pace), false
FROM plan ORDER BY board;
SELECT setval(pg_get_serial_sequence('boards', 'id'), pg_temp.size('boards'));
INSERT INTO board_members (board_id, user_id, role, created_at, updated_at)
SELECT board, CASE WHEN n = 0 THEN owner ELSE member + n END, CASE n WHEN 0 THEN 'owner' WHEN 9 THEN 'viewer' ELSE 'editor' END,
    start - interval '1 hour', start - interval '1 hour'
FROM plan, generate_series(0, 9) AS each_member (n) ORDER BY board;
UPDATE boards SET origin = jsonb_build_object(
    'board', board_json(boards) || jsonb_build_object('seq', 0, 'updated_at', pg_temp.written(created_at)),
    'members', (
        SELECT jsonb_agg(member_json(board_members, username) ORDER BY user_id)
        FROM board_members JOIN users ON users.id = user_id WHERE board_id = boards.id));
INSERT INTO board_creations (board_id, event, created_at, era, transaction_id)
SELECT id, jsonb_build_object('board_id', id, 'seq', 0, 'action', 'Add', 'entity', 'board', 'board', origin -> 'board',
        'actor', jsonb_build_object('id', owner, 'username', CASE owner WHEN 1 THEN first_name ELSE 'user-' || lpad(owner::text, 6, '0') END),
        'timestamp', pg_temp.written(created_at)),
    created_at, 1, (700 + id)::text::xid8
FROM boards JOIN plan ON board = id;

-- All that a board's events are made of, and what each leaves of its task.
CREATE FUNCTION pg_temp.happened(step bigint, steps bigint) RETURNS TABLE (
    board bigint, seq bigint, transaction bigint, task bigint, round bigint, kind bigint, at timestamptz, actor bigint, actor_name text,
    title text, old_title text, status text, old_status text, comments bigint, added_at timestamptz, assignee text, owner_name text)
LANGUAGE sql STABLE AS $$
    SELECT board, seq, 1000 + ((seq - 1) * boards + board) * writes / (events * boards), task, round, kind, at, actor, CASE actor WHEN 1 THEN first_name ELSE 'user-' || lpad(actor::text, 6, '0') END,
        'Write down what was agreed, part ' || task || coalesce(' (' || nullif(titles, 0) || ')', ''),
        'Write down what was agreed, part ' || task || coalesce(' (' || nullif(titles - 1, 0) || ')', ''),
        (ARRAY['todo', 'in_progress', 'finished'])[moves % 3 + 1], (ARRAY['finished', 'todo', 'in_progress'])[moves % 3 + 1],
        comments, date_trunc('milliseconds', start + (task - 1) * pace),
        CASE WHEN task % 3 = 0 THEN 'user-' || lpad((member + 1 + task % 8)::text, 6, '0') END,
        CASE owner WHEN 1 THEN first_name ELSE 'user-' || lpad(owner::text, 6, '0') END
    -- Step by step of time, not board by board.
    FROM plan
    CROSS JOIN LATERAL generate_series((step - 1) * events / steps + 1, step * events / steps) AS each_event (seq)
    CROSS JOIN LATERAL (SELECT (seq - 1) / tasks - 1 AS round, (seq - 1) % tasks + 1 AS task) AS turn
    CROSS JOIN LATERAL (
        SELECT CASE WHEN round < 0 THEN -1 ELSE (round + task) % 4 END AS kind, date_trunc('milliseconds', start + (seq - 1) * pace) AS at,
            CASE WHEN seq % 10 = 0 THEN owner ELSE member + seq % 9 END AS actor, (round + 2 - task % 2) / 2 AS moves,
            (round + task + 3) / 4 - (task + 2) / 4 AS comments, (round + task + 1) / 4 - task / 4 AS titles OFFSET 0) AS change
    OFFSET 0
$$;

INSERT INTO tasks (board_id, id, title, description, status, position, assigned_to, labels, comment_count, created_by, version, created_at, updated_at)
SELECT board, task, title, 'The three of us met and found a way. Who was there reads it until Friday.', status,
    'd' || lpad(task::text, 4, '0'), assignee, '{meeting,notes}', comments, owner_name, round + 2, added_at, at
FROM (
    SELECT happened.*, row_number() OVER (PARTITION BY board, task ORDER BY seq DESC) AS newest
    FROM pg_temp.happened(1, 1)) AS happened
WHERE newest = 1;

CREATE TEMPORARY TABLE indexes ON COMMIT DROP AS
SELECT indexname AS name, indexdef AS definition FROM pg_indexes
WHERE schemaname = 'public' AND tablename = 'events' AND indexname <> 'events_pkey';
DO $$
DECLARE
    each_index record;
BEGIN
    FOR each_index IN SELECT name FROM indexes LOOP
        EXECUTE format('DROP INDEX %I', each_index.name);
    END LOOP;
    ALTER TABLE events DROP CONSTRAINT events_pkey;
END $$;

-- In the order of time, as it comes: what a board's events need is spread over the table.
INSERT INTO events (board_id, seq, event, entity, action, task_id, created_at, era, transaction_id)
SELECT board, seq,
    -- As text: to build it of values takes three times as long.
    concat('{"board_id":', board, ',"seq":', seq, ',"action":"', action, '","entity":"', entity,
        '","actor":{"id":', actor, ',"username":"', actor_name, '"},"timestamp":"', written,
        CASE WHEN kind = 1 THEN concat('","comment":{"id":', seq, ',"board_id":', board, ',"task_id":', task,
            ',"body":"We looked at it again, and two of us think that it has to wait for another week.","created_by":"', actor_name,
            '","version":1,"created_at":"', written, '","updated_at":"', written, '"},"task_patch":{"id":', task,
            ',"comment_count":', comments, ',"version":', round + 2, ',"updated_at":"', written, '"}')
        ELSE concat('","task":{"id":', task, ',"board_id":', board, ',"title":"', title,
            '","description":"The three of us met and found a way. Who was there reads it until Friday.","status":"', status,
            '","position":"d', lpad(task::text, 4, '0'), '","assigned_to":', coalesce('"' || assignee || '"', 'null'),
            ',"labels":["meeting","notes"],"due_at":null,"fields":{},"comment_count":', comments, ',"created_by":"', owner_name,
            '","version":', round + 2, ',"created_at":"', pg_temp.written(added_at), '","updated_at":"', written, '"}')
        END,
        CASE WHEN kind IN (0, 2) THEN concat(',"changes":{"status":["', old_status, '","', status, '"]}')
            WHEN kind = 3 THEN concat(',"changes":{"title":["', old_title, '","', title, '"]}') END,
        '}')::jsonb,
    entity, action, task, at, 1, transaction::text::xid8
FROM generate_series(1, 900) AS each_step (step)
CROSS JOIN LATERAL pg_temp.happened(step, 900)
CROSS JOIN LATERAL (
    SELECT CASE kind WHEN 1 THEN 'comment' ELSE 'task' END AS entity,
        CASE WHEN kind IN (-1, 1) THEN 'Add' WHEN kind = 3 THEN 'Update' ELSE 'Move' END AS action,
        pg_temp.written(at) AS written OFFSET 0) AS words;

ALTER TABLE events ADD PRIMARY KEY (board_id, seq);
DO $$
DECLARE
    each_index record;
BEGIN
    FOR each_index IN SELECT definition FROM indexes LOOP
        EXECUTE each_index.definition;
    END LOOP;
END $$;

INSERT INTO comments (board_id, id, task_id, body, created_by, created_at, updated_at)
SELECT board, seq, task, 'We looked at it again, and two of us think that it has to wait for another week.', actor_name, at, at
FROM pg_temp.happened(1, 1) WHERE kind = 1;

UPDATE meta SET era = 2;
