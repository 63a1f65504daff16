-- name: lock_insta_post
-- The post and its client, so that neither is removed before the transaction ends; nothing when they are gone or have ended.
SELECT post_id
FROM insta_post
JOIN clients USING (client_id)
WHERE post_id = %(post_id)s
    AND clients.removed_at IS NULL
FOR KEY SHARE OF clients
FOR NO KEY UPDATE OF insta_post;

-- name: lock_tiktok_post
-- As lock_insta_post, of the other table.
SELECT post_id
FROM tiktok_post
JOIN clients USING (client_id)
WHERE post_id = %(post_id)s
    AND clients.removed_at IS NULL
FOR KEY SHARE OF clients
FOR NO KEY UPDATE OF tiktok_post;

-- name: store_likes
-- Who likes a post: those not known before are added with the time at which they were first seen.
WITH post AS (
    -- a count that the account hides stays hidden, whatever the list of people says, else the larger of the two that the
    -- upstream gives is the total; no post, no rows
    SELECT client_id, post_id,
        CASE WHEN like_count IS NOT NULL THEN GREATEST(%(total)s::bigint, like_count) END AS total,
        CASE WHEN %(is_believed)s THEN %(listed)s ELSE GREATEST(listed, %(listed)s) END AS listed
    FROM insta_post
    WHERE post_id = %(post_id)s
),
reading AS (
    INSERT INTO reading (platform, post_id, fetched_at, listed, total)
    SELECT 'insta', post_id, %(now)s, listed, total
    FROM post
    ON CONFLICT (platform, post_id, fetched_at) DO NOTHING
),
known AS (
    UPDATE insta_post
    SET listed = post.listed,
        total = post.total,
        fetched_at = %(now)s,
        -- a count that no list can have is asked again, however it moves
        fetched_count = CASE WHEN %(is_believed)s THEN like_count END,
        whole_at = CASE WHEN %(is_believed)s THEN %(now)s ELSE whole_at END
    FROM post
    WHERE insta_post.post_id = post.post_id
),
seen AS (
    SELECT username
    FROM post
    JOIN insta_like USING (client_id, post_id)
    CROSS JOIN LATERAL unnest(usernames) AS known (username)
),
added AS (
    SELECT client_id, post_id, array_agg(username) AS usernames
    FROM (
        SELECT DISTINCT client_id, post_id, listed.username
        FROM post
        CROSS JOIN unnest(%(usernames)s::text[]) AS listed (username)
        WHERE NOT EXISTS (SELECT FROM seen WHERE seen.username = listed.username)
        ORDER BY listed.username
    ) AS listed
    GROUP BY client_id, post_id
),
stored AS (
    INSERT INTO insta_like AS known (client_id, post_id, first_seen_at, usernames)
    SELECT client_id, post_id, %(now)s, usernames
    FROM added
    ON CONFLICT (client_id, post_id, first_seen_at) DO UPDATE
    SET usernames = known.usernames || EXCLUDED.usernames
)
SELECT COALESCE(sum(cardinality(usernames)), 0)::int
FROM added;

