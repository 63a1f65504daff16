-- name: list_clients
-- Every client that has not ended, or the active ones only.
SELECT client_id, nama, client_type, client_status, client_insta, client_insta_status, client_tiktok,
    client_tiktok_status, tiktok_secuid, client_operator, client_super, client_group, timezone, threshold,
    regional_id, client_amplify_status, premium_tier, premium_status, premium_expires_at, fetch_at, laphar_at, remind_at, rekap_at, tugas_until, days_off, posts_until,
    under, audience, audience_divisi, report_units, sender
FROM clients
WHERE removed_at IS NULL
    AND (client_status OR NOT %(active_only)s)
ORDER BY client_id;

-- name: get_client
-- One client by its id, unless it has ended.
SELECT client_id, nama, client_type, client_status, client_insta, client_insta_status, client_tiktok,
    client_tiktok_status, tiktok_secuid, client_operator, client_super, client_group, timezone, threshold,
    regional_id, client_amplify_status, premium_tier, premium_status, premium_expires_at, fetch_at, laphar_at, remind_at, rekap_at, tugas_until, days_off, posts_until,
    under, audience, audience_divisi, report_units, sender
FROM clients
WHERE client_id = %(client_id)s
    AND removed_at IS NULL;

-- name: get_ended_client
-- One that was removed, of which past days can be shown.
SELECT client_id, nama, client_type, client_status, client_insta, client_insta_status, client_tiktok,
    client_tiktok_status, tiktok_secuid, client_operator, client_super, client_group, timezone, threshold,
    regional_id, client_amplify_status, premium_tier, premium_status, premium_expires_at, fetch_at, laphar_at, remind_at, rekap_at, tugas_until, days_off, posts_until,
    under, audience, audience_divisi, report_units, sender
FROM clients
WHERE client_id = %(client_id)s
    AND removed_at IS NOT NULL;

-- name: get_client_of_day
-- What the client was at the end of a day, by what was known at a moment; before the first, by that. And the day on which it
-- ended, if that was known.
SELECT client_history.nama, client_history.timezone, client_history.threshold, client_history.under,
    client_history.audience, client_history.audience_divisi, client_history.days_off,
    client_history.posts_until,
    (
        SELECT (removed_at AT TIME ZONE clients.timezone)::date
        FROM clients
        WHERE clients.client_id = %(client_id)s AND removed_at <= %(as_of)s::timestamptz
    ) AS ended_on
FROM client_history
WHERE client_id = %(client_id)s
    AND valid_from <= %(day)s
    AND valid_until > %(day)s
    AND known_from <= GREATEST(
        %(as_of)s::timestamptz,
        (SELECT min(first.known_from) FROM client_history AS first WHERE first.client_id = %(client_id)s)
    )
ORDER BY known_from DESC
LIMIT 1;

-- name: lock_client
-- Keeps others from changing this client until the transaction ends.
SELECT client_id
FROM clients
WHERE client_id = %(client_id)s
FOR NO KEY UPDATE;

-- name: hold_client
-- Keeps the client from being removed until the transaction ends; others may hold it too. Whoever writes rows of a client takes
-- this first: its foreign keys take the same lock later, and then a removal that waits for those rows would wait for ever.
SELECT client_id
FROM clients
WHERE client_id = %(client_id)s
    AND removed_at IS NULL
FOR KEY SHARE;

-- name: hold_transfers
-- Waits for who is moving people between clients, and keeps others from it until the transaction ends: each of two that move people
-- in opposite directions would hold its own client's people and wait for the other's.
SELECT pg_advisory_xact_lock(hashtext('cicero: transfers'));

-- name: lock_client_for_removal
-- Waits for all who hold the client, and keeps others from it.
SELECT client_id
FROM clients
WHERE client_id = %(client_id)s
FOR UPDATE;

-- name: lock_posts_of_client
-- Waits for who writes the people of these posts; in a statement before the removal, which sees what they wrote.
WITH insta AS MATERIALIZED (
    SELECT post_id
    FROM insta_post
    WHERE client_id = %(client_id)s
    ORDER BY post_id
    FOR UPDATE
),
tiktok AS MATERIALIZED (
    SELECT post_id
    FROM tiktok_post
    WHERE client_id = %(client_id)s
    ORDER BY post_id
    FOR UPDATE
)
SELECT (SELECT count(*) FROM insta) + (SELECT count(*) FROM tiktok);

