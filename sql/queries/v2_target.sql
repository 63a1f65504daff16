-- name: save_moved_users
-- People as Cicero_V2 has them; those who are as they were are left alone.
INSERT INTO "user" AS known (
    user_id, client_id, nama, title, divisi, jabatan, insta, tiktok, whatsapp, email, exception, status, wa_opt_in
)
SELECT user_id, client_id, nama, title, divisi, jabatan, insta, tiktok, whatsapp, email, exception, status, wa_opt_in
FROM unnest(
    %(user_id)s::text[], %(client_id)s::text[], %(nama)s::text[], %(title)s::text[], %(divisi)s::text[],
    %(jabatan)s::text[], %(insta)s::text[], %(tiktok)s::text[], %(whatsapp)s::text[], %(email)s::text[],
    %(exception)s::boolean[], %(status)s::boolean[], %(wa_opt_in)s::boolean[]
) AS given (
    user_id, client_id, nama, title, divisi, jabatan, insta, tiktok, whatsapp, email, exception, status, wa_opt_in
)
ON CONFLICT (user_id) DO UPDATE
SET client_id = EXCLUDED.client_id,
    nama = EXCLUDED.nama,
    title = EXCLUDED.title,
    divisi = EXCLUDED.divisi,
    jabatan = EXCLUDED.jabatan,
    insta = EXCLUDED.insta,
    tiktok = EXCLUDED.tiktok,
    whatsapp = EXCLUDED.whatsapp,
    email = EXCLUDED.email,
    exception = EXCLUDED.exception,
    status = EXCLUDED.status,
    updated_at = now();

-- name: save_roles
-- Roles of Cicero_V2, for the audiences that they become.
INSERT INTO user_role (user_id, role)
SELECT user_id, role
FROM unnest(%(user_ids)s::text[], %(roles)s::text[]) AS given (user_id, role)
ON CONFLICT DO NOTHING;

-- name: save_moved_insta_posts
-- Posts by their keys; what cicero has read itself since stays. Which are new, by the row's own birth.
INSERT INTO insta_post AS known (
    client_id, post_key, published_at, caption, kind, thumbnail_url, like_count, comment_count, listed, total,
    fetched_at, first_seen_at
)
SELECT client_id, post_key, published_at, caption, kind, thumbnail_url, like_count, comment_count, listed,
    CASE WHEN like_count IS NOT NULL THEN GREATEST(like_count, listed) END, fetched_at, published_at
FROM unnest(
    %(client_ids)s::text[], %(post_keys)s::text[], %(published_ats)s::timestamptz[], %(captions)s::text[],
    %(kinds)s::text[], %(thumbnail_urls)s::text[], %(like_counts)s::bigint[], %(comment_counts)s::bigint[],
    %(listeds)s::integer[], %(fetched_ats)s::timestamptz[]
) AS given (
    client_id, post_key, published_at, caption, kind, thumbnail_url, like_count, comment_count, listed, fetched_at
)
ON CONFLICT (client_id, post_key) DO UPDATE
SET published_at = EXCLUDED.published_at,
    caption = EXCLUDED.caption,
    like_count = EXCLUDED.like_count,
    comment_count = EXCLUDED.comment_count,
    listed = EXCLUDED.listed,
    total = EXCLUDED.total,
    fetched_at = EXCLUDED.fetched_at
WHERE (known.fetched_at IS NULL OR known.fetched_at <= EXCLUDED.fetched_at)
    AND (known.published_at, known.caption, known.like_count, known.comment_count, known.listed, known.fetched_at)
    IS DISTINCT FROM (
        EXCLUDED.published_at, EXCLUDED.caption, EXCLUDED.like_count, EXCLUDED.comment_count, EXCLUDED.listed,
        EXCLUDED.fetched_at
    )
RETURNING known.xmax = 0;

-- name: save_moved_tiktok_posts
-- As save_moved_insta_posts; the total is of comments.
INSERT INTO tiktok_post AS known (
    client_id, post_key, published_at, caption, kind, thumbnail_url, like_count, comment_count, listed, total,
    fetched_at, first_seen_at
)
SELECT client_id, post_key, published_at, caption, kind, thumbnail_url, like_count, comment_count, listed,
    CASE WHEN comment_count IS NOT NULL THEN GREATEST(comment_count, listed) END, fetched_at, published_at
