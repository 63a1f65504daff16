-- name: read_anev
-- What the people who were expected on the posts of these clients were to do in each client's own span and what they did, as
-- JSON and in sums. Posts are a client's, people stand under their own.
WITH asked AS MATERIALIZED (
    SELECT client_id, nama, first_day, last_day
    FROM client_spans(%(client_ids)s::text[], %(first_days)s::date[], %(last_days)s::date[])
),
of_day AS MATERIALIZED (
    SELECT asked.client_id, post.day, count(*) FILTER (WHERE post.platform = 'insta') AS insta_posts,
        count(*) FILTER (WHERE post.platform = 'tiktok') AS tiktok_posts
    FROM asked
    JOIN post
        ON post.client_id = asked.client_id
        AND post.day BETWEEN asked.first_day AND asked.last_day
        AND post.is_counted
    GROUP BY asked.client_id, post.day
),
span AS MATERIALIZED (
    SELECT client_id, nama, first_day, last_day,
        COALESCE((SELECT sum(insta_posts) FROM of_day WHERE of_day.client_id = asked.client_id), 0)::bigint AS insta_posts,
        COALESCE((SELECT sum(tiktok_posts) FROM of_day WHERE of_day.client_id = asked.client_id), 0)::bigint AS tiktok_posts
    FROM asked
),
part AS MATERIALIZED (
    SELECT person.client_id, person.user_id, person.nama, person.title, person.divisi, person.jabatan, person.insta,
        person.tiktok, person.exception, person.valid_from, person.valid_until,
        person.valid_from <= span.first_day AND person.valid_until > span.last_day AS is_whole,
        person.unit_id, unit.nama AS nama_client, span.insta_posts, span.tiktok_posts
    FROM span
    CROSS JOIN LATERAL (
        -- OFFSET keeps the planner from putting together the audiences of all clients
        SELECT *
        FROM user_of_day
        WHERE user_of_day.client_id = span.client_id
            AND platform = 'insta'
            AND valid_from <= span.last_day
            AND valid_until > span.first_day
        OFFSET 0
    ) AS person
    FULL JOIN clients AS unit ON unit.client_id = person.unit_id
    WHERE num_nonnulls(person.user_id) = 1
),
piece AS MATERIALIZED (
    -- of those whose facts changed in the span; days of leave ask for nothing
    SELECT *
    FROM (
        SELECT *, first_value(exception) OVER (PARTITION BY client_id, user_id ORDER BY valid_from DESC) AS is_exempt
        FROM part
        WHERE NOT is_whole
    ) AS part
    WHERE is_exempt OR NOT exception
),
expected AS (
    SELECT stretch.client_id, stretch.valid_from, stretch.valid_until, sum(of_day.insta_posts) AS insta_posts,
        sum(of_day.tiktok_posts) AS tiktok_posts
    FROM (SELECT DISTINCT client_id, valid_from, valid_until FROM piece) AS stretch
    JOIN of_day
        ON of_day.client_id = stretch.client_id
        AND of_day.day >= stretch.valid_from
        AND of_day.day < stretch.valid_until
    GROUP BY stretch.client_id, stretch.valid_from, stretch.valid_until
),
done AS (
    -- days in no piece: infinity. A FULL JOIN, here and below, as there is no loop for it: the planner believes in few people
    SELECT done.client_id, done.user_id, COALESCE(piece.valid_from, 'infinity') AS piece_from,
        sum(done.posts) FILTER (WHERE done.platform = 'insta') AS likes,
        sum(done.posts) FILTER (WHERE done.platform = 'tiktok') AS comments
    FROM (
        SELECT done_by_day.client_id, platform, day, user_id, done_by_day.posts
        FROM span
        JOIN done_by_day
            ON done_by_day.client_id = span.client_id
            AND done_by_day.platform IN ('insta', 'tiktok')
            AND done_by_day.day BETWEEN span.first_day AND span.last_day
    ) AS done
    FULL JOIN piece
        ON piece.client_id = done.client_id
        AND piece.user_id = done.user_id
        AND piece.valid_from <= done.day
        AND piece.valid_until > done.day
    GROUP BY done.client_id, done.user_id, piece.valid_from
),
counted AS MATERIALIZED (
    SELECT part.*, COALESCE(done.likes, 0)::bigint AS likes, COALESCE(done.comments, 0)::bigint AS comments
    FROM (
        SELECT client_id, unit_id, nama_client, user_id, nama, title, divisi, jabatan, insta, tiktok, exception, insta_posts,
            tiktok_posts, 'infinity' AS piece_from
        FROM part
        WHERE is_whole
        UNION ALL
        SELECT client_id, unit_id, nama_client, user_id, nama, title, divisi, jabatan, insta, tiktok, exception,
            COALESCE(expected.insta_posts, 0)::bigint, COALESCE(expected.tiktok_posts, 0)::bigint, valid_from
        FROM piece
        LEFT JOIN expected USING (client_id, valid_from, valid_until)
    ) AS part
    FULL JOIN done
        ON done.client_id = part.client_id
        AND done.user_id = part.user_id
        AND done.piece_from = part.piece_from
    WHERE num_nonnulls(part.user_id) = 1
),
person AS MATERIALIZED (
    SELECT *
    FROM counted
    WHERE piece_from = 'infinity'
    UNION ALL
    SELECT *
    FROM (
        SELECT DISTINCT ON (client_id, user_id) client_id, unit_id, nama_client, user_id, nama, title, divisi, jabatan, insta,
            tiktok, exception, (sum(insta_posts) OVER whole)::bigint, (sum(tiktok_posts) OVER whole)::bigint, piece_from,
            (sum(likes) OVER whole)::bigint, (sum(comments) OVER whole)::bigint
        FROM counted
        WHERE piece_from < 'infinity'
        WINDOW whole AS (PARTITION BY client_id, user_id)
        ORDER BY client_id, user_id, piece_from DESC
    ) AS last_piece
),
satfung AS MATERIALIZED (
    -- by each day's division: who moved within the span counts in both
    SELECT COALESCE(divisi, 'Tanpa divisi') AS satfung, count(DISTINCT user_id) AS total_personnel, sum(likes) AS likes,
        sum(comments) AS comments, count(DISTINCT user_id) FILTER (WHERE likes > 0) AS likers,
        count(DISTINCT user_id) FILTER (WHERE comments > 0) AS commenters
    FROM counted
    GROUP BY 1
)
SELECT (SELECT COALESCE(sum(insta_posts), 0)::bigint FROM span) AS insta_posts,
    (SELECT COALESCE(sum(tiktok_posts), 0)::bigint FROM span) AS tiktok_posts,
    people.*, divisions.*
