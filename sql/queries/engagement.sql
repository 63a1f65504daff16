-- name: lock_insta_post
-- The post and its client, so that neither is removed before the transaction ends; nothing when they are gone.
SELECT post_id
FROM insta_post
JOIN clients USING (client_id)
WHERE post_id = %(post_id)s
FOR KEY SHARE OF clients
FOR NO KEY UPDATE OF insta_post;

-- name: lock_tiktok_post
-- As lock_insta_post, of the other table.
SELECT post_id
FROM tiktok_post
JOIN clients USING (client_id)
WHERE post_id = %(post_id)s
FOR KEY SHARE OF clients
FOR NO KEY UPDATE OF tiktok_post;

-- name: store_likes
-- Who likes a post: those not known before are added with the time at which they were first seen.
WITH post AS (
    -- a count that the account hides stays hidden, whatever the list of people says, else the larger of the two that the
    -- upstream gives is the total; no post, no rows
    SELECT post_id,
        CASE WHEN like_count IS NOT NULL THEN GREATEST(%(total)s::bigint, like_count) END AS total,
        CASE WHEN %(is_whole)s THEN %(listed)s ELSE GREATEST(listed, %(listed)s) END AS listed
    FROM insta_post
    WHERE post_id = %(post_id)s
),
reading AS (
    INSERT INTO reading (platform, post_id, fetched_at, listed, total)
    SELECT 'insta', post_id, %(now)s, listed, total
    FROM post
    ON CONFLICT (platform, post_id, fetched_at) DO NOTHING
),
known AS (
    UPDATE insta_post
    SET listed = post.listed,
        total = post.total,
        fetched_at = %(now)s,
        -- a count that no list can have is asked again, however it moves
        fetched_count = CASE WHEN %(is_whole)s THEN like_count END
    FROM post
    WHERE insta_post.post_id = post.post_id
)
INSERT INTO insta_like (post_id, username, first_seen_at)
SELECT post_id, username, %(now)s
FROM post
CROSS JOIN unnest(%(usernames)s::text[]) AS listed (username)
WHERE NOT EXISTS (
    SELECT FROM insta_like AS seen WHERE seen.post_id = %(post_id)s AND seen.username = listed.username
)
ON CONFLICT (post_id, username) DO NOTHING;

-- name: store_comments
-- Comments on a post, as store_likes; a comment that was edited keeps its first text.
WITH post AS (
    -- a count that the account hides stays hidden, whatever the list of people says, else the larger of the two that the
    -- upstream gives is the total; no post, no rows
    SELECT post_id,
        CASE WHEN comment_count IS NOT NULL THEN GREATEST(%(total)s::bigint, comment_count) END AS total,
        CASE WHEN %(is_whole)s THEN %(listed)s ELSE GREATEST(listed, %(listed)s) END AS listed
    FROM tiktok_post
    WHERE post_id = %(post_id)s
),
reading AS (
    INSERT INTO reading (platform, post_id, fetched_at, listed, total)
    SELECT 'tiktok', post_id, %(now)s, listed, total
    FROM post
    ON CONFLICT (platform, post_id, fetched_at) DO NOTHING
),
known AS (
    UPDATE tiktok_post
    SET listed = post.listed,
        total = post.total,
        fetched_at = %(now)s,
        -- a count that no list can have is asked again, however it moves
        fetched_count = CASE WHEN %(is_whole)s THEN comment_count END
    FROM post
    WHERE tiktok_post.post_id = post.post_id
)
INSERT INTO tiktok_comment (post_id, comment_id, username, text, created_at, first_seen_at)
SELECT post_id, comment_id, username, text, COALESCE(created_at, %(now)s), %(now)s
FROM post
CROSS JOIN unnest(
    %(comment_ids)s::text[], %(usernames)s::text[], %(texts)s::text[], %(created_ats)s::timestamptz[]
) AS listed (comment_id, username, text, created_at)
ON CONFLICT (post_id, comment_id) DO NOTHING;

