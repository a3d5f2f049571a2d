-- An event tells which trace its change belongs to (W3C Trace Context), where whoever made it wants it
-- followed: from the request to the receipt at another client. It is part of the event, not beside it,
-- since an event is the same text wherever it is read from: a stream that holds another one under its
-- number is taken for that of a lost future. `who` brings it, checked by the functions, and only where
-- it is to be followed; the events that make a board (a new one, an import) have none, because nobody
-- follows the board yet.

ALTER TYPE write_context ADD ATTRIBUTE traceparent text;

-- As before, and keeps what trace the change belongs to.
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
    SELECT * INTO context.user_id, context.username FROM identify(who);
    SELECT role INTO context.role FROM board_members WHERE board_id = locked.id AND user_id = context.user_id;
    IF NOT FOUND OR (locked.deleted_at IS NOT NULL AND NOT (in_trash AND locked.deleted_at > clock_timestamp() - interval '30 days')) THEN
        PERFORM refuse_missing('board');
    END IF;
    PERFORM check_role(context, needed);
    context.board := locked;
    -- A clock that was set back must not turn the history around.
    context.moment := greatest(date_trunc('milliseconds', clock_timestamp()), locked.updated_at);
    context.traceparent := who ->> 'traceparent';
    RETURN context;
END $$;

-- The event as it is stored and sent (api.md, Events).
CREATE OR REPLACE FUNCTION event_json(context write_context, number bigint, kind text, action text, content jsonb, changes jsonb DEFAULT '{}', undone bigint DEFAULT NULL) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('board_id', (context.board).id, 'seq', number, 'action', action, 'entity', kind,
            'actor', jsonb_build_object('id', context.user_id, 'username', context.username),
            'timestamp', rfc3339(context.moment))
        || content
        || CASE WHEN changes = '{}' THEN '{}' ELSE jsonb_build_object('changes', changes) END
        || CASE WHEN undone IS NULL THEN '{}' ELSE jsonb_build_object('undoes', undone) END
        || CASE WHEN context.traceparent IS NULL THEN '{}' ELSE jsonb_build_object('traceparent', context.traceparent) END
$$;
