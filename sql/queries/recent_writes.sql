-- name: claim_write
-- No row: the same is being written, or was just now. What is too old to matter goes by the way.
WITH gone AS (
    DELETE FROM recent_writes
    WHERE refused_until < %(now)s
        AND write_key <> %(write_key)s
)
INSERT INTO recent_writes AS known (write_key, body_hash, refused_until)
VALUES (%(write_key)s, %(body_hash)s, %(until)s)
ON CONFLICT (write_key) DO UPDATE
SET body_hash = EXCLUDED.body_hash, refused_until = EXCLUDED.refused_until
WHERE known.body_hash <> EXCLUDED.body_hash
    OR known.refused_until <= %(now)s
RETURNING write_key;

-- name: remember_write
-- It is done: the same is refused until then.
UPDATE recent_writes
SET refused_until = %(until)s
WHERE write_key = %(write_key)s
    AND body_hash = %(body_hash)s;

-- name: release_write
-- It failed, so it may be sent again.
DELETE FROM recent_writes
WHERE write_key = %(write_key)s
    AND body_hash = %(body_hash)s;
