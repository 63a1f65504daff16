-- name: add_messages
-- Queues what is not queued yet; the key decides. Each message gets its sender here, whoever queues it.
INSERT INTO outbox (
    dedupe_key, kind, client_id, user_id, day, recipient, body, attachment_name, attachment_type, attachment_sha256,
    sender, next_attempt_at, expires_at, queued_at
)
SELECT dedupe_key, kind, client_id, user_id, day, recipient, body, attachment_name, attachment_type, attachment_sha256,
    chosen.sender, %(now)s, expires_at, %(now)s
FROM unnest(
    %(dedupe_keys)s::text[], %(kinds)s::text[], %(client_ids)s::text[], %(user_ids)s::text[], %(days)s::date[],
    %(recipients)s::text[], %(bodies)s::text[], %(attachment_names)s::text[], %(attachment_types)s::text[],
    %(attachment_sha256s)s::text[], %(expires_ats)s::timestamptz[]
) WITH ORDINALITY AS new (
    dedupe_key, kind, client_id, user_id, day, recipient, body, attachment_name, attachment_type, attachment_sha256,
    expires_at, place
)
JOIN choose_senders(%(recipients)s::text[], %(client_ids)s::text[], %(senders)s::text[], %(now)s) AS chosen USING (place)
ORDER BY place
ON CONFLICT (dedupe_key) DO NOTHING
RETURNING message_id;

-- name: find_known_keys
-- Which of these messages were queued already.
SELECT dedupe_key
FROM outbox
WHERE dedupe_key = ANY (%(dedupe_keys)s)
ORDER BY dedupe_key;

-- name: claim_messages
-- Takes the next due messages of a sender that nobody has paused for this process. A recipient's messages of one kind go one after the other, so a later
-- one waits for an earlier one that is open; after three tries that one is poison and holds nobody up.
-- OFFSET keeps the planner from joining: it is to walk the queue in its order and stop at the first that may go.
WITH due AS (
    SELECT message_id
    FROM outbox
    WHERE sender = %(sender)s
        AND NOT EXISTS (SELECT FROM sender WHERE name = %(sender)s AND paused_at IS NOT NULL)
        AND status = 'queued'
        AND next_attempt_at <= %(now)s
        AND expires_at > %(now)s
        AND (%(message_id)s::bigint IS NULL OR message_id = %(message_id)s)
        AND (
            NOT %(no_first_contacts)s
            OR recipient LIKE '%%@g.us'
            OR EXISTS (
                SELECT
                FROM outbox AS earlier
                WHERE earlier.recipient = outbox.recipient
                    AND earlier.sender = outbox.sender
                    AND earlier.status IN ('accepted', 'delivered', 'read')
                OFFSET 0
            )
        )
        AND NOT EXISTS (
            SELECT
            FROM outbox AS earlier
            WHERE earlier.recipient = outbox.recipient
                AND earlier.sender = outbox.sender
                AND earlier.kind = outbox.kind
                AND earlier.message_id < outbox.message_id
                AND earlier.expires_at > %(now)s
                AND earlier.status IN ('queued', 'sending')
                AND earlier.attempts < 3
            OFFSET 0
        )
    ORDER BY kind = 'reminder', message_id
    LIMIT %(limit)s
    FOR UPDATE SKIP LOCKED
)
UPDATE outbox
SET status = 'sending',
    attempts = attempts + 1,
    claimed_at = %(now)s,
    called_at = NULL,
    next_attempt_at = %(look_up_at)s,
    gateway = %(gateway)s,
    gateway_message_id = CASE WHEN gateway = %(gateway)s THEN gateway_message_id END
FROM due
WHERE outbox.message_id = due.message_id
RETURNING outbox.message_id, kind, client_id, user_id, day, recipient, body, attachment_name, attachment_type,
    attachment_sha256, attempts, gateway_message_id, COALESCE(verdict = 'ambiguous', false) AS in_doubt,
    called_at IS NOT NULL AS was_called, claimed_at, expires_at;

-- name: count_due
-- What is due now for a sender (null: for any), and what of it nothing but a pause holds up.
SELECT count(*)
FROM outbox
WHERE status = 'queued'
    AND (%(sender)s::text IS NULL OR sender = %(sender)s)
    AND next_attempt_at <= %(now)s
    AND expires_at > %(now)s;

