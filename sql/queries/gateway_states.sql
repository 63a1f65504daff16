-- name: read_gateway_state
-- What every process must know of an account.
SELECT gateway, last_sent_at, paused_since, pause_code, pause_hint, first_contacts_paused_until
FROM gateway_state
WHERE gateway = %(gateway)s;

-- name: list_held_up
-- What the operator should know of accounts; yesterday's cap is over.
SELECT gateway, last_sent_at, paused_since, pause_code, pause_hint, first_contacts_paused_until
FROM gateway_state
WHERE (pause_code = 'daily_cap' AND paused_since BETWEEN %(since)s AND %(now)s)
    OR pause_code <> 'daily_cap'
    OR first_contacts_paused_until > %(now)s
ORDER BY gateway;

-- name: remember_sent
-- The pace goes on where the last process left it.
INSERT INTO gateway_state (gateway, last_sent_at)
VALUES (%(gateway)s, %(now)s)
ON CONFLICT (gateway) DO UPDATE SET last_sent_at = EXCLUDED.last_sent_at;

-- name: forget_future_sending
-- A clock that was ahead: the last message was sent some time before now, and no refusal of new chats ends later than its
-- longest after now.
UPDATE gateway_state
SET last_sent_at = NULL,
    first_contacts_paused_until = CASE  -- LEAST would make an end of none
        WHEN first_contacts_paused_until > %(now)s + interval '1 day' THEN %(now)s + interval '1 day'
        ELSE first_contacts_paused_until
    END
WHERE gateway = %(gateway)s
    AND last_sent_at > %(now)s;

-- name: pause_gateway
-- Why nothing goes out for now.
INSERT INTO gateway_state (gateway, paused_since, pause_code, pause_hint)
VALUES (%(gateway)s, %(now)s, %(code)s, %(hint)s)
ON CONFLICT (gateway) DO UPDATE
SET paused_since = EXCLUDED.paused_since, pause_code = EXCLUDED.pause_code, pause_hint = EXCLUDED.pause_hint;

-- name: resume_gateway
-- Nothing holds it up any more.
UPDATE gateway_state
SET paused_since = NULL, pause_code = NULL, pause_hint = NULL
WHERE gateway = %(gateway)s;

-- name: pause_first_contacts
-- Error 463: no new chats until then.
INSERT INTO gateway_state (gateway, first_contacts_paused_until)
VALUES (%(gateway)s, %(until)s)
ON CONFLICT (gateway) DO UPDATE SET first_contacts_paused_until = EXCLUDED.first_contacts_paused_until;

-- name: has_work
-- Whether any message is on its way, or waits for its delivery to be confirmed (list_unconfirmed of the outbox).
SELECT EXISTS (SELECT FROM outbox WHERE status IN ('queued', 'sending', 'unknown'))
    OR EXISTS (
        SELECT
        FROM outbox
        WHERE status = 'accepted'
            AND gateway = %(gateway)s
            AND accepted_at > %(now)s - interval '1 day'
            AND accepted_at + GREATEST(2 * (ack_checked_at - accepted_at), interval '2 minutes') < %(now)s
    );
