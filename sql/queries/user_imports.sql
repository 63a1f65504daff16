-- name: add_import
-- One import that changed something.
INSERT INTO user_import (
    client_id, day, source, actor, new_users, changed_users, deactivated_users, refused_rows
)
VALUES (
    %(client_id)s, today_of(%(client_id)s), %(source)s, %(actor)s, %(new_users)s, %(changed_users)s,
    %(deactivated_users)s, %(refused_rows)s
)
RETURNING import_id;

-- name: add_import_changes
-- What it changed of whom.
INSERT INTO user_import_change (import_id, user_id, before, after)
SELECT %(import_id)s, user_id, before, after
FROM unnest(%(user_ids)s::text[], %(before)s::jsonb[], %(after)s::jsonb[]) AS given (user_id, before, after);

-- name: list_imports
-- Imports of these clients, or of all; the newest first.
SELECT import_id, client_id, at, day, source, actor, new_users AS added, changed_users AS changed,
    deactivated_users AS deactivated, refused_rows AS refused, undone_at, undone_by
FROM user_import
WHERE client_id = ANY (COALESCE(%(client_ids)s::text[], ARRAY(SELECT client_id FROM clients)))
ORDER BY import_id DESC
LIMIT %(limit)s;

-- name: get_import
-- One import, whether it was taken back or not.
SELECT import_id, client_id, at, day, source, actor, new_users AS added, changed_users AS changed,
    deactivated_users AS deactivated, refused_rows AS refused, undone_at, undone_by
FROM user_import
WHERE import_id = %(import_id)s;

-- name: find_last_import
-- The newest import of a client that was not taken back.
SELECT import_id, client_id, at, day, source, actor, new_users AS added, changed_users AS changed,
    deactivated_users AS deactivated, refused_rows AS refused, undone_at, undone_by
FROM user_import
WHERE client_id = %(client_id)s AND undone_at IS NULL
ORDER BY import_id DESC
LIMIT 1;

-- name: list_import_changes
-- What an import changed of whom.
SELECT user_id, before, after, gone_on
FROM user_import_change
WHERE import_id = %(import_id)s
ORDER BY user_id;

-- name: list_days_since_import
-- What those whom an import named were to its client, from its day on, as far as we know now.
SELECT history.user_id, GREATEST(history.valid_from, user_import.day) AS first_day,
    jsonb_build_object(
        'nama', history.nama, 'title', history.title, 'divisi', history.divisi, 'jabatan', history.jabatan,
        'insta', history.insta, 'tiktok', history.tiktok, 'exception', history.exception, 'status', history.status,
        'leave', history.leave
    ) AS facts
FROM user_import
JOIN user_import_change AS change USING (import_id)
JOIN user_history AS history
    ON history.user_id = change.user_id
        AND history.client_id = user_import.client_id
        AND NOT isfinite(history.known_until)  -- found by the person, not by the client
        AND history.valid_until > user_import.day
WHERE import_id = %(import_id)s
ORDER BY history.user_id, history.valid_from;

-- name: set_days
-- Gives days other values: of those who were there before, or had been there once, from the import's day on, of those who were new
-- from ever; at another client from its own day on.
SELECT patch_user_history(
    given.user_id, COALESCE(given.client_id, %(client_id)s),
    CASE
        WHEN given.is_new AND NOT EXISTS (
            SELECT
            FROM user_history AS past
            WHERE past.user_id = given.user_id
                AND past.client_id = %(client_id)s
                AND past.status
                AND past.valid_from < %(day)s
                AND past.known_from < %(at)s
                AND past.known_until >= %(at)s
        ) THEN '-infinity'
        WHEN given.client_id IS NULL THEN %(day)s::date
        ELSE (
            SELECT (%(at)s::timestamptz AT TIME ZONE timezone)::date
            FROM clients
            WHERE clients.client_id = given.client_id
        )
    END,
    COALESCE(given.until_day, 'infinity'), given.fields
)
FROM unnest(
    %(user_ids)s::text[], %(client_ids)s::text[], %(is_new)s::boolean[], %(until_days)s::date[], %(fields)s::jsonb[]
) AS given (user_id, client_id, is_new, until_day, fields);

-- name: take_back_handles
-- What became somebody's in an import never was: all of it, but for those who have it by another's hand.
UPDATE user_handle
SET taken_back_at = cicero_now()
WHERE since = %(at)s
    AND taken_back_at IS NULL
    AND (client_id = ANY (%(client_ids)s::text[]) OR user_id = ANY (%(user_ids)s::text[]))
    AND (user_id, platform) NOT IN (
        SELECT user_id, platform FROM unnest(%(kept_ids)s::text[], %(kept_platforms)s::text[]) AS kept (user_id, platform)
    );

-- name: remove_users
-- These users, with all former handles.
DELETE FROM "user"
WHERE user_id = ANY (%(user_ids)s::text[]);

-- name: mark_never
-- Those who never were on the roster, by what we know now, did not begin it.
UPDATE user_history
SET never = true
WHERE client_id = %(client_id)s
    AND user_id = ANY (%(user_ids)s::text[])
    AND user_id NOT IN (
        SELECT known.user_id
        FROM user_history AS known
        WHERE known.client_id = %(client_id)s AND known.known_until = 'infinity' AND known.status
    );

-- name: allow_reminders_again
-- Who did not want reminders by the import alone; whoever has changed since keeps the refusal.
UPDATE "user"
SET wa_opt_in = true
WHERE user_id = ANY (%(user_ids)s::text[])
    AND updated_at = (SELECT created_at FROM user_import WHERE import_id = %(import_id)s)
RETURNING user_id;

-- name: mark_undone
-- The import was taken back.
UPDATE user_import
SET undone_at = %(now)s, undone_by = %(actor)s
WHERE import_id = %(import_id)s AND undone_at IS NULL
RETURNING import_id;
