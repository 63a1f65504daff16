-- name: read_anev
-- What the people on the roster of these clients were to do in each client's own span and what they did, as JSON and in sums.
WITH span AS MATERIALIZED (
    SELECT client_id, nama, first_day, last_day
    FROM client_spans(%(client_ids)s::text[], %(first_days)s::date[], %(last_days)s::date[])
),
of_day AS MATERIALIZED (
    SELECT span.client_id, post.day, count(*) FILTER (WHERE post.platform = 'insta') AS insta_posts,
        count(*) FILTER (WHERE post.platform = 'tiktok') AS tiktok_posts
    FROM span
    JOIN post
        ON post.client_id = span.client_id
        AND post.day BETWEEN span.first_day AND span.last_day
        AND post.deleted_at IS NULL
    GROUP BY span.client_id, post.day
),
span_posts AS MATERIALIZED (
    SELECT span.client_id, span.nama, COALESCE(sum(insta_posts), 0)::bigint AS insta_posts,
        COALESCE(sum(tiktok_posts), 0)::bigint AS tiktok_posts
    FROM span
    LEFT JOIN of_day USING (client_id)
    GROUP BY span.client_id, span.nama
),
part AS MATERIALIZED (
    -- most people have one part, which is the whole span; days of leave ask for nothing
    SELECT *
    FROM (
        SELECT person.client_id, person.user_id, person.nama, person.title, person.divisi, person.jabatan, person.insta,
            person.tiktok, person.exception OR person.leave IS NOT NULL AS exception, person.valid_from,
            person.valid_until, span.first_day, span.last_day,
            first_value(person.exception OR person.leave IS NOT NULL) OVER (
                PARTITION BY person.client_id, person.user_id ORDER BY person.valid_from DESC
            ) AS is_exempt
        FROM span
        JOIN user_history AS person
            ON person.client_id = span.client_id
            AND person.known_until = 'infinity'
            AND person.valid_from <= span.last_day
            AND person.valid_until > span.first_day
            AND person.status
    ) AS person
    WHERE is_exempt OR NOT exception
),
part_posts AS (
    SELECT part.client_id, part.user_id,
        sum(
            CASE
                WHEN valid_from <= first_day AND valid_until > last_day THEN span_posts.insta_posts
                ELSE (
                    SELECT COALESCE(sum(of_day.insta_posts), 0)
                    FROM of_day
                    WHERE of_day.client_id = part.client_id AND day >= valid_from AND day < valid_until
                )
            END
        )::bigint AS insta_posts,
        sum(
            CASE
                WHEN valid_from <= first_day AND valid_until > last_day THEN span_posts.tiktok_posts
                ELSE (
                    SELECT COALESCE(sum(of_day.tiktok_posts), 0)
                    FROM of_day
                    WHERE of_day.client_id = part.client_id AND day >= valid_from AND day < valid_until
                )
            END
        )::bigint AS tiktok_posts
    FROM part
    JOIN span_posts USING (client_id)
    GROUP BY part.client_id, part.user_id
),
done AS (
    SELECT part.client_id, part.user_id,
        sum(done_by_day.posts) FILTER (WHERE platform = 'insta') AS likes,
        sum(done_by_day.posts) FILTER (WHERE platform = 'tiktok') AS comments
    FROM span
    JOIN done_by_day
        ON done_by_day.client_id = span.client_id
        AND done_by_day.platform IN ('insta', 'tiktok')
        AND done_by_day.day BETWEEN span.first_day AND span.last_day
    JOIN part
        ON part.client_id = done_by_day.client_id
        AND part.user_id = done_by_day.user_id
        AND part.valid_from <= done_by_day.day
        AND part.valid_until > done_by_day.day
    GROUP BY part.client_id, part.user_id
),
person AS MATERIALIZED (
    SELECT DISTINCT ON (part.client_id, part.user_id) part.user_id, part.nama, part.title, part.divisi, part.jabatan,
        part.insta, part.tiktok, part.exception, part.client_id, span_posts.nama AS nama_client,
        COALESCE(part.divisi, 'Tanpa divisi') AS satfung,
        COALESCE(done.likes, 0) AS likes, COALESCE(done.comments, 0) AS comments,
        part_posts.insta_posts + part_posts.tiktok_posts AS assigned,
        CASE
            WHEN part.exception THEN part_posts.insta_posts + part_posts.tiktok_posts
            ELSE COALESCE(done.likes, 0) + COALESCE(done.comments, 0)
        END AS completed
    FROM part
    JOIN span_posts USING (client_id)
    JOIN part_posts USING (client_id, user_id)
    LEFT JOIN done USING (client_id, user_id)
    ORDER BY part.client_id, part.user_id, part.valid_from DESC
),
satfung AS MATERIALIZED (
    SELECT satfung, count(*) AS total_personnel, sum(likes) AS likes, sum(comments) AS comments,
        count(*) FILTER (WHERE likes > 0) AS likers, count(*) FILTER (WHERE comments > 0) AS commenters
    FROM person
    GROUP BY satfung
)
SELECT (SELECT COALESCE(sum(insta_posts), 0)::bigint FROM span_posts) AS insta_posts,
    (SELECT COALESCE(sum(tiktok_posts), 0)::bigint FROM span_posts) AS tiktok_posts,
    people.*, divisions.*
