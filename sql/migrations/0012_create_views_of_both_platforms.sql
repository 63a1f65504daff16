-- migrate:up

-- Instagram and TikTok under the same names, so that one statement reads either: `WHERE platform = %(platform)s`. The
-- branch of the other platform is planned and not run (docs/adr/0011).

CREATE VIEW post AS
SELECT 'insta' AS platform, post_id, client_id, post_key, published_at, caption, kind, thumbnail_url, like_count,
    comment_count, share_count, view_count, like_count AS shown_count, listed, total, fetched_at, fetched_count,
    first_seen_at, deleted_at
FROM insta_post
UNION ALL
SELECT 'tiktok', post_id, client_id, post_key, published_at, caption, kind, thumbnail_url, like_count,
    comment_count, share_count, view_count, comment_count, listed, total, fetched_at, fetched_count,
    first_seen_at, deleted_at
FROM tiktok_post;

COMMENT ON VIEW post IS 'posts of both platforms; shown_count: likes or comments, whichever a user is to give there';

CREATE VIEW engagement AS
SELECT 'insta' AS platform, post_id, username, first_seen_at
FROM insta_like
UNION ALL
SELECT 'tiktok', post_id, username, min(first_seen_at)
FROM tiktok_comment
GROUP BY post_id, username;

COMMENT ON VIEW engagement IS 'who liked or commented on a post, however often, and when that was first seen';

-- A CASE and no UNION: two scans of "user" would be expected to cost twice as much, and be planned anew each time.
CREATE VIEW user_on_platform AS
SELECT platform, CASE platform WHEN 'insta' THEN insta ELSE tiktok END AS username, user_id, client_id, nama, title,
    divisi, exception, status
FROM "user"
CROSS JOIN (VALUES ('insta'), ('tiktok')) AS known (platform);

COMMENT ON VIEW user_on_platform IS 'everybody once for each platform, with the handle there';

-- LIMIT says nothing but how few clients are to be expected: without it the planner expects ten, finds a statement's
-- general plan dear, and plans anew each time, which takes as long as a tenth of a recap or the whole of the stats.
CREATE FUNCTION client_spans(client_ids text[], first_days date[], last_days date[])
RETURNS TABLE (
    client_id text, nama text, client_tiktok text, first_day date, last_day date, starts_at timestamptz,
    ends_at timestamptz
)
LANGUAGE sql STABLE AS $$
    SELECT clients.client_id, clients.nama, clients.client_tiktok, asked.first_day, asked.last_day,
        asked.first_day::timestamp AT TIME ZONE clients.timezone,
        (asked.last_day + 1)::timestamp AT TIME ZONE clients.timezone
    FROM (
        SELECT given.client_id, given.first_day, given.last_day
        FROM unnest(client_ids, first_days, last_days) AS given (client_id, first_day, last_day)
        LIMIT cardinality(client_ids)
    ) AS asked
    JOIN clients USING (client_id)
$$;

COMMENT ON FUNCTION client_spans IS
    'each client with its own days, the last one included, as moments: from starts_at up to, and without, ends_at';

-- migrate:down
-- Forwards only: a mistake is mended by the next migration.
