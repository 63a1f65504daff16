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

-- name: read_recap
-- Active users of these clients with the number of posts done in each client's own span, a list for each column, most
-- first, and how many stand how. Lists, because making 700 objects of JSON takes longer here than all the rest. `span` and
-- `done` are of one platform, where read_anev counts both.
WITH span AS MATERIALIZED (
    SELECT span.client_id, span.nama, span.first_day, span.last_day,
        (
            SELECT count(*)
            FROM post
            WHERE post.client_id = span.client_id
                AND post.platform = %(platform)s
                AND post.published_at >= span.starts_at
                AND post.published_at < span.ends_at
                AND post.deleted_at IS NULL
        ) AS posts
    FROM client_spans(%(client_ids)s::text[], %(first_days)s::date[], %(last_days)s::date[]) AS span
),
done AS (
    -- one client's rows only: those that a user had at another client went when its days were counted anew
    SELECT done_by_day.user_id, sum(done_by_day.posts) AS posts
    FROM span
    JOIN done_by_day
        ON done_by_day.client_id = span.client_id
        AND done_by_day.platform = %(platform)s
        AND done_by_day.day BETWEEN span.first_day AND span.last_day
    GROUP BY done_by_day.user_id
)
SELECT array_agg(user_id) AS user_id, array_agg(title) AS title, array_agg(nama) AS nama,
    array_agg(username) AS username, array_agg(divisi) AS divisi, array_agg(jumlah) AS jumlah,
    array_agg(exception) AS exception, array_agg(display_nama) AS display_nama, array_agg(client_id) AS client_id,
    array_agg(nama_client) AS nama_client,
    (SELECT COALESCE(sum(posts), 0)::bigint FROM span) AS posts,
    count(*) AS users,
    count(*) FILTER (WHERE standing = 'sudah') AS sudah,
    count(*) FILTER (WHERE standing = 'kurang') AS kurang,
    count(*) FILTER (WHERE standing = 'belum') AS belum,
    count(*) FILTER (WHERE standing = 'no_username') AS no_username,
    count(*) FILTER (WHERE standing = 'no_posts') AS no_posts
FROM (
    SELECT person.user_id, person.title, person.nama, person.username, person.divisi,
        CASE WHEN person.exception THEN span.posts ELSE COALESCE(done.posts, 0) END AS jumlah,
        person.exception, concat_ws(' ', person.title, person.nama) AS display_nama,
        span.client_id, span.nama AS nama_client,
        CASE
            WHEN person.username IS NULL AND NOT person.exception THEN 'no_username'
            WHEN span.posts = 0 THEN 'no_posts'
            WHEN person.exception OR done.posts >= span.posts THEN 'sudah'
            WHEN done.posts > 0 THEN 'kurang'
            ELSE 'belum'
        END AS standing
    FROM span
    JOIN user_on_platform AS person
        ON person.client_id = span.client_id
        AND person.platform = %(platform)s
        AND person.status
    LEFT JOIN done ON done.user_id = person.user_id
    ORDER BY jumlah DESC, person.user_id COLLATE "C"
) AS line;

-- name: count_stats
-- Posts of each client's own span on both platforms, and the active users of these clients.
SELECT COALESCE(sum(counted.insta_posts), 0)::bigint AS insta_posts,
    COALESCE(sum(counted.tiktok_posts), 0)::bigint AS tiktok_posts,
    COALESCE(sum(person.users), 0)::bigint AS users
FROM client_spans(%(client_ids)s::text[], %(first_days)s::date[], %(last_days)s::date[]) AS span
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE post.platform = 'insta') AS insta_posts,
        count(*) FILTER (WHERE post.platform = 'tiktok') AS tiktok_posts
    FROM post
    WHERE post.client_id = span.client_id
        AND post.published_at >= span.starts_at
        AND post.published_at < span.ends_at
        AND post.deleted_at IS NULL
) AS counted
CROSS JOIN LATERAL (
    SELECT count(*) AS users
    FROM "user"
    WHERE "user".client_id = span.client_id AND "user".status
) AS person;
