-- name: read_anev
-- What active users of these clients were to do in each client's own span and what they did, as JSON and in sums.
WITH span AS MATERIALIZED (
    SELECT span.client_id, span.nama, span.first_day, span.last_day, counted.insta_posts, counted.tiktok_posts
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
),
done AS (
    SELECT span.client_id, done_by_day.user_id,
        sum(done_by_day.posts) FILTER (WHERE platform = 'insta') AS likes,
        sum(done_by_day.posts) FILTER (WHERE platform = 'tiktok') AS comments
    FROM span
    JOIN done_by_day
        ON done_by_day.client_id = span.client_id
        AND done_by_day.platform IN ('insta', 'tiktok')
        AND done_by_day.day BETWEEN span.first_day AND span.last_day
    GROUP BY span.client_id, done_by_day.user_id
),
person AS MATERIALIZED (
    SELECT "user".user_id, "user".nama, "user".title, "user".divisi, "user".jabatan, "user".insta, "user".tiktok,
        "user".exception, span.client_id, span.nama AS nama_client,
        COALESCE("user".divisi, 'Tanpa divisi') AS satfung,
        COALESCE(done.likes, 0) AS likes, COALESCE(done.comments, 0) AS comments,
        span.insta_posts + span.tiktok_posts AS assigned,
        CASE
            WHEN "user".exception THEN span.insta_posts + span.tiktok_posts
            ELSE COALESCE(done.likes, 0) + COALESCE(done.comments, 0)
        END AS completed
    FROM span
    JOIN "user" ON "user".client_id = span.client_id AND "user".status
    LEFT JOIN done ON done.client_id = span.client_id AND done.user_id = "user".user_id
),
satfung AS MATERIALIZED (
    SELECT satfung, count(*) AS total_personnel, sum(likes) AS likes, sum(comments) AS comments,
        count(*) FILTER (WHERE likes > 0) AS likers, count(*) FILTER (WHERE comments > 0) AS commenters
    FROM person
    GROUP BY satfung
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
-- A line for each active user of these clients, for the workbook; read row by row. `span` and `done` are those of read_anev,
-- word for word: two statements share no WITH, and this one's rows are too many to come as read_anev's JSON.
WITH span AS MATERIALIZED (
    SELECT span.client_id, span.nama, span.first_day, span.last_day, counted.insta_posts, counted.tiktok_posts
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
),
done AS (
    SELECT span.client_id, done_by_day.user_id,
        sum(done_by_day.posts) FILTER (WHERE platform = 'insta') AS likes,
        sum(done_by_day.posts) FILTER (WHERE platform = 'tiktok') AS comments
    FROM span
    JOIN done_by_day
        ON done_by_day.client_id = span.client_id
        AND done_by_day.platform IN ('insta', 'tiktok')
        AND done_by_day.day BETWEEN span.first_day AND span.last_day
    GROUP BY span.client_id, done_by_day.user_id
)
SELECT span.client_id, span.nama AS nama_client, "user".user_id, "user".nama, "user".title, "user".divisi,
    "user".jabatan, "user".insta, "user".tiktok, "user".exception, span.insta_posts, span.tiktok_posts,
    COALESCE(done.likes, 0)::bigint AS likes, COALESCE(done.comments, 0)::bigint AS comments
FROM span
JOIN "user" ON "user".client_id = span.client_id AND "user".status
LEFT JOIN done ON done.client_id = span.client_id AND done.user_id = "user".user_id
ORDER BY span.client_id, "user".divisi, "user".nama, "user".user_id;
