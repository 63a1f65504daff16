-- name: begin_login
-- Count an attempt as failed before it is judged, so that a hundred at once are not free. No row: it has to wait.
INSERT INTO login_failures AS known (subject, failures, last_at, blocked_until)
VALUES (%(subject)s, 1, %(now)s, %(now)s)
ON CONFLICT (subject) DO UPDATE
SET failures = CASE WHEN known.last_at < EXCLUDED.last_at - interval '1 hour' THEN 1 ELSE known.failures + 1 END,
    last_at = EXCLUDED.last_at,
    blocked_until = EXCLUDED.last_at + CASE
        WHEN known.last_at < EXCLUDED.last_at - interval '1 hour' OR known.failures + 1 < %(free)s
            THEN interval '0'
        ELSE LEAST(interval '1 second' * 2 ^ LEAST(known.failures + 1 - %(free)s, 20), interval '15 minutes')
    END
WHERE known.blocked_until <= EXCLUDED.last_at
RETURNING failures;

-- name: find_login_wait
-- Seconds that this subject has to wait.
SELECT ceil(extract(epoch FROM blocked_until - %(now)s::timestamptz))::integer
FROM login_failures
WHERE subject = %(subject)s;

-- name: forget_failures
-- It was the right secret after all.
DELETE FROM login_failures
WHERE subject = %(subject)s;

-- name: remove_forgotten_failures
-- Those that count no more, a few with each attempt, so that names that are tried once do not pile up.
DELETE FROM login_failures
WHERE subject IN (
    SELECT subject
    FROM login_failures
    WHERE last_at < %(now)s::timestamptz - interval '1 hour'
    ORDER BY last_at
    LIMIT 10
    FOR UPDATE SKIP LOCKED
);

-- name: return_attempt
-- One failure less: the attempt was good, but others from that address were not.
UPDATE login_failures
SET failures = greatest(failures - 1, 0), blocked_until = %(now)s
WHERE subject = %(subject)s;
