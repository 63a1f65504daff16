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
            AND day BETWEEN span.first_day AND span.last_day
            AND is_counted
    ) AS post
) AS counted
ORDER BY span.client_id;

-- name: summarise_days
-- The counts of each client's own day, by the rules of domain/attendance/absensi.py; `posts` and `required` are the day's.
SELECT client_id, count(*) AS users, posts,
    count(*) FILTER (WHERE exception OR done >= required) AS sudah,
    count(*) FILTER (WHERE NOT exception AND (username IS NOT NULL OR done > 0) AND done >= posts) AS lengkap,
    count(*) FILTER (WHERE NOT exception AND done > 0 AND done < posts) AS kurang,
    count(*) FILTER (WHERE NOT exception AND username IS NOT NULL AND done = 0 AND done < posts) AS belum,
    count(*) FILTER (WHERE NOT exception AND username IS NULL AND done = 0) AS tanpa_username,
    count(*) FILTER (WHERE exception) AS dikecualikan
FROM (
    SELECT asked.client_id, asked.posts, asked.required, person.exception, person.username,
        COALESCE(done.posts, 0) AS done
    FROM unnest(%(client_ids)s::text[], %(days)s::date[], %(posts)s::int[], %(required)s::int[])
        AS asked (client_id, day, posts, required)
    CROSS JOIN LATERAL (
        -- OFFSET keeps the planner from putting together the audiences of all clients
        SELECT user_id, exception, username
        FROM user_of_day
        WHERE user_of_day.client_id = asked.client_id
            AND platform = %(platform)s
            AND known_until = 'infinity'
            AND valid_from <= asked.day
            AND valid_until > asked.day
        OFFSET 0
    ) AS person
    LEFT JOIN done_by_day AS done
        ON done.client_id = asked.client_id
        AND done.platform = %(platform)s
        AND done.day = asked.day
        AND done.user_id = person.user_id
) AS standing
GROUP BY client_id, posts
ORDER BY client_id;

-- name: sum_standings
-- As list_standings, summed over the days of a span on which the user was expected; the facts are those of the last one. The
-- FULL JOINs are those of read_recap.
WITH part AS MATERIALIZED (
    SELECT user_id, nama, title, divisi, username, exception, unit_id, valid_from, valid_until,
        valid_from <= %(first_day)s AND valid_until > %(last_day)s AS is_whole
    FROM user_of_day
    WHERE client_id = %(client_id)s
        AND platform = %(platform)s
        AND known_until = 'infinity'
        AND valid_from <= %(last_day)s
        AND valid_until > %(first_day)s
),
done AS (
    SELECT done.user_id, sum(done.posts)::int AS posts,
        (sum(done.posts) FILTER (WHERE piece.user_id IS NOT NULL))::int AS posts_of_pieces
    FROM (
        SELECT user_id, day, posts
        FROM done_by_day
        WHERE client_id = %(client_id)s
            AND platform = %(platform)s
            AND day BETWEEN %(first_day)s AND %(last_day)s
    ) AS done
    FULL JOIN (
        SELECT user_id, valid_from, valid_until
        FROM part
        WHERE NOT is_whole
    ) AS piece
        ON piece.user_id = done.user_id
        AND piece.valid_from <= done.day
        AND piece.valid_until > done.day
    GROUP BY done.user_id
)
SELECT DISTINCT ON (part.user_id) part.user_id, part.nama, part.title, part.divisi, part.username, part.exception,
    COALESCE(CASE WHEN part.is_whole THEN done.posts ELSE done.posts_of_pieces END, 0) AS done, part.unit_id
FROM part
FULL JOIN done ON done.user_id = part.user_id
WHERE num_nonnulls(part.user_id) = 1
ORDER BY part.user_id, part.valid_from DESC;

-- name: count_sudah
-- How many users are on the roster of each of these days, and how many of them are sudah, the exempt among them; the posts of a
-- day require so much.
SELECT asked.day, count(*) FILTER (WHERE person.exception OR done.posts >= asked.required) AS sudah, count(*) AS users
FROM unnest(%(days)s::date[], %(required)s::int[]) AS asked (day, required)
JOIN user_of_day AS person
    ON person.client_id = %(client_id)s
    AND person.platform = %(platform)s
    AND person.known_until = 'infinity'
    AND person.valid_from <= asked.day
    AND person.valid_until > asked.day
LEFT JOIN done_by_day AS done
    ON done.client_id = %(client_id)s
    AND done.platform = %(platform)s
    AND done.day = asked.day
    AND done.user_id = person.user_id
GROUP BY asked.day
ORDER BY asked.day;

-- name: list_thresholds
-- What a client required on each of these days.
SELECT asked.day, known.threshold
FROM unnest(%(days)s::date[]) AS asked (day)
JOIN client_history AS known
    ON known.client_id = %(client_id)s
    AND known.known_until = 'infinity'
    AND known.valid_from <= asked.day
    AND known.valid_until > asked.day
ORDER BY asked.day;
