-- health: whether the database answers, and has the schema.
SELECT count(*) FROM meta
