-- name: list_last_runs
-- The newest run of these active clients (null: of all) and platforms that they are followed on, and the newest that
-- brought something.
SELECT clients.client_id, clients.timezone, clients.fetch_at, platform.name AS platform, latest.status, latest.started_at, latest.posts, latest.new,
    latest.error, latest.error_code, good.started_at AS good_at
FROM clients
CROSS JOIN (VALUES ('insta'), ('tiktok')) AS platform (name)
LEFT JOIN LATERAL (
    SELECT status, started_at, posts, new, error, error_code
    FROM runs
    WHERE runs.client_id = clients.client_id AND runs.platform = platform.name
    ORDER BY run_id DESC
    LIMIT 1
) AS latest ON true
LEFT JOIN LATERAL (
    SELECT started_at
    FROM runs
    WHERE runs.client_id = clients.client_id AND runs.platform = platform.name AND status IN ('done', 'partial')
    ORDER BY run_id DESC
    LIMIT 1
) AS good ON true
WHERE clients.client_status
    AND (%(client_ids)s::text[] IS NULL OR clients.client_id = ANY (%(client_ids)s))
    AND CASE platform.name
        WHEN 'insta' THEN clients.client_insta IS NOT NULL AND clients.client_insta_status
        ELSE clients.client_tiktok IS NOT NULL AND clients.client_tiktok_status
    END
ORDER BY clients.client_id, platform.name;

-- name: list_usage
-- What was asked of every host today and this month, and what was left when it was last asked, whenever that was.
SELECT host,
    sum(requests) FILTER (WHERE day = (%(now)s AT TIME ZONE 'UTC')::date)::bigint AS requests_today,
    sum(bytes) FILTER (WHERE day = (%(now)s AT TIME ZONE 'UTC')::date)::bigint AS bytes_today,
    COALESCE(sum(requests) FILTER (WHERE day >= date_trunc('month', %(now)s AT TIME ZONE 'UTC')::date), 0)::bigint
        AS requests_month,
    COALESCE(sum(bytes) FILTER (WHERE day >= date_trunc('month', %(now)s AT TIME ZONE 'UTC')::date), 0)::bigint
        AS bytes_month,
    (array_agg(quota_remaining ORDER BY day DESC))[1] AS quota_remaining,
    (array_agg(quota_limit ORDER BY day DESC))[1] AS quota_limit,
    (array_agg(exhausted_until ORDER BY day DESC))[1] AS exhausted_until,
    comment_order, page_size AS comments_a_page
FROM upstream_usage
LEFT JOIN comment_habit USING (host)
GROUP BY host, comment_order, page_size
ORDER BY host;
