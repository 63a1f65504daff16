-- name: list_handles_of_clients
-- Every handle of the active people of these clients.
SELECT user_id, platform, username
FROM handle_on_file
WHERE client_id = ANY (%(client_ids)s)
    AND status
ORDER BY user_id, platform, is_main DESC, username;

-- name: list_shared_handles
-- Handles of a client's active people that somebody else has too, and who.
SELECT mine.user_id, mine.platform, mine.username, other.user_id AS other_id, other.client_id AS other_client,
    "user".nama AS other_nama
FROM handle_on_file AS mine
JOIN handle_on_file AS other
    ON other.platform = mine.platform
    AND other.username = mine.username
    AND other.user_id <> mine.user_id
    AND other.status
JOIN "user" ON "user".user_id = other.user_id
WHERE mine.client_id = %(client_id)s
    AND mine.status
ORDER BY mine.user_id, mine.platform, mine.username, other.client_id, other.user_id;

-- name: list_read_platforms
-- On which platforms the people of these clients' posts were read at all.
SELECT DISTINCT platform
FROM post
WHERE client_id = ANY (%(client_ids)s)
    AND fetched_at IS NOT NULL
ORDER BY platform;

-- name: list_seen_handles
-- Which of these handles any reading of these clients' posts has shown; each client's rows are read once, whoever plans it.
WITH seen AS MATERIALIZED (
    SELECT DISTINCT engaged.platform, engaged.username
    FROM unnest(%(client_ids)s::text[]) AS asking (client_id)
    CROSS JOIN LATERAL (
        SELECT platform, username
        FROM engagement_at
        WHERE engagement_at.client_id = asking.client_id
        OFFSET 0
    ) AS engaged
)
SELECT asked.platform, asked.username
FROM unnest(%(platforms)s::text[], %(usernames)s::text[]) AS asked (platform, username)
JOIN seen ON seen.platform = asked.platform AND seen.username = asked.username
ORDER BY asked.platform, asked.username;

-- name: list_handle_checks
-- What was found out about these handles.
SELECT platform, username, checked_at, state, called
FROM handle_check
WHERE username = ANY (%(usernames)s)
ORDER BY platform, username;

-- name: save_handle_check
-- What the upstream says now.
INSERT INTO handle_check (platform, username, checked_at, state, called)
VALUES (%(platform)s, %(username)s, %(checked_at)s, %(state)s, %(called)s)
ON CONFLICT (platform, username) DO UPDATE
SET checked_at = EXCLUDED.checked_at, state = EXCLUDED.state, called = EXCLUDED.called;

-- name: forget_handle_checks
-- Handles that nobody has on file any more are nobody's business.
DELETE FROM handle_check
WHERE NOT EXISTS (
    SELECT
    FROM handle_on_file
    WHERE handle_on_file.platform = handle_check.platform AND handle_on_file.username = handle_check.username
);
