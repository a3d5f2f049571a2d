-- A link to a new password ends with the rights of the admin who made it. (docs/contract/api.md, API-RESET.)

-- Null of one that an operator made.
ALTER TABLE reset_links ADD COLUMN made_by bigint REFERENCES users ON DELETE CASCADE;
CREATE INDEX reset_links_made_by ON reset_links (made_by);

-- A new link in the place of the one before is not that one's maker's.
CREATE FUNCTION reset_link_renewed() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    NEW.made_by := NULL;
    RETURN NEW;
END $$;
CREATE TRIGGER reset_links_renewed BEFORE UPDATE OF digest ON reset_links
    FOR EACH ROW EXECUTE FUNCTION reset_link_renewed();

-- However they lose their rights: by another admin, an operator, or what a provider says of them.
CREATE FUNCTION admin_ended() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM reset_links WHERE made_by = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER users_admin_ended AFTER UPDATE OF role, disabled ON users
    FOR EACH ROW WHEN (OLD.role = 'admin' AND NOT OLD.disabled AND (NEW.role <> 'admin' OR NEW.disabled))
    EXECUTE FUNCTION admin_ended();

-- As before (V27), and who made it.
CREATE OR REPLACE FUNCTION reset_link_create(who jsonb, name text, secret_digest text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    target users;
    ends   text;
BEGIN
    PERFORM check_admin(who);
    PERFORM FROM meta FOR UPDATE;
    PERFORM check_admin(who);
    SELECT * INTO target FROM users WHERE username_key = lower(name COLLATE "C");
    IF NOT FOUND THEN
        PERFORM refuse_missing('user');
    END IF;
    ends := rfc3339(reset_link_set(target.id, secret_digest));
    UPDATE reset_links SET made_by = (who ->> 'user_id')::bigint WHERE digest = decode(secret_digest, 'hex');
    PERFORM user_event_append(who, target, jsonb_build_object('reset_link', jsonb_build_array(NULL, ends)));
    RETURN jsonb_build_object('username', target.username, 'expires_at', ends);
END $$;