-- name: find_stale_day
-- Whether any day of the span is to be counted anew; most often none is.
SELECT true
FROM stale_day
WHERE client_id = %(client_id)s
    AND platform = %(platform)s
    AND day BETWEEN %(first_day)s AND %(last_day)s
LIMIT 1;

-- name: take_stale_days
-- Unmarks the days whose counts are wrong, and gives them; waits for a fetch that is writing to one of them.
DELETE FROM stale_day
WHERE client_id = %(client_id)s
    AND platform = %(platform)s
    AND day BETWEEN %(first_day)s AND %(last_day)s
RETURNING day;

-- name: count_insta_days
-- How many posts of each of these days each user's handle has liked. Rows that are right already are left alone.
WITH counted AS (
    SELECT span.first_day AS day, "user".user_id, count(*) AS posts
    FROM client_spans(%(client_ids)s::text[], %(days)s::date[], %(days)s::date[]) AS span
    JOIN insta_post AS post
        ON post.client_id = span.client_id
        AND post.published_at >= span.starts_at
        AND post.published_at < span.ends_at
        AND post.deleted_at IS NULL
    CROSS JOIN LATERAL (
        -- OFFSET keeps the planner from reading every row there is
        SELECT username FROM insta_like WHERE insta_like.post_id = post.post_id OFFSET 0
    ) AS seen
    JOIN "user" ON "user".client_id = %(client_id)s AND "user".insta = seen.username
    GROUP BY span.first_day, "user".user_id
),
gone AS (
    DELETE FROM done_by_day AS done
    WHERE client_id = %(client_id)s
        AND platform = 'insta'
        AND day = ANY (%(days)s)
        AND NOT EXISTS (
            SELECT FROM counted WHERE counted.day = done.day AND counted.user_id = done.user_id
        )
)
INSERT INTO done_by_day AS done (client_id, platform, day, user_id, posts)
SELECT %(client_id)s, 'insta', day, user_id, posts
FROM counted
ON CONFLICT (client_id, platform, day, user_id) DO UPDATE
SET posts = EXCLUDED.posts
WHERE done.posts <> EXCLUDED.posts;

-- name: count_tiktok_days
-- How many posts of each of these days each user's handle has commented on, however often. As count_insta_days.
WITH counted AS (
    SELECT span.first_day AS day, "user".user_id, count(*) AS posts
    FROM client_spans(%(client_ids)s::text[], %(days)s::date[], %(days)s::date[]) AS span
    JOIN tiktok_post AS post
        ON post.client_id = span.client_id
        AND post.published_at >= span.starts_at
        AND post.published_at < span.ends_at
        AND post.deleted_at IS NULL
    CROSS JOIN LATERAL (
        -- OFFSET keeps the planner from reading every row there is
        SELECT DISTINCT username FROM tiktok_comment WHERE tiktok_comment.post_id = post.post_id OFFSET 0
    ) AS seen
    JOIN "user" ON "user".client_id = %(client_id)s AND "user".tiktok = seen.username
    GROUP BY span.first_day, "user".user_id
),
gone AS (
    DELETE FROM done_by_day AS done
    WHERE client_id = %(client_id)s
        AND platform = 'tiktok'
        AND day = ANY (%(days)s)
        AND NOT EXISTS (
            SELECT FROM counted WHERE counted.day = done.day AND counted.user_id = done.user_id
        )
)
INSERT INTO done_by_day AS done (client_id, platform, day, user_id, posts)
SELECT %(client_id)s, 'tiktok', day, user_id, posts
FROM counted
ON CONFLICT (client_id, platform, day, user_id) DO UPDATE
SET posts = EXCLUDED.posts
WHERE done.posts <> EXCLUDED.posts;

-- name: list_standings
-- Every active user of a client with the number of the day's posts that the handle on file has done. Without an order,
-- which would cost a third of it: a report's order is not the database's to know.
SELECT person.user_id, person.nama, person.title, person.divisi, person.username, person.exception,
    COALESCE(done.posts, 0) AS done
FROM user_on_platform AS person
LEFT JOIN done_by_day AS done
    ON done.client_id = %(client_id)s
    AND done.platform = %(platform)s
    AND done.day = %(day)s
    AND done.user_id = person.user_id
