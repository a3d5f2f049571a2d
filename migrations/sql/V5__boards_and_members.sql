-- The writes of boards and their members.

-- Columns with their keys in the shape that is stored; a missing limit is none.
CREATE FUNCTION columns_complete(columns jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_agg('{"wip_limit": null}' || entry ORDER BY n)
    FROM jsonb_array_elements(columns) WITH ORDINALITY AS each_column (entry, n)
$$;

-- Makes a board with its first owner, without an event: its history starts at seq 0.
CREATE FUNCTION board_insert(owner bigint, owner_name text, request jsonb, moment timestamptz) RETURNS boards
LANGUAGE plpgsql AS $$
DECLARE
    made  boards;
    first board_members;
BEGIN
    INSERT INTO boards (name, description, columns, created_at, updated_at)
    VALUES (
        request ->> 'name',
        coalesce(request ->> 'description', ''),
        columns_complete(coalesce(nullif(request -> 'columns', 'null'), '[
            {"key": "todo", "name": "To do"},
            {"key": "in_progress", "name": "In progress"},
            {"key": "finished", "name": "Finished"}]')),
        moment, moment)
    RETURNING * INTO made;
    INSERT INTO board_members VALUES (made.id, owner, 'owner', moment, moment) RETURNING * INTO first;
    UPDATE boards
    SET origin = jsonb_build_object('board', board_json(made), 'members', jsonb_build_array(member_json(first, owner_name)))
    WHERE id = made.id RETURNING * INTO made;
    RETURN made;
END $$;

-- POST /api/boards: {name, description?, columns?}. No event: `event` is NULL.
CREATE FUNCTION board_create(who jsonb, request jsonb, request_key text DEFAULT NULL, request_fingerprint text DEFAULT NULL) RETURNS write_outcome
LANGUAGE plpgsql AS $$
DECLARE
    owner   record;
    made    boards;
    outcome write_outcome;
BEGIN
    -- There is no board to lock yet: requests of one user take turns, or a key could count twice.
    PERFORM FROM users WHERE id = (who ->> 'user_id')::bigint FOR NO KEY UPDATE;
    SELECT * INTO owner FROM identify(who);
    outcome := answer_recall(0, owner.user_id, request_key, request_fingerprint);
    IF outcome.replayed THEN
        RETURN outcome;
    END IF;
    made := board_insert(owner.user_id, owner.username, request, date_trunc('milliseconds', clock_timestamp()));
    outcome := (NULL::jsonb, board_json(made) || '{"role": "owner"}', false);
    PERFORM answer_keep(0, owner.user_id, request_key, request_fingerprint, outcome);
    RETURN outcome;
END $$;

-- Changes a board's own fields; used by its PATCH and by undo.
CREATE FUNCTION board_change(context write_context, patch jsonb, undone bigint DEFAULT NULL) RETURNS write_outcome
LANGUAGE plpgsql AS $$
DECLARE
    before  boards := context.board;
    after   boards := context.board;
    changes jsonb;
    in_use  jsonb;
    event   jsonb;
BEGIN
    IF patch ? 'columns' THEN
        PERFORM check_role(context, 'owner');
        after.columns := columns_complete(patch -> 'columns');
        SELECT jsonb_agg(jsonb_build_object('key', status, 'tasks', count) ORDER BY status) INTO in_use
        FROM (SELECT status, count(*) AS count FROM tasks WHERE board_id = before.id AND NOT deleted GROUP BY status) AS counted
        WHERE NOT after.columns @> jsonb_build_array(jsonb_build_object('key', status));
        IF in_use IS NOT NULL THEN
            PERFORM refuse('TBCOL', 'a column that still has tasks cannot be removed', jsonb_build_object('columns', in_use));
        END IF;
    END IF;
    after.name := CASE WHEN patch ? 'name' THEN patch ->> 'name' ELSE before.name END;
    after.description := CASE WHEN patch ? 'description' THEN coalesce(patch ->> 'description', '') ELSE before.description END;
    after.archived := CASE WHEN patch ? 'archived' THEN (patch ->> 'archived')::boolean ELSE before.archived END;
    changes := changes_between(board_json(before), board_json(after));
    IF changes = '{}' THEN
        RETURN (NULL::jsonb, board_json(before) || jsonb_build_object('role', context.role), false);
    END IF;
    after.version := before.version + 1;
    event := event_append(context, after, 'board', 'Update', changes => changes, undone => undone);
    RETURN (event, event -> 'board' || jsonb_build_object('role', context.role), false);
END $$;

-- PATCH /api/boards/{id}: {name?, description?, columns?, archived?}; columns by owners only.
CREATE FUNCTION board_patch(who jsonb, board bigint, patch jsonb, if_match bigint[] DEFAULT NULL) RETURNS write_outcome
LANGUAGE plpgsql AS $$
DECLARE
    context write_context := board_open(who, board, 'editor');
BEGIN
    PERFORM check_version((context.board).version, if_match);
    RETURN board_change(context, patch);
END $$;

-- DELETE /api/boards/{id}: into the trash, whole.
CREATE FUNCTION board_delete(who jsonb, board bigint, if_match bigint[] DEFAULT NULL) RETURNS write_outcome
LANGUAGE plpgsql AS $$
DECLARE
    context write_context := board_open(who, board, 'owner');
    after   boards := context.board;
    event   jsonb;
BEGIN
    PERFORM check_version(after.version, if_match);
    after.deleted_at := context.moment;
    after.version := after.version + 1;
    event := event_append(context, after, 'board', 'Delete', jsonb_build_object('board', board_json(context.board)));
    RETURN (event, event -> 'board' || jsonb_build_object('role', context.role), false);
END $$;

-- POST /api/boards/{id}/restore: out of the trash; nothing happens to a board that is not in it.
CREATE FUNCTION board_restore(who jsonb, board bigint, request_key text DEFAULT NULL, request_fingerprint text DEFAULT NULL) RETURNS write_outcome
LANGUAGE plpgsql AS $$
DECLARE
    context write_context := board_open(who, board, 'owner', in_trash => true);
    after   boards := context.board;
    outcome write_outcome := answer_recall(board, context.user_id, request_key, request_fingerprint);
BEGIN
    IF outcome.replayed THEN
        RETURN outcome;
    ELSIF after.deleted_at IS NULL THEN
        outcome := (NULL::jsonb, board_json(after), false);
    ELSE
        after.deleted_at := NULL;
        after.version := after.version + 1;
        outcome.event := event_append(context, after, 'board', 'Add');
        outcome := (outcome.event, outcome.event -> 'board', false);
    END IF;
    outcome.entity := outcome.entity || jsonb_build_object('role', context.role);
    PERFORM answer_keep(board, context.user_id, request_key, request_fingerprint, outcome);
    RETURN outcome;
END $$;

-- A board without an owner could not be managed by anybody.
CREATE FUNCTION check_other_owner(board bigint, person bigint) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM board_members WHERE board_id = board AND role = 'owner' AND user_id <> person) THEN
        PERFORM refuse('TBOWN', 'the last owner cannot leave or become something else');
    END IF;
END $$;

-- Gives a person a role, or (NULL) takes them off the board; used by PUT, DELETE and undo.
CREATE FUNCTION member_change(context write_context, person bigint, person_name text, new_role text, undone bigint DEFAULT NULL) RETURNS write_outcome
LANGUAGE plpgsql AS $$
DECLARE
    board  bigint := (context.board).id;
    before board_members;
    after  board_members;
    action text;
    event  jsonb;
BEGIN
    SELECT * INTO before FROM board_members WHERE board_id = board AND user_id = person;
    IF before.role IS NOT DISTINCT FROM new_role THEN
        RETURN (NULL::jsonb, member_json(before, person_name), false);
    END IF;
    IF before.role = 'owner' THEN
        PERFORM check_other_owner(board, person);
    END IF;
    IF new_role IS NULL THEN
        DELETE FROM board_members WHERE board_id = board AND user_id = person;
        after := before;
        action := 'Delete';
    ELSE
        INSERT INTO board_members VALUES (board, person, new_role, context.moment, context.moment)
        ON CONFLICT (board_id, user_id) DO UPDATE SET (role, updated_at) = (excluded.role, excluded.updated_at)
        RETURNING * INTO after;
        action := CASE WHEN before.role IS NULL THEN 'Add' ELSE 'Update' END;
    END IF;
    event := event_append(context, context.board, 'member', action,
        jsonb_build_object('member', member_json(after, person_name)),
        CASE WHEN action = 'Update' THEN jsonb_build_object('role', jsonb_build_array(before.role, after.role)) ELSE '{}' END,
        undone => undone);
    RETURN (event, event -> 'member', false);
END $$;

-- PUT /api/boards/{id}/members/{username}: {role}. The event's action tells a new member (Add) from
-- a new role (Update).
CREATE FUNCTION member_put(who jsonb, board bigint, name text, new_role text) RETURNS write_outcome
LANGUAGE plpgsql AS $$
DECLARE
    context write_context := board_open(who, board, 'owner');
    person  users;
BEGIN
    SELECT * INTO person FROM users WHERE username_key = lower(name COLLATE "C");
    IF NOT FOUND THEN
        PERFORM refuse_missing('user');
    END IF;
    RETURN member_change(context, person.id, person.username, new_role);
END $$;

-- DELETE /api/boards/{id}/members/{username}: owners anybody, everybody themselves.
CREATE FUNCTION member_delete(who jsonb, board bigint, name text) RETURNS write_outcome
LANGUAGE plpgsql AS $$
DECLARE
    context write_context := board_open(who, board, 'viewer');
    person  users;
BEGIN
    SELECT users.* INTO person
    FROM users JOIN board_members ON user_id = users.id AND board_id = board
    WHERE username_key = lower(name COLLATE "C");
    IF person.id IS DISTINCT FROM context.user_id THEN
        PERFORM check_role(context, 'owner');
    END IF;
    IF person.id IS NULL THEN
        PERFORM refuse_missing('member');
    END IF;
    RETURN member_change(context, person.id, person.username, NULL);
END $$;
