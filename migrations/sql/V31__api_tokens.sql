-- Tokens for programs: they act as whoever made them, with at most their scope, on all of that user's boards or on
-- some. (docs/contract/api.md, API-TOKENS and API-TOKEN-SCOPE.)

CREATE TABLE api_tokens (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY CHECK (id <= 9007199254740991),
    -- SHA-256 of the token, which is kept nowhere, in hexadecimal digits: the statements have it so.
    digest       text COLLATE "C" NOT NULL UNIQUE CHECK (digest ~ '^[0-9a-f]{64}$'),
    user_id      bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    -- A board's token, which its owners list and revoke. Null is a personal one.
    board_id     bigint REFERENCES boards ON DELETE CASCADE,
    name         text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 64),
    scope        text NOT NULL CHECK (scope IN ('read', 'write', 'admin')),
    -- The boards that it sees of those that its user is on; null is all of them.
    boards       bigint[] CHECK (cardinality(boards) BETWEEN 1 AND 20),
    created_at   timestamptz NOT NULL DEFAULT date_trunc('milliseconds', clock_timestamp()),
    -- To a minute.
    last_used_at timestamptz,
    expires_at   timestamptz,
    CHECK (board_id IS NULL OR boards = ARRAY[board_id])
);
CREATE INDEX api_tokens_user_id ON api_tokens (user_id, id);
CREATE INDEX api_tokens_board_id ON api_tokens (board_id, id) WHERE board_id IS NOT NULL;

-- Whether a token is this user's, in time, and sees a board (null: whichever).
CREATE FUNCTION api_token_counts(person bigint, token_digest text, board bigint) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM api_tokens
        WHERE digest = token_digest AND user_id = person AND (expires_at IS NULL OR expires_at > clock_timestamp())
          AND (board IS NULL OR boards IS NULL OR board = ANY (boards)));
END $$;

-- The same of any board, and notes that it was used: once a minute, waiting for nobody who notes the same.
CREATE FUNCTION api_token_used(person bigint, token_digest text) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    used timestamptz;
BEGIN
    SELECT last_used_at INTO used FROM api_tokens
    WHERE digest = token_digest AND user_id = person AND (expires_at IS NULL OR expires_at > clock_timestamp());
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    IF (used IS NULL OR used NOT BETWEEN clock_timestamp() - interval '1 minute' AND clock_timestamp())
        AND current_setting('transaction_read_only') = 'off'
    THEN
        UPDATE api_tokens SET last_used_at = date_trunc('milliseconds', clock_timestamp())
        WHERE id = (
            SELECT id FROM api_tokens WHERE digest = token_digest AND last_used_at IS NOT DISTINCT FROM used
            FOR NO KEY UPDATE SKIP LOCKED);
    END IF;
    RETURN true;
END $$;

-- As before (V20), also of an API token: `who` has its `scope` then, its digest is `jti`. Its user has at most the role
-- that the scope allows, and none on boards that it does not see.
CREATE OR REPLACE FUNCTION find_asker(who jsonb, board bigint, earliest timestamptz) RETURNS write_context
LANGUAGE plpgsql AS $$
DECLARE
    context write_context;
    seconds text;
    reason  text;
    ahead   double precision;
    most    text;
BEGIN
    SELECT users.id, users.username, board_members.role, greatest(date_trunc('milliseconds', clock_timestamp()), earliest),
        who ->> 'traceparent',
        CASE
            WHEN disabled THEN 'disabled'
            WHEN who ? 'scope' THEN 'program'
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
    IF reason = 'program' THEN
        reason := CASE WHEN NOT api_token_used(context.user_id, who ->> 'jti') THEN 'revoked' END;
        most := CASE who ->> 'scope' WHEN 'admin' THEN 'owner' WHEN 'write' THEN 'editor' ELSE 'viewer' END;
        context.role := CASE
            WHEN NOT api_token_counts(context.user_id, who ->> 'jti', board) THEN NULL
            WHEN role_rank(context.role) > role_rank(most) THEN most
            ELSE context.role END;
    END IF;
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

-- As before (V20). Nor does whoever made an API token up keep anybody waiting.
CREATE OR REPLACE FUNCTION board_open(who jsonb, board bigint, needed text, in_trash boolean DEFAULT false) RETURNS write_context
LANGUAGE plpgsql AS $$
DECLARE
    context write_context;
    locked  boards;
