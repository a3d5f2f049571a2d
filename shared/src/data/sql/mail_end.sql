-- realtime-relay: what became of a mail that it claimed: an outcome, or another attempt after so long. Nothing where
-- another relay has claimed it since.
-- $1 id, $2 the number of the attempt, $3 outcome or null, $4 milliseconds
UPDATE mails
SET outcome = $3::text, sealed_secret = CASE WHEN $3::text IS NULL THEN sealed_secret END,
    next_attempt_at = clock_timestamp() + make_interval(secs => $4::bigint / 1000.0)
WHERE id = $1 AND attempts = $2 AND outcome IS NULL
