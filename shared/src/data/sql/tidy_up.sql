-- realtime-relay, now and then: throws away what time has settled.
SELECT idempotency_keys, revoked_tokens, boards FROM tidy_up()
