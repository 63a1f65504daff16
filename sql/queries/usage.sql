-- name: add_usage
-- What a run cost, added to its host and day; the quota is what the newest answer said.
INSERT INTO upstream_usage AS usage (
    host, day, requests, bytes, quota_limit, quota_remaining, quota_resets_at, exhausted_until, updated_at
)
VALUES (
    %(host)s, (%(now)s AT TIME ZONE 'UTC')::date, %(requests)s, %(bytes)s, %(quota_limit)s, %(quota_remaining)s,
    %(quota_resets_at)s, %(exhausted_until)s, %(now)s
)
ON CONFLICT (host, day) DO UPDATE
SET requests = usage.requests + EXCLUDED.requests,
    bytes = usage.bytes + EXCLUDED.bytes,
    quota_limit = COALESCE(EXCLUDED.quota_limit, usage.quota_limit),
    quota_remaining = COALESCE(EXCLUDED.quota_remaining, usage.quota_remaining),
    quota_resets_at = COALESCE(EXCLUDED.quota_resets_at, usage.quota_resets_at),
    exhausted_until = EXCLUDED.exhausted_until,
    updated_at = EXCLUDED.updated_at;

-- name: find_exhaustion
-- Until when this host refuses for quota, if it does.
SELECT exhausted_until
FROM upstream_usage
WHERE host = %(host)s
ORDER BY day DESC
LIMIT 1;

-- name: spend_requests
-- Count upstream requests against a log-in's hour, or take some back; gives how many the hour has. Old hours go by the way.
WITH gone AS (
    DELETE FROM account_usage
    WHERE hour < %(hour)s::timestamptz - interval '1 day'
)
INSERT INTO account_usage AS usage (username, hour, requests)
VALUES (%(username)s, %(hour)s, %(requests)s)
ON CONFLICT (username, hour) DO UPDATE
SET requests = usage.requests + EXCLUDED.requests
RETURNING requests;

-- name: list_costs
-- What each client's fetches asked for today and this month (UTC, as the upstream bills), by platform.
SELECT client_id, platform,
    COALESCE(sum(requests) FILTER (WHERE started_at >= %(today)s), 0)::bigint AS requests_today,
    COALESCE(sum(bytes) FILTER (WHERE started_at >= %(today)s), 0)::bigint AS bytes_today,
    sum(requests)::bigint AS requests_month,
    sum(bytes)::bigint AS bytes_month
FROM runs
WHERE started_at >= %(month)s
GROUP BY client_id, platform
ORDER BY client_id, platform;
