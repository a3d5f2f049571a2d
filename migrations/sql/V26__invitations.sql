-- Links by which people come in: onto a board, made by its owners, or to an account, made by admins.
-- (docs/contract/api.md, API-INVITATION and API-REGISTRATION.)

CREATE TABLE invitations (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY CHECK (id <= 9007199254740991),
    -- SHA-256 of the link's secret, which is kept nowhere.
    digest     bytea NOT NULL UNIQUE CHECK (octet_length(digest) = 32),
    -- Null is an admin's: an account, and no board.
    board_id   bigint REFERENCES boards ON DELETE CASCADE,
    role       text CHECK (role IN ('editor', 'viewer')),
    created_by bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    -- How often it may be used: once, or (null) as often as wanted; and how often it was.
    uses       bigint CHECK (uses = 1),
    used       bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT date_trunc('milliseconds', clock_timestamp()),
    expires_at timestamptz NOT NULL,
    CHECK ((board_id IS NULL) = (role IS NULL))
);
CREATE INDEX invitations_board_id ON invitations (board_id, id);
CREATE INDEX invitations_created_by ON invitations (created_by);
-- Finds what can be thrown away.
CREATE INDEX invitations_expires_at ON invitations (expires_at);

-- Who came by which: nobody comes twice by the same one.
CREATE TABLE invitation_uses (
    invitation_id bigint NOT NULL REFERENCES invitations ON DELETE CASCADE,
    user_id       bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    PRIMARY KEY (invitation_id, user_id)
);
CREATE INDEX invitation_uses_user_id ON invitation_uses (user_id);

-- Whether a link counts: in time, not used up, by somebody who may make such a one still, to a board that is there.
CREATE FUNCTION invitation_counts(link invitations) RETURNS boolean
LANGUAGE sql VOLATILE AS $$
    SELECT link.expires_at > clock_timestamp() AND (link.uses IS NULL OR link.used < link.uses)
        AND EXISTS (SELECT FROM users WHERE id = link.created_by AND NOT disabled AND (link.board_id IS NOT NULL OR role = 'admin'))
        AND (link.board_id IS NULL OR EXISTS (
            SELECT FROM board_members JOIN boards ON id = board_id AND deleted_at IS NULL
            WHERE board_id = link.board_id AND user_id = link.created_by AND board_members.role = 'owner'))
$$;

-- One answer for every link that does not count.
CREATE FUNCTION refuse_link() RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM refuse('TBLNK', 'this link is not valid: it was used, has expired, was taken back, or never was one');
END $$;

CREATE FUNCTION invitation_json(link invitations) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', link.id, 'uses', link.uses, 'used', link.used,
            'created_by', (SELECT username FROM users WHERE id = link.created_by),
            'created_at', rfc3339(link.created_at), 'expires_at', rfc3339(link.expires_at))
        || CASE WHEN link.role IS NULL THEN '{}' ELSE jsonb_build_object('role', link.role) END
$$;

-- Who is asking about the invitations of a board, which only its owners may, or (null) about those of all admins.
-- Takes no lock.
CREATE FUNCTION check_inviter(who jsonb, board bigint) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    context write_context;
BEGIN
    IF board IS NULL THEN
        PERFORM check_admin(who);
        RETURN;
    END IF;
    context := find_asker(who, (SELECT id FROM boards WHERE id = board AND deleted_at IS NULL), NULL);
    IF context.role IS NULL THEN
        PERFORM refuse_missing('board');
    END IF;
    PERFORM check_role(context, 'owner');
END $$;

