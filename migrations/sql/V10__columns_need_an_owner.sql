-- A change of a board's columns needs an owner, and says so at once: before, a viewer was told that
-- an editor may, and an editor with an old version got 412 before 403.

-- PATCH /api/boards/{id}: {name?, description?, columns?, archived?}; columns by owners only.
CREATE OR REPLACE FUNCTION board_patch(who jsonb, board bigint, patch jsonb, if_match bigint[] DEFAULT NULL) RETURNS write_outcome
LANGUAGE plpgsql AS $$
DECLARE
    context write_context := board_open(who, board, CASE WHEN patch ? 'columns' THEN 'owner' ELSE 'editor' END);
BEGIN
    PERFORM check_version((context.board).version, if_match);
    RETURN board_change(context, patch);
END $$;