-- name: list_left_sending
-- What a crash, a time-out or a cut connection left between the call and its record, and is due to be looked into.
SELECT message_id, kind, client_id, user_id, day, recipient, body, attachment_name, attachment_type,
    attachment_sha256, attempts, gateway_message_id, COALESCE(verdict = 'ambiguous', false) AS in_doubt,
    called_at IS NOT NULL AS was_called, claimed_at, expires_at
FROM outbox
WHERE status = 'sending'
    AND sender = %(sender)s
    AND gateway = %(gateway)s
    AND (
        next_attempt_at <= %(now)s
        OR %(takes_message_id)s AND attachment_name IS NULL AND (gateway_message_id IS NOT NULL OR called_at IS NULL)
    )
ORDER BY message_id;

-- name: begin_message
-- The words, the id that the gateway lets us choose and the time of the call, before the call: what must be known of it
-- when the process does not live to see the answer.
UPDATE outbox
SET body = %(body)s,
    gateway_message_id = %(gateway_message_id)s,
    claimed_at = %(now)s,
    called_at = %(now)s,
    next_attempt_at = %(look_up_at)s
WHERE message_id = %(message_id)s
    AND status = 'sending';

-- name: settle_message
-- What became of one try. A doubt about an earlier one stays until an answer or a look-up ends it.
UPDATE outbox
SET status = %(status)s,
    verdict = CASE
        WHEN verdict = 'ambiguous' AND %(status)s = 'queued' AND NOT %(ends_doubt)s THEN verdict
        ELSE %(verdict)s
    END,
    error_code = %(error_code)s,
    gateway_message_id = COALESCE(%(gateway_message_id)s, gateway_message_id),
    next_attempt_at = COALESCE(%(next_attempt_at)s, next_attempt_at),
    attempts = attempts - %(uncounted)s,
    accepted_at = CASE WHEN %(status)s = 'accepted' THEN %(now)s ELSE accepted_at END
WHERE message_id = %(message_id)s
    AND status = 'sending';

-- name: forget_future
-- Times that a clock which was ahead has left: what they put off is due, and what was under way is looked up soon, in all
-- that was said since it was queued, for nobody knows when it was.
UPDATE outbox
SET next_attempt_at = CASE WHEN status = 'sending' THEN %(look_up_at)s ELSE %(now)s END,
    queued_at = LEAST(queued_at, %(now)s),
    claimed_at = CASE
        WHEN claimed_at <= %(now)s THEN claimed_at
        WHEN queued_at <= %(now)s THEN queued_at
        WHEN claimed_at IS NOT NULL THEN %(now)s - interval '1 day'
    END
WHERE status IN ('queued', 'sending')
    AND (queued_at > %(now)s OR claimed_at > %(now)s);

-- name: count_waiting
-- What is due for a sender and not sent, and since when.
SELECT count(*) AS due, min(next_attempt_at) AS due_since
FROM outbox
WHERE status = 'queued'
    AND sender = %(sender)s
    AND (next_attempt_at <= %(now)s OR queued_at > %(now)s OR claimed_at > %(now)s)
    AND expires_at > %(now)s;

-- name: expire_messages
-- Nobody wants yesterday's reminder. One that may have been sent is not called expired, nor is one that only another
-- gateway could look up ever sent again: a person decides.
UPDATE outbox
SET status = CASE WHEN status = 'sending' OR verdict = 'ambiguous' THEN 'unknown' ELSE 'expired' END
WHERE status IN ('queued', 'sending')
    AND (
        status = 'queued' AND expires_at <= %(now)s
        OR sender = %(sender)s AND gateway <> %(gateway)s AND status = 'queued' AND verdict = 'ambiguous'
        OR sender = %(sender)s AND gateway <> %(gateway)s AND status = 'sending' AND next_attempt_at <= %(now)s
    )
RETURNING status;