-- name: store_comments
-- Comments on a post, as store_likes; a comment that was edited keeps its first text.
WITH post AS (
    -- a count that the account hides stays hidden, whatever the list of people says, else the larger of the two that the
    -- upstream gives is the total; no post, no rows
    SELECT client_id, post_id,
        CASE WHEN comment_count IS NOT NULL THEN GREATEST(%(total)s::bigint, comment_count) END AS total,
        CASE WHEN %(is_believed)s THEN %(listed)s ELSE GREATEST(listed, %(listed)s) END AS listed
    FROM tiktok_post
    WHERE post_id = %(post_id)s
),
reading AS (
    INSERT INTO reading (platform, post_id, fetched_at, listed, total)
    SELECT 'tiktok', post_id, %(now)s, listed, total
    FROM post
    ON CONFLICT (platform, post_id, fetched_at) DO NOTHING
),
known AS (
    UPDATE tiktok_post
    SET listed = post.listed,
        total = post.total,
        fetched_at = %(now)s,
        -- a count that no list can have is asked again, however it moves
        fetched_count = CASE WHEN %(is_believed)s THEN comment_count END,
        whole_at = CASE WHEN %(is_believed)s THEN %(now)s ELSE whole_at END,
        whole_listed = CASE WHEN %(is_believed)s AND %(is_whole)s THEN %(listed)s ELSE whole_listed END,
        whole_total = CASE WHEN %(is_believed)s AND %(is_whole)s THEN %(total)s ELSE whole_total END,
        last_cursor = CASE WHEN %(is_believed)s THEN %(cursor)s ELSE last_cursor END
    FROM post
    WHERE tiktok_post.post_id = post.post_id
),
seen AS (
    SELECT comment_id
    FROM post
    JOIN tiktok_comment USING (client_id, post_id)
    CROSS JOIN LATERAL unnest(comment_ids) AS known (comment_id)
),
added AS (
    SELECT client_id, post_id,
        array_agg(comment_id ORDER BY comment_id) AS comment_ids,
        array_agg(username ORDER BY comment_id) AS usernames,
        array_agg(text ORDER BY comment_id) AS texts,
        array_agg(created_at ORDER BY comment_id) AS created_ats
    FROM (
        SELECT DISTINCT ON (listed.comment_id) client_id, post_id, listed.comment_id, listed.username, listed.text,
            COALESCE(listed.created_at, %(now)s) AS created_at
        FROM post
        CROSS JOIN unnest(
            %(comment_ids)s::text[], %(usernames)s::text[], %(texts)s::text[], %(created_ats)s::timestamptz[]
        ) WITH ORDINALITY AS listed (comment_id, username, text, created_at, place)
        WHERE NOT EXISTS (SELECT FROM seen WHERE seen.comment_id = listed.comment_id)
        ORDER BY listed.comment_id, listed.place
    ) AS listed
    GROUP BY client_id, post_id
),
stored AS (
    INSERT INTO tiktok_comment AS known (client_id, post_id, first_seen_at, usernames, created_ats, comment_ids)
    SELECT client_id, post_id, %(now)s, usernames, created_ats, comment_ids
    FROM added
    ON CONFLICT (client_id, post_id, first_seen_at) DO UPDATE
    SET usernames = known.usernames || EXCLUDED.usernames,
        created_ats = known.created_ats || EXCLUDED.created_ats,
        comment_ids = known.comment_ids || EXCLUDED.comment_ids
),
written AS (
    INSERT INTO tiktok_comment_text AS known (client_id, post_id, first_seen_at, texts)
    SELECT client_id, post_id, %(now)s, texts
    FROM added
    ON CONFLICT (client_id, post_id, first_seen_at) DO UPDATE
    SET texts = known.texts || EXCLUDED.texts
)
SELECT COALESCE(sum(cardinality(usernames)), 0)::int
FROM added;

-- name: find_known_comments
-- The comments of a post that are on file, where all of it was read before and the upstream said how many there are.
SELECT ARRAY(
        SELECT known.comment_id
        FROM tiktok_comment
        CROSS JOIN LATERAL unnest(comment_ids) AS known (comment_id)
        WHERE tiktok_comment.client_id = tiktok_post.client_id AND tiktok_comment.post_id = tiktok_post.post_id
    ) AS comment_ids, whole_total, whole_listed, COALESCE(last_cursor, 0)
FROM tiktok_post
WHERE post_id = %(post_id)s
    AND whole_total IS NOT NULL;

-- name: count_unseen
-- Of each post of these days, how many of those who are expected on it have not done it; nobody without a handle has. No number
-- where nobody is expected.
WITH asked AS MATERIALIZED (
    SELECT post_id, day
    FROM post
    WHERE client_id = %(client_id)s
        AND platform = %(platform)s
        AND day BETWEEN %(first_day)s AND %(last_day)s
        AND is_counted
),
owner AS MATERIALIZED (
    SELECT owner.username, owner.user_id, owner.owned_from, owner.owned_until
    FROM audience_owners(%(client_id)s, %(platform)s, 'infinity') AS owner
),
expected AS MATERIALIZED (
    SELECT told.day, person.user_id
    FROM (SELECT DISTINCT day FROM asked) AS told
    JOIN user_of_day AS person
        ON person.client_id = %(client_id)s
        AND person.platform = %(platform)s
        AND person.known_until = 'infinity'
        AND person.valid_from <= told.day
        AND person.valid_until > told.day
        AND NOT person.exception
),
done AS MATERIALIZED (
    SELECT seen.post_id, owner.user_id
    FROM asked
    CROSS JOIN LATERAL (
        SELECT post_id, username, engaged_at
        FROM engagement_at
        WHERE engagement_at.client_id = %(client_id)s
            AND engagement_at.post_id = asked.post_id
            AND platform = %(platform)s
        OFFSET 0
    ) AS seen
    JOIN owner
        ON owner.username = seen.username
        AND owner.owned_from <= seen.engaged_at
        AND owner.owned_until > seen.engaged_at
    UNION
    SELECT post_id, user_id
    FROM correction
    WHERE client_id = %(client_id)s
        AND platform = %(platform)s
        AND user_id IS NOT NULL
        AND ended_at IS NULL
),
left_over AS (
    SELECT asked.post_id, expected.user_id AS expected_id, done.user_id AS done_id
    FROM asked
    LEFT JOIN expected USING (day)
    LEFT JOIN done ON done.post_id = asked.post_id AND done.user_id = expected.user_id
)
SELECT post_id, CASE WHEN count(expected_id) > 0 THEN count(expected_id) - count(done_id) END
FROM left_over
GROUP BY post_id
ORDER BY post_id;