FROM (
    SELECT count(*) AS users, COALESCE(sum(likes), 0)::bigint AS likes, COALESCE(sum(comments), 0)::bigint AS comments,
        COALESCE(sum(assigned), 0)::bigint AS assigned, COALESCE(sum(completed), 0)::bigint AS completed,
        COALESCE(
            json_agg(
                json_build_object(
                    'user_id', user_id, 'nama', nama, 'title', title, 'divisi', divisi, 'jabatan', jabatan,
                    'insta', insta, 'tiktok', tiktok, 'exception', exception, 'client_id', client_id,
                    'nama_client', nama_client
                )
                ORDER BY client_id, user_id COLLATE "C"
            ),
            '[]'
        )::text AS directory,
        COALESCE(
            json_agg(
                json_build_object(
                    'user_id', user_id, 'nama', nama, 'divisi', divisi, 'client_id', client_id, 'username', insta,
                    'total_likes', likes
                )
                ORDER BY likes DESC, client_id, user_id COLLATE "C"
            ),
            '[]'
        )::text AS likes_per_user,
        COALESCE(
            json_agg(
                json_build_object(
                    'user_id', user_id, 'nama', nama, 'divisi', divisi, 'client_id', client_id, 'username', tiktok,
                    'total_comments', comments
                )
                ORDER BY comments DESC, client_id, user_id COLLATE "C"
            ),
            '[]'
        )::text AS comments_per_user,
        COALESCE(
            json_agg(
                json_build_object(
                    'user_id', user_id, 'nama', nama, 'assigned', assigned, 'completed', completed, 'completion_rate',
                    CASE WHEN assigned > 0 THEN round(completed::numeric / assigned, 4)::double precision ELSE 0 END
                )
                ORDER BY client_id, user_id COLLATE "C"
            ),
            '[]'
        )::text AS compliance
    FROM person
) AS people
CROSS JOIN (
    SELECT COALESCE(
            json_agg(json_build_object('satfung', satfung, 'count', total_personnel) ORDER BY satfung COLLATE "C"), '[]'
        )::text AS users_per_satfung,
        COALESCE(
            json_agg(
                json_build_object(
                    'satfung', satfung, 'likes', likes, 'total_personnel', total_personnel, 'active_personnel', likers
                )
                ORDER BY likes DESC, satfung COLLATE "C"
            ),
            '[]'
        )::text AS likes_per_satfung,
        COALESCE(
            json_agg(
                json_build_object(
                    'satfung', satfung, 'comments', comments, 'total_personnel', total_personnel, 'active_personnel',
                    commenters
                )
                ORDER BY comments DESC, satfung COLLATE "C"
            ),
            '[]'
        )::text AS comments_per_satfung
    FROM satfung
) AS divisions;

