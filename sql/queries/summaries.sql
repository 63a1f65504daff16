-- name: count_insta_posts_of_days
-- How many posts each client has on its own day, and how many of their people were listed. Where they were never read, the listing's count.
SELECT asked.client_id, count(post.post_id) AS posts,
    COALESCE(sum(LEAST(post.listed, post.known)) FILTER (WHERE post.known IS NOT NULL), 0)::bigint AS listed,
    COALESCE(sum(post.known), 0)::bigint AS total, max(post.fetched_at) AS read_at,
    count(post.post_id) > 0 OR bool_or(listed_day.day IS NOT NULL) AS is_listed
FROM unnest(%(client_ids)s::text[], %(days)s::date[], %(starts)s::timestamptz[], %(ends)s::timestamptz[])
    AS asked (client_id, day, day_start, day_end)
LEFT JOIN LATERAL (
    SELECT post_id, listed, fetched_at, CASE WHEN fetched_at IS NULL THEN like_count ELSE total END AS known
    FROM insta_post
    WHERE insta_post.client_id = asked.client_id
        AND published_at >= asked.day_start
        AND published_at < asked.day_end
        AND deleted_at IS NULL
) AS post ON true
LEFT JOIN listed_day
    ON listed_day.client_id = asked.client_id
    AND listed_day.platform = 'insta'
    AND listed_day.day = asked.day
GROUP BY asked.client_id
ORDER BY asked.client_id;

-- name: summarise_insta_days
-- The counts of each client's own day, by the rules of domain/attendance.py; `posts` and `required` are the day's.
SELECT client_id, count(*) AS users, posts,
    count(*) FILTER (WHERE exception OR done >= required) AS sudah,
    count(*) FILTER (WHERE NOT exception AND username IS NOT NULL AND done >= posts) AS lengkap,
    count(*) FILTER (WHERE NOT exception AND username IS NOT NULL AND done > 0 AND done < posts) AS kurang,
    count(*) FILTER (WHERE NOT exception AND username IS NOT NULL AND done = 0 AND done < posts) AS belum,
    count(*) FILTER (WHERE NOT exception AND username IS NULL) AS tanpa_username,
    count(*) FILTER (WHERE exception) AS dikecualikan
FROM (
    SELECT asked.client_id, asked.posts, asked.required, "user".exception, "user".insta AS username,
        CASE WHEN "user".insta IS NULL THEN 0 ELSE COALESCE(done.posts, 0) END AS done
    FROM unnest(%(client_ids)s::text[], %(days)s::date[], %(posts)s::int[], %(required)s::int[])
        AS asked (client_id, day, posts, required)
    JOIN "user" ON "user".client_id = asked.client_id AND "user".status
    LEFT JOIN done_by_day AS done
        ON done.client_id = asked.client_id
        AND done.platform = 'insta'
        AND done.day = asked.day
        AND done.user_id = "user".user_id
) AS standing
GROUP BY client_id, posts
ORDER BY client_id;

-- name: sum_insta_standings
-- As list_insta_standings, summed over the days of a span.
SELECT "user".user_id, "user".nama, "user".title, "user".divisi, "user".insta AS username, "user".exception,
    COALESCE(done.posts, 0) AS done
FROM "user"
LEFT JOIN (
    SELECT user_id, sum(posts)::int AS posts
    FROM done_by_day
    WHERE client_id = %(client_id)s
        AND platform = 'insta'
        AND day BETWEEN %(first_day)s AND %(last_day)s
    GROUP BY user_id
) AS done ON done.user_id = "user".user_id
WHERE "user".client_id = %(client_id)s
    AND "user".status;

-- name: count_insta_sudah
-- How many users are sudah on each of these days, whose posts require so much; the exempt are left to the caller.
SELECT asked.day, count(*) AS sudah
FROM unnest(%(days)s::date[], %(required)s::int[]) AS asked (day, required)
JOIN done_by_day AS done
    ON done.client_id = %(client_id)s
    AND done.platform = 'insta'
    AND done.day = asked.day
    AND done.posts >= asked.required
JOIN "user"
    ON "user".user_id = done.user_id
    AND "user".client_id = %(client_id)s
    AND "user".status
    AND NOT "user".exception
    AND "user".insta IS NOT NULL
GROUP BY asked.day
ORDER BY asked.day;

