-- name: list_client_rows
-- Clients as the dashboards read them, as JSON.
SELECT COALESCE(json_agg(to_json(client) ORDER BY client.client_id COLLATE "C"), '[]')::text
FROM (
    SELECT client_id, nama,
        -- the dashboards look for one of these words in it
        CASE WHEN client_type ~ 'ORG|DIREKTORAT' THEN client_type ELSE 'ORG' END AS client_type,
        client_status, client_insta, client_insta_status, client_tiktok, client_tiktok_status, client_operator,
        client_super, client_group, regional_id, client_amplify_status, premium_tier, premium_status,
        local_time(premium_expires_at, timezone) AS premium_expires_at, timezone, threshold
    FROM clients
    WHERE client_id = ANY (COALESCE(%(client_ids)s::text[], ARRAY(SELECT client_id FROM clients)))
        AND removed_at IS NULL
        AND (client_status OR NOT %(active_only)s)
) AS client;

-- name: list_user_rows
-- Everybody of these clients as the dashboards read them, as JSON.
SELECT COALESCE('[' || string_agg(to_json(person)::text, ',' ORDER BY person.client_id, person.user_id COLLATE "C") || ']', '[]')
FROM (
    SELECT "user".user_id, "user".client_id, clients.nama AS nama_client, "user".nama, "user".title, "user".divisi,
        "user".jabatan, "user".insta, "user".tiktok, "user".whatsapp, "user".email, "user".status, "user".exception,
        "user".wa_opt_in
    FROM clients
    JOIN "user" USING (client_id)
    WHERE clients.client_id = ANY (%(client_ids)s::text[])
        -- said twice, so that a plan for any clients reads their people alone
        AND "user".client_id = ANY (%(client_ids)s::text[])
) AS person;

-- name: list_audience_rows
-- Everybody of these clients and who else is expected on their posts today, as list_user_rows gives them; the numbers and
-- addresses of people whose client the caller may not see (null: sees all) are null.
SELECT COALESCE('[' || string_agg(to_json(person)::text, ',' ORDER BY person.client_id, person.user_id COLLATE "C") || ']', '[]')
FROM (
    SELECT "user".user_id, "user".client_id, clients.nama AS nama_client, "user".nama, "user".title, "user".divisi,
        "user".jabatan, "user".insta, "user".tiktok,
        CASE WHEN seen.is_whole THEN "user".whatsapp END AS whatsapp, CASE WHEN seen.is_whole THEN "user".email END AS email,
        "user".status, "user".exception, "user".wa_opt_in
    FROM (
        SELECT user_id
        FROM "user"
        WHERE client_id = ANY (%(client_ids)s::text[])
        UNION
        SELECT expected.user_id
        FROM unnest(%(client_ids)s::text[]) AS asked (client_id)
        CROSS JOIN LATERAL (
            -- OFFSET, here and below, keeps the planner from putting together the audiences of all clients
            SELECT user_id
            FROM user_of_day
            WHERE user_of_day.client_id = asked.client_id
                AND platform = 'insta'
                AND valid_from <= today_of(asked.client_id)
                AND valid_until > today_of(asked.client_id)
            OFFSET 0
        ) AS expected
    ) AS listed
    CROSS JOIN LATERAL (
        SELECT *
        FROM "user"
        WHERE user_id = listed.user_id
        OFFSET 0
    ) AS "user"
    JOIN clients ON clients.client_id = "user".client_id
    CROSS JOIN LATERAL (
        SELECT "user".client_id = ANY (COALESCE(%(visible_ids)s::text[], ARRAY["user".client_id])) AS is_whole
    ) AS seen
) AS person;

-- name: get_user_row
-- One user as list_user_rows gives them.
SELECT to_json(person)::text
FROM (
    SELECT "user".user_id, "user".client_id, clients.nama AS nama_client, "user".nama, "user".title, "user".divisi,
        "user".jabatan, "user".insta, "user".tiktok, "user".whatsapp, "user".email, "user".status, "user".exception,
        "user".wa_opt_in
    FROM "user"
    JOIN clients USING (client_id)
    WHERE "user".user_id = %(user_id)s
) AS person;

