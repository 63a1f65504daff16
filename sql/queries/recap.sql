-- name: list_choices
-- The active ones of these clients (null: of all), with what tells one state of their data from another.
SELECT clients.client_id, clients.nama, clients.timezone, clients.client_type ~ 'DIREKTORAT' AS is_directorate,
    data_version.changed_by::text AS version
FROM clients
LEFT JOIN data_version USING (client_id)
WHERE clients.client_id = ANY (COALESCE(%(client_ids)s::text[], ARRAY(SELECT client_id FROM clients)))
    AND (%(regional_id)s::text IS NULL OR clients.regional_id = %(regional_id)s)
    AND clients.client_status
ORDER BY clients.client_id;

-- name: count_active_clients
-- How many clients the caller may see (null: all) are active.
SELECT count(*)
FROM clients
WHERE client_status
    AND client_id = ANY (COALESCE(%(client_ids)s::text[], ARRAY(SELECT client_id FROM clients)));

-- name: find_stale_clients
-- Which of these clients have a day in their span that is to be counted anew; most often none has.
SELECT client_id
FROM unnest(%(client_ids)s::text[], %(first_days)s::date[], %(last_days)s::date[])
    AS span (client_id, first_day, last_day)
WHERE EXISTS (
    SELECT
    FROM stale_day
    WHERE stale_day.client_id = span.client_id
        AND platform = %(platform)s
        AND day BETWEEN first_day AND last_day
)
ORDER BY client_id;

-- name: recap_insta
-- Active users of these clients with the number of posts liked in each client's own span, as JSON, and how many stand how.
-- LIMIT says nothing but how few clients are to be expected: without it the planner expects ten, finds its general plan
-- dear, and plans anew each time, which takes as long as a tenth of the recap or the whole of the stats.
WITH span AS MATERIALIZED (
    SELECT client_id, clients.nama, first_day, last_day,
        (
            SELECT count(*)
            FROM insta_post AS post
            WHERE post.client_id = clients.client_id
                AND post.published_at >= asked.first_day::timestamp AT TIME ZONE clients.timezone
                AND post.published_at < (asked.last_day + 1)::timestamp AT TIME ZONE clients.timezone
                AND post.deleted_at IS NULL
        ) AS posts
    FROM (
        SELECT client_id, first_day, last_day
        FROM unnest(%(client_ids)s::text[], %(first_days)s::date[], %(last_days)s::date[])
            AS given (client_id, first_day, last_day)
        LIMIT cardinality(%(client_ids)s::text[])
    ) AS asked
    JOIN clients USING (client_id)
),
done AS (
    -- one client's rows only: those that a user had at another client went when its days were counted anew
    SELECT done_by_day.user_id, sum(done_by_day.posts) AS posts
    FROM span
    JOIN done_by_day
        ON done_by_day.client_id = span.client_id
        AND done_by_day.platform = 'insta'
        AND done_by_day.day BETWEEN span.first_day AND span.last_day
    GROUP BY done_by_day.user_id
),
person AS MATERIALIZED (
    SELECT "user".user_id, "user".title, "user".nama, "user".insta AS username, "user".divisi,
        CASE WHEN "user".exception THEN span.posts ELSE COALESCE(done.posts, 0) END AS jumlah_like,
        "user".exception, concat_ws(' ', "user".title, "user".nama) AS display_nama,
        span.client_id, span.nama AS nama_client,
        CASE
            WHEN "user".insta IS NULL AND NOT "user".exception THEN 'no_username'
            WHEN span.posts = 0 THEN 'no_posts'
            WHEN "user".exception OR done.posts >= span.posts THEN 'sudah'
            WHEN done.posts > 0 THEN 'kurang'
            ELSE 'belum'
        END AS standing
    FROM span
    JOIN "user" ON "user".client_id = span.client_id AND "user".status
    LEFT JOIN done ON done.user_id = "user".user_id
)
SELECT COALESCE(
        (
            SELECT json_agg(line)
            FROM (
                SELECT user_id, title, nama, username, divisi, jumlah_like, exception, display_nama, client_id,
                    nama_client
                FROM person
                ORDER BY jumlah_like DESC, user_id COLLATE "C"
            ) AS line
        )::text,
        '[]'
    ) AS rows,
    (SELECT COALESCE(sum(posts), 0)::bigint FROM span) AS posts,
    count(*) AS users,
    count(*) FILTER (WHERE standing = 'sudah') AS sudah,
    count(*) FILTER (WHERE standing = 'kurang') AS kurang,
    count(*) FILTER (WHERE standing = 'belum') AS belum,
    count(*) FILTER (WHERE standing = 'no_username') AS no_username,
    count(*) FILTER (WHERE standing = 'no_posts') AS no_posts