FROM unnest(
    %(client_ids)s::text[], %(post_keys)s::text[], %(published_ats)s::timestamptz[], %(captions)s::text[],
    %(kinds)s::text[], %(thumbnail_urls)s::text[], %(like_counts)s::bigint[], %(comment_counts)s::bigint[],
    %(listeds)s::integer[], %(fetched_ats)s::timestamptz[]
) AS given (
    client_id, post_key, published_at, caption, kind, thumbnail_url, like_count, comment_count, listed, fetched_at
)
ON CONFLICT (client_id, post_key) DO UPDATE
SET published_at = EXCLUDED.published_at,
    caption = EXCLUDED.caption,
    like_count = EXCLUDED.like_count,
    comment_count = EXCLUDED.comment_count,
    listed = EXCLUDED.listed,
    total = EXCLUDED.total,
    fetched_at = EXCLUDED.fetched_at
WHERE (known.fetched_at IS NULL OR known.fetched_at <= EXCLUDED.fetched_at)
    AND (known.published_at, known.caption, known.like_count, known.comment_count, known.listed, known.fetched_at)
    IS DISTINCT FROM (
        EXCLUDED.published_at, EXCLUDED.caption, EXCLUDED.like_count, EXCLUDED.comment_count, EXCLUDED.listed,
        EXCLUDED.fetched_at
    )
RETURNING known.xmax = 0;

-- name: find_moved_posts
-- The rows of these posts here.
SELECT client_id, post_key, post_id
FROM post
WHERE platform = %(platform)s
    AND (client_id, post_key) IN (
        SELECT client_id, post_key
        FROM unnest(%(client_ids)s::text[], %(post_keys)s::text[]) AS given (client_id, post_key)
    );

-- name: mark_days_as_listed
-- Days that Cicero_V2 has posts of were read, and no report says otherwise.
INSERT INTO listed_day (client_id, platform, day, first_listed_at)
SELECT client_id, platform, day, min(COALESCE(fetched_at, published_at))
FROM post
WHERE platform = %(platform)s AND post_id = ANY (%(post_ids)s)
GROUP BY client_id, platform, day
ON CONFLICT DO NOTHING;

-- name: save_moved_likes
-- Likes as Cicero_V2 listed them; one that is known keeps the moment it was first seen.
WITH given AS (
    SELECT post.client_id, post_id, username, min(given.first_seen_at) AS first_seen_at
    FROM unnest(%(post_ids)s::bigint[], %(usernames)s::text[], %(first_seen_ats)s::timestamptz[])
        AS given (post_id, username, first_seen_at)
    JOIN insta_post AS post USING (post_id)
    GROUP BY post.client_id, post_id, username
),
seen AS MATERIALIZED (
    SELECT post_id, username
    FROM (SELECT DISTINCT client_id, post_id FROM given) AS post
    JOIN insta_like USING (client_id, post_id)
    CROSS JOIN LATERAL unnest(usernames) AS seen (username)
),
added AS (
    SELECT client_id, post_id, first_seen_at, array_agg(username ORDER BY username) AS usernames
    FROM given
    WHERE NOT EXISTS (
        SELECT FROM seen WHERE seen.post_id = given.post_id AND seen.username = given.username
    )
    GROUP BY client_id, post_id, first_seen_at
),
stored AS (
    INSERT INTO insta_like AS known (client_id, post_id, first_seen_at, usernames)
    SELECT client_id, post_id, first_seen_at, usernames
    FROM added
    ON CONFLICT (client_id, post_id, first_seen_at) DO UPDATE
    SET usernames = known.usernames || EXCLUDED.usernames
)
SELECT COALESCE(sum(cardinality(usernames)), 0)::int
FROM added;

