-- name: add_client_import
-- One import of clients that changed something.
INSERT INTO client_import (source, actor, added, changed, deactivated, refused)
VALUES (%(source)s, %(actor)s, %(added)s, %(changed)s, %(deactivated)s, %(refused)s)
RETURNING import_id;

-- name: add_client_import_changes
-- What it changed of which client; a changed zone holds from the earlier of both days on.
INSERT INTO client_import_change (import_id, client_id, day, before, after)
SELECT %(import_id)s, given.client_id,
    LEAST(
        (cicero_now() AT TIME ZONE clients.timezone)::date,
        (cicero_now() AT TIME ZONE (given.before ->> 'timezone'))::date
    ),
    given.before, given.after
FROM unnest(%(client_ids)s::text[], %(before)s::jsonb[], %(after)s::jsonb[]) AS given (client_id, before, after)
JOIN clients USING (client_id);

-- name: list_client_imports
-- The imports of clients, the newest first.
SELECT import_id, at, source, actor, added, changed, deactivated, refused, undone_at, undone_by
FROM client_import
ORDER BY import_id DESC
LIMIT %(limit)s;

-- name: find_client_import
-- One import of clients; without an id the newest that was not taken back.
SELECT import_id, at, source, actor, added, changed, deactivated, refused, undone_at, undone_by
FROM client_import
WHERE CASE WHEN %(import_id)s::bigint IS NULL THEN undone_at IS NULL ELSE import_id = %(import_id)s END
ORDER BY import_id DESC
LIMIT 1;

-- name: list_client_import_changes
-- What an import changed of which client.
SELECT client_id, before, after
FROM client_import_change
WHERE import_id = %(import_id)s
ORDER BY client_id;

-- name: list_client_days_since_import
-- What those whom an import named were from its day on, as far as we know now.
SELECT history.client_id, GREATEST(history.valid_from, change.day) AS first_day,
    jsonb_build_object(
        'nama', history.nama, 'timezone', history.timezone, 'threshold', history.threshold,
        'client_status', history.status, 'under', history.under, 'audience', history.audience,
        'audience_divisi', history.audience_divisi, 'days_off', history.days_off,
        'posts_until', history.posts_until
    ) AS facts
FROM client_import_change AS change
JOIN client_history AS history
    ON history.client_id = change.client_id
        AND history.known_until = 'infinity'
        AND history.valid_until > change.day
WHERE change.import_id = %(import_id)s
ORDER BY history.client_id, history.valid_from;

-- name: list_grown_clients
-- Whether clients were there before an import (and had ended), ever had a place in the tree of units, and what they have since that
-- must not go with them.
SELECT asked.client_id,
    EXISTS (
        SELECT FROM client_history WHERE client_history.client_id = asked.client_id AND known_from < %(at)s::timestamptz
    ) AS was_there,
    EXISTS (
        SELECT
        FROM client_history
        WHERE client_history.client_id = asked.client_id AND client_history.under IS NOT NULL
            OR client_history.under = asked.client_id
    ) AS has_place,
    EXISTS (SELECT FROM "user" WHERE "user".client_id = asked.client_id)
        OR EXISTS (SELECT FROM user_assignment WHERE user_assignment.client_id = asked.client_id) AS people,
    EXISTS (SELECT FROM insta_post WHERE insta_post.client_id = asked.client_id AND first_seen_at >= %(at)s)
        OR EXISTS (SELECT FROM tiktok_post WHERE tiktok_post.client_id = asked.client_id AND first_seen_at >= %(at)s) AS posts,
    EXISTS (SELECT FROM outbox WHERE outbox.client_id = asked.client_id AND queued_at >= %(at)s) AS messages,
    EXISTS (SELECT FROM account_client WHERE account_client.client_id = asked.client_id) AS accounts,
    EXISTS (SELECT FROM followed_sheet WHERE followed_sheet.client_id = asked.client_id) AS sheet
FROM unnest(%(client_ids)s::text[]) AS asked (client_id);

-- name: set_client_days
-- Gives the days of one client from the import's day on other values; all days of one that is new.
SELECT patch_client_history(
    client_id, CASE WHEN %(is_new)s THEN '-infinity' ELSE day END, COALESCE(%(until_day)s::date, 'infinity'), %(fields)s::jsonb
)
FROM client_import_change
WHERE import_id = %(import_id)s AND client_id = %(client_id)s;

-- name: set_client_days_before
-- What the import made hold of the days before it too (an audience that nobody was asked by yet) is on them as it was.
SELECT patch_client_history(
    change.client_id, was.valid_from, LEAST(was.valid_until, change.day),
    (
        SELECT COALESCE(jsonb_object_agg(key, value), '{}')
        FROM jsonb_each(
            jsonb_build_object('under', was.under, 'audience', was.audience, 'audience_divisi', was.audience_divisi)
        )
        WHERE key = ANY (%(names)s::text[])
    )
)
FROM client_import_change AS change
JOIN client_import USING (import_id)
JOIN client_history AS was
    ON was.client_id = change.client_id AND was.valid_from < change.day
        AND was.known_from < client_import.at AND was.known_until >= client_import.at
JOIN client_history AS became
    ON became.client_id = change.client_id AND became.valid_from < change.day AND became.valid_until >= change.day
        AND became.known_from = client_import.at AND became.known_until = 'infinity'
WHERE import_id = %(import_id)s
    AND change.client_id = %(client_id)s
    AND (was.under, was.audience, was.audience_divisi)
        IS DISTINCT FROM (became.under, became.audience, became.audience_divisi)
ORDER BY was.valid_from;

-- name: mark_client_import_undone
-- The import was taken back.
UPDATE client_import
SET undone_at = %(now)s, undone_by = %(actor)s
WHERE import_id = %(import_id)s AND undone_at IS NULL
RETURNING import_id;
