-- auth-second-factor: other recovery codes in place of all that are left; no row where there is no second factor.
-- $1 user id, $2 the digests of the codes (JSON)
WITH factor AS (
    SELECT user_id FROM totp WHERE user_id = $1 AND confirmed_at IS NOT NULL FOR UPDATE
), gone AS (
    DELETE FROM recovery_codes USING factor WHERE recovery_codes.user_id = factor.user_id
), codes AS (
    INSERT INTO recovery_codes (user_id, digest)
    SELECT user_id, decode(digest, 'hex') FROM factor, jsonb_array_elements_text($2::text::jsonb) AS digest
)
SELECT true FROM factor