BEGIN
    -- The membership gives the id to look for, so that it is looked at first; without one, nothing else is.
    SELECT * INTO locked FROM boards
    WHERE id = (SELECT board_id FROM board_members
                WHERE board_id = board AND user_id = (who ->> 'user_id')::bigint
                  AND (NOT who ? 'scope' OR api_token_counts(user_id, who ->> 'jti', board)))
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

CREATE FUNCTION api_token_json(token api_tokens) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', token.id, 'name', token.name, 'scope', token.scope,
        'boards', CASE WHEN token.boards IS NOT NULL THEN (
            SELECT coalesce(jsonb_agg(jsonb_build_object('id', boards.id, 'name', boards.name) ORDER BY boards.id), '[]')
            FROM boards JOIN board_members ON board_id = boards.id AND user_id = token.user_id
            WHERE boards.id = ANY (token.boards) AND deleted_at IS NULL) END,
        'created_by', (SELECT username FROM users WHERE id = token.user_id),
        'created_at', rfc3339(token.created_at), 'last_used_at', rfc3339(token.last_used_at), 'expires_at', rfc3339(token.expires_at))
$$;

-- POST /api/auth/tokens, and of a board: {name, scope, boards?, expires_in_days?}. `secret_digest` is in hexadecimal
-- digits. Throws away those of the same user or board that have expired.
CREATE FUNCTION api_token_create(who jsonb, board bigint, secret_digest text, request jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    asker  bigint;
    made   api_tokens;
    chosen bigint[] := ARRAY[board];
BEGIN
    -- One at a time, since they are counted.
    IF board IS NULL THEN
        asker := (identify(who)).user_id;
        PERFORM FROM users WHERE id = asker FOR NO KEY UPDATE;
        chosen := CASE WHEN request ? 'boards' THEN
            ARRAY(SELECT id::bigint FROM jsonb_array_elements_text(request -> 'boards') AS each_board (id)) END;
        IF cardinality(chosen) <> (
            SELECT count(*) FROM board_members JOIN boards ON boards.id = board_id AND deleted_at IS NULL
            WHERE boards.id = ANY (chosen) AND user_id = asker)
        THEN
            PERFORM refuse_faults(jsonb_build_array(fault('/boards', 'names a board that you are not on')));
        END IF;
    ELSE
        asker := (board_open(who, board, 'owner')).user_id;
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

-- Who is asking about a board's tokens, which only its owners may, or (null) about their own. Takes no lock.
CREATE FUNCTION check_token_keeper(who jsonb, board bigint) RETURNS bigint
LANGUAGE plpgsql AS $$
BEGIN
    IF board IS NOT NULL THEN
        PERFORM check_inviter(who, board);
    END IF;
    RETURN (identify(who)).user_id;
END $$;

-- GET …/tokens: those that have not expired, newest first, below an id; a page of at most so many, and the id that the
-- next one begins below.
CREATE FUNCTION api_token_list(who jsonb, board bigint, below bigint, most bigint, OUT items text, OUT next_cursor bigint)
LANGUAGE plpgsql AS $$
DECLARE
    asker bigint := check_token_keeper(who, board);
BEGIN
    SELECT coalesce(jsonb_agg(item ORDER BY id DESC) FILTER (WHERE nth <= most), '[]')::text,
        CASE WHEN count(*) > most THEN min(id) FILTER (WHERE nth <= most) END
    INTO items, next_cursor
    FROM (
        SELECT id, row_number() OVER (ORDER BY id DESC) AS nth, api_token_json(token) AS item FROM api_tokens AS token
        WHERE CASE WHEN board IS NULL THEN user_id = asker AND board_id IS NULL ELSE board_id = board END
          AND (expires_at IS NULL OR expires_at > clock_timestamp()) AND (below IS NULL OR id < below)
        ORDER BY id DESC LIMIT most + 1) AS counting;
END $$;

-- DELETE …/tokens/{id}: gives whose it was.
CREATE FUNCTION api_token_delete(who jsonb, board bigint, token bigint) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    asker  bigint := check_token_keeper(who, board);
    holder bigint;
BEGIN
    DELETE FROM api_tokens
    WHERE id = token AND CASE WHEN board IS NULL THEN user_id = asker AND board_id IS NULL ELSE board_id = board END
      AND (expires_at IS NULL OR expires_at > clock_timestamp())
    RETURNING user_id INTO holder;
    IF NOT FOUND THEN
        PERFORM refuse_missing('token');
    END IF;
    RETURN holder;
END $$;
