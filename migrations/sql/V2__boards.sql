-- Boards and all that is on them, the event log, and what makes a write happen only once.
--
-- The key of everything on a board begins with `board_id`: the rows of a board lie together, and a
-- distributed PostgreSQL can put them on one node (realtime.md, Scaling out). The limits of the API
-- stand here once more as constraints, so that no path into the database can go around them.
-- People are named on tasks and comments by username, which never changes, because that is what is
-- read, every time; a join would only find the same text again.

-- RFC 7396 says how a patch is merged; this is its MergePatch, word for word.
CREATE FUNCTION merge_patch(target jsonb, patch jsonb) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    merged jsonb;
    entry  record;
BEGIN
    IF jsonb_typeof(patch) IS DISTINCT FROM 'object' THEN
        RETURN patch;
    END IF;
    merged := CASE WHEN jsonb_typeof(target) = 'object' THEN target ELSE '{}' END;
    FOR entry IN SELECT * FROM jsonb_each(patch) LOOP
        IF entry.value = 'null' THEN
            merged := merged - entry.key;
        ELSE
            merged := merged || jsonb_build_object(entry.key, merge_patch(merged -> entry.key, entry.value));
        END IF;
    END LOOP;
    RETURN merged;
END $$;

-- The bytes that a JSON value takes when it is written without white space, as the API counts them;
-- a jsonb prints a space after each comma and colon.
CREATE FUNCTION compact_size(value jsonb) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    RETURN CASE jsonb_typeof(value)
        WHEN 'object' THEN (
            SELECT 1 + greatest(1, count(*)) + coalesce(sum(octet_length(to_json(inner_key)::text) + 1 + compact_size(inner_value)), 0)
            FROM jsonb_each(value) AS inner_entry (inner_key, inner_value))
        WHEN 'array' THEN (
            SELECT 1 + greatest(1, count(*)) + coalesce(sum(compact_size(inner_value)), 0)
            FROM jsonb_array_elements(value) AS inner_entry (inner_value))
        ELSE octet_length(value::text)
    END;
END $$;

