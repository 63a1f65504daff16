-- name: read_held_from
-- The first moment that is held whole: what was read before it is pruned. Null: everything is held.
SELECT max(held_from)
FROM pruning;

-- name: read_pruned_at
-- When it was done last.
SELECT max(pruned_at)
FROM pruning;

-- name: list_pruned_clients
-- All there ever were, ended ones too.
SELECT client_id
FROM clients
ORDER BY client_id;

-- name: add_pruning
-- The next one begins where this one ended.
INSERT INTO pruning (pruned_at, held_from)
VALUES (%(now)s, %(held_from)s);

-- name: prune_likes
-- Takes the likes of strangers off one client's posts of before a moment; gives how many. A handle that was ever a user's is nobody's
-- secret here, and the counts need it.
WITH post AS MATERIALIZED (
    SELECT client_id, post_id
    FROM insta_post
    WHERE client_id = %(client_id)s
        AND published_at >= COALESCE(%(since)s::timestamptz, '-infinity')
        AND published_at < %(held_from)s
    FOR NO KEY UPDATE
),
kept AS MATERIALIZED (
    SELECT client_id, post_id, first_seen_at, cardinality(usernames) AS likes,
        ARRAY(
            SELECT username
            FROM unnest(usernames) WITH ORDINALITY AS seen (username, place)
            WHERE username IN (SELECT user_handle.username FROM user_handle WHERE platform = 'insta')
            ORDER BY place
        ) AS usernames
    FROM post
    JOIN insta_like USING (client_id, post_id)
),
gone AS (
    DELETE FROM insta_like AS past
    USING kept
    WHERE past.client_id = kept.client_id
        AND past.post_id = kept.post_id
        AND past.first_seen_at = kept.first_seen_at
        AND kept.usernames = '{}'
),
changed AS (
    UPDATE insta_like AS past
    SET usernames = kept.usernames
    FROM kept
    WHERE past.client_id = kept.client_id
        AND past.post_id = kept.post_id
        AND past.first_seen_at = kept.first_seen_at
        AND kept.usernames <> '{}'
        AND cardinality(kept.usernames) < kept.likes
)
SELECT COALESCE(sum(likes - cardinality(usernames)), 0)::bigint
FROM kept;

-- name: prune_comments
-- As prune_likes, with the texts.
WITH post AS MATERIALIZED (
    SELECT client_id, post_id
    FROM tiktok_post
    WHERE client_id = %(client_id)s
        AND published_at >= COALESCE(%(since)s::timestamptz, '-infinity')
        AND published_at < %(held_from)s
    FOR NO KEY UPDATE
),
kept AS MATERIALIZED (
    SELECT client_id, post_id, first_seen_at, cardinality(all_comments.usernames) AS comments, own.*
    FROM post
    JOIN tiktok_comment AS all_comments USING (client_id, post_id)
    JOIN tiktok_comment_text AS written USING (client_id, post_id, first_seen_at)
    CROSS JOIN LATERAL (
        SELECT COALESCE(array_agg(username ORDER BY place), '{}') AS usernames,
            array_agg(created_at ORDER BY place) AS created_ats,
            array_agg(comment_id ORDER BY place) AS comment_ids,
            array_agg(text ORDER BY place) AS texts
        FROM unnest(all_comments.usernames, created_ats, comment_ids, texts)
            WITH ORDINALITY AS seen (username, created_at, comment_id, text, place)
        WHERE username IN (SELECT user_handle.username FROM user_handle WHERE platform = 'tiktok')
    ) AS own
),
gone AS (
    -- its texts go with it
    DELETE FROM tiktok_comment AS past
    USING kept
    WHERE past.client_id = kept.client_id
        AND past.post_id = kept.post_id
        AND past.first_seen_at = kept.first_seen_at
        AND kept.usernames = '{}'
),
changed AS (
    UPDATE tiktok_comment AS past
    SET usernames = kept.usernames,
        created_ats = kept.created_ats,
        comment_ids = kept.comment_ids
    FROM kept
    WHERE past.client_id = kept.client_id
        AND past.post_id = kept.post_id
        AND past.first_seen_at = kept.first_seen_at
        AND kept.usernames <> '{}'
        AND cardinality(kept.usernames) < kept.comments
),
rewritten AS (
    UPDATE tiktok_comment_text AS past
    SET texts = kept.texts
    FROM kept
    WHERE past.client_id = kept.client_id
        AND past.post_id = kept.post_id
        AND past.first_seen_at = kept.first_seen_at
        AND kept.usernames <> '{}'
        AND cardinality(kept.usernames) < kept.comments
)
SELECT COALESCE(sum(comments - cardinality(usernames)), 0)::bigint
FROM kept;

-- name: prune_readings
-- What earlier fetches of one client's posts of before a moment listed; the posts keep what the last one did.
DELETE FROM reading
USING post
WHERE post.client_id = %(client_id)s
    AND post.published_at >= COALESCE(%(since)s::timestamptz, '-infinity')
    AND post.published_at < %(held_from)s
    AND reading.platform = post.platform
    AND reading.post_id = post.post_id
    AND reading.fetched_at < %(held_from)s;

-- name: prune_runs
-- Runs that ended, or were to have ended, before a moment, and of the other jobs; one that still runs is nobody's past.
WITH jobs AS (
    DELETE FROM job_run
    WHERE started_at < %(held_from)s
)
DELETE FROM runs
WHERE started_at < %(held_from)s
    AND status <> 'running';

-- name: prune_messages
-- Those of which nothing can come any more; what a report held is kept with the report, but for task lists, which say nothing
-- that the posts do not.
WITH lists AS (
    DELETE FROM report
    WHERE kind = 'tugas'
        AND made_at < %(held_from)s
)
DELETE FROM outbox
WHERE queued_at < %(held_from)s
    AND status NOT IN ('queued', 'sending');

-- name: prune_attachments
-- Files that no message needs any more: a week after they were queued, when all of their messages went out or are gone.
DELETE FROM attachment
WHERE kept_at < %(now)s::timestamptz - interval '7 days'
    AND NOT EXISTS (
        SELECT
        FROM outbox
        WHERE outbox.attachment_sha256 = attachment.sha256
            AND status NOT IN ('accepted', 'delivered', 'read')
    );

-- name: prune_audit
-- A trigger holds every line for 180 days, whatever is asked.
DELETE FROM audit_log
WHERE at < LEAST(%(held_from)s::timestamptz, now() - interval '180 days');

-- name: prune_usage
-- What accounts asked for and who was turned away, by hour; gives how many hours went.
WITH accounts AS (
    DELETE FROM account_usage
    WHERE hour < %(held_from)s
    RETURNING 1
),
refused AS (
    DELETE FROM refusals
    WHERE hour < %(held_from)s
    RETURNING 1
)
SELECT (SELECT count(*) FROM accounts) + (SELECT count(*) FROM refused);
