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
