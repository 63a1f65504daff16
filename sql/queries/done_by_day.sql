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
-- How many posts of each of these days each user's handles have liked. Rows that are right already are left alone.
WITH owner AS MATERIALIZED (
    SELECT username, user_id, owned_from, owned_until
    FROM audience_owners(%(client_id)s, 'insta', 'infinity')
),
counted AS (
    SELECT day, user_id, count(DISTINCT post_id) AS posts
    FROM (
        SELECT post.day, owner.user_id, post.post_id
        FROM insta_post AS post
        CROSS JOIN LATERAL (
            -- OFFSET keeps the planner from reading every row there is
            SELECT seen.username, insta_like.first_seen_at
            FROM insta_like
            CROSS JOIN LATERAL unnest(usernames) AS seen (username)
            WHERE insta_like.client_id = %(client_id)s AND insta_like.post_id = post.post_id
            OFFSET 0
        ) AS seen
        JOIN owner
            ON owner.username = seen.username
            AND owner.owned_from <= seen.first_seen_at
            AND owner.owned_until > seen.first_seen_at
        WHERE post.client_id = %(client_id)s
            AND post.day = ANY (%(days)s::date[])
            AND post.is_counted
        UNION ALL
        SELECT post.day, accepted.user_id, post.post_id
        FROM correction AS accepted
        JOIN insta_post AS post USING (client_id, post_id)
        WHERE accepted.client_id = %(client_id)s
            AND accepted.platform = 'insta'
            AND accepted.user_id IS NOT NULL
            AND accepted.ended_at IS NULL
            AND post.day = ANY (%(days)s)
            AND post.is_counted
    ) AS done
    GROUP BY day, user_id
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
-- How many posts of each of these days each user's handles have commented on, however often. As count_insta_days; a comment
-- counts at its own time.
WITH owner AS MATERIALIZED (
    SELECT username, user_id, owned_from, owned_until
    FROM audience_owners(%(client_id)s, 'tiktok', 'infinity')
),
counted AS (
    SELECT day, user_id, count(DISTINCT post_id) AS posts
    FROM (
        SELECT post.day, owner.user_id, post.post_id
        FROM tiktok_post AS post
        CROSS JOIN LATERAL (
            -- OFFSET keeps the planner from reading every row there is
            SELECT seen.username, seen.created_at
            FROM tiktok_comment
            CROSS JOIN LATERAL unnest(usernames, created_ats) AS seen (username, created_at)
            WHERE tiktok_comment.client_id = %(client_id)s AND tiktok_comment.post_id = post.post_id
            OFFSET 0
        ) AS seen
        JOIN owner
            ON owner.username = seen.username
            AND owner.owned_from <= seen.created_at
            AND owner.owned_until > seen.created_at
        WHERE post.client_id = %(client_id)s
            AND post.day = ANY (%(days)s::date[])
            AND post.is_counted
        UNION ALL
        SELECT post.day, accepted.user_id, post.post_id
        FROM correction AS accepted
        JOIN tiktok_post AS post USING (client_id, post_id)
        WHERE accepted.client_id = %(client_id)s
            AND accepted.platform = 'tiktok'
            AND accepted.user_id IS NOT NULL
            AND accepted.ended_at IS NULL
            AND post.day = ANY (%(days)s)
            AND post.is_counted
    ) AS done
    GROUP BY day, user_id
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
