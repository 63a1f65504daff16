-- name: list_senders
-- Every sender that something was said of; `default` need not be among them.
SELECT name, gateway, url, session, login, key_file, webhook_secret_file, gap, gap_user, daily_cap, in_pool, paused_at,
    paused_by, pause_reason
FROM sender
ORDER BY name <> 'default', name;

-- name: get_sender
-- One sender by its name.
SELECT name, gateway, url, session, login, key_file, webhook_secret_file, gap, gap_user, daily_cap, in_pool, paused_at,
    paused_by, pause_reason
FROM sender
WHERE name = %(name)s;

-- name: save_sender
-- A new sender, or one that is otherwise now; whether it is paused stays as it is.
INSERT INTO sender (
    name, gateway, url, session, login, key_file, webhook_secret_file, gap, gap_user, daily_cap, in_pool
)
VALUES (
    %(name)s, %(gateway)s, %(url)s, %(session)s, %(login)s, %(key_file)s, %(webhook_secret_file)s, %(gap)s,
    %(gap_user)s, %(daily_cap)s, %(in_pool)s
)
ON CONFLICT (name) DO UPDATE
SET url = EXCLUDED.url,
    session = EXCLUDED.session,
    login = EXCLUDED.login,
    key_file = EXCLUDED.key_file,
    webhook_secret_file = EXCLUDED.webhook_secret_file,
    gap = EXCLUDED.gap,
    gap_user = EXCLUDED.gap_user,
    daily_cap = EXCLUDED.daily_cap,
    in_pool = EXCLUDED.in_pool;

-- name: remove_sender
-- It is gone, with what is known of its account.
WITH state AS (
    DELETE FROM gateway_state WHERE sender = %(name)s
)
DELETE FROM sender
WHERE name = %(name)s;

-- name: hold_queueing
-- Nobody queues a message meanwhile, for somebody who is just being removed.
LOCK TABLE outbox IN SHARE ROW EXCLUSIVE MODE;

-- name: set_pause
-- Nothing goes out through these until somebody says otherwise.
INSERT INTO sender (name, gateway, paused_at, paused_by, pause_reason)
SELECT wanted.name, sender.gateway, %(now)s, %(by)s, %(reason)s::text
FROM unnest(%(names)s::text[]) AS wanted (name)
LEFT JOIN sender USING (name)
WHERE wanted.name = 'default' OR sender.gateway IS NOT NULL
ON CONFLICT (name) DO UPDATE
SET paused_at = EXCLUDED.paused_at, paused_by = EXCLUDED.paused_by, pause_reason = EXCLUDED.pause_reason;

-- name: set_resumed
-- These go on; gives those that were paused.
WITH told AS (
    UPDATE gateway_state
    SET paused_since = NULL, pause_code = NULL, pause_hint = NULL
    WHERE sender = ANY (%(names)s)
        AND pause_code = 'paused'
)
UPDATE sender
SET paused_at = NULL, paused_by = NULL, pause_reason = NULL
WHERE name = ANY (%(names)s)
    AND paused_at IS NOT NULL
RETURNING name;

-- name: count_open
-- What a sender has not seen through yet, by status.
SELECT status, count(*)
FROM outbox
WHERE sender = %(name)s
    AND status IN ('queued', 'sending', 'unknown')
GROUP BY status
ORDER BY status;

-- name: list_clients_of_sender
-- Whose sender it is.
SELECT client_id
FROM clients
WHERE sender = %(name)s
ORDER BY client_id;

-- name: list_loads
-- What each sender has queued that is due, and has sent since the day began.
SELECT sender, count(*) FILTER (WHERE status = 'queued') AS queued,
    count(*) FILTER (WHERE accepted_at BETWEEN %(since)s AND %(now)s) AS sent
FROM outbox
WHERE status = 'queued'
    OR accepted_at BETWEEN %(since)s AND %(now)s
GROUP BY sender
ORDER BY sender;

-- name: choose_senders
-- Who would send messages to these recipients, were they queued now; in their order.
SELECT sender
FROM choose_senders(
    %(recipients)s::text[], %(client_ids)s::text[], array_fill(NULL::text, ARRAY[cardinality(%(recipients)s::text[])]), %(now)s
)
ORDER BY place;

-- name: store_moved
-- What waits for one sender goes to another; what may have been sent stays, for only its own sender can look it up.
UPDATE outbox
SET sender = %(target)s,
    gateway = NULL,
    gateway_message_id = NULL,
    verdict = NULL,
    error_code = NULL,
    attempts = 0,
    next_attempt_at = LEAST(next_attempt_at, %(now)s)
WHERE sender = %(source)s
    AND status = 'queued'
    AND verdict IS DISTINCT FROM 'ambiguous'
    AND (%(client_id)s::text IS NULL OR client_id = %(client_id)s)
RETURNING sender;

-- name: store_moved_to_pool
-- What waits for one sender is spread over the pool, each person's to one; what is for groups stays, as does what may have been sent.
WITH movable AS (
    SELECT message_id, recipient
    FROM outbox
    WHERE sender = %(source)s
        AND status = 'queued'
        AND verdict IS DISTINCT FROM 'ambiguous'
        AND recipient NOT LIKE '%%@g.us'
        AND (%(client_id)s::text IS NULL OR client_id = %(client_id)s)
)
UPDATE outbox
SET sender = spread.sender,
    gateway = NULL,
    gateway_message_id = NULL,
    verdict = NULL,
    error_code = NULL,
    attempts = 0,
    next_attempt_at = LEAST(next_attempt_at, %(now)s)
FROM movable
JOIN spread_over_pool(
    ARRAY(SELECT recipient FROM movable ORDER BY message_id), %(now)s, %(source)s
) AS spread USING (recipient)
WHERE outbox.message_id = movable.message_id
    AND outbox.sender = %(source)s
    AND outbox.status = 'queued'
    AND outbox.verdict IS DISTINCT FROM 'ambiguous'
RETURNING outbox.sender;
