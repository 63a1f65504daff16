-- name: store_insta_posts
-- What a listing showed: new posts are added, known ones get their present counts and are no longer deleted.
INSERT INTO insta_post AS post (
    client_id, post_key, published_at, caption, kind, thumbnail_url, collaborators,
    like_count, comment_count, share_count, view_count, total, first_seen_at
)
SELECT %(client_id)s, post_key, published_at, caption, kind, thumbnail_url, collaborators,
    like_count, comment_count, share_count, view_count, like_count, %(now)s
FROM jsonb_to_recordset(%(posts)s) AS listed (
    post_key text, published_at timestamptz, caption text, kind text, thumbnail_url text, collaborators text[],
    like_count bigint, comment_count bigint, share_count bigint, view_count bigint
)
ON CONFLICT (client_id, post_key) DO UPDATE
SET published_at = EXCLUDED.published_at,
    caption = EXCLUDED.caption,
    kind = EXCLUDED.kind,
    thumbnail_url = EXCLUDED.thumbnail_url,
    collaborators = EXCLUDED.collaborators,
    like_count = EXCLUDED.like_count,
    comment_count = EXCLUDED.comment_count,
    share_count = EXCLUDED.share_count,
    view_count = EXCLUDED.view_count,
    missing_since = NULL,
    deleted_at = NULL;

-- name: store_tiktok_posts
-- As store_insta_posts, and written out again because a write names its one table (reads go through the view `post`); what
-- counts on TikTok are comments.
INSERT INTO tiktok_post AS post (
    client_id, post_key, published_at, caption, kind, thumbnail_url, collaborators,
    like_count, comment_count, share_count, view_count, total, first_seen_at
)
SELECT %(client_id)s, post_key, published_at, caption, kind, thumbnail_url, collaborators,
    like_count, comment_count, share_count, view_count, comment_count, %(now)s
FROM jsonb_to_recordset(%(posts)s) AS listed (
    post_key text, published_at timestamptz, caption text, kind text, thumbnail_url text, collaborators text[],
    like_count bigint, comment_count bigint, share_count bigint, view_count bigint
)
ON CONFLICT (client_id, post_key) DO UPDATE
SET published_at = EXCLUDED.published_at,
    caption = EXCLUDED.caption,
    kind = EXCLUDED.kind,
    thumbnail_url = EXCLUDED.thumbnail_url,
    collaborators = EXCLUDED.collaborators,
    like_count = EXCLUDED.like_count,
    comment_count = EXCLUDED.comment_count,
    share_count = EXCLUDED.share_count,
    view_count = EXCLUDED.view_count,
    missing_since = NULL,
    deleted_at = NULL;

-- name: mark_insta_posts_deleted
-- Posts of the span that a complete listing no longer shows: missing at the first such listing, deleted at the second.
UPDATE insta_post
SET missing_since = COALESCE(missing_since, %(now)s),
    deleted_at = CASE WHEN missing_since IS NOT NULL THEN %(now)s::timestamptz END
WHERE client_id = %(client_id)s
    AND published_at >= %(start)s
    AND published_at < %(end)s
    AND deleted_at IS NULL
    AND post_key <> ALL (%(post_keys)s)
RETURNING deleted_at IS NOT NULL;

-- name: mark_tiktok_posts_deleted
-- As mark_insta_posts_deleted, of the other table.
UPDATE tiktok_post
SET missing_since = COALESCE(missing_since, %(now)s),
    deleted_at = CASE WHEN missing_since IS NOT NULL THEN %(now)s::timestamptz END
WHERE client_id = %(client_id)s
    AND published_at >= %(start)s
    AND published_at < %(end)s
    AND deleted_at IS NULL
    AND post_key <> ALL (%(post_keys)s)
RETURNING deleted_at IS NOT NULL;

-- name: list_posts
-- A client's posts of these local days, oldest first.
SELECT post_id, post_key, client_id, published_at, day, caption, listed, total, shown_count, fetched_at, fetched_count,
    account, whole_at
FROM post
WHERE client_id = %(client_id)s
    AND platform = %(platform)s
    AND day BETWEEN %(first_day)s AND %(last_day)s
    AND is_counted
