-- name: find_last_list
-- The task list of a client's day that a recipient was told last, whatever became of the message.
SELECT slot, data::text AS data
FROM report
WHERE client_id = %(client_id)s
    AND day = %(day)s
    AND kind = 'tugas'
    AND scope = %(scope)s
    AND EXISTS (
        SELECT
        FROM outbox
        WHERE outbox.report_id = report.report_id AND recipient = %(recipient)s
    )
ORDER BY report_id DESC
LIMIT 1;

-- name: list_days_with_news
-- Of these clients' days those whose posts are not the ones that the recipient was told last; since when the oldest untold
-- one is known (null: posts have only gone).
SELECT asked.client_id, asked.day, asked.recipient, present.untold_since
FROM unnest(%(client_ids)s::text[], %(days)s::date[], %(recipients)s::text[]) AS asked (client_id, day, recipient)
LEFT JOIN LATERAL (
    SELECT data
    FROM report
    WHERE report.client_id = asked.client_id
        AND report.day = asked.day
        AND kind = 'tugas'
        AND scope = %(scope)s
        AND EXISTS (
            SELECT
            FROM outbox
            WHERE outbox.report_id = report.report_id AND outbox.recipient = asked.recipient
        )
    ORDER BY report_id DESC
    LIMIT 1
) AS last ON true
CROSS JOIN LATERAL (
    SELECT array_agg(listed.platform || ' ' || listed.post) AS posts
    FROM jsonb_to_recordset(last.data -> 'posts') AS listed (platform text, post text)
) AS told
CROSS JOIN LATERAL (
    SELECT count(*) AS posts,
        count(*) FILTER (WHERE is_told) AS told_posts,
        min(first_seen_at) FILTER (WHERE NOT is_told) AS untold_since
    FROM (
        SELECT first_seen_at, COALESCE(platform || ' ' || post_key = ANY (told.posts), false) AS is_told
        FROM post
        WHERE post.client_id = asked.client_id
            AND post.day = asked.day
            AND post.platform = ANY (%(platforms)s)
            AND is_counted
    ) AS counted
) AS present
WHERE present.posts > present.told_posts
    OR present.told_posts < COALESCE(cardinality(told.posts), 0)
ORDER BY asked.client_id, asked.recipient;
