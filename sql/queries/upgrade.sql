-- name: list_moved_figures
-- The past days of a client's platform on which the roster of the day gives other figures than an installation of before the
-- history did, which took the people, handles and threshold of today for every day. The counts must be current.
WITH asked AS MATERIALIZED (
    SELECT post.day, count(*) AS posts,
        GREATEST(1, ceil(min(clients.threshold) * count(*) - 1e-9)) AS required
    FROM post
    JOIN clients USING (client_id)
    WHERE post.client_id = %(client_id)s
        AND post.platform = %(platform)s
        AND post.deleted_at IS NULL
        AND post.day < today_of(%(client_id)s)
    GROUP BY post.day
),
seen AS (
    SELECT post.day, held.user_id, count(DISTINCT post.post_id) AS posts
    FROM post
    JOIN engagement_at USING (client_id, platform, post_id)
    JOIN handle_on_file AS held USING (client_id, platform, username)
    WHERE post.client_id = %(client_id)s
        AND post.platform = %(platform)s
        AND post.deleted_at IS NULL
        AND held.is_main
    GROUP BY post.day, held.user_id
),
old AS (
    SELECT asked.day, "user".user_id, COALESCE(seen.posts, 0) AS done,
        "user".exception OR COALESCE(seen.posts, 0) >= asked.required AS sudah
    FROM asked
    JOIN "user" ON "user".client_id = %(client_id)s AND "user".status
    LEFT JOIN seen ON seen.day = asked.day AND seen.user_id = "user".user_id
),
new AS (
    SELECT asked.day, person.user_id, COALESCE(done.posts, 0) AS done,
        person.exception OR COALESCE(done.posts, 0) >= asked.required AS sudah
    FROM asked
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
)
SELECT day, count(old.user_id) AS users_before, count(new.user_id) AS users_now,
    count(*) FILTER (WHERE old.sudah) AS sudah_before, count(*) FILTER (WHERE new.sudah) AS sudah_now,
    COALESCE(array_agg(user_id ORDER BY user_id) FILTER (WHERE old.user_id IS NULL), '{}') AS come,
    COALESCE(array_agg(user_id ORDER BY user_id) FILTER (WHERE new.user_id IS NULL), '{}') AS gone,
    COALESCE(array_agg(user_id ORDER BY user_id) FILTER (WHERE (old.done, old.sudah) <> (new.done, new.sudah)), '{}')
        AS counted_otherwise
FROM old
FULL JOIN new USING (day, user_id)
GROUP BY day
HAVING bool_or((old.done, old.sudah) IS DISTINCT FROM (new.done, new.sudah))
ORDER BY day;
