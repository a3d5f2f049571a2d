-- Checklists of tasks: several to a task, with items that are entities of their own (api.md, API-CHECKLIST).

CREATE TABLE checklists (
    board_id bigint NOT NULL,
    id       bigint NOT NULL CHECK (id BETWEEN 1 AND 9007199254740991),
    task_id  bigint NOT NULL,
    title    text NOT NULL CHECK (char_length(title) BETWEEN 1 AND 100),
    -- Sorts within the task, as V3 describes.
    position text COLLATE "C" NOT NULL CHECK (position ~ '^[A-Za-z][0-9A-Za-z]+$' AND octet_length(position) <= 64),
    version  bigint NOT NULL DEFAULT 1,
    -- A deleted checklist stays, with its items, so that the deletion can be undone whole.
    deleted  boolean NOT NULL DEFAULT false,
    PRIMARY KEY (board_id, id),
    FOREIGN KEY (board_id, task_id) REFERENCES tasks ON DELETE CASCADE
);
CREATE UNIQUE INDEX checklists_order ON checklists (board_id, task_id, position) WHERE NOT deleted;
-- Deleting a board for good finds them by their task.
CREATE INDEX checklists_task ON checklists (board_id, task_id);

CREATE TABLE checklist_items (
    board_id     bigint NOT NULL,
    id           bigint NOT NULL CHECK (id BETWEEN 1 AND 9007199254740991),
    -- The task of the checklist: an item never leaves it.
    task_id      bigint NOT NULL,
    checklist_id bigint NOT NULL,
    text         text NOT NULL CHECK (char_length(text) BETWEEN 1 AND 1000),
    done         boolean NOT NULL DEFAULT false,
    -- Sorts within the checklist.
    position     text COLLATE "C" NOT NULL CHECK (position ~ '^[A-Za-z][0-9A-Za-z]+$' AND octet_length(position) <= 64),
    assigned_to  text COLLATE "C" CHECK (char_length(assigned_to) BETWEEN 1 AND 32),
    due_at       timestamptz CHECK (due_at >= timestamptz '0001-01-01 00:00:00+00' AND due_at < timestamptz '10000-01-01 00:00:00+00'),
    version      bigint NOT NULL DEFAULT 1,
    deleted      boolean NOT NULL DEFAULT false,
    PRIMARY KEY (board_id, id),
    FOREIGN KEY (board_id, checklist_id) REFERENCES checklists ON DELETE CASCADE
);
CREATE UNIQUE INDEX checklist_items_order ON checklist_items (board_id, checklist_id, position) WHERE NOT deleted;
CREATE INDEX checklist_items_checklist ON checklist_items (board_id, checklist_id);

-- How many items its checklists have, and how many of those are done: what a card shows.
ALTER TABLE tasks
    ADD COLUMN item_count bigint NOT NULL DEFAULT 0,
    ADD COLUMN done_count bigint NOT NULL DEFAULT 0;

CREATE OR REPLACE FUNCTION task_json(task tasks) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT jsonb_build_object('id', task.id, 'board_id', task.board_id, 'title', task.title,
        'description', task.description, 'status', task.status, 'position', task.position,
        'assigned_to', task.assigned_to, 'labels', task.labels, 'due_at', rfc3339(task.due_at),
        'fields', task.fields, 'comment_count', task.comment_count, 'item_count', task.item_count,
        'done_count', task.done_count, 'created_by', task.created_by,
        'version', task.version, 'created_at', rfc3339(task.created_at), 'updated_at', rfc3339(task.updated_at))
$$;

-- What a comment, a checklist or an item changes of its task: always all of it, so that the newest one is enough to
-- know a task of the past (`board_document_at`).
CREATE OR REPLACE FUNCTION counted_task_json(task tasks) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT jsonb_build_object('id', task.id, 'comment_count', task.comment_count, 'item_count', task.item_count,
        'done_count', task.done_count, 'version', task.version, 'updated_at', rfc3339(task.updated_at))
$$;

CREATE FUNCTION checklist_json(list checklists) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT jsonb_build_object('id', list.id, 'board_id', list.board_id, 'task_id', list.task_id, 'title', list.title,
        'position', list.position, 'version', list.version)
$$;

CREATE FUNCTION checklist_item_json(item checklist_items) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT jsonb_build_object('id', item.id, 'board_id', item.board_id, 'task_id', item.task_id,
        'checklist_id', item.checklist_id, 'text', item.text, 'done', item.done, 'position', item.position,
        'assigned_to', item.assigned_to, 'due_at', rfc3339(item.due_at), 'version', item.version)
$$;

-- The same with its items, in their order.
CREATE FUNCTION whole_checklist_json(list checklists) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT checklist_json(list) || jsonb_build_object('items', coalesce((
        SELECT jsonb_agg(checklist_item_json(checklist_items) ORDER BY position) FROM checklist_items
        WHERE board_id = list.board_id AND checklist_id = list.id AND NOT deleted), '[]'))
$$;

-- As before, with the new kinds.
CREATE OR REPLACE FUNCTION check_event() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    broken text := CASE
        WHEN NEW.action NOT IN ('Add', 'Update', 'Move', 'Delete') THEN 'events_action_check'
        WHEN NEW.entity NOT IN ('board', 'task', 'comment', 'checklist', 'checklist_item', 'member') THEN 'events_entity_check'
        WHEN NEW.seq NOT BETWEEN 1 AND 9007199254740991 THEN 'events_seq_check' END;
BEGIN
    IF broken IS NOT NULL THEN
        PERFORM refuse_row('events', broken);
    END IF;
    RETURN NEW;
END $$;

-- A checklist of the task, or 404.
CREATE FUNCTION checklist_find(board bigint, task bigint, list bigint) RETURNS checklists
LANGUAGE plpgsql AS $$
DECLARE
    found_list checklists;