-- name: list_standings
-- Everybody who is expected on a client's posts of a day with the number of them that the user's handles have done. Without an
-- order, which would cost a third of it: a report's order is not the database's to know.
-- A FULL JOIN, as there is no loop for it: the planner believes in few people, and would join all with all.
SELECT person.user_id, person.nama, person.title, person.divisi, person.username, person.exception,
    COALESCE(done.posts, 0) AS done, person.unit_id
FROM (
    SELECT user_id, nama, title, divisi, username, exception, unit_id
    FROM user_of_day
    WHERE client_id = %(client_id)s
        AND platform = %(platform)s
        AND known_until = 'infinity'
        AND valid_from <= %(day)s
        AND valid_until > %(day)s
) AS person
FULL JOIN (
    SELECT user_id, posts
    FROM done_by_day
    WHERE client_id = %(client_id)s
        AND platform = %(platform)s
        AND day = %(day)s
) AS done ON done.user_id = person.user_id
WHERE num_nonnulls(person.user_id) = 1;

-- name: list_standings_as_of
-- As list_standings, by what was known and had been seen at a moment.
WITH known AS MATERIALIZED (
    SELECT roster_known_at(%(client_id)s, %(as_of)s::timestamptz) AS at_moment
),
owner AS MATERIALIZED (
    SELECT owner.username, owner.user_id, owner.owned_from, owner.owned_until
    FROM known
    CROSS JOIN LATERAL audience_owners(%(client_id)s, %(platform)s, known.at_moment) AS owner
),
done AS (
    SELECT user_id, count(DISTINCT post_id) AS posts
    FROM (
        SELECT owner.user_id, seen.post_id
        FROM unnest(%(post_ids)s::bigint[]) AS asked (post_id)
        CROSS JOIN LATERAL (
            SELECT post_id, username, engaged_at
            FROM engagement_at
            WHERE engagement_at.client_id = %(client_id)s
                AND engagement_at.post_id = asked.post_id
                AND platform = %(platform)s
                AND first_seen_at <= %(as_of)s::timestamptz
            OFFSET 0
        ) AS seen
        JOIN owner
            ON owner.username = seen.username
            AND owner.owned_from <= seen.engaged_at
            AND owner.owned_until > seen.engaged_at
        UNION ALL
        SELECT user_id, post_id
        FROM correction
        WHERE client_id = %(client_id)s
            AND platform = %(platform)s
            AND post_id = ANY (%(post_ids)s)
            AND made_at <= %(as_of)s
            AND (ended_at IS NULL OR ended_at > %(as_of)s)
    ) AS done
    GROUP BY user_id
)
SELECT person.user_id, person.nama, person.title, person.divisi, person.username, person.exception,
    COALESCE(done.posts, 0) AS done, person.unit_id
FROM known
CROSS JOIN LATERAL expected_at(%(client_id)s, %(platform)s, %(day)s, known.at_moment) AS person
LEFT JOIN done ON done.user_id = person.user_id
ORDER BY person.user_id;

-- name: list_doers
-- Who of those who are expected on a client's day has done each of these posts, for reports per post; as of a moment, or by
-- what is known now (infinity).
WITH known AS MATERIALIZED (
    SELECT roster_known_at(%(client_id)s, %(as_of)s::timestamptz) AS at_moment
),
owner AS MATERIALIZED (
    SELECT owner.username, owner.user_id, owner.owned_from, owner.owned_until
    FROM known
    CROSS JOIN LATERAL audience_owners(%(client_id)s, %(platform)s, known.at_moment) AS owner
),
person AS MATERIALIZED (
    SELECT person.user_id
    FROM known
    CROSS JOIN LATERAL expected_at(%(client_id)s, %(platform)s, %(day)s, known.at_moment) AS person
)
SELECT done.post_id, array_agg(DISTINCT person.user_id ORDER BY person.user_id)
FROM (
    SELECT owner.user_id, seen.post_id
    FROM unnest(%(post_ids)s::bigint[]) AS asked (post_id)
    CROSS JOIN LATERAL (
        SELECT post_id, username, engaged_at
        FROM engagement_at
        WHERE engagement_at.client_id = %(client_id)s
            AND engagement_at.post_id = asked.post_id
            AND platform = %(platform)s
            AND first_seen_at <= %(as_of)s::timestamptz
        OFFSET 0
    ) AS seen
    JOIN owner
        ON owner.username = seen.username
        AND owner.owned_from <= seen.engaged_at
        AND owner.owned_until > seen.engaged_at
    UNION ALL
    SELECT user_id, post_id
    FROM correction
    WHERE client_id = %(client_id)s
        AND platform = %(platform)s
        AND post_id = ANY (%(post_ids)s)
        AND made_at <= %(as_of)s
        AND (ended_at IS NULL OR ended_at > %(as_of)s)
) AS done
JOIN person ON person.user_id = done.user_id
GROUP BY done.post_id
ORDER BY done.post_id;

