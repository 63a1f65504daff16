-- name: find_correctable_posts
-- The posts of this key, of one client or of whichever has it: two clients may have posted together.
SELECT post.platform, post.post_id, clients.client_id, post.post_key, post.day, post.published_at, post.listed, post.total,
    post.deleted_at IS NOT NULL AS is_deleted, correction.reason AS exclusion, correction.made_by AS excluded_by
FROM clients
CROSS JOIN LATERAL (
    SELECT *
    FROM post
    WHERE post.client_id = clients.client_id AND post.post_key = %(post_key)s
    OFFSET 0
) AS post
LEFT JOIN correction
    ON correction.client_id = clients.client_id
    AND correction.platform = post.platform
    AND correction.post_id = post.post_id
    AND correction.user_id IS NULL
    AND correction.ended_at IS NULL
WHERE clients.client_id = COALESCE(%(client_id)s, clients.client_id)
ORDER BY clients.client_id, post.platform;

-- name: list_correctable_posts
-- All posts of a client's days, with what became of each, oldest first.
SELECT post.platform, post.post_id, post.client_id, post.post_key, post.day, post.published_at, post.listed, post.total,
    post.deleted_at IS NOT NULL AS is_deleted, correction.reason AS exclusion, correction.made_by AS excluded_by
FROM post
LEFT JOIN correction
    ON correction.client_id = post.client_id
    AND correction.platform = post.platform
    AND correction.post_id = post.post_id
    AND correction.user_id IS NULL
    AND correction.ended_at IS NULL
WHERE post.client_id = %(client_id)s
    AND post.day BETWEEN %(first_day)s AND %(last_day)s
ORDER BY post.published_at, post.platform, post.post_key;

-- name: list_moved_posts
-- The posts of a client that somebody gave another day since a moment, with the day that they have now.
SELECT DISTINCT post.post_key, post.day
FROM former_post_day
JOIN post USING (client_id, platform, post_id)
WHERE client_id = %(client_id)s
    AND platform = %(platform)s
    AND until > %(since)s
ORDER BY post.post_key;

-- name: list_corrections
-- The corrections of a client's day that hold, or held at a moment.
SELECT post.post_key, correction.user_id, correction.reason, correction.made_at, correction.made_by
FROM correction
JOIN post USING (client_id, platform, post_id)
WHERE correction.client_id = %(client_id)s
    AND correction.platform = %(platform)s
    AND %(day)s = post_day_at(
        post.client_id, post.platform, post.post_id, post.day, COALESCE(%(as_of)s::timestamptz, 'infinity')
    )
    AND correction.made_at <= COALESCE(%(as_of)s::timestamptz, 'infinity')
    AND (correction.ended_at IS NULL OR correction.ended_at > %(as_of)s)
ORDER BY correction.made_at, post.post_key, correction.user_id;

-- name: add_correction
-- Once: what holds already is left as it was made.
INSERT INTO correction (client_id, platform, post_id, user_id, reason, made_at, made_by)
VALUES (%(client_id)s, %(platform)s, %(post_id)s, %(user_id)s, %(reason)s, %(now)s, %(by)s)
ON CONFLICT DO NOTHING;

-- name: end_correction
-- It held up to now.
UPDATE correction
SET ended_at = GREATEST(made_at, %(now)s),
    ended_by = %(by)s
WHERE client_id = %(client_id)s
    AND platform = %(platform)s
    AND post_id = %(post_id)s
    AND user_id IS NOT DISTINCT FROM %(user_id)s
    AND ended_at IS NULL;