BEGIN
    SELECT * INTO found_list FROM checklists WHERE board_id = board AND id = list AND task_id = task AND NOT deleted;
    IF NOT FOUND THEN
        PERFORM refuse_missing('checklist');
    END IF;
    RETURN found_list;
END $$;

-- An item of one of the task's checklists, or 404.
CREATE FUNCTION checklist_item_find(board bigint, task bigint, item bigint) RETURNS checklist_items
LANGUAGE plpgsql AS $$
DECLARE
    found_item checklist_items;
BEGIN
    SELECT * INTO found_item FROM checklist_items
    WHERE board_id = board AND id = item AND task_id = task AND NOT deleted
      AND NOT (SELECT deleted FROM checklists WHERE checklists.board_id = board AND checklists.id = checklist_id);
    IF NOT FOUND THEN
        PERFORM refuse_missing('checklist item');
    END IF;
    RETURN found_item;
END $$;

-- Counts items more or less on a task, and those that are done. That is a change of the task, if there are any.
CREATE FUNCTION item_count_change(context write_context, task bigint, items bigint, dones bigint) RETURNS tasks
LANGUAGE plpgsql AS $$
DECLARE
    counted tasks;
BEGIN
    IF items = 0 AND dones = 0 THEN
        RETURN task_find((context.board).id, task);
    END IF;
    UPDATE tasks SET (item_count, done_count, version, updated_at)
        = (item_count + items, done_count + dones, version + 1, context.moment)
    WHERE board_id = (context.board).id AND id = task RETURNING * INTO counted;
    RETURN counted;
END $$;

-- The outcome of a change of a checklist or an item (`kind`): its event has what changed of the task.
CREATE FUNCTION checklist_outcome(
    context write_context, kind text, action text, entity jsonb, task tasks, changes jsonb DEFAULT '{}', undone bigint DEFAULT NULL
) RETURNS write_outcome
LANGUAGE plpgsql AS $$
DECLARE
    event jsonb := event_append(context, context.board, kind, action,
        jsonb_build_object(kind, entity, 'task_patch', counted_task_json(task)), changes, task.id, undone);
BEGIN
    RETURN (event, event -> kind, false);
END $$;

-- How many of the ordered `ids` come before the place that `request` asks for: the neighbour's with `before` or
-- `after`, otherwise the end. NULL if the neighbour is not one of them.
CREATE FUNCTION place_asked_for(ids bigint[], request jsonb) RETURNS integer
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    IF request ->> 'before' IS NOT NULL THEN
        RETURN array_position(ids, (request ->> 'before')::bigint) - 1;
    ELSIF request ->> 'after' IS NOT NULL THEN
        RETURN array_position(ids, (request ->> 'after')::bigint);
    END IF;
    RETURN cardinality(ids);
END $$;