-- name: save_moved_comments
-- Comments, as save_moved_likes.
WITH given AS (
    SELECT DISTINCT ON (post_id, comment_id) post.client_id, post_id, comment_id, username, text,
        COALESCE(given.created_at, given.first_seen_at) AS created_at, given.first_seen_at
    FROM unnest(
        %(post_ids)s::bigint[], %(comment_ids)s::text[], %(usernames)s::text[], %(texts)s::text[],
        %(created_ats)s::timestamptz[], %(first_seen_ats)s::timestamptz[]
    ) AS given (post_id, comment_id, username, text, created_at, first_seen_at)
    JOIN tiktok_post AS post USING (post_id)
    ORDER BY post_id, comment_id, given.first_seen_at
),
seen AS MATERIALIZED (
    SELECT post_id, comment_id
    FROM (SELECT DISTINCT client_id, post_id FROM given) AS post
    JOIN tiktok_comment USING (client_id, post_id)
    CROSS JOIN LATERAL unnest(comment_ids) AS seen (comment_id)
),
added AS (
    SELECT client_id, post_id, first_seen_at,
        array_agg(comment_id ORDER BY comment_id) AS comment_ids,
        array_agg(username ORDER BY comment_id) AS usernames,
        array_agg(text ORDER BY comment_id) AS texts,
        array_agg(created_at ORDER BY comment_id) AS created_ats
    FROM given
    WHERE NOT EXISTS (
        SELECT FROM seen WHERE seen.post_id = given.post_id AND seen.comment_id = given.comment_id
    )
    GROUP BY client_id, post_id, first_seen_at
),
stored AS (
    INSERT INTO tiktok_comment AS known (client_id, post_id, first_seen_at, usernames, created_ats, comment_ids)
    SELECT client_id, post_id, first_seen_at, usernames, created_ats, comment_ids
    FROM added
    ON CONFLICT (client_id, post_id, first_seen_at) DO UPDATE
    SET usernames = known.usernames || EXCLUDED.usernames,
        created_ats = known.created_ats || EXCLUDED.created_ats,
        comment_ids = known.comment_ids || EXCLUDED.comment_ids
),
written AS (
    INSERT INTO tiktok_comment_text AS known (client_id, post_id, first_seen_at, texts)
    SELECT client_id, post_id, first_seen_at, texts
    FROM added
    ON CONFLICT (client_id, post_id, first_seen_at) DO UPDATE
    SET texts = known.texts || EXCLUDED.texts
)
SELECT COALESCE(sum(cardinality(usernames)), 0)::int
FROM added;

-- name: count_doers
-- How many active people of its own client have done each of these posts, as it is counted here (count_insta_days).
WITH asked AS MATERIALIZED (
    SELECT client_id, platform, post_id
    FROM post
    WHERE platform = %(platform)s AND post_id = ANY (%(post_ids)s)
),
owner AS MATERIALIZED (
    SELECT owner.username, owner.user_id, owner.owned_from, owner.owned_until, person.client_id
    FROM (SELECT DISTINCT client_id FROM asked) AS client
    CROSS JOIN LATERAL audience_owners(client.client_id, %(platform)s, 'infinity') AS owner
    JOIN "user" AS person ON person.user_id = owner.user_id AND person.client_id = client.client_id AND person.status
)
SELECT seen.post_id, count(DISTINCT owner.user_id)
FROM asked
CROSS JOIN LATERAL (
    SELECT client_id, post_id, username, engaged_at
    FROM engagement_at
    WHERE engagement_at.platform = asked.platform
        AND engagement_at.client_id = asked.client_id
        AND engagement_at.post_id = asked.post_id
    OFFSET 0
) AS seen
JOIN owner
    ON owner.client_id = seen.client_id
    AND owner.username = seen.username
    AND owner.owned_from <= seen.engaged_at
    AND owner.owned_until > seen.engaged_at
GROUP BY seen.post_id;

-- name: save_moved_profile
-- An Instagram account as Cicero_V2 knew it; what cicero has read itself is newer.
INSERT INTO instagram_user (
    instagram_user_id, username, full_name, biography, is_private, is_verified, is_business, account_type, category,
    external_url, profile_pic_url, first_seen_at, fetched_at
)
VALUES (
    %(instagram_user_id)s, %(username)s, %(full_name)s, %(biography)s, %(is_private)s, %(is_verified)s,
    %(is_business)s, %(account_type)s, %(category)s, %(external_url)s, %(profile_pic_url)s, %(fetched_at)s,
    %(fetched_at)s
)
ON CONFLICT (instagram_user_id) DO NOTHING;