-- name: list_people
-- Every handle seen on each of these posts and when it was first seen: where a complaint is looked into.
SELECT post_id, username, first_seen_at
FROM engagement
WHERE client_id = %(client_id)s
    AND post_id = ANY (%(post_ids)s)
    AND platform = %(platform)s
    AND first_seen_at <= COALESCE(%(as_of)s::timestamptz, 'infinity')
ORDER BY post_id, username;

-- name: list_left_to_do
-- Everybody who is expected on a client's posts of the day and may be reminded, with those that are left to like and to comment on
-- by any handle that was ever the user's. The posts are read once: OFFSET, MATERIALIZED and grouping where a join would do keep
-- whoever plans it without its values, and so believes in a few people, from reading them for each.
WITH owner AS MATERIALIZED (
    SELECT asked.platform, owner.username, owner.user_id, owner.owned_from, owner.owned_until
    FROM (VALUES ('insta'), ('tiktok')) AS asked (platform)
    CROSS JOIN LATERAL audience_owners(%(client_id)s, asked.platform, 'infinity') AS owner
    WHERE owner.user_id = COALESCE(%(user_id)s, owner.user_id)
),
expected AS MATERIALIZED (
    SELECT user_id
    FROM user_of_day
    WHERE client_id = %(client_id)s
        AND platform = 'insta'
        AND known_until = 'infinity'
        AND valid_from <= %(day)s
        AND valid_until > %(day)s
        AND NOT exception
        AND user_id = COALESCE(%(user_id)s, user_id)
),
seen AS MATERIALIZED (
    SELECT engagement_at.platform, engagement_at.post_id, engagement_at.username, engagement_at.engaged_at
    FROM (
        SELECT 'insta' AS platform, client_id, post_id FROM insta_post WHERE post_id = ANY (%(insta_post_ids)s::bigint[])
        UNION ALL
        SELECT 'tiktok', client_id, post_id FROM tiktok_post WHERE post_id = ANY (%(tiktok_post_ids)s::bigint[])
    ) AS post
    CROSS JOIN LATERAL (
        SELECT *
        FROM engagement_at
        WHERE engagement_at.platform = post.platform
            AND engagement_at.client_id = post.client_id
            AND engagement_at.post_id = post.post_id
        OFFSET 0
    ) AS engagement_at
),
done AS MATERIALIZED (
    SELECT user_id,
        array_agg(post_id) FILTER (WHERE platform = 'insta') AS insta,
        array_agg(post_id) FILTER (WHERE platform = 'tiktok') AS tiktok
    FROM (
        SELECT user_id, NULL AS platform, NULL AS post_id, true AS is_expected
        FROM expected
        UNION ALL
        SELECT owner.user_id, seen.platform, seen.post_id, false
        FROM seen
        JOIN owner
            ON owner.platform = seen.platform
            AND owner.username = seen.username
            AND owner.owned_from <= seen.engaged_at
            AND owner.owned_until > seen.engaged_at
        UNION ALL
        SELECT user_id, platform, post_id, false
        FROM correction
        WHERE client_id = %(client_id)s AND ended_at IS NULL
    ) AS known
    GROUP BY user_id
    HAVING bool_or(is_expected)
)
SELECT user_id, unit_id, nama, title, whatsapp, insta, tiktok
FROM (
    SELECT person.user_id, person.client_id AS unit_id, person.nama, person.title, person.whatsapp,
        ARRAY(
            SELECT post_id
            FROM unnest(%(insta_post_ids)s::bigint[]) AS post (post_id)
            WHERE person.insta IS NOT NULL AND post_id <> ALL (COALESCE(done.insta, '{}'))
        ) AS insta,
        ARRAY(
            SELECT post_id
            FROM unnest(%(tiktok_post_ids)s::bigint[]) AS post (post_id)
            WHERE person.tiktok IS NOT NULL AND post_id <> ALL (COALESCE(done.tiktok, '{}'))
        ) AS tiktok
    FROM done
    JOIN "user" AS person USING (user_id)
    WHERE person.status
        AND NOT person.exception
        AND person.wa_opt_in
        AND person.whatsapp IS NOT NULL
    OFFSET 0
) AS person
WHERE insta <> '{}' OR tiktok <> '{}'
ORDER BY user_id;