-- POST …/invitations: {role?, expires_in_days, uses}. `secret_digest` is in hexadecimal digits. Throws away a little
-- of what has expired.
CREATE FUNCTION invitation_create(who jsonb, board bigint, secret_digest text, request jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    made invitations;
BEGIN
    -- One at a time, since they are counted.
    IF board IS NULL THEN
        PERFORM check_admin(who);
        PERFORM FROM meta FOR UPDATE;
        PERFORM check_admin(who);
    ELSE
        PERFORM board_open(who, board, 'owner');
    END IF;
    DELETE FROM invitations WHERE id IN (
        SELECT id FROM invitations AS old WHERE old.expires_at < clock_timestamp() LIMIT 100 FOR UPDATE SKIP LOCKED);
    IF (SELECT count(*) FROM invitations AS link
        WHERE (board_id = board OR (board IS NULL AND board_id IS NULL)) AND invitation_counts(link)) >= 100
    THEN
        PERFORM refuse('TBLIM', 'there are 100 invitations: take one back first', '{"limit": "invitations"}');
    END IF;
    INSERT INTO invitations (digest, board_id, role, created_by, uses, expires_at)
    VALUES (decode(secret_digest, 'hex'), board, request ->> 'role', (who ->> 'user_id')::bigint, (request ->> 'uses')::bigint,
        date_trunc('milliseconds', clock_timestamp()) + make_interval(days => (request ->> 'expires_in_days')::integer))
    RETURNING * INTO made;
    RETURN invitation_json(made);
END $$;

-- GET …/invitations: those that count, newest first, below an id; a page of at most so many, and the id that the next
-- one begins below.
CREATE FUNCTION invitation_list(who jsonb, board bigint, below bigint, most bigint, OUT items text, OUT next_cursor bigint)
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM check_inviter(who, board);
    SELECT coalesce(jsonb_agg(item ORDER BY id DESC) FILTER (WHERE nth <= most), '[]')::text,
        CASE WHEN count(*) > most THEN min(id) FILTER (WHERE nth <= most) END
    INTO items, next_cursor
    FROM (
        SELECT id, row_number() OVER (ORDER BY id DESC) AS nth, invitation_json(link) AS item FROM invitations AS link
        WHERE (board_id = board OR (board IS NULL AND board_id IS NULL)) AND (below IS NULL OR id < below) AND invitation_counts(link)
        ORDER BY id DESC LIMIT most + 1) AS counting;
END $$;

-- DELETE …/invitations/{id}.
CREATE FUNCTION invitation_delete(who jsonb, board bigint, invitation bigint) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM check_inviter(who, board);
    DELETE FROM invitations WHERE id = invitation AND board_id IS NOT DISTINCT FROM board;
    IF NOT FOUND THEN
        PERFORM refuse_missing('invitation');
    END IF;
END $$;

-- Lets whoever is asking, who is no member, onto the locked board of `context` (a row of nulls where there is none)
-- by this link. Of many at once as many come in as the link may be used, since each locks its row.
CREATE FUNCTION invitation_use(context write_context, link invitations) RETURNS write_outcome
LANGUAGE plpgsql AS $$
DECLARE
    outcome write_outcome;
BEGIN
    IF link.id IS NULL OR NOT invitation_counts(link)
        OR EXISTS (SELECT FROM invitation_uses WHERE invitation_id = link.id AND user_id = context.user_id)
    THEN
        PERFORM refuse_link();
    END IF;
    UPDATE invitations SET used = used + 1 WHERE id = link.id AND (uses IS NULL OR used < uses);
    IF NOT FOUND THEN
        PERFORM refuse_link();
    END IF;
    INSERT INTO invitation_uses VALUES (link.id, context.user_id);
    IF link.board_id IS NOT NULL THEN
        outcome := member_change(context, context.user_id, context.username, link.role);
    END IF;
    outcome.entity := jsonb_build_object('board_id', link.board_id, 'role', link.role);
    outcome.replayed := false;
    RETURN outcome;
END $$;

-- POST /api/invitations/accept. A member stays what they are; an account of one's own is all that an admin's gives.
CREATE FUNCTION invitation_accept(who jsonb, secret_digest text) RETURNS write_outcome
LANGUAGE plpgsql AS $$
DECLARE
    link    invitations;
    locked  boards;
    context write_context;
BEGIN
    SELECT * INTO link FROM invitations WHERE digest = decode(secret_digest, 'hex');
    SELECT * INTO locked FROM boards WHERE id = link.board_id FOR NO KEY UPDATE;
    context := find_asker(who, locked.id, locked.updated_at);
    context.board := locked;
    IF context.role IS NOT NULL AND locked.deleted_at IS NULL THEN
        RETURN (NULL::jsonb, jsonb_build_object('board_id', locked.id, 'role', context.role), false);
    ELSIF link.id IS NOT NULL AND link.board_id IS NULL AND invitation_counts(link) THEN
        RETURN (NULL::jsonb, '{"board_id": null, "role": null}'::jsonb, false);
    END IF;
    RETURN invitation_use(context, link);
END $$;

-- POST /api/auth/register: a new user, on a board at once where a link leads to one; no row where somebody has the
-- name already. `event` is that of their joining.
CREATE FUNCTION user_register(
    name text, shown_name text, hash text, request_key text, secret_digest text, OUT made users, OUT event jsonb
) RETURNS SETOF record
LANGUAGE plpgsql AS $$
DECLARE
    link    invitations;
    locked  boards;
    context write_context;
BEGIN
    INSERT INTO users (username, display_name, password_hash) VALUES (name, shown_name, hash)
    ON CONFLICT ON CONSTRAINT users_username_key DO NOTHING RETURNING * INTO made;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    IF request_key IS NOT NULL THEN
        INSERT INTO idempotency_keys (board_id, user_id, key, fingerprint, entity)
        VALUES (0, made.id, request_key, 'register', '{}');
    END IF;
    IF secret_digest IS NOT NULL THEN
        SELECT * INTO link FROM invitations WHERE digest = decode(secret_digest, 'hex');
        SELECT * INTO locked FROM boards WHERE id = link.board_id FOR NO KEY UPDATE;
        context := find_asker(jsonb_build_object('user_id', made.id), NULL, locked.updated_at);
        context.board := locked;
        event := (invitation_use(context, link)).event;
    END IF;
    RETURN NEXT;
END $$;
