-- Who may log in, and which of their tokens no longer count.
--
-- Everything else refers to people by id, so they come first. Revocation stands here and not in
-- Redis because a token must stay refused after Redis has lost everything (api.md, Authentication);
-- Redis may remember it as well, to be asked first.

-- One row, about this database itself.
CREATE TABLE meta (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    -- A random id that the restore command changes, so that a cursor from a lost future is told
    -- from one of this past (realtime.md, `epoch`).
    epoch    uuid NOT NULL DEFAULT gen_random_uuid(),
    -- Grows by one with each restore: the numbers of transactions, by which all boards' events are
    -- ordered, begin anew then.
    era      integer NOT NULL DEFAULT 1
);
INSERT INTO meta DEFAULT VALUES;

CREATE TABLE users (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY CHECK (id <= 9007199254740991),
    -- As the person wrote it; never changed, because events and tasks carry it.
    username      text COLLATE "C" NOT NULL
                  CONSTRAINT users_username_check CHECK (username ~ '^[a-zA-Z0-9_.-]{3,32}$'),
    -- What it is found by: names are unique without regard to case. Look up with
    -- `username_key = lower($1 COLLATE "C")`; the C collation makes I and i one letter everywhere.
    username_key  text COLLATE "C" NOT NULL GENERATED ALWAYS AS (lower(username)) STORED
                  CONSTRAINT users_username_key UNIQUE,
    display_name  text NOT NULL
                  CONSTRAINT users_display_name_check CHECK (char_length(display_name) BETWEEN 1 AND 64),
    -- The PHC string of argon2id; never selected but to be verified.
    password_hash text NOT NULL CHECK (password_hash LIKE '$argon2id$%'),
    role          text NOT NULL DEFAULT 'user' CHECK (role IN ('user', 'admin')),
    -- A disabled user can neither log in nor use a token.
    disabled      boolean NOT NULL DEFAULT false,
    -- Grows when all tokens are revoked (logged out everywhere, new password): a token's `jti` tells
    -- the generation it was issued in, and an older one no longer counts. A number and no time, so
    -- that neither a clock nor two events within one second can let a token through …
    token_generation bigint NOT NULL DEFAULT 0,
    -- … but the one with this `jti` counts still (the token that a new password was set with).
    token_kept_jti   text COLLATE "C" CHECK (char_length(token_kept_jti) <= 64),
    created_at    timestamptz NOT NULL DEFAULT date_trunc('milliseconds', clock_timestamp()),
    updated_at    timestamptz NOT NULL DEFAULT date_trunc('milliseconds', clock_timestamp())
);

-- Single tokens that were logged out. Rows may be deleted once `expires_at` is past: the token
-- is refused then without them.
CREATE TABLE revoked_tokens (
    jti        text COLLATE "C" PRIMARY KEY CHECK (char_length(jti) BETWEEN 1 AND 64),
    user_id    bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
-- Finds what can be thrown away.
CREATE INDEX revoked_tokens_expires_at ON revoked_tokens (expires_at);
-- Deleting a user must not read the whole table, nor telling the relay what a user lost.
CREATE INDEX revoked_tokens_user_id ON revoked_tokens (user_id);
