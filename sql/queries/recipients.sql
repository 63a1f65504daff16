-- name: list_recipients
-- Who gets reports of these clients beside their own columns; of all clients where none is named, of all reports likewise.
SELECT client_id, recipient, name, divisi, what, mode, at, since, created_at
FROM recipient
WHERE (%(client_ids)s::text[] IS NULL OR client_id = ANY (%(client_ids)s))
    AND (%(what)s::text IS NULL OR %(what)s = ANY (what))
ORDER BY client_id, created_at, recipient;

-- name: list_own_times
-- The clients that have recipients with these times of their own for the laphar, and since when the first of them has.
SELECT at, client_id, min(since) AS since
FROM recipient
WHERE at IS NOT NULL AND what @> ARRAY['laphar']
GROUP BY at, client_id
ORDER BY at, client_id;

-- name: add_recipient
-- One more; nothing where the client has this number or group already.
INSERT INTO recipient (client_id, recipient, name, divisi, what, mode, at, since, created_at)
VALUES (
    %(client_id)s, %(recipient)s, %(name)s, %(divisi)s, %(what)s, %(mode)s, %(at)s, %(since)s, %(created_at)s
)
ON CONFLICT (client_id, recipient) DO NOTHING
RETURNING recipient;

-- name: save_recipient
-- What it gets from now on.
UPDATE recipient
SET name = %(name)s,
    divisi = %(divisi)s,
    what = %(what)s,
    mode = %(mode)s,
    at = %(at)s,
    since = %(since)s
WHERE client_id = %(client_id)s AND recipient = %(recipient)s;

-- name: remove_recipient
-- It gets nothing more, also not what waits for it.
WITH removed AS (
    DELETE FROM recipient
    WHERE client_id = %(client_id)s AND recipient = %(recipient)s
    RETURNING client_id, recipient
)
UPDATE outbox
SET status = 'cancelled', error_code = 'by_hand'
FROM removed
WHERE outbox.client_id = removed.client_id
    AND outbox.recipient = removed.recipient
    AND outbox.status = 'queued'
    AND outbox.kind IN ('laphar', 'rekap', 'tugas', 'peringkat');

-- name: list_divisions
-- The divisions of who is expected on a client's posts on a day, as they are spelled.
SELECT DISTINCT divisi
FROM user_of_day
WHERE client_id = %(client_id)s
    AND known_until = 'infinity'
    AND valid_from <= %(day)s
    AND valid_until > %(day)s
ORDER BY divisi;
