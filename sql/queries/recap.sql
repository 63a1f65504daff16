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
-- Who was on the roster of these clients on some day of each client's own span, with the number of posts done on the days on
-- which the user was expected, a list for each column, most first, and how many stand how. The facts are those of the last such
-- day. Lists, because making 700 objects of JSON takes longer here than all the rest. `span`, `of_day` and `part` are of one
-- platform, where read_anev counts both.
WITH span AS MATERIALIZED (
    SELECT client_id, nama, first_day, last_day
    FROM client_spans(%(client_ids)s::text[], %(first_days)s::date[], %(last_days)s::date[])
),
of_day AS MATERIALIZED (
    SELECT span.client_id, post.day, count(*) AS posts
    FROM span
    JOIN post
        ON post.client_id = span.client_id
        AND post.platform = %(platform)s
        AND post.day BETWEEN span.first_day AND span.last_day
        AND post.deleted_at IS NULL
    GROUP BY span.client_id, post.day
),
span_posts AS MATERIALIZED (
    SELECT client_id, sum(posts) AS posts
    FROM of_day
    GROUP BY client_id
),
part AS (
    -- most people have one part, which is the whole span
    SELECT span.nama AS nama_client, COALESCE(span_posts.posts, 0) AS span_posts, person.client_id, person.user_id,
        person.title, person.nama, person.username, person.divisi, person.exception, person.valid_from,
        person.valid_until,
        CASE
            WHEN person.exception THEN 0
            WHEN person.valid_from <= span.first_day AND person.valid_until > span.last_day
            THEN COALESCE(span_posts.posts, 0)
            ELSE (
                SELECT COALESCE(sum(of_day.posts), 0)
                FROM of_day
                WHERE of_day.client_id = person.client_id
                    AND of_day.day >= person.valid_from
                    AND of_day.day < person.valid_until
            )
        END AS expected
    FROM span
    JOIN user_of_day AS person
        ON person.client_id = span.client_id
        AND person.platform = %(platform)s
        AND person.known_until = 'infinity'
        AND person.valid_from <= span.last_day
        AND person.valid_until > span.first_day
    LEFT JOIN span_posts ON span_posts.client_id = span.client_id
),
done AS (
    -- the table and not `part`: of a WITH the planner believes that it is a few rows, and joins all with all
    SELECT done_by_day.client_id, done_by_day.user_id COLLATE "C" AS user_id, sum(done_by_day.posts) AS posts
    FROM span
    JOIN done_by_day
        ON done_by_day.client_id = span.client_id
        AND done_by_day.platform = %(platform)s
        AND done_by_day.day BETWEEN span.first_day AND span.last_day
    JOIN user_of_day AS expected
        ON expected.client_id = done_by_day.client_id
        AND expected.client_id = span.client_id
        AND expected.platform = %(platform)s
        AND expected.user_id = done_by_day.user_id
        AND expected.known_until = 'infinity'
        AND expected.valid_from <= done_by_day.day
        AND expected.valid_until > done_by_day.day
        AND NOT expected.exception
    GROUP BY done_by_day.client_id, done_by_day.user_id COLLATE "C"
),
person AS (
    SELECT DISTINCT ON (client_id, user_id COLLATE "C") client_id, nama_client, span_posts, user_id, title, nama, username,
        divisi, exception, sum(expected) OVER (PARTITION BY client_id, user_id COLLATE "C") AS expected
    FROM part
    ORDER BY client_id, user_id COLLATE "C", valid_from DESC
)
SELECT array_agg(user_id) AS user_id, array_agg(title) AS title, array_agg(nama) AS nama,
    array_agg(username) AS username, array_agg(divisi) AS divisi, array_agg(jumlah) AS jumlah,
    array_agg(exception) AS exception, array_agg(display_nama) AS display_nama, array_agg(client_id) AS client_id,
    array_agg(nama_client) AS nama_client,
    (SELECT COALESCE(sum(posts), 0)::bigint FROM span_posts) AS posts,
    count(*) AS users,
    count(*) FILTER (WHERE standing = 'sudah') AS sudah,
    count(*) FILTER (WHERE standing = 'kurang') AS kurang,
    count(*) FILTER (WHERE standing = 'belum') AS belum,
    count(*) FILTER (WHERE standing = 'no_username') AS no_username,
    count(*) FILTER (WHERE standing = 'no_posts') AS no_posts
FROM (
    SELECT person.user_id, person.title, person.nama, person.username, person.divisi,
        (CASE WHEN person.exception THEN person.span_posts ELSE COALESCE(done.posts, 0) END)::bigint AS jumlah,
        person.exception, concat_ws(' ', person.title, person.nama) AS display_nama, person.client_id,
        person.nama_client,
        CASE
            WHEN person.username IS NULL AND NOT person.exception AND done.posts IS NULL THEN 'no_username'
            WHEN person.span_posts = 0 OR (person.expected = 0 AND NOT person.exception) THEN 'no_posts'
            WHEN person.exception OR done.posts >= person.expected THEN 'sudah'
            WHEN done.posts > 0 THEN 'kurang'
            ELSE 'belum'
        END AS standing
    FROM person
    LEFT JOIN done ON done.client_id = person.client_id AND done.user_id = person.user_id COLLATE "C"
    ORDER BY jumlah DESC, person.user_id COLLATE "C"
) AS line;

-- name: count_stats
-- Posts of each client's own span on both platforms, and who was on the roster on some day of it.
SELECT COALESCE(sum(counted.insta_posts), 0)::bigint AS insta_posts,
    COALESCE(sum(counted.tiktok_posts), 0)::bigint AS tiktok_posts,
    COALESCE(sum(person.users), 0)::bigint AS users
FROM client_spans(%(client_ids)s::text[], %(first_days)s::date[], %(last_days)s::date[]) AS span
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE post.platform = 'insta') AS insta_posts,
        count(*) FILTER (WHERE post.platform = 'tiktok') AS tiktok_posts
    FROM post
    WHERE post.client_id = span.client_id
        AND post.day BETWEEN span.first_day AND span.last_day
        AND post.deleted_at IS NULL
) AS counted
CROSS JOIN LATERAL (
    SELECT count(DISTINCT user_id) AS users
    FROM user_history
    WHERE user_history.client_id = span.client_id
        AND known_until = 'infinity'
        AND valid_from <= span.last_day
        AND valid_until > span.first_day
        AND status
) AS person;
