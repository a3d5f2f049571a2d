-- invitations: makes a link to a board, or (null) to an account, and gives it (JSON), without its secret. With an
-- address, a mail has the link.
-- $1 who (JSON), $2 board id or null, $3 the digest of the link, $4 the request (JSON), $5 address or null, $6 language,
-- $7 the sealed secret of the link or null
SELECT made::text,
    CASE WHEN $5::text IS NOT NULL THEN mail_add('invitation', $6::text, ($1::text::jsonb ->> 'user_id')::bigint, $5::text, $3::text,
        $7::text, interval '24 hours')::text END
FROM invitation_create($1::text::jsonb, $2, $3::text, $4::text::jsonb) AS made
