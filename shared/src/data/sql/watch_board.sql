-- realtime-relay: a row where a user is a member of a board, which may lie in the trash: whoever
-- follows a board is told that it was deleted. Its newest seq, as of which that is so.
-- $1 user id, $2 board id, $3 the token's generation, $4 its jti
SELECT seq FROM boards JOIN board_members ON board_id = id AND user_id = $1
WHERE id = $2 AND ($3::bigint >= 0 OR api_token_counts($1, $4, $2))
