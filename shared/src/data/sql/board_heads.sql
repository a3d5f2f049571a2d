-- realtime-relay: the newest seq of these boards, deleted ones too, and the database's epoch. Always a
-- row; its board is null where there is none of them.
-- $1 board ids
SELECT meta.epoch::text AS epoch, boards.id, boards.seq
FROM meta LEFT JOIN boards ON boards.id = ANY ($1::bigint[])
