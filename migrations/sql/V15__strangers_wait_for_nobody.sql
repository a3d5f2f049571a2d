-- A write of somebody who is no member of the board neither waits for the board's lock nor takes it.
-- Before, it locked the row of any board that there is and only then asked who wanted to write: whoever is
-- no member could tell by the time it took that there is such a board and that somebody writes to it, and
-- kept its members waiting.

-- Locks the board where whoever is asking is a member of it, then finds out, now under the lock, whether
-- they still are and may: whoever is no member is told that there is no such board, for the same work as
-- where there is none. `in_trash` opens boards that were deleted less than 30 days ago, too.
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
    RETURN context;
END $$;