ORDER BY published_at, post_key;

-- name: list_posts_as_of
-- The same as they stood at a moment: what was known of their people then, and those that were deleted since.
SELECT post.post_id, post_key, client_id, published_at, dated.day, caption, COALESCE(reading.listed, 0) AS listed,
    reading.total, shown_count, reading.fetched_at, fetched_count, account
FROM post
CROSS JOIN LATERAL (
    SELECT post_day_at(post.client_id, post.platform, post.post_id, post.day, %(as_of)s::timestamptz) AS day
) AS dated
LEFT JOIN LATERAL (
    SELECT listed, total, fetched_at
    FROM reading
    WHERE reading.platform = post.platform AND reading.post_id = post.post_id AND reading.fetched_at <= %(as_of)s
    ORDER BY reading.fetched_at DESC
    LIMIT 1
) AS reading ON true
WHERE client_id = %(client_id)s
    AND post.platform = %(platform)s
    AND post.day BETWEEN %(first_day)s::date - 1 AND %(last_day)s::date + 1
    AND dated.day BETWEEN %(first_day)s AND %(last_day)s
    AND first_seen_at <= %(as_of)s
    AND (deleted_at IS NULL OR deleted_at > %(as_of)s)
    AND NOT COALESCE(absent @> %(as_of)s::timestamptz, false)
    AND NOT EXISTS (
        SELECT
        FROM correction
        WHERE correction.client_id = post.client_id
            AND correction.platform = post.platform
            AND correction.post_id = post.post_id
            AND correction.user_id IS NULL
            AND made_at <= %(as_of)s
            AND (ended_at IS NULL OR ended_at > %(as_of)s)
    )
ORDER BY published_at, post_key;

-- name: raise_insta_totals
-- Posts that were not read although their count has grown: what is listed is no longer all.
UPDATE insta_post
SET total = GREATEST(total, like_count)
WHERE post_id = ANY (%(post_ids)s);

-- name: raise_tiktok_totals
-- As raise_insta_totals, of the other table.
UPDATE tiktok_post
SET total = GREATEST(total, comment_count)
WHERE post_id = ANY (%(post_ids)s);

-- name: remember_listing
-- The days whose posts a listing has told.
INSERT INTO listed_day (client_id, platform, day, first_listed_at)
SELECT %(client_id)s, %(platform)s, day, %(now)s
FROM generate_series(%(first_day)s::date, %(last_day)s::date, '1 day') AS told (day)
ON CONFLICT (client_id, platform, day) DO NOTHING;

-- name: find_listing
-- When a day's posts were first told.
SELECT first_listed_at
FROM listed_day
WHERE client_id = %(client_id)s AND platform = %(platform)s AND day = %(day)s;

-- name: remember_unreadable
-- How many posts of a day's newest listing could not be read; what an earlier one said ends, and stays for --as-of.
WITH ended AS (
    UPDATE unreadable_posts
    SET until = %(now)s
    WHERE client_id = %(client_id)s
        AND platform = %(platform)s
        AND day = %(day)s
        AND until = 'infinity'
        AND posts <> %(unreadable)s
        -- one of this very moment is replaced below
        AND (told_at < %(now)s OR %(unreadable)s = 0)
)
INSERT INTO unreadable_posts (client_id, platform, day, posts, told_at)
SELECT %(client_id)s, %(platform)s, %(day)s, %(unreadable)s, %(now)s
WHERE %(unreadable)s > 0
    AND NOT EXISTS (
        SELECT
        FROM unreadable_posts
        WHERE client_id = %(client_id)s
            AND platform = %(platform)s
            AND day = %(day)s
            AND until = 'infinity'
            AND posts = %(unreadable)s
    )
ON CONFLICT (client_id, platform, day, told_at) DO UPDATE
SET posts = EXCLUDED.posts, until = EXCLUDED.until;

-- name: count_unreadable
-- How many posts of a day could not be read, by what was known at a moment.
SELECT posts
FROM unreadable_posts
WHERE client_id = %(client_id)s
    AND platform = %(platform)s
    AND day = %(day)s
    AND told_at <= %(as_of)s
    AND until > %(as_of)s;
