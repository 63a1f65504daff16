-- name: list_choices
-- The active ones of these clients (null: of all), with what tells one state of their data from another.
SELECT clients.client_id, clients.nama, clients.timezone,
    clients.client_type ~ 'DIREKTORAT' OR clients.audience <> 'own' AS is_directorate,
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
-- Who was expected on the posts of these clients on some day of each client's own span, under the person's own client, with the
-- number of posts done on the days on which the user was expected, a list for each column, most first, and how many stand how.
-- The facts are those of the last such day, and so is the threshold of a laphar. Lists, because making 700 objects of JSON takes
-- longer here than all the rest. All is of one platform, where read_anev counts both.
WITH asked AS MATERIALIZED (
    SELECT asked.client_id, asked.nama, asked.first_day, asked.last_day, known.threshold
    FROM client_spans(%(client_ids)s::text[], %(first_days)s::date[], %(last_days)s::date[]) AS asked
    JOIN client_history AS known
        ON known.client_id = asked.client_id
        AND known.known_until = 'infinity'
        AND known.valid_from <= asked.last_day
        AND known.valid_until > asked.last_day
),
of_day AS MATERIALIZED (
    SELECT asked.client_id, post.day, count(*) AS posts
    FROM asked
    JOIN post
        ON post.client_id = asked.client_id
        AND post.platform = %(platform)s
        AND post.day BETWEEN asked.first_day AND asked.last_day
        AND post.is_counted
    GROUP BY asked.client_id, post.day
),
span AS MATERIALIZED (
    SELECT client_id, nama, first_day, last_day, threshold,
        COALESCE((SELECT sum(posts) FROM of_day WHERE of_day.client_id = asked.client_id), 0)::bigint AS posts
    FROM asked
),
part AS MATERIALIZED (
    SELECT person.client_id, person.user_id, person.title, person.nama, person.username, person.divisi, person.exception,
        person.valid_from, person.valid_until, person.unit_id, unit.nama AS nama_client,
        span.posts AS span_posts, span.threshold, person.valid_from <= span.first_day AND person.valid_until > span.last_day AS is_whole
    FROM span
    CROSS JOIN LATERAL (
        -- OFFSET keeps the planner from putting together the audiences of all clients
        SELECT *
        FROM user_of_day
        WHERE user_of_day.client_id = span.client_id
            AND platform = %(platform)s
            AND known_until = 'infinity'
            AND valid_from <= span.last_day
            AND valid_until > span.first_day
        OFFSET 0
    ) AS person
    -- a FULL JOIN, here and below, as there is no loop for it: the planner believes in few people, and would join all with all
    FULL JOIN clients AS unit ON unit.client_id = person.unit_id
    WHERE num_nonnulls(person.user_id) = 1
),
piece AS MATERIALIZED (
    -- of those whose facts changed in the span; the others are one part, and cost what they did before there was a history
    SELECT client_id, user_id, valid_from, valid_until
    FROM part
    WHERE NOT is_whole AND NOT exception
),
done AS (
    SELECT done.client_id, done.user_id, sum(done.posts) AS posts,
        sum(done.posts) FILTER (WHERE piece.user_id IS NOT NULL) AS posts_of_pieces
    FROM (
        SELECT done_by_day.client_id, done_by_day.user_id, done_by_day.day, done_by_day.posts
        FROM span
        JOIN done_by_day
            ON done_by_day.client_id = span.client_id
            AND done_by_day.platform = %(platform)s
            AND done_by_day.day BETWEEN span.first_day AND span.last_day
    ) AS done
    FULL JOIN piece
        ON piece.client_id = done.client_id
        AND piece.user_id = done.user_id
        AND piece.valid_from <= done.day
        AND piece.valid_until > done.day
    GROUP BY done.client_id, done.user_id
),
expected AS (
    SELECT stretch.client_id, stretch.valid_from, stretch.valid_until, sum(of_day.posts) AS posts
    FROM (SELECT DISTINCT client_id, valid_from, valid_until FROM piece) AS stretch
    JOIN of_day
        ON of_day.client_id = stretch.client_id
        AND of_day.day >= stretch.valid_from
        AND of_day.day < stretch.valid_until
    GROUP BY stretch.client_id, stretch.valid_from, stretch.valid_until
),
person AS (
    SELECT client_id, unit_id, nama_client, span_posts, threshold, user_id, title, nama, username, divisi, exception, is_whole,
        span_posts AS expected
    FROM part
    WHERE is_whole
    UNION ALL
    SELECT *
    FROM (
        SELECT DISTINCT ON (part.client_id, part.user_id) part.client_id, part.unit_id, part.nama_client, part.span_posts,
            part.threshold, part.user_id, part.title, part.nama, part.username, part.divisi, part.exception, part.is_whole,
            COALESCE(sum(expected.posts) OVER (PARTITION BY part.client_id, part.user_id), 0)
        FROM part
        LEFT JOIN expected
            ON NOT part.exception
            AND expected.client_id = part.client_id
            AND expected.valid_from = part.valid_from
            AND expected.valid_until = part.valid_until
        WHERE NOT part.is_whole
        ORDER BY part.client_id, part.user_id, part.valid_from DESC
    ) AS last_part
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
    count(*) FILTER (WHERE standing = 'no_posts') AS no_posts,
    (SELECT CASE WHEN count(*) = 1 THEN max(threshold) END FROM span) AS threshold,
    count(*) FILTER (WHERE standing <> 'no_username' AND fulfils) AS laphar_sudah,
    count(*) FILTER (WHERE standing <> 'no_username' AND NOT fulfils) AS laphar_belum
FROM (
    SELECT user_id, title, nama, username, divisi,
        CASE WHEN exception THEN span_posts ELSE COALESCE(done, 0)::bigint END AS jumlah,
        exception, concat_ws(' ', title, nama) AS display_nama, unit_id AS client_id,
        nama_client,
        CASE
            WHEN username IS NULL AND NOT exception AND done IS NULL THEN 'no_username'
            WHEN span_posts = 0 OR (expected = 0 AND NOT exception) THEN 'no_posts'
            WHEN exception OR done >= expected THEN 'sudah'
            WHEN done > 0 THEN 'kurang'
            ELSE 'belum'
        END AS standing,
        -- as required_posts of domain/attendance/absensi.py
        exception OR expected = 0 OR COALESCE(done, 0) >= GREATEST(1, ceil(threshold * expected - 1e-9)) AS fulfils
    FROM (
        SELECT person.*, CASE WHEN person.is_whole THEN done.posts ELSE done.posts_of_pieces END AS done
        FROM person
        FULL JOIN done ON done.client_id = person.client_id AND done.user_id = person.user_id
        WHERE num_nonnulls(person.user_id) = 1
    ) AS person
    ORDER BY jumlah DESC, user_id COLLATE "C"
) AS line;

-- name: read_day_recap
-- As read_recap where each span is one day: nobody's facts change within it, which is half of the work.
WITH asked AS MATERIALIZED (
    SELECT asked.client_id, asked.nama, asked.first_day, known.threshold,
        (
            SELECT count(*)
            FROM post
            WHERE post.client_id = asked.client_id AND post.platform = %(platform)s AND post.day = asked.first_day AND post.is_counted
        ) AS posts
    FROM client_spans(%(client_ids)s::text[], %(first_days)s::date[], %(last_days)s::date[]) AS asked
    JOIN client_history AS known
        ON known.client_id = asked.client_id
        AND known.known_until = 'infinity'
        AND known.valid_from <= asked.first_day
        AND known.valid_until > asked.first_day
)
SELECT array_agg(user_id) AS user_id, array_agg(title) AS title, array_agg(nama) AS nama,
    array_agg(username) AS username, array_agg(divisi) AS divisi, array_agg(jumlah) AS jumlah,
    array_agg(exception) AS exception, array_agg(display_nama) AS display_nama, array_agg(client_id) AS client_id,
    array_agg(nama_client) AS nama_client,
    (SELECT COALESCE(sum(posts), 0)::bigint FROM asked) AS posts,
    count(*) AS users,
    count(*) FILTER (WHERE standing = 'sudah') AS sudah,
    count(*) FILTER (WHERE standing = 'kurang') AS kurang,
    count(*) FILTER (WHERE standing = 'belum') AS belum,
    count(*) FILTER (WHERE standing = 'no_username') AS no_username,
    count(*) FILTER (WHERE standing = 'no_posts') AS no_posts,
    (SELECT CASE WHEN count(*) = 1 THEN max(threshold) END FROM asked) AS threshold,
    count(*) FILTER (WHERE standing <> 'no_username' AND fulfils) AS laphar_sudah,
    count(*) FILTER (WHERE standing <> 'no_username' AND NOT fulfils) AS laphar_belum
FROM (
    SELECT person.user_id, person.title, person.nama, person.username, person.divisi,
        CASE WHEN person.exception THEN person.posts ELSE COALESCE(done.posts, 0)::bigint END AS jumlah,
        person.exception, concat_ws(' ', person.title, person.nama) AS display_nama, person.unit_id AS client_id, unit.nama AS nama_client,
        CASE
            WHEN person.username IS NULL AND NOT person.exception AND done.posts IS NULL THEN 'no_username'
            WHEN person.posts = 0 THEN 'no_posts'
            WHEN person.exception OR done.posts >= person.posts THEN 'sudah'
            WHEN done.posts > 0 THEN 'kurang'
            ELSE 'belum'
        END AS standing,
        person.exception OR person.posts = 0 OR COALESCE(done.posts, 0) >= person.required AS fulfils
    FROM (
        SELECT person.*, asked.posts, asked.required, asked.first_day
        FROM (SELECT asked.*, GREATEST(1, ceil(threshold * posts - 1e-9))::bigint AS required FROM asked OFFSET 0) AS asked
        CROSS JOIN LATERAL (
            SELECT client_id, user_id, title, nama, username, divisi, exception, unit_id
            FROM user_of_day
            WHERE user_of_day.client_id = asked.client_id
                AND platform = %(platform)s
                AND known_until = 'infinity'
                AND valid_from <= asked.first_day
                AND valid_until > asked.first_day
            OFFSET 0
        ) AS person
    ) AS person
    FULL JOIN (
        SELECT done_by_day.client_id, done_by_day.user_id, done_by_day.posts
        FROM asked
        JOIN done_by_day
            ON done_by_day.client_id = asked.client_id AND done_by_day.platform = %(platform)s AND done_by_day.day = asked.first_day
    ) AS done ON done.client_id = person.client_id AND done.user_id = person.user_id
    FULL JOIN clients AS unit ON unit.client_id = person.unit_id
    WHERE num_nonnulls(person.user_id) = 1
    ORDER BY jumlah DESC, person.user_id COLLATE "C"
) AS line;

-- name: count_stats
-- Posts of each client's own span on both platforms, and who was expected on them on some day of it.
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
        AND post.is_counted
) AS counted
CROSS JOIN LATERAL (
    SELECT count(DISTINCT user_id) AS users
    FROM user_of_day
    WHERE user_of_day.client_id = span.client_id
        AND platform = 'insta'
        AND valid_from <= span.last_day
        AND valid_until > span.first_day
) AS person;
