-- name: interrupt_abandoned_runs
-- Runs that say `running` while we hold their lock were killed.
UPDATE runs
SET status = 'interrupted', error = %(error)s, error_code = 'killed'
WHERE platform = %(platform)s
    AND status = 'running';

-- name: start_run
-- One execution of a fetch for one client.
INSERT INTO runs (client_id, platform, status, started_at)
VALUES (%(client_id)s, %(platform)s, 'running', %(now)s)
RETURNING run_id;

-- name: finish_run
-- How it ended and what it cost.
UPDATE runs
SET status = %(status)s,
    finished_at = %(now)s,
    posts = %(posts)s,
    new = %(new)s,
    listed = %(listed)s,
    total = %(total)s,
    requests = %(requests)s,
    bytes = %(bytes)s,
    seconds = %(seconds)s,
    error = %(error)s,
    error_code = %(error_code)s
WHERE run_id = %(run_id)s;

-- name: list_runs
-- The newest runs, of one client and state or of any.
SELECT run_id, client_id, platform, status, started_at, finished_at, posts, new, listed, total, requests, bytes, seconds,
    error, error_code
FROM runs
WHERE (%(client_id)s::text IS NULL OR client_id = %(client_id)s)
    AND (%(status)s::text IS NULL OR status = %(status)s)
    AND started_at >= %(since)s
ORDER BY run_id DESC
LIMIT %(limit)s;

-- name: get_run
-- One run.
SELECT run_id, client_id, platform, status, started_at, finished_at, posts, new, listed, total, requests, bytes, seconds,
    error, error_code
FROM runs
WHERE run_id = %(run_id)s;
