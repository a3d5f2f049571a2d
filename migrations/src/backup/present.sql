-- restore-backup: the server's version, and how many tables, functions and the like are in the way.
SELECT split_part(current_setting('server_version'), ' ', 1),
       (SELECT count(*) FROM (
            SELECT oid, 'pg_class'::regclass AS of FROM pg_class WHERE relnamespace = 'public'::regnamespace
            UNION ALL
            SELECT oid, 'pg_proc'::regclass FROM pg_proc WHERE pronamespace = 'public'::regnamespace
        ) AS object
        WHERE NOT EXISTS (SELECT FROM pg_depend WHERE classid = object.of AND objid = object.oid AND deptype = 'e'))
