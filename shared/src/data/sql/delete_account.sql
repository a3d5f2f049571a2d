-- auth-me (delete-account): the end of a user; gives the events of the boards that they were on.
-- $1 who (JSON), $2 the hash of the password that was checked (null where there is none), $3 whether boards of theirs alone go as well
SELECT event::text FROM user_delete($1::text::jsonb, $2::text, $3) AS event
