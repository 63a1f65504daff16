-- name: read_gateway_state
-- What every process must know of an account.
SELECT sender, gateway, last_sent_at, paused_since, pause_code, pause_hint, first_contacts_paused_until
FROM gateway_state
WHERE sender = %(sender)s
    AND gateway = %(gateway)s;

-- name: list_held_up
-- What the operator should know of accounts; yesterday's cap is over.
SELECT sender, gateway, last_sent_at, paused_since, pause_code, pause_hint, first_contacts_paused_until
FROM gateway_state
WHERE (pause_code = 'daily_cap' AND paused_since BETWEEN %(since)s AND %(now)s)
    OR pause_code <> 'daily_cap'
    OR first_contacts_paused_until > %(now)s
ORDER BY sender <> 'default', sender, gateway;

-- name: remember_sent
-- The pace goes on where the last process left it.
INSERT INTO gateway_state (sender, gateway, last_sent_at)
VALUES (%(sender)s, %(gateway)s, %(now)s)
ON CONFLICT (sender, gateway) DO UPDATE SET last_sent_at = EXCLUDED.last_sent_at;

-- name: forget_future_sending
-- A clock that was ahead: the last message was sent some time before now, and no refusal of new chats ends later than its
-- longest after now.
UPDATE gateway_state
SET last_sent_at = NULL,
    first_contacts_paused_until = CASE  -- LEAST would make an end of none
        WHEN first_contacts_paused_until > %(now)s + interval '1 day' THEN %(now)s + interval '1 day'
        ELSE first_contacts_paused_until
    END
WHERE sender = %(sender)s
    AND gateway = %(gateway)s
    AND last_sent_at > %(now)s;

-- name: pause_gateway
-- Why nothing goes out for now.
INSERT INTO gateway_state (sender, gateway, paused_since, pause_code, pause_hint)
VALUES (%(sender)s, %(gateway)s, %(now)s, %(code)s, %(hint)s)
ON CONFLICT (sender, gateway) DO UPDATE
SET paused_since = EXCLUDED.paused_since, pause_code = EXCLUDED.pause_code, pause_hint = EXCLUDED.pause_hint;

-- name: resume_gateway
-- Nothing holds it up any more.
UPDATE gateway_state
SET paused_since = NULL, pause_code = NULL, pause_hint = NULL
WHERE sender = %(sender)s
    AND gateway = %(gateway)s;

-- name: pause_first_contacts
-- Error 463: no new chats until then.
INSERT INTO gateway_state (sender, gateway, first_contacts_paused_until)
VALUES (%(sender)s, %(gateway)s, %(until)s)
ON CONFLICT (sender, gateway) DO UPDATE SET first_contacts_paused_until = EXCLUDED.first_contacts_paused_until;

-- name: list_at_work
-- The senders that have a message on its way, or one whose delivery waits to be confirmed (list_unconfirmed of the outbox);
-- `gateway` is that of `default`.
SELECT each_sender.name
FROM (
    SELECT 'default' AS name, %(gateway)s::text AS gateway
    UNION ALL
    SELECT name, gateway
    FROM sender
    WHERE gateway IS NOT NULL
) AS each_sender
WHERE EXISTS (
    SELECT
    FROM outbox
    WHERE outbox.sender = each_sender.name
        AND status IN ('queued', 'sending', 'unknown')
    )
    OR EXISTS (
        SELECT
        FROM outbox
        WHERE status = 'accepted'
            AND outbox.sender = each_sender.name
            AND outbox.gateway = each_sender.gateway
            AND accepted_at > %(now)s - interval '1 day'
            AND accepted_at + GREATEST(2 * (ack_checked_at - accepted_at), interval '2 minutes') < %(now)s
    )
ORDER BY name <> 'default', name;
