-- name: list_streaks
-- Of everybody who was expected on a client's posts in a span, or of these people: on how many days with posts, one after the other up
-- to the span's end, they did all of them, and whether they missed none in the whole span. A day on which somebody is exempt or on leave,
-- or without posts, neither counts nor breaks; nor does `open_day`, which is not over, while it is not done. The FULL JOIN is that of read_recap.
WITH of_day AS MATERIALIZED (
    SELECT day, count(*) AS posts
    FROM post
    WHERE client_id = %(client_id)s
        AND platform = ANY (%(platforms)s::text[])
        AND day BETWEEN %(first_day)s AND %(last_day)s
        AND is_counted
    GROUP BY day
),
expected AS MATERIALIZED (
    SELECT person.user_id, of_day.day, of_day.posts
    FROM user_of_day AS person
    JOIN of_day ON of_day.day >= person.valid_from AND of_day.day < person.valid_until
    WHERE person.client_id = %(client_id)s
        AND person.platform = 'insta' -- the same people are on both
        AND person.known_until = 'infinity'
        AND person.valid_from <= %(last_day)s
        AND person.valid_until > %(first_day)s
        AND NOT person.exception
        AND (%(user_ids)s::text[] IS NULL OR person.user_id = ANY (%(user_ids)s::text[]))
),
done AS MATERIALIZED (
    SELECT user_id, day, sum(posts) AS posts
    FROM done_by_day
    WHERE client_id = %(client_id)s
        AND platform = ANY (%(platforms)s::text[])
        AND day BETWEEN %(first_day)s AND %(last_day)s
        AND (%(user_ids)s::text[] IS NULL OR user_id = ANY (%(user_ids)s::text[]))
    GROUP BY user_id, day
),
kept AS MATERIALIZED (
    SELECT expected.user_id, expected.day, COALESCE(done.posts, 0) >= expected.posts AS is_full
    FROM expected
    FULL JOIN done ON done.user_id = expected.user_id AND done.day = expected.day
    WHERE num_nonnulls(expected.user_id) = 1
),
missed AS (
    SELECT user_id, max(day) AS day
    FROM kept
    WHERE NOT is_full AND day IS DISTINCT FROM %(open_day)s::date
    GROUP BY user_id
)
SELECT kept.user_id, count(*) FILTER (WHERE kept.is_full AND kept.day > COALESCE(missed.day, '-infinity')) AS days,
    bool_and(missed.day IS NULL) AS is_whole
FROM kept
FULL JOIN missed ON missed.user_id = kept.user_id
GROUP BY kept.user_id
ORDER BY kept.user_id;
