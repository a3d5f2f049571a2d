-- restore-backup --replace: removes all that is in the schema, but what belongs to an extension.
DO $$
DECLARE
    waits_until CONSTANT timestamptz := clock_timestamp() + interval '30 seconds';
    one record;
BEGIN
    -- All tables or none, so that nobody waits for us while we wait for them.
    LOOP
        BEGIN
            FOR one IN
                SELECT oid::regclass AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
            LOOP
                EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE NOWAIT', one.name);
            END LOOP;
            EXIT;
        EXCEPTION WHEN lock_not_available THEN
            IF clock_timestamp() > waits_until THEN
                RAISE 'somebody goes on using the database: stop the functions and the relays first';
            END IF;
            PERFORM pg_sleep(0.01 + 0.05 * random());
        END;
    END LOOP;
    FOR one IN
        SELECT format('DROP %s IF EXISTS %s CASCADE', kind, name) AS statement
        FROM (
            SELECT CASE relkind WHEN 'S' THEN 2 ELSE 1 END AS place, 'pg_class'::regclass AS of, oid, oid::regclass::text AS name,
                CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS kind
            FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S')
            UNION ALL
            SELECT 3, 'pg_proc'::regclass, oid, oid::regprocedure::text, 'ROUTINE'
            FROM pg_proc WHERE pronamespace = 'public'::regnamespace
            UNION ALL
            SELECT 4, 'pg_type'::regclass, oid, oid::regtype::text, 'TYPE'
            FROM pg_type
            WHERE typnamespace = 'public'::regnamespace
              AND (typtype IN ('e', 'd') OR typtype = 'c' AND (SELECT relkind = 'c' FROM pg_class WHERE oid = typrelid))
        ) AS object
        WHERE NOT EXISTS (SELECT FROM pg_depend WHERE classid = object.of AND objid = object.oid AND deptype = 'e')
        ORDER BY place
    LOOP
        EXECUTE one.statement;
    END LOOP;
END $$;
