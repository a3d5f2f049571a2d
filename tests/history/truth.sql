-- What a database says of its boards, as the records `committed` and `final` of docs/history.md:
--
--   psql --quiet --no-psqlrc --file tests/history/truth.sql "$DATABASE_URL" > truth.jsonl
--
-- For an operator who has a recording checked. All of it is of one moment. COPY writes each row as it
-- is: as a query's result psql would leave out characters that it takes for no characters. Neither of
-- the two control characters ever appears in JSON, so that nothing is quoted.
BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY;

COPY (
    SELECT jsonb_build_object('at', 0, 'record', 'committed', 'board', board_id, 'seq', seq, 'event', event)
    FROM events ORDER BY board_id, seq
) TO STDOUT WITH (FORMAT csv, QUOTE E'\x01', DELIMITER E'\x02');

COPY (
    SELECT jsonb_build_object('at', 0, 'record', 'final', 'board', id, 'document', board_document(boards))
    FROM boards ORDER BY id
) TO STDOUT WITH (FORMAT csv, QUOTE E'\x01', DELIMITER E'\x02');

COMMIT;
