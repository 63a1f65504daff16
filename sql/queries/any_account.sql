-- name: store_survey
-- What the newest posts of an account were when somebody looked.
INSERT INTO account_listing (platform, username, posts, reaches_back_to, fetched_at)
VALUES (%(platform)s, %(username)s, %(posts)s, %(reaches_back_to)s, %(now)s)
ON CONFLICT (platform, username) DO UPDATE
SET posts = EXCLUDED.posts,
    reaches_back_to = EXCLUDED.reaches_back_to,
    fetched_at = EXCLUDED.fetched_at;

-- name: find_survey
-- The last look at an account.
SELECT posts::text, reaches_back_to, fetched_at
FROM account_listing
WHERE platform = %(platform)s AND username = %(username)s;

-- name: list_told_days
-- The days since some day whose posts a fetch has listed, so that their people are asked too.
SELECT day
FROM listed_day
WHERE client_id = %(client_id)s
    AND platform = %(platform)s
    AND day >= %(first_day)s
ORDER BY day;

-- name: list_showcase
-- A client's posts of a span as the platform showed them last, newest first.
SELECT post_key, published_at, caption, like_count, comment_count, share_count, view_count, kind, thumbnail_url
FROM post
WHERE client_id = %(client_id)s
    AND platform = %(platform)s
    AND published_at >= %(start)s
    AND published_at < %(end)s
    AND deleted_at IS NULL
ORDER BY published_at DESC, post_key
LIMIT %(limit)s;

-- name: find_read_at
-- When any of these posts was last seen first or had its people read.
SELECT max(GREATEST(first_seen_at, fetched_at))
FROM post
WHERE client_id = %(client_id)s
    AND platform = %(platform)s
    AND post_key = ANY (%(post_keys)s);
