-- name: interrupt_abandoned_runs
-- Runs that say `running` while we hold their lock were killed.
UPDATE runs
SET status = 'interrupted', error = 'was killed before it finished'
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
    error = %(error)s
WHERE run_id = %(run_id)s;

-- name: list_last_runs
-- The newest run of these active clients (null: of all) and platforms that they are followed on, and the newest that
-- brought something.
SELECT clients.client_id, platform.name AS platform, latest.status, latest.started_at, latest.posts, latest.new,
    latest.error, good.started_at AS good_at
FROM clients
CROSS JOIN (VALUES ('insta'), ('tiktok')) AS platform (name)
LEFT JOIN LATERAL (
    SELECT status, started_at, posts, new, error
    FROM runs
    WHERE runs.client_id = clients.client_id AND runs.platform = platform.name
    ORDER BY run_id DESC
    LIMIT 1
) AS latest ON true
LEFT JOIN LATERAL (
    SELECT started_at
    FROM runs
    WHERE runs.client_id = clients.client_id AND runs.platform = platform.name AND status IN ('done', 'partial')
    ORDER BY run_id DESC
    LIMIT 1
) AS good ON true
WHERE clients.client_status
    AND (%(client_ids)s::text[] IS NULL OR clients.client_id = ANY (%(client_ids)s))
    AND CASE platform.name
        WHEN 'insta' THEN clients.client_insta IS NOT NULL AND clients.client_insta_status
        ELSE clients.client_tiktok IS NOT NULL AND clients.client_tiktok_status
    END
ORDER BY clients.client_id, platform.name;
