-- name: try_lock_job
-- False when another run of this job holds it; freed when the connection ends, however it ends.
SELECT pg_try_advisory_lock(hashtextextended('cicero:' || %(job)s, 0));

-- name: unlock_job
-- Frees a job's lock before the connection ends.
SELECT pg_advisory_unlock(hashtextextended('cicero:' || %(job)s, 0));