-- name: list_anev_rows
-- A line for each user on the roster of these clients, for the workbook; read row by row. What comes before the SELECT is that
-- of read_anev, word for word: two statements share no WITH, and this one's rows are too many to come as read_anev's JSON.
WITH span AS MATERIALIZED (
    SELECT client_id, nama, first_day, last_day
    FROM client_spans(%(client_ids)s::text[], %(first_days)s::date[], %(last_days)s::date[])
),
of_day AS MATERIALIZED (
    SELECT span.client_id, post.day, count(*) FILTER (WHERE post.platform = 'insta') AS insta_posts,
        count(*) FILTER (WHERE post.platform = 'tiktok') AS tiktok_posts
    FROM span
    JOIN post
        ON post.client_id = span.client_id
        AND post.day BETWEEN span.first_day AND span.last_day
        AND post.deleted_at IS NULL
    GROUP BY span.client_id, post.day
),
span_posts AS MATERIALIZED (
    SELECT span.client_id, span.nama, COALESCE(sum(insta_posts), 0)::bigint AS insta_posts,
        COALESCE(sum(tiktok_posts), 0)::bigint AS tiktok_posts
    FROM span
    LEFT JOIN of_day USING (client_id)
    GROUP BY span.client_id, span.nama
),
part AS MATERIALIZED (
    -- most people have one part, which is the whole span; days of leave ask for nothing
    SELECT *
    FROM (
        SELECT person.client_id, person.user_id, person.nama, person.title, person.divisi, person.jabatan, person.insta,
            person.tiktok, person.exception OR person.leave IS NOT NULL AS exception, person.valid_from,
            person.valid_until, span.first_day, span.last_day,
            first_value(person.exception OR person.leave IS NOT NULL) OVER (
                PARTITION BY person.client_id, person.user_id ORDER BY person.valid_from DESC
            ) AS is_exempt
        FROM span
        JOIN user_history AS person
            ON person.client_id = span.client_id
            AND person.known_until = 'infinity'
            AND person.valid_from <= span.last_day
            AND person.valid_until > span.first_day
            AND person.status
    ) AS person
    WHERE is_exempt OR NOT exception
),
part_posts AS (
    SELECT part.client_id, part.user_id,
        sum(
            CASE
                WHEN valid_from <= first_day AND valid_until > last_day THEN span_posts.insta_posts
                ELSE (
                    SELECT COALESCE(sum(of_day.insta_posts), 0)
                    FROM of_day
                    WHERE of_day.client_id = part.client_id AND day >= valid_from AND day < valid_until
                )
            END
        )::bigint AS insta_posts,
        sum(
            CASE
                WHEN valid_from <= first_day AND valid_until > last_day THEN span_posts.tiktok_posts
                ELSE (
                    SELECT COALESCE(sum(of_day.tiktok_posts), 0)
                    FROM of_day
                    WHERE of_day.client_id = part.client_id AND day >= valid_from AND day < valid_until
                )
            END
        )::bigint AS tiktok_posts
    FROM part
    JOIN span_posts USING (client_id)
    GROUP BY part.client_id, part.user_id
),
done AS (
    SELECT part.client_id, part.user_id,
        sum(done_by_day.posts) FILTER (WHERE platform = 'insta') AS likes,
        sum(done_by_day.posts) FILTER (WHERE platform = 'tiktok') AS comments
    FROM span
    JOIN done_by_day
        ON done_by_day.client_id = span.client_id
        AND done_by_day.platform IN ('insta', 'tiktok')
        AND done_by_day.day BETWEEN span.first_day AND span.last_day
    JOIN part
        ON part.client_id = done_by_day.client_id
        AND part.user_id = done_by_day.user_id
        AND part.valid_from <= done_by_day.day
        AND part.valid_until > done_by_day.day
    GROUP BY part.client_id, part.user_id
)
SELECT client_id, nama_client, user_id, nama, title, divisi, jabatan, insta, tiktok, exception, insta_posts, tiktok_posts,
    likes, comments
FROM (
    SELECT DISTINCT ON (part.client_id, part.user_id) part.client_id, span_posts.nama AS nama_client, part.user_id,
        part.nama, part.title, part.divisi, part.jabatan, part.insta, part.tiktok, part.exception,
        part_posts.insta_posts, part_posts.tiktok_posts,
        COALESCE(done.likes, 0)::bigint AS likes, COALESCE(done.comments, 0)::bigint AS comments
    FROM part
    JOIN span_posts USING (client_id)
    JOIN part_posts USING (client_id, user_id)
    LEFT JOIN done USING (client_id, user_id)
    ORDER BY part.client_id, part.user_id, part.valid_from DESC
) AS person
ORDER BY client_id, divisi, nama, user_id;
