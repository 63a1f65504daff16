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
SELECT post.client_id, platform, (published_at AT TIME ZONE timezone)::date, min(COALESCE(fetched_at, published_at))
FROM post
JOIN clients USING (client_id)
WHERE platform = %(platform)s AND post_id = ANY (%(post_ids)s)
GROUP BY post.client_id, platform, (published_at AT TIME ZONE timezone)::date
ON CONFLICT DO NOTHING;

-- name: save_moved_likes
-- Likes as Cicero_V2 listed them; one that is known keeps the moment it was first seen. Looked up row by row in
-- the key: a join with what is known would read all of it for every batch.
INSERT INTO insta_like (post_id, username, first_seen_at)
SELECT post_id, username, first_seen_at
FROM unnest(%(post_ids)s::bigint[], %(usernames)s::text[], %(first_seen_ats)s::timestamptz[])
    AS given (post_id, username, first_seen_at)
ON CONFLICT DO NOTHING;

-- name: save_moved_comments
-- Comments, as save_moved_likes.
INSERT INTO tiktok_comment (post_id, comment_id, username, text, created_at, first_seen_at)
SELECT post_id, comment_id, username, text, COALESCE(created_at, first_seen_at), first_seen_at
FROM unnest(
    %(post_ids)s::bigint[], %(comment_ids)s::text[], %(usernames)s::text[], %(texts)s::text[],
    %(created_ats)s::timestamptz[], %(first_seen_ats)s::timestamptz[]
) AS given (post_id, comment_id, username, text, created_at, first_seen_at)
ON CONFLICT DO NOTHING;

-- name: count_doers
-- How many active people of its own client have done each of these posts, as it is counted here.
SELECT post.post_id, count(DISTINCT person.user_id)
FROM post
JOIN engagement ON engagement.platform = post.platform AND engagement.post_id = post.post_id
JOIN user_of_day AS person
    ON person.client_id = post.client_id
    AND person.platform = post.platform
    AND person.username = engagement.username
    AND person.known_until = 'infinity'
    AND person.valid_until = 'infinity'
WHERE post.platform = %(platform)s AND post.post_id = ANY (%(post_ids)s) AND engagement.post_id = ANY (%(post_ids)s)
GROUP BY post.post_id;

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
