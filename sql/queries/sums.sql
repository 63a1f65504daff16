-- name: count_posts_of_days
-- How many posts each client has on its own day, and how many of their people were listed. Where they were never read, the listing's count.
SELECT span.client_id, counted.posts, counted.listed, counted.total, counted.read_at,
    counted.posts > 0 OR EXISTS (
        SELECT
        FROM listed_day
        WHERE listed_day.client_id = span.client_id
            AND listed_day.platform = %(platform)s
            AND listed_day.day = span.first_day
    ) AS is_listed
FROM client_spans(%(client_ids)s::text[], %(days)s::date[], %(days)s::date[]) AS span
CROSS JOIN LATERAL (
    SELECT count(*) AS posts,
        COALESCE(sum(LEAST(listed, known)) FILTER (WHERE known IS NOT NULL), 0)::bigint AS listed,
        COALESCE(sum(known), 0)::bigint AS total, max(fetched_at) AS read_at
    FROM (
        SELECT listed, fetched_at, CASE WHEN fetched_at IS NULL THEN shown_count ELSE total END AS known
        FROM post
        WHERE post.client_id = span.client_id
            AND platform = %(platform)s
            AND published_at >= span.starts_at
            AND published_at < span.ends_at
            AND deleted_at IS NULL
    ) AS post
) AS counted
ORDER BY span.client_id;

-- name: summarise_days
-- The counts of each client's own day, by the rules of domain/attendance/absensi.py; `posts` and `required` are the day's.
SELECT client_id, count(*) AS users, posts,
    count(*) FILTER (WHERE exception OR done >= required) AS sudah,
    count(*) FILTER (WHERE NOT exception AND username IS NOT NULL AND done >= posts) AS lengkap,
    count(*) FILTER (WHERE NOT exception AND username IS NOT NULL AND done > 0 AND done < posts) AS kurang,
    count(*) FILTER (WHERE NOT exception AND username IS NOT NULL AND done = 0 AND done < posts) AS belum,
    count(*) FILTER (WHERE NOT exception AND username IS NULL) AS tanpa_username,
    count(*) FILTER (WHERE exception) AS dikecualikan
FROM (
    SELECT asked.client_id, asked.posts, asked.required, person.exception, person.username,
        CASE WHEN person.username IS NULL THEN 0 ELSE COALESCE(done.posts, 0) END AS done
    FROM unnest(%(client_ids)s::text[], %(days)s::date[], %(posts)s::int[], %(required)s::int[])
        AS asked (client_id, day, posts, required)
    JOIN user_on_platform AS person
        ON person.client_id = asked.client_id
        AND person.platform = %(platform)s
        AND person.status
    LEFT JOIN done_by_day AS done
        ON done.client_id = asked.client_id
        AND done.platform = %(platform)s
        AND done.day = asked.day
        AND done.user_id = person.user_id
) AS standing
GROUP BY client_id, posts
ORDER BY client_id;

-- name: sum_standings
-- As list_standings, summed over the days of a span.
SELECT person.user_id, person.nama, person.title, person.divisi, person.username, person.exception,
    COALESCE(done.posts, 0) AS done
FROM user_on_platform AS person
LEFT JOIN (
    SELECT user_id, sum(posts)::int AS posts
    FROM done_by_day
    WHERE client_id = %(client_id)s
        AND platform = %(platform)s
        AND day BETWEEN %(first_day)s AND %(last_day)s
    GROUP BY user_id
) AS done ON done.user_id = person.user_id
WHERE person.client_id = %(client_id)s
    AND person.platform = %(platform)s
    AND person.status;

-- name: count_sudah
-- How many users are sudah on each of these days, whose posts require so much; the exempt are left to the caller.
SELECT asked.day, count(*) AS sudah
FROM unnest(%(days)s::date[], %(required)s::int[]) AS asked (day, required)
JOIN done_by_day AS done
    ON done.client_id = %(client_id)s
    AND done.platform = %(platform)s
    AND done.day = asked.day
    AND done.posts >= asked.required
JOIN user_on_platform AS person
    ON person.user_id = done.user_id
    AND person.client_id = %(client_id)s
    AND person.platform = %(platform)s
    AND person.status
    AND NOT person.exception
    AND person.username IS NOT NULL
GROUP BY asked.day
ORDER BY asked.day;