-- name: record_ack
-- How far a message got, whatever we thought of it. Acks may come late or out of order, so it only ever rises; an error
-- counts until a device has the message, and nothing less than that undoes it.
UPDATE outbox
SET ack = %(ack)s,
    status = CASE
        WHEN %(ack)s >= 3 THEN 'read'
        WHEN %(ack)s = 2 THEN 'delivered'
        WHEN %(ack)s < 0 THEN 'failed'
        ELSE 'accepted'
    END,
    error_code = CASE WHEN %(ack)s < 0 THEN 'ack_error' END,
    accepted_at = COALESCE(accepted_at, %(now)s),
    delivered_at = CASE WHEN %(ack)s >= 2 THEN COALESCE(delivered_at, %(now)s) ELSE delivered_at END,
    read_at = CASE WHEN %(ack)s >= 3 THEN COALESCE(read_at, %(now)s) ELSE read_at END
WHERE gateway_message_id = %(gateway_message_id)s
    AND CASE
        WHEN ack IS NULL THEN true
        WHEN ack < 0 THEN %(ack)s >= 2
        WHEN %(ack)s < 0 THEN ack < 2
        ELSE ack < %(ack)s
    END;

-- name: keep_early_ack
-- How far a message got whose id we may not know yet; what is a day old never was of ours.
WITH old AS (
    DELETE FROM early_ack
    WHERE came_at < %(now)s - interval '1 day'
        AND gateway_message_id <> %(gateway_message_id)s
)
INSERT INTO early_ack (gateway_message_id, ack, came_at)
VALUES (%(gateway_message_id)s, %(ack)s, %(now)s)
ON CONFLICT (gateway_message_id) DO UPDATE SET ack = GREATEST(early_ack.ack, EXCLUDED.ack), came_at = EXCLUDED.came_at;

-- name: take_early_ack
-- The ack that came before the answer, if one did.
DELETE FROM early_ack
WHERE gateway_message_id = %(gateway_message_id)s
RETURNING ack;

-- name: find_by_gateway_message
-- Which message went out under this id.
SELECT message_id
FROM outbox
WHERE gateway_message_id = %(gateway_message_id)s
ORDER BY message_id;

-- name: list_unconfirmed
-- Accepted messages of the last day whose delivery nobody has confirmed: after two minutes, then each time that they have
-- waited as long again.
SELECT message_id, kind, client_id, user_id, day, recipient, body, attachment_name, attachment_type,
    attachment_sha256, attempts, gateway_message_id, COALESCE(verdict = 'ambiguous', false) AS in_doubt,
    called_at IS NOT NULL AS was_called, claimed_at, expires_at
FROM outbox
WHERE status = 'accepted'
    AND sender = %(sender)s
    AND gateway = %(gateway)s
    AND accepted_at > %(now)s - interval '1 day'
    AND accepted_at + GREATEST(2 * (ack_checked_at - accepted_at), interval '2 minutes') < %(now)s
ORDER BY ack_checked_at NULLS FIRST, message_id
LIMIT %(limit)s;

-- name: remember_ack_check
-- Asked, whatever the answer.
UPDATE outbox
SET ack_checked_at = %(now)s
WHERE message_id = %(message_id)s;

-- name: list_messages
-- The outbox, newest first.
SELECT message_id, kind, client_id, user_id, day, recipient, status, attempts, next_attempt_at, expires_at, sender, gateway,
    gateway_message_id, verdict, error_code, ack, queued_at, accepted_at, delivered_at, read_at
FROM outbox
WHERE (%(status)s::text IS NULL OR status = %(status)s)
    AND (%(client_id)s::text IS NULL OR client_id = %(client_id)s)
    AND (%(kind)s::text IS NULL OR kind = %(kind)s)
    AND (%(sender)s::text IS NULL OR sender = %(sender)s)
ORDER BY message_id DESC
LIMIT %(limit)s;

-- name: list_page_of_messages
-- Messages with the names of whom they are for, newest first, from the one after `before` on.
SELECT outbox.message_id, outbox.kind, outbox.client_id, outbox.user_id, outbox.day, outbox.recipient, outbox.status,
    outbox.attempts, outbox.error_code, outbox.queued_at, outbox.accepted_at, outbox.delivered_at, outbox.read_at,
    clients.nama AS client_nama, clients.timezone, clients.client_operator, clients.client_super, clients.client_group,
    "user".nama AS user_nama, "user".title AS user_title, "user".client_id AS user_client_id