FROM (
    SELECT count(*) AS users, COALESCE(sum(likes), 0)::bigint AS likes, COALESCE(sum(comments), 0)::bigint AS comments,
        COALESCE(sum(assigned), 0)::bigint AS assigned, COALESCE(sum(completed), 0)::bigint AS completed,
        COALESCE(
            json_agg(
                json_build_object(
                    'user_id', user_id, 'nama', nama, 'title', title, 'divisi', divisi, 'jabatan', jabatan,
                    'insta', insta, 'tiktok', tiktok, 'exception', exception, 'client_id', unit_id,
                    'nama_client', nama_client
                )
                ORDER BY unit_id, user_id COLLATE "C"
            ),
            '[]'
        )::text AS directory,
        COALESCE(
            json_agg(
                json_build_object(
                    'user_id', user_id, 'nama', nama, 'divisi', divisi, 'client_id', unit_id, 'username', insta,
                    'total_likes', likes
                )
                ORDER BY likes DESC, unit_id, user_id COLLATE "C"
            ),
            '[]'
        )::text AS likes_per_user,
        COALESCE(
            json_agg(
                json_build_object(
                    'user_id', user_id, 'nama', nama, 'divisi', divisi, 'client_id', unit_id, 'username', tiktok,
                    'total_comments', comments
                )
                ORDER BY comments DESC, unit_id, user_id COLLATE "C"
            ),
            '[]'
        )::text AS comments_per_user,
        COALESCE(
            json_agg(
                json_build_object(
                    'user_id', user_id, 'nama', nama, 'assigned', assigned, 'completed', completed, 'likes', likes,
                    'comments', comments, 'completion_rate',
                    CASE WHEN assigned > 0 THEN round(completed::numeric / assigned, 4)::double precision ELSE 0 END
                )
                ORDER BY unit_id, user_id COLLATE "C"
            ),
            '[]'
        )::text AS compliance
    FROM (
        SELECT *, insta_posts + tiktok_posts AS assigned,
            CASE WHEN exception THEN insta_posts + tiktok_posts ELSE likes + comments END AS completed
        FROM person
    ) AS person
) AS people
CROSS JOIN (
    SELECT COALESCE(
            json_agg(json_build_object('satfung', satfung, 'count', total_personnel) ORDER BY satfung COLLATE "C"), '[]'
        )::text AS users_per_satfung,
        COALESCE(
            json_agg(
                json_build_object(
                    'satfung', satfung, 'likes', likes, 'total_personnel', total_personnel, 'active_personnel', likers,
                    'task_count', insta_posts
                )
                ORDER BY likes DESC, satfung COLLATE "C"
            ),
            '[]'
        )::text AS likes_per_satfung,
        COALESCE(
            json_agg(
                json_build_object(
                    'satfung', satfung, 'comments', comments, 'total_personnel', total_personnel, 'active_personnel',
                    commenters, 'task_count', tiktok_posts
                )
                ORDER BY comments DESC, satfung COLLATE "C"
            ),
            '[]'
        )::text AS comments_per_satfung
    FROM satfung
    CROSS JOIN (SELECT sum(insta_posts)::bigint AS insta_posts, sum(tiktok_posts)::bigint AS tiktok_posts FROM span) AS task
) AS divisions;

