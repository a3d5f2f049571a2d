-- admin-stats, where Redis has not counted all of the last hour: what it would have counted (JSON, as
-- read_statistics.lua answers), of all boards.
-- $1 the first of the 60 minutes, $2 when boards and people begin to be counted, both in seconds since 1970
SELECT events_counted(to_timestamp($1::bigint), to_timestamp($2::bigint))::text