-- name: list_post_rows
-- Posts of each client's own span, the newest first, as JSON.
SELECT COALESCE(json_agg(to_json(post)), '[]')::text
FROM (
    SELECT post.post_key AS id, post.client_id,
        CASE %(platform)s
            WHEN 'insta' THEN concat('https://www.instagram.com/p/', post.post_key, '/')
            ELSE concat('https://www.tiktok.com/@', span.client_tiktok, '/video/', post.post_key)
        END AS url,
        post.caption, post.kind AS type, post.thumbnail_url AS thumbnail,
        local_time(post.published_at, clients.timezone) AS created_at,
        post.like_count, post.comment_count, post.share_count, post.view_count, post.listed, post.total,
        local_time(post.fetched_at, clients.timezone) AS fetched_at
    FROM client_spans(%(client_ids)s::text[], %(first_days)s::date[], %(last_days)s::date[]) AS span
    JOIN clients USING (client_id)
    CROSS JOIN LATERAL (
        SELECT post_key, client_id, published_at, caption, kind, thumbnail_url, like_count, comment_count, share_count,
            view_count, listed, total, fetched_at
        FROM post
        WHERE post.client_id = span.client_id
            AND platform = %(platform)s
            AND day BETWEEN span.first_day AND span.last_day
            AND is_counted
        ORDER BY published_at DESC
        LIMIT %(limit)s
    ) AS post
    ORDER BY post.published_at DESC, post.post_key
    LIMIT %(limit)s
) AS post;

-- name: list_insta_people_rows
-- Who liked the posts of each client's own span, per post, the newest post first, as JSON.
SELECT COALESCE(json_agg(to_json(post)), '[]')::text
FROM (
    SELECT post.post_key AS id, post.client_id, local_time(post.published_at, clients.timezone) AS created_at, post.listed, post.total,
        ARRAY(
            SELECT username
            FROM insta_like
            CROSS JOIN LATERAL unnest(usernames) AS seen (username)
            WHERE insta_like.client_id = post.client_id AND insta_like.post_id = post.post_id
            ORDER BY username COLLATE "C"
        ) AS likes
    FROM client_spans(%(client_ids)s::text[], %(first_days)s::date[], %(last_days)s::date[]) AS span
    JOIN clients USING (client_id)
    JOIN insta_post AS post
        ON post.client_id = span.client_id
        AND post.day BETWEEN span.first_day AND span.last_day
        AND post.is_counted
    ORDER BY post.published_at DESC, post.post_key
    LIMIT %(limit)s
) AS post;

-- name: list_tiktok_people_rows
-- What was commented on the posts of each client's own span, per post, the newest post first, as JSON.
SELECT COALESCE(json_agg(to_json(post)), '[]')::text
FROM (
    SELECT post.post_key AS id, post.client_id, local_time(post.published_at, clients.timezone) AS created_at, post.listed, post.total,
        (
            SELECT COALESCE(
                json_agg(
                    json_build_object(
                        'comment_id', comment_id, 'username', username, 'text', text, 'created_at',
                        local_time(created_at, clients.timezone)
                    ) ORDER BY created_at, comment_id
                ),
                '[]'
            )
            FROM tiktok_comment
            JOIN tiktok_comment_text USING (client_id, post_id, first_seen_at)
            CROSS JOIN LATERAL unnest(comment_ids, usernames, texts, created_ats)
                AS seen (comment_id, username, text, created_at)
            WHERE tiktok_comment.client_id = post.client_id AND tiktok_comment.post_id = post.post_id
        ) AS comments
    FROM client_spans(%(client_ids)s::text[], %(first_days)s::date[], %(last_days)s::date[]) AS span
    JOIN clients USING (client_id)
    JOIN tiktok_post AS post
        ON post.client_id = span.client_id
        AND post.day BETWEEN span.first_day AND span.last_day
        AND post.is_counted
    ORDER BY post.published_at DESC, post.post_key
    LIMIT %(limit)s
) AS post;
