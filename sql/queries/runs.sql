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
    finished = %(finished)s,
    unmoved = %(unmoved)s,
    later = %(later)s,
    unaffordable = %(unaffordable)s,
    requests = %(requests)s,
    bytes = %(bytes)s,
    seconds = %(seconds)s,
    error = %(error)s,
    error_code = %(error_code)s
WHERE run_id = %(run_id)s;

-- name: find_longest_run
-- How long the longest of every client's last runs on a platform took, in seconds: a fetch of all takes about as long.
SELECT max(run.seconds)
FROM clients
CROSS JOIN LATERAL (
    SELECT seconds
    FROM runs
    WHERE runs.client_id = clients.client_id
        AND platform = %(platform)s
        AND status IN ('done', 'partial')
    ORDER BY run_id DESC
    LIMIT 5
) AS run;

-- name: list_runs
-- The newest runs, of one client and state or of any; the other jobs are of no single client.
SELECT run.*
FROM (
    (
        SELECT run_id, 'fetch ' || platform AS job, runs.client_id, timezone, platform, status, started_at, finished_at, posts, new, listed, total, finished, unmoved, later, unaffordable, requests, bytes,
            seconds, error, error_code, NULL::int AS exit_code
        FROM runs
        JOIN clients USING (client_id)
        WHERE (%(client_id)s::text IS NULL OR runs.client_id = %(client_id)s)
            AND (%(status)s::text IS NULL OR status = %(status)s)
            AND started_at >= %(since)s
        ORDER BY run_id DESC
        LIMIT %(limit)s
    )
    UNION ALL
    (
        SELECT run_id, job, NULL, NULL, NULL, status, started_at, finished_at, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
            extract(epoch FROM finished_at - started_at)::double precision, error, NULL, exit_code
        FROM job_run
        WHERE %(client_id)s::text IS NULL
            AND (%(status)s::text IS NULL OR status = %(status)s)
            AND started_at >= %(since)s
        ORDER BY run_id DESC
        LIMIT %(limit)s
    )
) AS run
ORDER BY run.run_id DESC
LIMIT %(limit)s;

-- name: get_run
-- One run, of a fetch or of another job.
SELECT run_id, 'fetch ' || platform AS job, runs.client_id, timezone, platform, status, started_at, finished_at, posts, new, listed, total, finished, unmoved, later, unaffordable, requests, bytes,
    seconds, error, error_code, NULL::int AS exit_code
FROM runs
JOIN clients USING (client_id)
WHERE run_id = %(run_id)s
UNION ALL
SELECT run_id, job, NULL, NULL, NULL, status, started_at, finished_at, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
    extract(epoch FROM finished_at - started_at)::double precision, error, NULL, exit_code
FROM job_run
WHERE run_id = %(run_id)s;

-- name: add_job_run
-- What a job did; not what it failed at already within the hour.
INSERT INTO job_run (job, status, started_at, finished_at, exit_code, error)
SELECT %(job)s, %(status)s, %(started_at)s, %(finished_at)s, %(exit_code)s, %(error)s
WHERE %(status)s <> 'failed'
    OR NOT EXISTS (
        SELECT
        FROM (SELECT status, error, started_at FROM job_run WHERE job = %(job)s ORDER BY run_id DESC LIMIT 1) AS last
        WHERE last.status = 'failed'
            AND last.error IS NOT DISTINCT FROM %(error)s
            AND last.started_at > %(started_at)s::timestamptz - interval '1 hour'
    );