WHERE person.client_id = %(client_id)s
    AND person.platform = %(platform)s
    AND person.status;

-- name: list_standings_as_of
-- As list_standings, counted from the likes or comments that had been seen at a moment.
SELECT person.user_id, person.nama, person.title, person.divisi, person.username, person.exception,
    COALESCE(done.posts, 0) AS done
FROM user_on_platform AS person
LEFT JOIN (
    SELECT username, count(*) AS posts
    FROM engagement
    WHERE post_id = ANY (%(post_ids)s)
        AND platform = %(platform)s
        AND first_seen_at <= %(as_of)s::timestamptz
    GROUP BY username
) AS done ON done.username = person.username
WHERE person.client_id = %(client_id)s
    AND person.platform = %(platform)s
    AND person.status;

-- name: list_insta_doers
-- Who of a client's active users has liked each of these posts, for reports per post.
SELECT insta_like.post_id, array_agg("user".user_id ORDER BY "user".user_id)
FROM insta_like
JOIN "user"
    ON "user".client_id = %(client_id)s
    AND "user".status
    AND "user".insta = insta_like.username
WHERE insta_like.post_id = ANY (%(post_ids)s)
    AND insta_like.first_seen_at <= COALESCE(%(as_of)s::timestamptz, 'infinity')
GROUP BY insta_like.post_id
ORDER BY insta_like.post_id;

-- name: list_tiktok_doers
-- Who of a client's active users has commented on each of these posts.
SELECT tiktok_comment.post_id, array_agg(DISTINCT "user".user_id ORDER BY "user".user_id)
FROM tiktok_comment
JOIN "user"
    ON "user".client_id = %(client_id)s
    AND "user".status
    AND "user".tiktok = tiktok_comment.username
WHERE tiktok_comment.post_id = ANY (%(post_ids)s)
    AND tiktok_comment.first_seen_at <= COALESCE(%(as_of)s::timestamptz, 'infinity')
GROUP BY tiktok_comment.post_id
ORDER BY tiktok_comment.post_id;

-- name: list_people
-- Every handle seen on each of these posts and when it was first seen: where a complaint is looked into.
SELECT post_id, username, first_seen_at
FROM engagement
WHERE post_id = ANY (%(post_ids)s)
    AND platform = %(platform)s
    AND first_seen_at <= COALESCE(%(as_of)s::timestamptz, 'infinity')
ORDER BY post_id, username;

-- name: list_left_to_do
-- Every user who may be reminded, with the day's posts that are left to like and to comment on. One look-up for each
-- person and post, and no join: whoever plans it without its values believes in a few people, and joins all with all.
-- OFFSET keeps the look-ups ones of an index.
SELECT user_id, nama, title, whatsapp, insta, tiktok
FROM (
    SELECT person.user_id, person.nama, person.title, person.whatsapp,
        ARRAY(
            SELECT post_id
            FROM unnest(%(insta_post_ids)s::bigint[]) AS post (post_id)
            WHERE person.insta IS NOT NULL
                AND NOT EXISTS (
                    SELECT
                    FROM insta_like AS done
                    WHERE done.post_id = post.post_id AND done.username = person.insta
                    OFFSET 0
                )
        ) AS insta,
        ARRAY(
            SELECT post_id
            FROM unnest(%(tiktok_post_ids)s::bigint[]) AS post (post_id)
            WHERE person.tiktok IS NOT NULL
                AND NOT EXISTS (
                    SELECT
                    FROM tiktok_comment AS done
                    WHERE done.post_id = post.post_id AND done.username = person.tiktok
                    OFFSET 0
                )
        ) AS tiktok
    FROM "user" AS person
    WHERE person.client_id = %(client_id)s
        AND person.status
        AND NOT person.exception
        AND person.wa_opt_in
        AND person.whatsapp IS NOT NULL
        AND person.user_id = COALESCE(%(user_id)s, person.user_id)
    OFFSET 0
) AS person
WHERE insta <> '{}' OR tiktok <> '{}'
ORDER BY user_id;
