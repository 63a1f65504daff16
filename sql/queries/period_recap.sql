-- name: list_stretches
-- What everybody who was expected on a client's posts (or one user alone) has done of them in a span, by stretches of days with the
-- same facts, each person's in order of time. Exempt days count 0 of 0. The FULL JOINs are those of read_recap.
WITH of_day AS MATERIALIZED (
    SELECT post.day, count(*) AS posts,
        -- as required_posts of domain/attendance/absensi.py
        GREATEST(1, ceil(known.threshold * count(*) - 1e-9))::bigint AS required
    FROM post
    JOIN client_history AS known
        ON known.client_id = post.client_id
        AND known.known_until = 'infinity'
        AND known.valid_from <= post.day
        AND known.valid_until > post.day
    WHERE post.client_id = %(client_id)s
        AND post.platform = %(platform)s
        AND post.day BETWEEN %(first_day)s AND %(last_day)s
        AND post.is_counted
    GROUP BY post.day, known.threshold
),
part AS MATERIALIZED (
    SELECT user_id, nama, title, divisi, unit_id, exception, GREATEST(valid_from, %(first_day)s::date) AS from_day,
        LEAST(valid_until, %(last_day)s::date + 1) AS until_day
    FROM user_of_day
    WHERE client_id = %(client_id)s
        AND platform = %(platform)s
        AND known_until = 'infinity'
        AND valid_from <= %(last_day)s
        AND valid_until > %(first_day)s
        AND (%(user_id)s::text IS NULL OR user_id = %(user_id)s)
),
expected AS MATERIALIZED (
    SELECT stretch.from_day, stretch.until_day, sum(of_day.posts)::bigint AS posts, count(*) AS days
    FROM (SELECT DISTINCT from_day, until_day FROM part WHERE NOT exception) AS stretch
    JOIN of_day ON of_day.day >= stretch.from_day AND of_day.day < stretch.until_day
    GROUP BY stretch.from_day, stretch.until_day
),
done AS (
    SELECT part.user_id, part.from_day, sum(done.posts)::bigint AS posts,
        count(*) FILTER (WHERE done.posts >= done.required) AS sudah_days
    FROM (
        SELECT done_by_day.user_id, done_by_day.day, done_by_day.posts, of_day.required
        FROM done_by_day
        JOIN of_day USING (day)
        WHERE client_id = %(client_id)s
            AND platform = %(platform)s
            AND day BETWEEN %(first_day)s AND %(last_day)s
            AND (%(user_id)s::text IS NULL OR user_id = %(user_id)s)
    ) AS done
    FULL JOIN (SELECT user_id, from_day, until_day FROM part WHERE NOT exception) AS part
        ON part.user_id = done.user_id AND part.from_day <= done.day AND part.until_day > done.day
    WHERE num_nonnulls(part.user_id, done.user_id) = 2
    GROUP BY part.user_id, part.from_day
)
SELECT part.user_id, part.nama, part.title, part.divisi, part.unit_id, COALESCE(done.posts, 0) AS done,
    COALESCE(expected.posts, 0) AS total, COALESCE(done.sudah_days, 0) AS sudah_days, COALESCE(expected.days, 0) AS days
FROM part
FULL JOIN done ON done.user_id = part.user_id AND done.from_day = part.from_day
LEFT JOIN expected ON NOT part.exception AND expected.from_day = part.from_day AND expected.until_day = part.until_day
WHERE num_nonnulls(part.user_id) = 1
ORDER BY part.user_id, part.from_day;

-- name: list_days_without_data
-- Days of a span of which nothing was ever told: not fetched, and no posts known.
SELECT asked.day::date AS day
FROM generate_series(%(first_day)s::date, %(last_day)s::date, interval '1 day') AS asked (day)
WHERE NOT EXISTS (
    SELECT
    FROM listed_day
    WHERE listed_day.client_id = %(client_id)s AND listed_day.platform = %(platform)s AND listed_day.day = asked.day::date
)
    AND NOT EXISTS (
        SELECT
        FROM post
        WHERE post.client_id = %(client_id)s
            AND post.platform = %(platform)s
            AND post.day = asked.day::date
            AND post.is_counted
    )
ORDER BY day;

-- name: count_posts
-- How many posts of a client's count in a span.
SELECT count(*)
FROM post
WHERE client_id = %(client_id)s
    AND platform = %(platform)s
    AND day BETWEEN %(first_day)s AND %(last_day)s
    AND is_counted;

-- name: list_last_done
-- The last day on which these users did a post of a client's, by user; who never did is left out. Days must be counted.
SELECT user_id, max(day) AS last_day
FROM done_by_day
WHERE client_id = %(client_id)s
    AND platform = ANY (%(platforms)s::text[])
    AND user_id = ANY (%(user_ids)s::text[])
    AND posts > 0
GROUP BY user_id
ORDER BY user_id;

-- name: list_days
-- What everybody who was expected on a client's posts has done of them on each day with posts, by user: the days, as how many
-- after the first, and the posts done on each. Exempt days count as nothing.
WITH of_day AS MATERIALIZED (
    SELECT day, count(*) AS posts
    FROM post
    WHERE client_id = %(client_id)s
        AND platform = %(platform)s
        AND day BETWEEN %(first_day)s AND %(last_day)s
        AND is_counted
    GROUP BY day
),
part AS MATERIALIZED (
    SELECT user_id, GREATEST(valid_from, %(first_day)s::date) AS from_day, LEAST(valid_until, %(last_day)s::date + 1) AS until_day
    FROM user_of_day
    WHERE client_id = %(client_id)s
        AND platform = %(platform)s
        AND known_until = 'infinity'
        AND valid_from <= %(last_day)s
        AND valid_until > %(first_day)s
        AND NOT exception
),
expected AS (
    SELECT part.user_id, of_day.day
    FROM part
    JOIN of_day ON of_day.day >= part.from_day AND of_day.day < part.until_day
),
done AS MATERIALIZED (
    SELECT user_id, day, posts
    FROM done_by_day
    WHERE client_id = %(client_id)s AND platform = %(platform)s AND day BETWEEN %(first_day)s AND %(last_day)s
)
SELECT expected.user_id, array_agg(expected.day - %(first_day)s::date ORDER BY expected.day) AS days,
    array_agg(COALESCE(done.posts, 0)::integer ORDER BY expected.day) AS done
FROM expected
FULL JOIN done ON done.user_id = expected.user_id AND done.day = expected.day
WHERE num_nonnulls(expected.user_id) = 1
GROUP BY expected.user_id
ORDER BY expected.user_id;

-- name: list_posts_by_day
-- How many posts of a client's count on each day of a span that has any.
SELECT day, count(*) AS posts
FROM post
WHERE client_id = %(client_id)s
    AND platform = %(platform)s
    AND day BETWEEN %(first_day)s AND %(last_day)s
    AND is_counted
GROUP BY day
ORDER BY day;
