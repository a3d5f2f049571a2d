-- realtime-relay: which of many tokens are still valid, by their place in the arrays (from 1 on), and
-- their users' roles now.
-- $1 user ids, $2 the tokens' generations, $3 their jtis
SELECT place, role
FROM unnest($1::bigint[], $2::bigint[], $3::text[]) WITH ORDINALITY AS token (user_id, generation, jti, place)
JOIN users ON id = user_id
WHERE NOT disabled
  AND (token_generation = generation OR token_kept_jti = token.jti
    OR (generation < 0 AND api_token_counts(user_id, token.jti, NULL)))
  AND NOT EXISTS (SELECT FROM revoked_tokens WHERE revoked_tokens.jti = token.jti)