FROM outbox
LEFT JOIN clients ON clients.client_id = outbox.client_id
LEFT JOIN "user" ON "user".user_id = outbox.user_id
WHERE (%(client_id)s::text IS NULL OR outbox.client_id = %(client_id)s)
    AND (%(status)s::text IS NULL OR outbox.status = %(status)s)
    AND (%(kind)s::text IS NULL OR outbox.kind = %(kind)s)
    AND (%(start)s::timestamptz IS NULL OR outbox.queued_at >= %(start)s)
    AND (%(end)s::timestamptz IS NULL OR outbox.queued_at < %(end)s)
    AND (
        %(before)s::bigint IS NULL
        OR (outbox.queued_at, outbox.message_id) < (%(before_at)s::timestamptz, %(before)s::bigint)
    )
ORDER BY outbox.queued_at DESC, outbox.message_id DESC
LIMIT %(limit)s;

-- name: get_message
-- All that is kept of one message, but for the bytes of its attachment.
SELECT message_id, dedupe_key, outbox.kind, outbox.client_id, user_id, outbox.day, recipient, body, attachment_name, status, attempts,
    next_attempt_at, expires_at, sender, gateway, gateway_message_id, verdict, error_code, ack, queued_at, claimed_at,
    accepted_at, delivered_at, read_at, report_id, report.scope AS report_scope
FROM outbox
LEFT JOIN report USING (report_id)
WHERE message_id = %(message_id)s;

-- name: retry_message
-- A person decides to send it (again), from the start. While it may have been sent it keeps its id, under which it
-- cannot arrive twice.
UPDATE outbox
SET status = 'queued',
    attempts = 0,
    next_attempt_at = %(now)s,
    expires_at = GREATEST(expires_at, %(expires_at)s),
    gateway_message_id = CASE WHEN status IN ('queued', 'unknown') THEN gateway_message_id END,
    verdict = CASE WHEN status IN ('queued', 'unknown') AND gateway_message_id IS NOT NULL THEN verdict END,
    error_code = NULL,
    ack = NULL
WHERE message_id = %(message_id)s
    AND status IN ('failed', 'unknown', 'cancelled', 'expired', 'queued');

-- name: cancel_message
-- A person decides that it shall not be sent (again).
UPDATE outbox
SET status = 'cancelled', error_code = 'by_hand'
WHERE message_id = %(message_id)s
    AND status IN ('queued', 'failed', 'unknown', 'expired');

-- name: mark_message_sent
-- A person has seen it in the chat: the doubt is over.
UPDATE outbox
SET status = 'accepted',
    verdict = NULL,
    error_code = 'by_hand',
    accepted_at = COALESCE(accepted_at, claimed_at, %(now)s)
WHERE message_id = %(message_id)s
    AND status = 'unknown';

-- name: count_outbox
-- How many messages are in each state: those that are open, and what became of the others today.
SELECT status, count(*)
FROM outbox
WHERE status IN ('queued', 'sending', 'unknown') OR queued_at >= %(since)s
GROUP BY status
ORDER BY status;

-- name: count_unsent_laphars
-- Reports of these clients (null: of all) that are in doubt, or of late were not sent for good.
SELECT client_id, status, count(*)
FROM outbox
WHERE kind = 'laphar'
    AND (status = 'unknown' OR (status IN ('failed', 'expired') AND queued_at >= %(since)s))
    AND client_id = ANY (COALESCE(%(client_ids)s::text[], ARRAY(SELECT client_id FROM clients)))
GROUP BY client_id, status
ORDER BY client_id, status;

-- name: count_sent_since
-- Messages that this account has sent since a moment, for its daily cap.
SELECT count(*)
FROM outbox
WHERE sender = %(sender)s
    AND gateway = %(gateway)s
    AND accepted_at BETWEEN %(since)s AND %(now)s;

-- name: count_reminders
-- How many reminders of a day each user of a client was sent; they are queued on their day, wherever the client is.
SELECT user_id, count(*)
FROM outbox
WHERE queued_at >= %(day)s::date - interval '1 day'
    AND kind = 'reminder'
    AND client_id = %(client_id)s
    AND day = %(day)s
    AND status NOT IN ('cancelled', 'expired', 'failed')
GROUP BY user_id;