-- Whether a task's `fields` is an object of at most 16 KiB. The exact count is only made where the
-- printed form, which is never shorter, is over the limit.
CREATE FUNCTION fields_fit(fields jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT jsonb_typeof(fields) = 'object'
       AND CASE WHEN octet_length(fields::text) <= 16384 THEN true ELSE compact_size(fields) <= 16384 END
$$;

-- Whether a board's `columns` are 1 to 50 objects {key, name, wip_limit} with keys of their own.
CREATE FUNCTION columns_fit(columns jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT jsonb_typeof(columns) = 'array' AND CASE
        WHEN jsonb_typeof(columns) <> 'array' THEN false
        ELSE (
            SELECT count(*) BETWEEN 1 AND 50
               AND count(DISTINCT entry ->> 'key') = count(*)
               AND bool_and(coalesce(
                       (entry ->> 'key') ~ '^[a-z0-9_-]{1,50}$'
                   AND char_length(entry ->> 'name') BETWEEN 1 AND 100
                   AND CASE jsonb_typeof(entry -> 'wip_limit')
                           WHEN 'null' THEN true
                           WHEN 'number' THEN (entry ->> 'wip_limit') ~ '^[1-9][0-9]{0,5}$'
                           ELSE false
                       END
                   AND entry - ARRAY['key', 'name', 'wip_limit'] = '{}', false))
            FROM jsonb_array_elements(columns) AS each_column (entry))
    END
$$;

-- Whether labels are at most 50 texts of 1 to 64 characters.
CREATE FUNCTION labels_fit(labels text[]) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT cardinality(labels) <= 50
       AND (SELECT coalesce(bool_and(coalesce(char_length(label) BETWEEN 1 AND 64, false)), true) FROM unnest(labels) AS each_label (label))
$$;

CREATE TABLE boards (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY CHECK (id <= 9007199254740991),
    name            text NOT NULL CONSTRAINT boards_name_check CHECK (char_length(name) BETWEEN 1 AND 100),
    description     text NOT NULL DEFAULT '' CONSTRAINT boards_description_check CHECK (char_length(description) <= 10000),
    columns         jsonb NOT NULL,
    archived        boolean NOT NULL DEFAULT false,
    -- In the trash since then; whoever is no owner does not see it there.
    deleted_at      timestamptz,
    -- The sequence number of the newest event: dense, because it only ever grows under this row's
    -- lock and in the same statement that the event is written by.
    seq             bigint NOT NULL DEFAULT 0 CHECK (seq BETWEEN 0 AND 9007199254740991),
    -- Grows with changes of the board itself, not of what is on it.
    version         bigint NOT NULL DEFAULT 1,
    -- Ids count from 1 on each board, and none is given twice.
    next_task_id    bigint NOT NULL DEFAULT 1,
    next_comment_id bigint NOT NULL DEFAULT 1,
    -- Of the newest event; see there.
    transaction_id  xid8 NOT NULL DEFAULT '0',
    -- The board and its members before the first event: with it the log is the whole history.
    origin          jsonb NOT NULL DEFAULT '{}',
    created_at      timestamptz NOT NULL,
    -- Of the newest event. No index on it, nor on `seq`: every write changes them, and only without
    -- an index the new row version stays on its page (a heap-only update). The list of somebody's
    -- boards sorts the few that it finds by membership.
    updated_at      timestamptz NOT NULL
) WITH (fillfactor = 50);
-- A trigger and no CHECK: that would look at the columns with every task that is added, because it
-- is checked with every new version of the row.
CREATE FUNCTION check_columns() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF NOT columns_fit(NEW.columns) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'boards_columns_check', TABLE = 'boards',
            MESSAGE = 'new row for relation "boards" violates check constraint "boards_columns_check"';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER boards_columns_check BEFORE INSERT OR UPDATE OF columns ON boards
FOR EACH ROW EXECUTE FUNCTION check_columns();
-- Finds what has been in the trash for too long; almost always empty.
CREATE INDEX boards_deleted_at ON boards (deleted_at) WHERE deleted_at IS NOT NULL;

CREATE TABLE board_members (
    board_id   bigint NOT NULL REFERENCES boards ON DELETE CASCADE,
    user_id    bigint NOT NULL REFERENCES users,
    role       text NOT NULL CHECK (role IN ('owner', 'editor', 'viewer')),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (board_id, user_id)
);
-- The boards of a user: the list, and what a socket of theirs may subscribe to.
CREATE INDEX board_members_user_id ON board_members (user_id, board_id);

CREATE TABLE tasks (
    board_id      bigint NOT NULL REFERENCES boards ON DELETE CASCADE,
    id            bigint NOT NULL CHECK (id BETWEEN 1 AND 9007199254740991),
    title         text NOT NULL CONSTRAINT tasks_title_check CHECK (char_length(title) BETWEEN 1 AND 200),
    description   text NOT NULL DEFAULT '' CONSTRAINT tasks_description_check CHECK (char_length(description) <= 10000),
    -- The key of one of the board's columns.
    status        text COLLATE "C" NOT NULL CONSTRAINT tasks_status_check CHECK (status ~ '^[a-z0-9_-]{1,50}$'),
    -- Sorts within the column by its bytes, whatever the database's language. V3 tells its form.
    position      text COLLATE "C" NOT NULL CONSTRAINT tasks_position_check CHECK (position ~ '^[A-Za-z][0-9A-Za-z]+$' AND octet_length(position) <= 1000),
    assigned_to   text COLLATE "C" CHECK (char_length(assigned_to) BETWEEN 1 AND 32),
    labels        text[] NOT NULL DEFAULT '{}' CONSTRAINT tasks_labels_check CHECK (labels = '{}' OR labels_fit(labels)),
    -- Within the years that RFC 3339 can write.
    due_at        timestamptz CONSTRAINT tasks_due_at_check CHECK (due_at >= '0001-01-01Z' AND due_at < '10000-01-01Z'),
    fields        jsonb NOT NULL DEFAULT '{}' CONSTRAINT tasks_fields_check CHECK (fields_fit(fields)),
    comment_count bigint NOT NULL DEFAULT 0 CHECK (comment_count >= 0),
    created_by    text COLLATE "C" NOT NULL,
    version       bigint NOT NULL DEFAULT 1,
    -- A deleted task stays, with its comments, so that the deletion can be undone whole.
    deleted       boolean NOT NULL DEFAULT false,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    PRIMARY KEY (board_id, id)
);
-- The order of each column, read from here; unique, so that a collision is an error and no riddle.
CREATE UNIQUE INDEX tasks_order ON tasks (board_id, status, position) WHERE NOT deleted;
-- The tasks of somebody on a board (`?assigned_to=`).
CREATE INDEX tasks_assigned_to ON tasks (board_id, assigned_to) WHERE NOT deleted AND assigned_to IS NOT NULL;
-- Full text over title and description (`?q=`), in no particular language.
CREATE INDEX tasks_text ON tasks USING gin (to_tsvector('simple', title || ' ' || description)) WHERE NOT deleted;
-- No index for `label`, `due_before` and `updated_after`: they narrow one board's tasks, which are
-- read together anyway, and each index would have to be kept up by every move.

CREATE TABLE comments (
    board_id   bigint NOT NULL,
    id         bigint NOT NULL CHECK (id BETWEEN 1 AND 9007199254740991),
    task_id    bigint NOT NULL,
    body       text NOT NULL CONSTRAINT comments_body_check CHECK (char_length(body) BETWEEN 1 AND 10000),
    created_by text COLLATE "C" NOT NULL,
    version    bigint NOT NULL DEFAULT 1,
    -- As with tasks.
    deleted    boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (board_id, id),
    FOREIGN KEY (board_id, task_id) REFERENCES tasks ON DELETE CASCADE
);
-- A task's comments in order, from a cursor on.
CREATE INDEX comments_task ON comments (board_id, task_id, id) WHERE NOT deleted;

-- What happened. Rows are only ever added.
CREATE TABLE events (
    board_id       bigint NOT NULL REFERENCES boards ON DELETE CASCADE,
    seq            bigint NOT NULL CHECK (seq BETWEEN 1 AND 9007199254740991),
    -- As it is sent (api.md, Events).
    event          jsonb NOT NULL,
    -- What is looked for, taken out of it.
    entity         text NOT NULL CHECK (entity IN ('board', 'task', 'comment', 'member')),
    action         text NOT NULL CHECK (action IN ('Add', 'Update', 'Move', 'Delete')),
    -- Of task and comment events: the task.
    task_id        bigint,
    created_at     timestamptz NOT NULL,
    -- Since which restore of the database the next column counts.
    era            integer NOT NULL,
    -- The transaction that wrote it or, where that has a lower number, the one of the board's event
    -- before: PostgreSQL may give a number while a transaction still waits for the board's lock, and
    -- on one board these must not go backwards along `seq`. Never lower than the writer's own, so
    -- what is below pg_snapshot_xmin(pg_current_snapshot()) is finished: whoever reads only up to
    -- there, in this order, never passes by an event that is committed later.
    transaction_id xid8 NOT NULL,
    PRIMARY KEY (board_id, seq)
);
-- A task's history, undo, and a board as it stood at some event.
CREATE INDEX events_task ON events (board_id, task_id, seq) WHERE task_id IS NOT NULL;
-- The same for the little that is no task's.
CREATE INDEX events_rest ON events (board_id, entity, seq) WHERE task_id IS NULL;
-- All boards' events in order: the admins' activity, and which boards changed lately (the sweeper).
CREATE INDEX events_activity ON events (era, transaction_id, board_id, seq);

-- The first answer to a POST with an Idempotency-Key, for 24 hours.
CREATE TABLE idempotency_keys (
    -- 0 where the request was not about a board (making one).
    board_id    bigint NOT NULL,
    user_id     bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    key         text COLLATE "C" NOT NULL CHECK (char_length(key) BETWEEN 1 AND 255),
    -- Tells whether a later request is the same one: a digest of method, path and body.
    fingerprint text COLLATE "C" NOT NULL CHECK (char_length(fingerprint) BETWEEN 1 AND 128),
    event       jsonb,
    entity      jsonb NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (board_id, user_id, key)
);
-- Finds what can be thrown away.
CREATE INDEX idempotency_keys_created_at ON idempotency_keys (created_at);