-- name: add_client
-- One new client, or one that had ended and begins anew; nothing when the id is taken.
INSERT INTO clients (
    client_id, nama, client_type, client_status, client_insta, client_insta_status, client_tiktok,
    client_tiktok_status, tiktok_secuid, client_operator, client_super, client_group, timezone, threshold,
    regional_id, client_amplify_status, premium_tier, premium_status, premium_expires_at, fetch_at, laphar_at, remind_at, rekap_at, tugas_until, days_off, posts_until,
    under, audience, audience_divisi, report_units, sender
)
VALUES (
    %(client_id)s, %(nama)s, %(client_type)s, %(client_status)s, %(client_insta)s, %(client_insta_status)s,
    %(client_tiktok)s, %(client_tiktok_status)s, %(tiktok_secuid)s, %(client_operator)s, %(client_super)s,
    %(client_group)s, %(timezone)s, %(threshold)s, %(regional_id)s, %(client_amplify_status)s, %(premium_tier)s,
    %(premium_status)s, %(premium_expires_at)s, %(fetch_at)s, %(laphar_at)s, %(remind_at)s, %(rekap_at)s, %(tugas_until)s, %(days_off)s, %(posts_until)s, %(under)s, %(audience)s,
    %(audience_divisi)s, %(report_units)s, %(sender)s
)
ON CONFLICT (client_id) DO UPDATE
SET nama = EXCLUDED.nama,
    client_type = EXCLUDED.client_type,
    client_status = EXCLUDED.client_status,
    client_insta = EXCLUDED.client_insta,
    client_insta_status = EXCLUDED.client_insta_status,
    tiktok_secuid = EXCLUDED.tiktok_secuid,
    client_tiktok = EXCLUDED.client_tiktok,
    client_tiktok_status = EXCLUDED.client_tiktok_status,
    client_operator = EXCLUDED.client_operator,
    client_super = EXCLUDED.client_super,
    client_group = EXCLUDED.client_group,
    timezone = EXCLUDED.timezone,
    threshold = EXCLUDED.threshold,
    regional_id = EXCLUDED.regional_id,
    client_amplify_status = EXCLUDED.client_amplify_status,
    premium_tier = EXCLUDED.premium_tier,
    premium_status = EXCLUDED.premium_status,
    premium_expires_at = EXCLUDED.premium_expires_at,
    fetch_at = EXCLUDED.fetch_at,
    laphar_at = EXCLUDED.laphar_at,
    remind_at = EXCLUDED.remind_at,
    rekap_at = EXCLUDED.rekap_at,
    tugas_until = EXCLUDED.tugas_until,
    days_off = EXCLUDED.days_off,
    posts_until = EXCLUDED.posts_until,
    under = EXCLUDED.under,
    audience = EXCLUDED.audience,
    audience_divisi = EXCLUDED.audience_divisi,
    report_units = EXCLUDED.report_units,
    sender = EXCLUDED.sender,
    created_at = now(),
    updated_at = now(),
    scheduled_since = now(),
    removed_at = NULL
WHERE clients.removed_at IS NOT NULL
RETURNING client_id;

-- name: update_client
-- The whole row, as it shall be. A new TikTok handle makes the old secuid worthless.
UPDATE clients
SET nama = %(nama)s,
    client_type = %(client_type)s,
    client_status = %(client_status)s,
    client_insta = %(client_insta)s,
    client_insta_status = %(client_insta_status)s,
    tiktok_secuid = CASE WHEN client_tiktok IS NOT DISTINCT FROM %(client_tiktok)s THEN tiktok_secuid END,
    client_tiktok = %(client_tiktok)s,
    client_tiktok_status = %(client_tiktok_status)s,
    client_operator = %(client_operator)s,
    client_super = %(client_super)s,
    client_group = %(client_group)s,
    timezone = %(timezone)s,
    threshold = %(threshold)s,
    regional_id = %(regional_id)s,
    client_amplify_status = %(client_amplify_status)s,
    premium_tier = %(premium_tier)s,
    premium_status = %(premium_status)s,
    premium_expires_at = %(premium_expires_at)s,
    fetch_at = %(fetch_at)s,
    laphar_at = %(laphar_at)s,
    remind_at = %(remind_at)s,
    rekap_at = %(rekap_at)s,
    tugas_until = %(tugas_until)s,
    days_off = %(days_off)s,
    posts_until = %(posts_until)s,
    under = %(under)s,
    audience = %(audience)s,
    audience_divisi = %(audience_divisi)s,
    report_units = %(report_units)s,
    sender = %(sender)s,
    updated_at = now()
WHERE client_id = %(client_id)s;

-- name: remember_secuid
-- What TikTok calls the client's account, learnt from a fetch.
UPDATE clients
SET tiktok_secuid = %(tiktok_secuid)s
WHERE client_id = %(client_id)s;

-- name: end_client
-- The client is in no list from now on; a trigger keeps its past.
DELETE FROM clients
WHERE client_id = %(client_id)s
    AND removed_at IS NULL;

-- name: count_loss
-- What goes with a client that is erased.
SELECT
    (SELECT count(DISTINCT user_id) FROM user_history WHERE client_id = %(client_id)s) AS users,
    (SELECT count(*) FROM insta_post WHERE client_id = %(client_id)s)
        + (SELECT count(*) FROM tiktok_post WHERE client_id = %(client_id)s) AS posts,
    (
        SELECT count(DISTINCT (day, queued_at))
        FROM outbox
        WHERE client_id = %(client_id)s AND kind = 'laphar' AND accepted_at IS NOT NULL
    ) AS reports;

-- name: say_erase
-- What the trigger asks for before it lets a client go with all that is kept of it.
SELECT set_config('cicero.erase', %(client_id)s, true);

-- name: erase_client
-- The client with its users, posts, likes, comments and runs, which follow by foreign key, and the readings, which have none.
WITH readings AS (
    DELETE FROM reading
    WHERE (platform, post_id) IN (
        SELECT 'insta', post_id FROM insta_post WHERE client_id = %(client_id)s
        UNION ALL
        SELECT 'tiktok', post_id FROM tiktok_post WHERE client_id = %(client_id)s
    )
)
DELETE FROM clients
WHERE client_id = %(client_id)s;
