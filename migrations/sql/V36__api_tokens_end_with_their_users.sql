-- API tokens end when their user is disabled, and whoever made a board's token sees and revokes it whatever their role
-- is by then. (docs/contract/api.md, API-ADMIN and API-TOKENS.)

-- However they are disabled: by an admin or by an operator.
CREATE FUNCTION api_tokens_ended() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM api_tokens WHERE user_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER users_api_tokens_ended AFTER UPDATE OF disabled ON users
    FOR EACH ROW WHEN (NEW.disabled AND NOT OLD.disabled)
    EXECUTE FUNCTION api_tokens_ended();

-- Those of whoever was disabled before.
DELETE FROM api_tokens USING users WHERE users.id = user_id AND disabled;

-- As before (V31), and whose token it is.
CREATE OR REPLACE FUNCTION api_token_json(token api_tokens) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', token.id, 'name', token.name, 'scope', token.scope,
        'boards', CASE WHEN token.boards IS NOT NULL THEN (
            SELECT coalesce(jsonb_agg(jsonb_build_object('id', boards.id, 'name', boards.name) ORDER BY boards.id), '[]')
            FROM boards JOIN board_members ON board_id = boards.id AND user_id = token.user_id
            WHERE boards.id = ANY (token.boards) AND deleted_at IS NULL) END,
        'board_id', token.board_id,
        'created_by', (SELECT username FROM users WHERE id = token.user_id),
        'created_at', rfc3339(token.created_at), 'last_used_at', rfc3339(token.last_used_at), 'expires_at', rfc3339(token.expires_at))
$$;

-- As before (V31), and nobody makes one while they are being disabled.
CREATE OR REPLACE FUNCTION api_token_create(who jsonb, board bigint, secret_digest text, request jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    asker  bigint;
    made   api_tokens;
    chosen bigint[] := ARRAY[board];
BEGIN
    IF board IS NULL THEN
        asker := (identify(who)).user_id;
    ELSE
        asker := (board_open(who, board, 'owner')).user_id;
    END IF;
    -- One at a time, since they are counted; and what is true now that the lock is held.
    PERFORM FROM users WHERE id = asker FOR NO KEY UPDATE;
    PERFORM identify(who);
    IF board IS NULL THEN
        chosen := CASE WHEN request ? 'boards' THEN
            ARRAY(SELECT id::bigint FROM jsonb_array_elements_text(request -> 'boards') AS each_board (id)) END;
        IF cardinality(chosen) <> (
            SELECT count(*) FROM board_members JOIN boards ON boards.id = board_id AND deleted_at IS NULL
            WHERE boards.id = ANY (chosen) AND user_id = asker)
        THEN
            PERFORM refuse_faults(jsonb_build_array(fault('/boards', 'names a board that you are not on')));
        END IF;
    END IF;
    DELETE FROM api_tokens AS old
    WHERE old.expires_at < clock_timestamp() AND CASE WHEN board IS NULL THEN old.user_id = asker ELSE old.board_id = board END;
    IF (SELECT count(*) FROM api_tokens AS other
        WHERE CASE WHEN board IS NULL THEN other.user_id = asker AND other.board_id IS NULL ELSE other.board_id = board END) >= 50
    THEN
        PERFORM refuse('TBLIM', 'there are 50 API tokens: revoke one first', '{"limit": "api-tokens"}');
    END IF;
    INSERT INTO api_tokens (digest, user_id, board_id, name, scope, boards, expires_at)
    VALUES (secret_digest, asker, board, request ->> 'name', request ->> 'scope', chosen,
        date_trunc('milliseconds', clock_timestamp()) + make_interval(days => (request ->> 'expires_in_days')::integer))
    RETURNING * INTO made;
    RETURN api_token_json(made);
END $$;

DROP FUNCTION check_token_keeper;

-- Who is asking about a board's tokens or (null) about their own: any member of the board may, but an owner alone sees
-- and revokes those that others made. Takes no lock.
CREATE FUNCTION find_token_keeper(who jsonb, board bigint) RETURNS write_context
LANGUAGE plpgsql AS $$
DECLARE
    context write_context;
BEGIN
    context := find_asker(who, (SELECT id FROM boards WHERE id = board AND deleted_at IS NULL), NULL);
    IF board IS NOT NULL AND context.role IS NULL THEN
        PERFORM refuse_missing('board');
    END IF;
    RETURN context;
END $$;

-- GET …/tokens, as before (V31): of a board its owners get all, other members those that they made. A user's own are all
-- that they made, those of boards too.
CREATE OR REPLACE FUNCTION api_token_list(who jsonb, board bigint, below bigint, most bigint, OUT items text, OUT next_cursor bigint)
LANGUAGE plpgsql AS $$
DECLARE
    context write_context := find_token_keeper(who, board);
BEGIN
    SELECT coalesce(jsonb_agg(item ORDER BY id DESC) FILTER (WHERE nth <= most), '[]')::text,
        CASE WHEN count(*) > most THEN min(id) FILTER (WHERE nth <= most) END
    INTO items, next_cursor
    FROM (
        SELECT id, row_number() OVER (ORDER BY id DESC) AS nth, api_token_json(token) AS item FROM api_tokens AS token
        WHERE CASE WHEN board IS NULL THEN user_id = context.user_id
            ELSE board_id = board AND (context.role = 'owner' OR user_id = context.user_id) END
          AND (expires_at IS NULL OR expires_at > clock_timestamp()) AND (below IS NULL OR id < below)
        ORDER BY id DESC LIMIT most + 1) AS counting;
END $$;

-- DELETE …/tokens/{id}, of the same ones: gives whose it was.
CREATE OR REPLACE FUNCTION api_token_delete(who jsonb, board bigint, token bigint) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    context write_context := find_token_keeper(who, board);
    holder  bigint;
BEGIN
    DELETE FROM api_tokens
    WHERE id = token
      AND CASE WHEN board IS NULL THEN user_id = context.user_id
          ELSE board_id = board AND (context.role = 'owner' OR user_id = context.user_id) END
      AND (expires_at IS NULL OR expires_at > clock_timestamp())
    RETURNING user_id INTO holder;
    IF NOT FOUND THEN
        IF board IS NOT NULL THEN
            PERFORM check_role(context, 'owner');
        END IF;
        PERFORM refuse_missing('token');
    END IF;
    RETURN holder;
END $$;