-- name: count_tiktok_posts_of_days
-- How many posts each client has on its own day, and how many of their people were listed. As count_insta_posts_of_days.
SELECT asked.client_id, count(post.post_id) AS posts,
    COALESCE(sum(LEAST(post.listed, post.known)) FILTER (WHERE post.known IS NOT NULL), 0)::bigint AS listed,
    COALESCE(sum(post.known), 0)::bigint AS total, max(post.fetched_at) AS read_at,
    count(post.post_id) > 0 OR bool_or(listed_day.day IS NOT NULL) AS is_listed
FROM unnest(%(client_ids)s::text[], %(days)s::date[], %(starts)s::timestamptz[], %(ends)s::timestamptz[])
    AS asked (client_id, day, day_start, day_end)
LEFT JOIN LATERAL (
    SELECT post_id, listed, fetched_at, CASE WHEN fetched_at IS NULL THEN comment_count ELSE total END AS known
    FROM tiktok_post
    WHERE tiktok_post.client_id = asked.client_id
        AND published_at >= asked.day_start
        AND published_at < asked.day_end
        AND deleted_at IS NULL
) AS post ON true
LEFT JOIN listed_day
    ON listed_day.client_id = asked.client_id
    AND listed_day.platform = 'tiktok'
    AND listed_day.day = asked.day
GROUP BY asked.client_id
ORDER BY asked.client_id;

-- name: summarise_tiktok_days
-- The counts of each client's own day, by the rules of domain/attendance.py; `posts` and `required` are the day's.
SELECT client_id, count(*) AS users, posts,
    count(*) FILTER (WHERE exception OR done >= required) AS sudah,
    count(*) FILTER (WHERE NOT exception AND username IS NOT NULL AND done >= posts) AS lengkap,
    count(*) FILTER (WHERE NOT exception AND username IS NOT NULL AND done > 0 AND done < posts) AS kurang,
    count(*) FILTER (WHERE NOT exception AND username IS NOT NULL AND done = 0 AND done < posts) AS belum,
    count(*) FILTER (WHERE NOT exception AND username IS NULL) AS tanpa_username,
    count(*) FILTER (WHERE exception) AS dikecualikan
FROM (
    SELECT asked.client_id, asked.posts, asked.required, "user".exception, "user".tiktok AS username,
        CASE WHEN "user".tiktok IS NULL THEN 0 ELSE COALESCE(done.posts, 0) END AS done
    FROM unnest(%(client_ids)s::text[], %(days)s::date[], %(posts)s::int[], %(required)s::int[])
        AS asked (client_id, day, posts, required)
    JOIN "user" ON "user".client_id = asked.client_id AND "user".status
    LEFT JOIN done_by_day AS done
        ON done.client_id = asked.client_id
        AND done.platform = 'tiktok'
        AND done.day = asked.day
        AND done.user_id = "user".user_id
) AS standing
GROUP BY client_id, posts
ORDER BY client_id;

-- name: sum_tiktok_standings
-- As list_tiktok_standings, summed over the days of a span.
SELECT "user".user_id, "user".nama, "user".title, "user".divisi, "user".tiktok AS username, "user".exception,
    COALESCE(done.posts, 0) AS done
FROM "user"
LEFT JOIN (
    SELECT user_id, sum(posts)::int AS posts
    FROM done_by_day
    WHERE client_id = %(client_id)s
        AND platform = 'tiktok'
        AND day BETWEEN %(first_day)s AND %(last_day)s
    GROUP BY user_id
) AS done ON done.user_id = "user".user_id
WHERE "user".client_id = %(client_id)s
    AND "user".status;

-- name: count_tiktok_sudah
-- How many users are sudah on each of these days, whose posts require so much; the exempt are left to the caller.
SELECT asked.day, count(*) AS sudah
FROM unnest(%(days)s::date[], %(required)s::int[]) AS asked (day, required)
JOIN done_by_day AS done
    ON done.client_id = %(client_id)s
    AND done.platform = 'tiktok'
    AND done.day = asked.day
    AND done.posts >= asked.required
JOIN "user"
    ON "user".user_id = done.user_id
    AND "user".client_id = %(client_id)s
    AND "user".status
    AND NOT "user".exception
    AND "user".tiktok IS NOT NULL
GROUP BY asked.day
ORDER BY asked.day;
