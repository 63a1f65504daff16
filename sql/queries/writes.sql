-- name: claim_write
-- No row: the same was written less than %(seconds)s seconds ago. What is too old to matter goes by the way.
WITH gone AS (
    DELETE FROM recent_writes
    WHERE written_at < %(now)s::timestamptz - interval '1 hour'
        AND write_key <> %(write_key)s
)
INSERT INTO recent_writes AS known (write_key, body_hash, written_at)
VALUES (%(write_key)s, %(body_hash)s, %(now)s)
ON CONFLICT (write_key) DO UPDATE
SET body_hash = EXCLUDED.body_hash, written_at = EXCLUDED.written_at
WHERE known.body_hash <> EXCLUDED.body_hash
    OR known.written_at <= EXCLUDED.written_at - make_interval(secs => %(seconds)s)
RETURNING write_key;

-- name: release_write
-- It failed, so it may be sent again.
DELETE FROM recent_writes
WHERE write_key = %(write_key)s;