-- The position after the first `below` of the ordered `places`: the `present` one if it is there already (or NULL).
CREATE FUNCTION position_after(places text[], below integer, present text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    low  text COLLATE "C" := places[below];
    high text COLLATE "C" := places[below + 1];
BEGIN
    IF present IS NOT NULL AND (low IS NULL OR low < present) AND (high IS NULL OR present < high) THEN
        RETURN present;
    END IF;
    RETURN position_between(low, high);
END $$;

-- Refuses (TB422) what in `request` does not fit: `below` is the place that it asks for, `assignee` the member.
CREATE FUNCTION check_checklist_request(request jsonb, below integer, siblings text, assignee text DEFAULT NULL) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    faults jsonb := '[]';
BEGIN
    IF request ->> 'assigned_to' IS NOT NULL AND assignee IS NULL THEN
        faults := faults || fault('/assigned_to', 'is not a member of this board');
    END IF;
    IF below IS NULL THEN
        faults := faults || fault(CASE WHEN request ->> 'before' IS NOT NULL THEN '/before' ELSE '/after' END, 'is not another ' || siblings);
    END IF;
    PERFORM refuse_faults(faults);
END $$;

-- Refuses (TBLIM) one more of what there are `count` already.
CREATE FUNCTION check_count(name text, count bigint, most bigint, message text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF count >= most THEN
        PERFORM refuse('TBLIM', message, jsonb_build_object('limit', name));
    END IF;
END $$;

-- Stores `after` in place of `before` and tells what differs; used by the PATCH and by undo.
CREATE FUNCTION checklist_change(context write_context, before checklists, after checklists, undone bigint DEFAULT NULL) RETURNS write_outcome
LANGUAGE plpgsql AS $$
DECLARE
    changes jsonb := '{}';
BEGIN
    IF after.title <> before.title THEN
        changes := changes || jsonb_build_object('title', jsonb_build_array(before.title, after.title));
    END IF;
    IF after.position <> before.position THEN
        changes := changes || jsonb_build_object('position', jsonb_build_array(before.position, after.position));
    END IF;
    IF changes = '{}' THEN
        RETURN (NULL::jsonb, checklist_json(before), false);
    END IF;
    UPDATE checklists SET (title, position, version) = (after.title, after.position, before.version + 1)
    WHERE board_id = after.board_id AND id = after.id RETURNING * INTO after;
    RETURN checklist_outcome(context, 'checklist', CASE WHEN changes ? 'position' THEN 'Move' ELSE 'Update' END,
        checklist_json(after), task_find(after.board_id, after.task_id), changes, undone);
END $$;

-- The same of an item.
CREATE FUNCTION checklist_item_change(context write_context, before checklist_items, after checklist_items, undone bigint DEFAULT NULL) RETURNS write_outcome
LANGUAGE plpgsql AS $$
DECLARE
    changes jsonb := '{}';
BEGIN
    IF after.text <> before.text THEN
        changes := changes || jsonb_build_object('text', jsonb_build_array(before.text, after.text));
    END IF;
    IF after.done <> before.done THEN
        changes := changes || jsonb_build_object('done', jsonb_build_array(before.done, after.done));
    END IF;
    IF after.assigned_to IS DISTINCT FROM before.assigned_to THEN
        changes := changes || jsonb_build_object('assigned_to', jsonb_build_array(before.assigned_to, after.assigned_to));
    END IF;
    IF after.due_at IS DISTINCT FROM before.due_at THEN
        changes := changes || jsonb_build_object('due_at', jsonb_build_array(rfc3339(before.due_at), rfc3339(after.due_at)));
    END IF;
    IF after.checklist_id <> before.checklist_id THEN
        changes := changes || jsonb_build_object('checklist_id', jsonb_build_array(before.checklist_id, after.checklist_id));
    END IF;
    IF after.position <> before.position THEN
        changes := changes || jsonb_build_object('position', jsonb_build_array(before.position, after.position));
    END IF;
    IF changes = '{}' THEN
        RETURN (NULL::jsonb, checklist_item_json(before), false);
    END IF;
    UPDATE checklist_items SET (text, done, assigned_to, due_at, checklist_id, position, version)
        = (after.text, after.done, after.assigned_to, after.due_at, after.checklist_id, after.position, before.version + 1)
    WHERE board_id = after.board_id AND id = after.id RETURNING * INTO after;
    RETURN checklist_outcome(context, 'checklist_item',
        CASE WHEN changes ?| ARRAY['position', 'checklist_id'] THEN 'Move' ELSE 'Update' END, checklist_item_json(after),
        item_count_change(context, after.task_id, 0, after.done::integer - before.done::integer), changes, undone);
END $$;

-- Where position texts have become too long, all of their kind get new ones above the present ones, the last one
-- first, so that nobody passes anybody, each by an event of its own like any other move (as in V13; but here are so few
-- that looking for the fewest would not be worth it). `below` of them come before the `mover` (0 for a new one), and the
-- answer is the mover's place.
CREATE FUNCTION checklist_room(context write_context, task bigint, below integer, mover bigint) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    places text[];
    moving record;
    after  checklists;
BEGIN
    SELECT positions_between(max(position), NULL, (1 + count(*) FILTER (WHERE id <> mover))::integer) INTO places
    FROM checklists WHERE board_id = (context.board).id AND task_id = task AND NOT deleted;
    FOR moving IN
        SELECT checklists AS before, row_number() OVER (ORDER BY position) AS nth
        FROM checklists WHERE board_id = (context.board).id AND task_id = task AND NOT deleted AND id <> mover
        ORDER BY position DESC
    LOOP
        after := moving.before;
        after.position := places[moving.nth + (moving.nth > below)::integer];
        PERFORM checklist_change(context, moving.before, after);
    END LOOP;
    RETURN places[below + 1];
END $$;

CREATE FUNCTION checklist_item_room(context write_context, list bigint, below integer, mover bigint) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    places text[];
    moving record;
    after  checklist_items;
BEGIN
    SELECT positions_between(max(position), NULL, (1 + count(*) FILTER (WHERE id <> mover))::integer) INTO places
    FROM checklist_items WHERE board_id = (context.board).id AND checklist_id = list AND NOT deleted;
    FOR moving IN
        SELECT checklist_items AS before, row_number() OVER (ORDER BY position) AS nth
        FROM checklist_items WHERE board_id = (context.board).id AND checklist_id = list AND NOT deleted AND id <> mover
        ORDER BY position DESC
    LOOP
        after := moving.before;
        after.position := places[moving.nth + (moving.nth > below)::integer];
        PERFORM checklist_item_change(context, moving.before, after);
    END LOOP;
    RETURN places[below + 1];
END $$;

-- POST …/checklists: {title, before? | after?}.
CREATE FUNCTION checklist_add(who jsonb, board bigint, task bigint, request jsonb, request_key text DEFAULT NULL, request_fingerprint text DEFAULT NULL) RETURNS write_outcome
LANGUAGE plpgsql AS $$
DECLARE
    context write_context := board_open(who, board, 'editor');
    outcome write_outcome := answer_recall(board, context.user_id, request_key, request_fingerprint);
    about   tasks;
    ids     bigint[];
    places  text[];
    below   integer;
    place   text;
    added   checklists;
BEGIN
    IF outcome.replayed THEN
        RETURN outcome;
    END IF;
    about := task_find(board, task);
    SELECT coalesce(array_agg(id ORDER BY position), '{}'), array_agg(position ORDER BY position) INTO ids, places
    FROM checklists WHERE board_id = board AND task_id = task AND NOT deleted;
    below := place_asked_for(ids, request);
    PERFORM check_checklist_request(request, below, 'checklist of this task');
    PERFORM check_count('checklists', cardinality(ids), 20, 'a task has at most 20 checklists');
    place := position_after(places, below, NULL);
    IF octet_length(place) > 64 THEN
        place := checklist_room(context, task, below, 0);
    END IF;
    INSERT INTO checklists (board_id, id, task_id, title, position)
    VALUES (board, (SELECT coalesce(max(id), 0) + 1 FROM checklists WHERE board_id = board), task, request ->> 'title', place)
    RETURNING * INTO added;
    outcome := checklist_outcome(context, 'checklist', 'Add', whole_checklist_json(added), about);
    PERFORM answer_keep(board, context.user_id, request_key, request_fingerprint, outcome);
    RETURN outcome;
END $$;

-- PATCH …/checklists/{checklist_id}: {title?, before? | after?}.
CREATE FUNCTION checklist_patch(who jsonb, board bigint, task bigint, list bigint, patch jsonb, if_match bigint[] DEFAULT NULL) RETURNS write_outcome
LANGUAGE plpgsql AS $$
DECLARE
    context write_context := board_open(who, board, 'editor');
    about   tasks := task_find(board, task);
    before  checklists := checklist_find(board, about.id, list);
    after   checklists := before;
    ids     bigint[];
    places  text[];
    below   integer;
BEGIN
    PERFORM check_version(before.version, if_match);
    after.title := coalesce(patch ->> 'title', before.title);
    IF patch ?| ARRAY['before', 'after'] THEN
        SELECT coalesce(array_agg(id ORDER BY position), '{}'), array_agg(position ORDER BY position) INTO ids, places
        FROM checklists WHERE board_id = board AND task_id = task AND NOT deleted AND id <> list;
        below := place_asked_for(ids, patch);
        PERFORM check_checklist_request(patch, below, 'checklist of this task');
        after.position := position_after(places, below, before.position);
        IF octet_length(after.position) > 64 THEN
            after.position := checklist_room(context, task, below, list);
        END IF;
    END IF;
    RETURN checklist_change(context, before, after);
END $$;

-- Deletes a checklist, with its items; used by DELETE and by undo. The rows stay, so that this can be undone in turn.
CREATE FUNCTION checklist_remove(context write_context, before checklists, undone bigint DEFAULT NULL) RETURNS write_outcome
LANGUAGE plpgsql AS $$
DECLARE
    items bigint;
    dones bigint;
BEGIN
    SELECT count(*), count(*) FILTER (WHERE done) INTO items, dones
    FROM checklist_items WHERE board_id = before.board_id AND checklist_id = before.id AND NOT deleted;
    UPDATE checklists SET (deleted, version) = (true, version + 1) WHERE board_id = before.board_id AND id = before.id;
    RETURN checklist_outcome(context, 'checklist', 'Delete', checklist_json(before),
        item_count_change(context, before.task_id, -items, -dones), undone => undone);
END $$;

-- DELETE …/checklists/{checklist_id}.
CREATE FUNCTION checklist_delete(who jsonb, board bigint, task bigint, list bigint, if_match bigint[] DEFAULT NULL) RETURNS write_outcome
LANGUAGE plpgsql AS $$
DECLARE
    context write_context := board_open(who, board, 'editor');
    about   tasks := task_find(board, task);
    before  checklists := checklist_find(board, about.id, list);
BEGIN
    PERFORM check_version(before.version, if_match);
    RETURN checklist_remove(context, before);
END $$;

-- POST …/checklists/{checklist_id}/items: {text, done?, assigned_to?, due_at?, before? | after?}.
CREATE FUNCTION checklist_item_add(who jsonb, board bigint, task bigint, list bigint, request jsonb, request_key text DEFAULT NULL, request_fingerprint text DEFAULT NULL) RETURNS write_outcome
LANGUAGE plpgsql AS $$
DECLARE
    context  write_context := board_open(who, board, 'editor');
    outcome  write_outcome := answer_recall(board, context.user_id, request_key, request_fingerprint);
    about    tasks;
    target   checklists;
    ids      bigint[];
    places   text[];
    below    integer;
    place    text;
    assignee text;
    added    checklist_items;
BEGIN
    IF outcome.replayed THEN
        RETURN outcome;
    END IF;
    about := task_find(board, task);
    target := checklist_find(board, about.id, list);
    SELECT coalesce(array_agg(id ORDER BY position), '{}'), array_agg(position ORDER BY position) INTO ids, places
    FROM checklist_items WHERE board_id = board AND checklist_id = list AND NOT deleted;
    below := place_asked_for(ids, request);
    IF request ->> 'assigned_to' IS NOT NULL THEN
        assignee := member_name(board, request ->> 'assigned_to');
    END IF;
    PERFORM check_checklist_request(request, below, 'item of this checklist', assignee);
    PERFORM check_count('items', cardinality(ids), 200, 'a checklist has at most 200 items');
    place := position_after(places, below, NULL);
    IF octet_length(place) > 64 THEN
        place := checklist_item_room(context, list, below, 0);
    END IF;
    INSERT INTO checklist_items (board_id, id, task_id, checklist_id, text, done, position, assigned_to, due_at)
    VALUES (
        board, (SELECT coalesce(max(id), 0) + 1 FROM checklist_items WHERE board_id = board), task, list,
        request ->> 'text', coalesce((request ->> 'done')::boolean, false), place, assignee,
        date_trunc('milliseconds', (request ->> 'due_at')::timestamptz))
    RETURNING * INTO added;
    outcome := checklist_outcome(context, 'checklist_item', 'Add', checklist_item_json(added),
        item_count_change(context, task, 1, added.done::integer));
    PERFORM answer_keep(board, context.user_id, request_key, request_fingerprint, outcome);
    RETURN outcome;
END $$;

-- PATCH …/items/{item_id}: {text?, done?, assigned_to?, due_at?, checklist_id?, before? | after?}.
CREATE FUNCTION checklist_item_patch(who jsonb, board bigint, task bigint, item bigint, patch jsonb, if_match bigint[] DEFAULT NULL) RETURNS write_outcome
LANGUAGE plpgsql AS $$
DECLARE
    context write_context := board_open(who, board, 'editor');
    about   tasks := task_find(board, task);
    before  checklist_items := checklist_item_find(board, about.id, item);
    after   checklist_items := before;
    ids     bigint[];
    places  text[];
    below   integer := 0;
    moves   boolean := patch ?| ARRAY['before', 'after'];
BEGIN
    PERFORM check_version(before.version, if_match);
    after.text := coalesce(patch ->> 'text', before.text);
    after.done := coalesce((patch ->> 'done')::boolean, before.done);
    IF patch ? 'assigned_to' THEN
        after.assigned_to := CASE WHEN patch ->> 'assigned_to' IS NOT NULL THEN member_name(board, patch ->> 'assigned_to') END;
    END IF;
    IF patch ? 'due_at' THEN
        after.due_at := date_trunc('milliseconds', (patch ->> 'due_at')::timestamptz);
    END IF;
    after.checklist_id := coalesce((patch ->> 'checklist_id')::bigint, before.checklist_id);
    IF after.checklist_id <> before.checklist_id THEN
        moves := true;
        PERFORM FROM checklists WHERE board_id = board AND id = after.checklist_id AND task_id = task AND NOT deleted;
        IF NOT FOUND THEN
            PERFORM refuse_faults(jsonb_build_array(fault('/checklist_id', 'is not a checklist of this task')));
        END IF;
    END IF;
    IF moves THEN
        SELECT coalesce(array_agg(id ORDER BY position), '{}'), array_agg(position ORDER BY position) INTO ids, places
        FROM checklist_items WHERE board_id = board AND checklist_id = after.checklist_id AND NOT deleted AND id <> item;
        below := place_asked_for(ids, patch);
    END IF;
    PERFORM check_checklist_request(patch, below, 'item of this checklist', after.assigned_to);
    IF moves THEN
        PERFORM check_count('items', cardinality(ids), 200, 'a checklist has at most 200 items');
        after.position := position_after(places, below, CASE WHEN after.checklist_id = before.checklist_id THEN before.position END);
        IF octet_length(after.position) > 64 THEN
            after.position := checklist_item_room(context, after.checklist_id, below, item);
        END IF;
    END IF;
    RETURN checklist_item_change(context, before, after);
END $$;

CREATE FUNCTION checklist_item_remove(context write_context, before checklist_items, undone bigint DEFAULT NULL) RETURNS write_outcome
LANGUAGE plpgsql AS $$
BEGIN
    UPDATE checklist_items SET (deleted, version) = (true, version + 1) WHERE board_id = before.board_id AND id = before.id;
    RETURN checklist_outcome(context, 'checklist_item', 'Delete', checklist_item_json(before),
        item_count_change(context, before.task_id, -1, -(before.done::integer)), undone => undone);
END $$;

-- DELETE …/items/{item_id}.
CREATE FUNCTION checklist_item_delete(who jsonb, board bigint, task bigint, item bigint, if_match bigint[] DEFAULT NULL) RETURNS write_outcome
LANGUAGE plpgsql AS $$
DECLARE
    context write_context := board_open(who, board, 'editor');
    about   tasks := task_find(board, task);
    before  checklist_items := checklist_item_find(board, about.id, item);
BEGIN
    PERFORM check_version(before.version, if_match);
    RETURN checklist_item_remove(context, before);
END $$;

-- POST …/items/{item_id}/convert (api.md, API-CONVERT): the item goes, and a task with its text comes, right after the
-- item's task. Two events, of which the outcome has the second.
CREATE FUNCTION checklist_item_convert(who jsonb, board bigint, task bigint, item bigint, request_key text DEFAULT NULL, request_fingerprint text DEFAULT NULL) RETURNS write_outcome
LANGUAGE plpgsql AS $$
DECLARE
    context write_context := board_open(who, board, 'editor');
    after   boards := context.board;
    outcome write_outcome := answer_recall(board, context.user_id, request_key, request_fingerprint);
    about   tasks;
    before  checklist_items;
    place   text;
    room    task_room;
    is_long boolean;
    added   tasks;
BEGIN
    IF outcome.replayed THEN
        RETURN outcome;
    END IF;
    about := task_find(board, task);
    before := checklist_item_find(board, task, item);
    PERFORM check_wip_limit(after, about.status, 0);
    place := task_place(board, about.status, jsonb_build_object('after', task), 0);
    IF octet_length(place) > 64 THEN
        room := make_room(context, about.status, place, 0);
        context.board := room.board;
        after := room.board;
        place := room.place;
    END IF;
    PERFORM checklist_item_remove(context, before);
    is_long := char_length(before.text) > 200;
    INSERT INTO tasks (board_id, id, title, description, status, position, assigned_to, due_at, created_by, created_at, updated_at)
    VALUES (
        board, after.next_task_id, CASE WHEN is_long THEN rtrim(left(before.text, 199)) || '…' ELSE before.text END,
        CASE WHEN is_long THEN before.text ELSE '' END, about.status, place, member_name(board, before.assigned_to), before.due_at,
        context.username, context.moment, context.moment)
    RETURNING * INTO added;
    after.next_task_id := after.next_task_id + 1;
    outcome.event := event_append(context, after, 'task', 'Add', jsonb_build_object('task', task_json(added)), task => added.id);
    outcome := (outcome.event, outcome.event -> 'task', false);
    PERFORM answer_keep(board, context.user_id, request_key, request_fingerprint, outcome);
    RETURN outcome;
END $$;

-- POST …/tasks/{task_id}/tick (api.md, API-TICK): gives the box of one line of the description another state. `line` is
-- that line as the client knows it, `nth` which of those that are the same but for their box.
CREATE FUNCTION task_tick(who jsonb, board bigint, task bigint, line text, nth bigint, done boolean, request_key text DEFAULT NULL, request_fingerprint text DEFAULT NULL) RETURNS write_outcome
LANGUAGE plpgsql AS $$
DECLARE
    -- What is before the box, and what is in it.
    box     CONSTANT text := '^([\s>]*(?:[-*+]|[0-9]{1,9}[.)])\s+\[)([ xX])(?=\](?:\s|$))';
    spaces  CONSTANT text := E' \t\r';
    context write_context := board_open(who, board, 'editor');
    outcome write_outcome := answer_recall(board, context.user_id, request_key, request_fingerprint);
    before  tasks;
    after   tasks;
    lines   text[];
    wanted  text := rtrim(regexp_replace(line, box, '\1 '), spaces);
    missing bigint := nth;
BEGIN
    IF outcome.replayed THEN
        RETURN outcome;
    END IF;
    before := task_find(board, task);
    IF line !~ box OR strpos(line, E'\n') > 0 THEN
        PERFORM refuse_faults(jsonb_build_array(fault('/line', 'is not an item of a task list')));
    END IF;
    lines := string_to_array(before.description, E'\n');
    FOR n IN 1 .. cardinality(lines) LOOP
        IF lines[n] ~ box AND rtrim(regexp_replace(lines[n], box, '\1 '), spaces) = wanted THEN
            missing := missing - 1;
            IF missing < 0 THEN
                IF ((regexp_match(lines[n], box))[2] <> ' ') <> done THEN
                    lines[n] := regexp_replace(lines[n], box, '\1' || CASE WHEN done THEN 'x' ELSE ' ' END);
                END IF;
                EXIT;
            END IF;
        END IF;
    END LOOP;
    IF missing >= 0 THEN
        PERFORM refuse('TBGON', 'this line is not in the description any more');
    END IF;
    after := before;
    after.description := array_to_string(lines, E'\n');
    outcome := task_change(context, before, after);
    PERFORM answer_keep(board, context.user_id, request_key, request_fingerprint, outcome);
    RETURN outcome;
END $$;

-- A position for what comes back among the ordered `places`: its old one, or right behind whoever has that now.
CREATE FUNCTION position_again(places text[], old text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    taken integer := array_position(places, old);
BEGIN
    RETURN CASE WHEN taken IS NULL THEN old ELSE position_between(old, places[taken + 1]) END;
END $$;

-- Undoes what was done to a checklist. Nothing but its title and position ever changes.
CREATE FUNCTION checklist_undo(context write_context, target events, old jsonb) RETURNS write_outcome
LANGUAGE plpgsql AS $$
DECLARE
    before checklists;
    after  checklists;
    places text[];
    items  bigint;
    dones  bigint;
BEGIN
    SELECT * INTO before FROM checklists WHERE board_id = target.board_id AND id = (target.event #>> '{checklist,id}')::bigint;
    IF target.action = 'Add' THEN
        RETURN checklist_remove(context, before, target.seq);
    END IF;
    after := jsonb_populate_record(before, old);
    IF target.action = 'Delete' OR old ? 'position' THEN
        SELECT coalesce(array_agg(position ORDER BY position), '{}') INTO places
        FROM checklists WHERE board_id = before.board_id AND task_id = before.task_id AND NOT deleted AND id <> before.id;
        IF target.action = 'Delete' THEN
            PERFORM check_count('checklists', cardinality(places), 20, 'a task has at most 20 checklists');
        END IF;
        after.position := position_again(places, after.position);
        IF octet_length(after.position) > 64 THEN
            after.position := checklist_room(context, before.task_id,
                (SELECT count(*)::integer FROM unnest(places) AS each_one (place) WHERE place COLLATE "C" < after.position), before.id);
        END IF;
    END IF;
    IF target.action <> 'Delete' THEN
        RETURN checklist_change(context, before, after, target.seq);
    END IF;
    UPDATE checklists SET (deleted, position, version) = (false, after.position, version + 1)
    WHERE board_id = after.board_id AND id = after.id RETURNING * INTO after;
    SELECT count(*), count(*) FILTER (WHERE done) INTO items, dones
    FROM checklist_items WHERE board_id = after.board_id AND checklist_id = after.id AND NOT deleted;
    RETURN checklist_outcome(context, 'checklist', 'Add', whole_checklist_json(after),
        item_count_change(context, after.task_id, items, dones), undone => target.seq);
END $$;

-- Undoes what was done to an item, on a checklist that is there (`check_undo`).
CREATE FUNCTION checklist_item_undo(context write_context, target events, old jsonb) RETURNS write_outcome
LANGUAGE plpgsql AS $$
DECLARE
    before checklist_items;
    after  checklist_items;
    places text[];
BEGIN
    SELECT * INTO before FROM checklist_items WHERE board_id = target.board_id AND id = (target.event #>> '{checklist_item,id}')::bigint;
    IF target.action = 'Add' THEN
        RETURN checklist_item_remove(context, before, target.seq);
    END IF;
    after := jsonb_populate_record(before, old);
    IF target.action = 'Delete' OR old ?| ARRAY['position', 'checklist_id'] THEN
        SELECT coalesce(array_agg(position ORDER BY position), '{}') INTO places
        FROM checklist_items WHERE board_id = before.board_id AND checklist_id = after.checklist_id AND NOT deleted AND id <> before.id;
        PERFORM check_count('items', cardinality(places), 200, 'a checklist has at most 200 items');
        after.position := position_again(places, after.position);
        IF octet_length(after.position) > 64 THEN
            after.position := checklist_item_room(context, after.checklist_id,
                (SELECT count(*)::integer FROM unnest(places) AS each_one (place) WHERE place COLLATE "C" < after.position), before.id);
        END IF;
    END IF;
    IF target.action <> 'Delete' THEN
        RETURN checklist_item_change(context, before, after, target.seq);
    END IF;
    UPDATE checklist_items SET (deleted, position, version) = (false, after.position, version + 1)
    WHERE board_id = after.board_id AND id = after.id RETURNING * INTO after;
    RETURN checklist_outcome(context, 'checklist_item', 'Add', checklist_item_json(after),
        item_count_change(context, after.task_id, 1, after.done::integer), undone => target.seq);
END $$;

-- As before (V22), with checklists and items: a new checklist cannot be taken back when something was done with its
-- items, nor a change of an item whose checklist was deleted, or the one that it would go back to.
CREATE OR REPLACE FUNCTION check_undo(target events) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    kind     text := target.entity;
    fields   text[] := ARRAY(SELECT jsonb_object_keys(target.event -> 'changes'));
    later    record;
    gone     jsonb[] := '{}';
    undone   bigint[] := '{}';
    numbers  bigint[] := '{}';
    blocking text[];
BEGIN
    IF kind = 'checklist_item' THEN
        gone := ARRAY(
            SELECT to_jsonb(id) FROM checklists
            WHERE board_id = target.board_id AND deleted AND id IN (
                (SELECT checklist_id FROM checklist_items
                 WHERE board_id = target.board_id AND id = (target.event #>> '{checklist_item,id}')::bigint),
                (target.event #>> '{changes,checklist_id,0}')::bigint));
    END IF;
    -- The newest first: so it is known of each whether it was undone.
    FOR later IN
        SELECT seq, undoes, touches AND NOT coalesce(makes_room, false) AS touches
        FROM (
            SELECT seq, (event ->> 'undoes')::bigint AS undoes, CASE
                -- A new task cannot be taken back when somebody has written about it.
                WHEN kind = 'task' AND target.action = 'Add' THEN true
                WHEN entity = 'task' AND action = 'Delete' THEN
                    kind = 'task' AND target.action = 'Delete'
                    OR EXISTS (SELECT FROM tasks WHERE tasks.board_id = target.board_id AND id = target.task_id AND deleted)
                WHEN kind = 'checklist' AND target.action = 'Add' AND entity = 'checklist_item' THEN
                    target.event #> '{checklist,id}' IN (event #> '{checklist_item,checklist_id}', event #> '{changes,checklist_id,0}')
                WHEN kind = 'checklist_item' AND entity = 'checklist' AND action = 'Delete' THEN event #> '{checklist,id}' = ANY (gone)
                WHEN entity <> kind OR event -> kind -> 'id' <> target.event -> kind -> 'id' THEN false
                WHEN fields = '{}' THEN true
                ELSE event -> 'changes' ?| fields OR kind = 'member'
                    OR (kind IN ('comment', 'checklist', 'checklist_item') AND action = 'Delete')
            END AS touches, action = 'Move' AND NOT event ? 'undoes' AND (event -> 'changes') - 'position' = '{}' AND EXISTS (
                SELECT FROM events AS next
                WHERE next.board_id = target.board_id AND next.seq = since.seq + 1
                  AND next.era = since.era AND next.transaction_id = since.transaction_id
                  AND next.created_at = since.created_at AND next.event #> '{actor,id}' = since.event #> '{actor,id}'
            ) AS makes_room
            FROM (
                SELECT * FROM events
                WHERE board_id = target.board_id AND task_id = target.task_id AND seq > target.seq
                UNION ALL
                SELECT * FROM events
                WHERE target.task_id IS NULL
                  AND board_id = target.board_id AND task_id IS NULL AND entity = kind AND seq > target.seq) AS since) AS later_ones
        WHERE touches OR undoes IS NOT NULL
        ORDER BY seq DESC
    LOOP
        CONTINUE WHEN later.seq = ANY (undone);
        IF later.undoes IS NOT NULL THEN
            undone := undone || later.undoes;
        END IF;
        IF later.touches AND coalesce(later.undoes <= target.seq, true) THEN
            numbers := numbers || later.seq;
        END IF;
    END LOOP;
    IF numbers <> '{}' THEN
        numbers := ARRAY(SELECT unnest(numbers) ORDER BY 1);
        blocking := ARRAY(
            SELECT DISTINCT field FROM events, jsonb_object_keys(event -> 'changes') AS each_key (field)
            WHERE board_id = target.board_id AND seq = ANY (numbers) AND (fields = '{}' OR field = ANY (fields)) ORDER BY field);
        PERFORM refuse('TBUND', 'later changes stand in the way', jsonb_build_object('events', numbers, 'fields', blocking));
    END IF;
END $$;

CREATE OR REPLACE FUNCTION event_undo(who jsonb, board bigint, undone bigint, request_key text DEFAULT NULL, request_fingerprint text DEFAULT NULL) RETURNS write_outcome
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
    ELSIF target.entity = 'checklist' THEN
        outcome := checklist_undo(context, target, old);
    ELSIF target.entity = 'checklist_item' THEN
        outcome := checklist_item_undo(context, target, old);
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

-- As before (V25). Where an event is older than checklists, its task had no items.
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
                SELECT '{"item_count": 0, "done_count": 0}' || (whole.event -> 'task') || coalesce(newest.event -> 'task_patch', '{}') AS task
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

-- The events of an import: the tasks by id, then the comments, then the checklists, each with its items. As before (V20),
-- in one statement, and refused (TB422) where they have more than 32 MiB together.
CREATE OR REPLACE FUNCTION import_events(context write_context, task_count bigint) RETURNS void
LANGUAGE plpgsql SET enable_nestloop = off SET jit = off AS $$
DECLARE
    most          CONSTANT bigint := 32 * 1024 * 1024;
    comment_total bigint := (SELECT count(*) FROM comments WHERE board_id = (context.board).id);
    bytes         bigint;
BEGIN
    WITH commented AS (
        SELECT task_id, count(*) AS count FROM comments WHERE board_id = (context.board).id GROUP BY task_id
    ), ticked AS (
        SELECT checklist_id, count(*) AS items, count(*) FILTER (WHERE done) AS dones,
            jsonb_agg(checklist_item_json(checklist_items) ORDER BY position) AS content
        FROM checklist_items WHERE board_id = (context.board).id GROUP BY checklist_id
    ), appended AS (
        INSERT INTO events (board_id, seq, event, entity, action, task_id, created_at, era, transaction_id)
        SELECT tasks.board_id, id, event_json(context, id, 'task', 'Add', jsonb_build_object('task', task_json(tasks))),
            'task', 'Add', id, context.moment, (SELECT era FROM meta), pg_current_xact_id()
        FROM tasks WHERE tasks.board_id = (context.board).id
        UNION ALL
        SELECT comments.board_id, task_count + comments.id,
            event_json(context, task_count + comments.id, 'comment', 'Add', jsonb_build_object(
                'comment', comment_json(comments),
                'task_patch', jsonb_build_object('id', task_id, 'comment_count', nth, 'item_count', 0, 'done_count', 0,
                    'version', 1 + nth, 'updated_at', rfc3339(context.moment)))),
            'comment', 'Add', task_id, context.moment, (SELECT era FROM meta), pg_current_xact_id()
        FROM (SELECT id AS nth_id, row_number() OVER (PARTITION BY task_id ORDER BY id) AS nth FROM comments WHERE board_id = (context.board).id) AS counted
        JOIN comments ON comments.board_id = (context.board).id AND comments.id = nth_id
        UNION ALL
        SELECT (context.board).id, task_count + comment_total + list_id,
            event_json(context, task_count + comment_total + list_id, 'checklist', 'Add', jsonb_build_object(
                'checklist', list || jsonb_build_object('items', coalesce(content, '[]')),
                'task_patch', jsonb_build_object('id', task_id, 'comment_count', comment_count, 'item_count', item_count,
                    'done_count', done_count, 'version', 1 + comment_count + filled, 'updated_at', rfc3339(context.moment)))),
            'checklist', 'Add', task_id, context.moment, (SELECT era FROM meta), pg_current_xact_id()
        FROM (
            SELECT checklists.id AS list_id, checklists.task_id, checklist_json(checklists) AS list, content,
                coalesce(commented.count, 0) AS comment_count,
                coalesce(sum(items) OVER up_to_here, 0)::bigint AS item_count,
                coalesce(sum(dones) OVER up_to_here, 0)::bigint AS done_count,
                count(items) OVER up_to_here AS filled
            FROM checklists LEFT JOIN ticked ON checklist_id = checklists.id LEFT JOIN commented ON commented.task_id = checklists.task_id
            WHERE checklists.board_id = (context.board).id
            WINDOW up_to_here AS (PARTITION BY checklists.task_id ORDER BY checklists.id)) AS listed
        RETURNING octet_length(event::text) AS size
    )
    SELECT coalesce(sum(size), 0) INTO bytes FROM appended;
    IF bytes > most THEN
        PERFORM refuse_faults(jsonb_build_array(fault('', format('would make a history of %s bytes; %s are possible', bytes, most))));
    END IF;
    PERFORM charge_write(context.user_id, bytes);
END $$;

-- Counts the comments and items of a board's tasks. Each comment is a change of its task, and so is each checklist that
-- has items.
CREATE OR REPLACE FUNCTION import_counts(board bigint) RETURNS void
LANGUAGE plpgsql SET enable_nestloop = off SET jit = off AS $$
BEGIN
    UPDATE tasks SET (comment_count, item_count, done_count, version) = (comments, items, dones, 1 + changes)
    FROM (
        SELECT task_id, sum(comments)::bigint AS comments, sum(items)::bigint AS items, sum(dones)::bigint AS dones, sum(changes)::bigint AS changes
        FROM (
            SELECT task_id, count(*) AS comments, 0 AS items, 0 AS dones, count(*) AS changes
            FROM comments WHERE board_id = board GROUP BY task_id
            UNION ALL
            SELECT task_id, 0, count(*), count(*) FILTER (WHERE done), 1
            FROM checklist_items WHERE board_id = board GROUP BY task_id, checklist_id) AS each_one
        GROUP BY task_id) AS counted
    WHERE board_id = board AND id = counted.task_id;
END $$;

-- The checklists of a task that is imported: [{title, items: [{text, done?, assigned_to?, due_at?}]}]. Their ids follow
-- `lists` and `items`, and the answer is the last ones. Only the importer can be assigned.
CREATE FUNCTION import_checklists(board bigint, task bigint, importer text, entries jsonb, INOUT lists bigint, INOUT items bigint)
LANGUAGE plpgsql AS $$
DECLARE
    entry jsonb;
    place text;
    count integer;
BEGIN
    FOR entry IN SELECT value FROM jsonb_array_elements(entries) LOOP
        lists := lists + 1;
        place := position_between(place, NULL);
        INSERT INTO checklists (board_id, id, task_id, title, position) VALUES (board, lists, task, entry ->> 'title', place);
        count := jsonb_array_length(coalesce(nullif(entry -> 'items', 'null'), '[]'));
        CONTINUE WHEN count = 0;
        INSERT INTO checklist_items (board_id, id, task_id, checklist_id, text, done, position, assigned_to, due_at)
        SELECT board, items + nth, task, lists, value ->> 'text', coalesce((value ->> 'done')::boolean, false), each_place,
            CASE WHEN lower((value ->> 'assigned_to') COLLATE "C") = lower(importer COLLATE "C") THEN importer END,
            date_trunc('milliseconds', (value ->> 'due_at')::timestamptz)
        FROM ROWS FROM (jsonb_array_elements(entry -> 'items'), unnest(positions_between(NULL, NULL, count)))
            WITH ORDINALITY AS each_item (value, each_place, nth);
        items := items + count;
    END LOOP;
END $$;

-- As before (V20), with checklists.
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