-- name: list_anev_rows
-- A line for everybody who was expected on the posts of these clients, for the workbook; read row by row. What comes before the
-- SELECT is that of read_anev, word for word: two statements share no WITH, and this one's rows are too many to come as JSON.
WITH asked AS MATERIALIZED (
    SELECT client_id, nama, first_day, last_day
    FROM client_spans(%(client_ids)s::text[], %(first_days)s::date[], %(last_days)s::date[])
),
of_day AS MATERIALIZED (
    SELECT asked.client_id, post.day, count(*) FILTER (WHERE post.platform = 'insta') AS insta_posts,
        count(*) FILTER (WHERE post.platform = 'tiktok') AS tiktok_posts
    FROM asked
    JOIN post
        ON post.client_id = asked.client_id
        AND post.day BETWEEN asked.first_day AND asked.last_day
        AND post.is_counted
    GROUP BY asked.client_id, post.day
),
span AS MATERIALIZED (
    SELECT client_id, nama, first_day, last_day,
        COALESCE((SELECT sum(insta_posts) FROM of_day WHERE of_day.client_id = asked.client_id), 0)::bigint AS insta_posts,
        COALESCE((SELECT sum(tiktok_posts) FROM of_day WHERE of_day.client_id = asked.client_id), 0)::bigint AS tiktok_posts
    FROM asked
),
part AS MATERIALIZED (
    SELECT person.client_id, person.user_id, person.nama, person.title, person.divisi, person.jabatan, person.insta,
        person.tiktok, person.exception, person.valid_from, person.valid_until,
        person.valid_from <= span.first_day AND person.valid_until > span.last_day AS is_whole,
        person.unit_id, unit.nama AS nama_client, span.insta_posts, span.tiktok_posts
    FROM span
    CROSS JOIN LATERAL (
        -- OFFSET keeps the planner from putting together the audiences of all clients
        SELECT *
        FROM user_of_day
        WHERE user_of_day.client_id = span.client_id
            AND platform = 'insta'
            AND valid_from <= span.last_day
            AND valid_until > span.first_day
        OFFSET 0
    ) AS person
    FULL JOIN clients AS unit ON unit.client_id = person.unit_id
    WHERE num_nonnulls(person.user_id) = 1
),
piece AS MATERIALIZED (
    -- of those whose facts changed in the span; days of leave ask for nothing
    SELECT *
    FROM (
        SELECT *, first_value(exception) OVER (PARTITION BY client_id, user_id ORDER BY valid_from DESC) AS is_exempt
        FROM part
        WHERE NOT is_whole
    ) AS part
    WHERE is_exempt OR NOT exception
),
expected AS (
    SELECT stretch.client_id, stretch.valid_from, stretch.valid_until, sum(of_day.insta_posts) AS insta_posts,
        sum(of_day.tiktok_posts) AS tiktok_posts
    FROM (SELECT DISTINCT client_id, valid_from, valid_until FROM piece) AS stretch
    JOIN of_day
        ON of_day.client_id = stretch.client_id
        AND of_day.day >= stretch.valid_from
        AND of_day.day < stretch.valid_until
    GROUP BY stretch.client_id, stretch.valid_from, stretch.valid_until
),
done AS (
    -- days in no piece: infinity. A FULL JOIN, here and below, as there is no loop for it: the planner believes in few people
    SELECT done.client_id, done.user_id, COALESCE(piece.valid_from, 'infinity') AS piece_from,
        sum(done.posts) FILTER (WHERE done.platform = 'insta') AS likes,
        sum(done.posts) FILTER (WHERE done.platform = 'tiktok') AS comments
    FROM (
        SELECT done_by_day.client_id, platform, day, user_id, done_by_day.posts
        FROM span
        JOIN done_by_day
            ON done_by_day.client_id = span.client_id
            AND done_by_day.platform IN ('insta', 'tiktok')
            AND done_by_day.day BETWEEN span.first_day AND span.last_day
    ) AS done
    FULL JOIN piece
        ON piece.client_id = done.client_id
        AND piece.user_id = done.user_id
        AND piece.valid_from <= done.day
        AND piece.valid_until > done.day
    GROUP BY done.client_id, done.user_id, piece.valid_from
),
counted AS MATERIALIZED (
    SELECT part.*, COALESCE(done.likes, 0)::bigint AS likes, COALESCE(done.comments, 0)::bigint AS comments
    FROM (
        SELECT client_id, unit_id, nama_client, user_id, nama, title, divisi, jabatan, insta, tiktok, exception, insta_posts,
            tiktok_posts, 'infinity' AS piece_from
        FROM part
        WHERE is_whole
        UNION ALL
        SELECT client_id, unit_id, nama_client, user_id, nama, title, divisi, jabatan, insta, tiktok, exception,
            COALESCE(expected.insta_posts, 0)::bigint, COALESCE(expected.tiktok_posts, 0)::bigint, valid_from
        FROM piece
        LEFT JOIN expected USING (client_id, valid_from, valid_until)
    ) AS part
    FULL JOIN done
        ON done.client_id = part.client_id
        AND done.user_id = part.user_id
        AND done.piece_from = part.piece_from
    WHERE num_nonnulls(part.user_id) = 1
),
person AS MATERIALIZED (
    SELECT *
    FROM counted
    WHERE piece_from = 'infinity'
    UNION ALL
    SELECT *
    FROM (
        SELECT DISTINCT ON (client_id, user_id) client_id, unit_id, nama_client, user_id, nama, title, divisi, jabatan, insta,
            tiktok, exception, (sum(insta_posts) OVER whole)::bigint, (sum(tiktok_posts) OVER whole)::bigint, piece_from,
            (sum(likes) OVER whole)::bigint, (sum(comments) OVER whole)::bigint
        FROM counted
        WHERE piece_from < 'infinity'
        WINDOW whole AS (PARTITION BY client_id, user_id)
        ORDER BY client_id, user_id, piece_from DESC
    ) AS last_piece
)
SELECT unit_id AS client_id, nama_client, user_id, nama, title, divisi, jabatan, insta, tiktok, exception, insta_posts,
    tiktok_posts, likes, comments
FROM person
ORDER BY unit_id, divisi, nama, user_id;

-- name: list_tasks
-- Posts of each client's own span on both platforms as anev names them, oldest first.
SELECT post.platform, post.post_key, span.client_tiktok
FROM client_spans(%(client_ids)s::text[], %(first_days)s::date[], %(last_days)s::date[]) AS span
JOIN post
    ON post.client_id = span.client_id
    AND post.day BETWEEN span.first_day AND span.last_day
    AND post.is_counted
ORDER BY post.published_at, post.post_key;
