-- realtime-relay: the next mail that is due, for it alone for so long; `kind` is null where nothing is to be sent
-- (`outcome` says why) and more may be due.
-- $1 milliseconds
SELECT mail_id, attempt, kind, language, address, sealed, message_id, username, board, outcome
FROM mail_claim(make_interval(secs => $1::bigint / 1000.0))
