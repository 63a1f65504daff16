-- name: hold_sender
-- One message of a number at a time: two at once would both find that there is room for an answer.
SELECT pg_advisory_xact_lock(hashtextextended('cicero:inbound ' || %(sender)s, 0));

-- name: find_inbound
-- Whether this message was handled already.
SELECT true
FROM inbound
WHERE gateway = %(gateway)s AND message_id = %(message_id)s;

-- name: list_inbound_of_sender
-- What a number has written of late, the newest first.
SELECT request, came_at, answered
FROM inbound
WHERE sender = %(sender)s AND came_at > %(since)s
ORDER BY came_at DESC
LIMIT 500;

-- name: add_inbound
-- Only if it is not there yet; what is thirty days old goes, for no gateway repeats it any more.
WITH old AS (
    DELETE FROM inbound
    WHERE came_at < %(now)s - interval '30 days'
)
INSERT INTO inbound (gateway, message_id, sender, request, came_at, answered)
VALUES (%(gateway)s, %(message_id)s, %(sender)s, %(request)s, %(now)s, %(answered)s)
ON CONFLICT (gateway, message_id) DO NOTHING;
