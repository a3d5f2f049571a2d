-- The end of an account. (docs/contract/api.md, API-ACCOUNT-DELETE.)

-- Names that nobody gets again, because what their users wrote still stands under them.
CREATE TABLE retired_usernames (
    username_key text COLLATE "C" PRIMARY KEY
);

-- As before (V26), and no row where the name is retired.
CREATE OR REPLACE FUNCTION user_register(
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
    -- Looked up now: the insertion has waited for whoever was giving the name up.
    IF EXISTS (SELECT FROM retired_usernames WHERE username_key = made.username_key) THEN
        DELETE FROM users WHERE id = made.id;
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

-- POST /api/auth/delete-account: takes the user off all boards, puts those that nobody could manage then into the
-- trash, and deletes them with all that is theirs alone. `hash` is that of the password that the caller has checked.
-- Refused (TBBRD) where such boards have other members, unless `boards_too`. Gives the events of the boards.
CREATE FUNCTION user_delete(who jsonb, hash text, boards_too boolean) RETURNS SETOF jsonb
LANGUAGE plpgsql AS $$
DECLARE
    leaver  users;
    after   users;
    locked  boards;
    left_by boards;
    context write_context;
    kept    jsonb;
    others  boolean;
BEGIN
    -- One at a time, and no admin demotes another meanwhile.
    PERFORM FROM meta FOR UPDATE;
    PERFORM FROM boards WHERE id IN (SELECT board_id FROM board_members WHERE user_id = (who ->> 'user_id')::bigint)
    ORDER BY id FOR NO KEY UPDATE;
    context := find_asker(who, NULL, NULL);
    SELECT * INTO leaver FROM users WHERE id = context.user_id FOR UPDATE;
    IF leaver.password_hash <> hash THEN
        PERFORM refuse('TB401', 'this token has been revoked', '{"reason": "revoked"}');
    END IF;
    after := leaver;
    after.disabled := true;
    PERFORM check_other_admin(leaver, after);

    SELECT jsonb_agg(jsonb_build_object('id', id, 'name', name, 'members', members) ORDER BY id) INTO kept
    FROM (
        SELECT id, name, (SELECT count(*) FROM board_members WHERE board_id = id) AS members
        FROM boards JOIN board_members AS own ON own.board_id = id AND own.user_id = leaver.id AND own.role = 'owner'
        WHERE deleted_at IS NULL
          AND EXISTS (SELECT FROM board_members WHERE board_id = id AND user_id <> leaver.id)
          AND NOT EXISTS (SELECT FROM board_members WHERE board_id = id AND user_id <> leaver.id AND role = 'owner')
        ORDER BY id LIMIT 100) AS alone;
    IF kept IS NOT NULL AND NOT boards_too THEN
        PERFORM refuse('TBBRD', 'you are the only owner of boards that others are on', jsonb_build_object('boards', kept));
    END IF;

    FOR locked IN
        SELECT boards.* FROM boards JOIN board_members ON board_id = id AND user_id = leaver.id ORDER BY id
    LOOP
        context := find_asker(jsonb_build_object('user_id', leaver.id), locked.id, locked.updated_at);
        context.board := locked;
        others := EXISTS (SELECT FROM board_members WHERE board_id = locked.id AND user_id <> leaver.id AND role = 'owner');
        IF others THEN
            RETURN NEXT (member_change(context, leaver.id, leaver.username, NULL)).event;
            CONTINUE;
        END IF;
        IF locked.deleted_at IS NULL THEN
            left_by := locked;
            left_by.deleted_at := context.moment;
            left_by.version := locked.version + 1;
            RETURN NEXT event_append(context, left_by, 'board', 'Delete', jsonb_build_object('board', board_json(locked)));
        END IF;
        -- Nobody can take it out of the trash, so nobody reads on.
        DELETE FROM board_members WHERE board_id = locked.id AND user_id = leaver.id;
    END LOOP;
    INSERT INTO retired_usernames VALUES (leaver.username_key) ON CONFLICT DO NOTHING;
    DELETE FROM users WHERE id = leaver.id;
END $$;