FROM person;

-- name: recap_tiktok
-- As recap_insta, of posts commented on.
WITH span AS MATERIALIZED (
    SELECT client_id, clients.nama, first_day, last_day,
        (
            SELECT count(*)
            FROM tiktok_post AS post
            WHERE post.client_id = clients.client_id
                AND post.published_at >= asked.first_day::timestamp AT TIME ZONE clients.timezone
                AND post.published_at < (asked.last_day + 1)::timestamp AT TIME ZONE clients.timezone
                AND post.deleted_at IS NULL
        ) AS posts
    FROM (
        SELECT client_id, first_day, last_day
        FROM unnest(%(client_ids)s::text[], %(first_days)s::date[], %(last_days)s::date[])
            AS given (client_id, first_day, last_day)
        LIMIT cardinality(%(client_ids)s::text[])
    ) AS asked
    JOIN clients USING (client_id)
),
done AS (
    -- one client's rows only: those that a user had at another client went when its days were counted anew
    SELECT done_by_day.user_id, sum(done_by_day.posts) AS posts
    FROM span
    JOIN done_by_day
        ON done_by_day.client_id = span.client_id
        AND done_by_day.platform = 'tiktok'
        AND done_by_day.day BETWEEN span.first_day AND span.last_day
    GROUP BY done_by_day.user_id
),
person AS MATERIALIZED (
    SELECT "user".user_id, "user".title, "user".nama, "user".tiktok AS username, "user".divisi,
        CASE WHEN "user".exception THEN span.posts ELSE COALESCE(done.posts, 0) END AS jumlah_komentar,
        "user".exception, concat_ws(' ', "user".title, "user".nama) AS display_nama,
        span.client_id, span.nama AS nama_client,
        CASE
            WHEN "user".tiktok IS NULL AND NOT "user".exception THEN 'no_username'
            WHEN span.posts = 0 THEN 'no_posts'
            WHEN "user".exception OR done.posts >= span.posts THEN 'sudah'
            WHEN done.posts > 0 THEN 'kurang'
            ELSE 'belum'
        END AS standing
    FROM span
    JOIN "user" ON "user".client_id = span.client_id AND "user".status
    LEFT JOIN done ON done.user_id = "user".user_id
)
SELECT COALESCE(
        (
            SELECT json_agg(line)
            FROM (
                SELECT user_id, title, nama, username, divisi, jumlah_komentar, exception, display_nama, client_id,
                    nama_client
                FROM person
                ORDER BY jumlah_komentar DESC, user_id COLLATE "C"
            ) AS line
        )::text,
        '[]'
    ) AS rows,
    (SELECT COALESCE(sum(posts), 0)::bigint FROM span) AS posts,
    count(*) AS users,
    count(*) FILTER (WHERE standing = 'sudah') AS sudah,
    count(*) FILTER (WHERE standing = 'kurang') AS kurang,
    count(*) FILTER (WHERE standing = 'belum') AS belum,
    count(*) FILTER (WHERE standing = 'no_username') AS no_username,
    count(*) FILTER (WHERE standing = 'no_posts') AS no_posts
FROM person;

-- name: count_stats
-- Posts of each client's own span on both platforms, and the active users of these clients.
SELECT COALESCE(sum(insta.posts), 0)::bigint AS insta_posts, COALESCE(sum(tiktok.posts), 0)::bigint AS tiktok_posts,
    COALESCE(sum(person.users), 0)::bigint AS users
FROM (
    SELECT client_id, first_day, last_day
    FROM unnest(%(client_ids)s::text[], %(first_days)s::date[], %(last_days)s::date[])
        AS given (client_id, first_day, last_day)
    LIMIT cardinality(%(client_ids)s::text[])
) AS asked
JOIN clients USING (client_id)
CROSS JOIN LATERAL (
    SELECT asked.first_day::timestamp AT TIME ZONE clients.timezone AS start,
        (asked.last_day + 1)::timestamp AT TIME ZONE clients.timezone AS finish
) AS span
CROSS JOIN LATERAL (
    SELECT count(*) AS posts
    FROM insta_post AS post
    WHERE post.client_id = clients.client_id
        AND post.published_at >= span.start
        AND post.published_at < span.finish
        AND post.deleted_at IS NULL
) AS insta
CROSS JOIN LATERAL (
    SELECT count(*) AS posts
    FROM tiktok_post AS post
    WHERE post.client_id = clients.client_id
        AND post.published_at >= span.start
        AND post.published_at < span.finish
        AND post.deleted_at IS NULL
) AS tiktok
CROSS JOIN LATERAL (
    SELECT count(*) AS users
    FROM "user"
    WHERE "user".client_id = clients.client_id AND "user".status
) AS person;
