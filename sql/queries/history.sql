-- name: add_earlier_days
-- A user who shall be on the roster from a day on that is before the first known one has the days between with today's facts, not
-- expected yet. A statement of its own: what a WITH adds, the functions beside it do not see.
INSERT INTO user_history (
    user_id, client_id, nama, title, divisi, jabatan, insta, tiktok, exception, status, valid_from, valid_until, known_from
)
SELECT user_id, client_id, nama, title, divisi, jabatan, insta, tiktok, exception, false, %(from_day)s,
    first.valid_from, cicero_now()
FROM "user"
CROSS JOIN (
    SELECT valid_from
    FROM user_history
    WHERE user_id = %(user_id)s AND client_id = %(client_id)s AND known_until = 'infinity'
    ORDER BY valid_from
    LIMIT 1
) AS first
WHERE user_id = %(user_id)s
    AND client_id = %(client_id)s
    AND first.valid_from > %(from_day)s
    AND %(patch)s::jsonb -> 'status' = 'true';

-- name: patch_user
-- Gives a user's days at a client, up to and without the last, other values.
SELECT patch_user_history(
    %(user_id)s, %(client_id)s, %(from_day)s::date, COALESCE(%(until_day)s::date, today_of(%(client_id)s)), %(patch)s::jsonb
);

-- name: set_leave_again
-- The leave of a user whose days were mended is on them too.
SELECT apply_leave(user_id, first_day, last_day)
FROM user_leave
WHERE user_id = %(user_id)s
ORDER BY leave_id;

-- name: begin_earlier
-- A user who has come to a client has days there from this one on, not expected yet; who had none there has none before it.
WITH first AS (
    SELECT min(valid_from) FILTER (WHERE known_until = 'infinity') AS valid_from,
        -- of what was on file before, a closed row is left at least
        min(known_from) >= cicero_now() AS is_new
    FROM user_history
    WHERE user_id = %(user_id)s AND client_id = %(client_id)s
),
earlier AS (
    INSERT INTO user_history (
        user_id, client_id, nama, title, divisi, jabatan, insta, tiktok, exception, status, valid_from, valid_until, known_from
    )
    SELECT user_id, client_id, nama, title, divisi, jabatan, insta, tiktok, exception, false, %(from_day)s,
        first.valid_from, cicero_now()
    FROM "user"
    CROSS JOIN first
    WHERE user_id = %(user_id)s AND client_id = %(client_id)s AND first.valid_from > %(from_day)s
)
SELECT patch_user_history(%(user_id)s, %(client_id)s, '-infinity', %(from_day)s, '{"status": false}')
FROM first
WHERE first.is_new AND first.valid_from < %(from_day)s;

-- name: move_days
-- The days from this one up to today on which other clients expected the user become days at this one, with all that the user was on them.
SELECT patch_user_history(
    user_id, %(client_id)s, GREATEST(valid_from, %(from_day)s), LEAST(valid_until, today_of(%(client_id)s)),
    jsonb_build_object(
        'nama', nama, 'title', title, 'divisi', divisi, 'jabatan', jabatan, 'insta', insta, 'tiktok', tiktok,
        'exception', exception, 'leave', leave, 'status', true
    )
)
FROM (
    SELECT user_id, nama, title, divisi, jabatan, insta, tiktok, exception, leave, valid_from,
        -- the last of them go up to this client's today, whenever that begins
        CASE WHEN valid_until < today_of(client_id) THEN valid_until ELSE 'infinity' END AS valid_until
    FROM user_history
    WHERE user_id = %(user_id)s
        AND client_id <> %(client_id)s
        AND known_until = 'infinity'
        AND status
        AND valid_from < today_of(client_id)
) AS stay
WHERE valid_until > %(from_day)s
ORDER BY valid_from;

-- name: end_elsewhere
-- No other client expects the user on the days from this one up to today.
SELECT patch_user_history(%(user_id)s, client_id, %(from_day)s, today_of(client_id), '{"status": false}')
FROM (SELECT DISTINCT client_id FROM user_history WHERE user_id = %(user_id)s AND client_id <> %(client_id)s) AS other
ORDER BY client_id;

-- name: patch_client
-- Gives a client's days up to today other values.
SELECT patch_client_history(%(client_id)s, %(from_day)s::date, today_of(%(client_id)s), %(patch)s::jsonb);

-- name: redate_posts
-- The posts since a past day get the days that the rule says now.
SELECT redate_posts(%(client_id)s, %(from_day)s::date);

-- name: take_back_handle
-- A handle that never was the user's counts for nobody's past here any more.
UPDATE user_handle
SET taken_back_at = cicero_now()
WHERE user_id = %(user_id)s
    AND platform = %(platform)s
    AND username = %(username)s
    AND taken_back_at IS NULL;

-- name: replace_handle
-- The days that had the wrong handle get the right one.
SELECT patch_user_history(
    user_id, client_id, valid_from, valid_until, jsonb_build_object(%(platform)s::text, %(right)s::text)
)
FROM user_history
WHERE user_id = %(user_id)s
    AND known_until = 'infinity'
    AND CASE %(platform)s WHEN 'insta' THEN insta ELSE tiktok END = %(username)s;

-- name: list_history
-- What a user was on which days, the newest first; from ever and until further notice are null.
SELECT NULLIF(valid_from, '-infinity') AS from_day, NULLIF(valid_until, 'infinity') - 1 AS last_day, client_id, nama,
    title, divisi, jabatan, insta, tiktok, exception, status, leave
FROM user_history
WHERE user_id = %(user_id)s AND known_until = 'infinity'
ORDER BY valid_from DESC, client_id;

-- name: get_client_of_day
-- The client on whose roster a user was at the end of a day, as it was known then.
SELECT client_id
FROM user_history
WHERE user_id = %(user_id)s
    AND valid_from <= %(day)s
    AND valid_until > %(day)s
    AND known_from <= %(as_of)s
    AND known_until > %(as_of)s
    AND status
ORDER BY valid_from DESC
LIMIT 1;

-- name: list_handle_spans
-- From when up to when each handle counted for a user, at each client, as known now; from ever and until further notice are null.
SELECT client_id, platform, username, NULLIF(owned_from, '-infinity') AS owned_from,
    NULLIF(owned_until, 'infinity') AS owned_until
FROM handle_owners(
    ARRAY(SELECT DISTINCT client_id FROM user_handle WHERE user_handle.user_id = %(user_id)s), 'infinity'
)
WHERE user_id = %(user_id)s
ORDER BY platform, username, client_id, owned_from NULLS FIRST;

-- name: list_leave
-- Somebody's leave, the newest first.
SELECT leave_id, first_day, last_day, reason, note
FROM user_leave
WHERE user_id = %(user_id)s
ORDER BY first_day DESC, leave_id DESC;

-- name: list_leave_of_many
-- Leave of these users, by user and day.
SELECT user_id, first_day, last_day, reason
FROM user_leave
WHERE user_id = ANY (%(user_ids)s::text[])
ORDER BY user_id, first_day, leave_id;

-- name: save_leave
-- Leave of many that ends as if it never was, is changed, or is new.
WITH given AS (
    SELECT *
    FROM unnest(
        %(user_ids)s::text[], %(old_first_days)s::date[], %(old_last_days)s::date[], %(old_reasons)s::text[],
        %(first_days)s::date[], %(last_days)s::date[], %(reasons)s::text[]
    ) AS given (user_id, old_first_day, old_last_day, old_reason, first_day, last_day, reason)
),
ended AS (
    DELETE FROM user_leave
    USING given
    WHERE user_leave.user_id = given.user_id
        AND (user_leave.first_day, user_leave.last_day, user_leave.reason)
            = (given.old_first_day, given.old_last_day, given.old_reason)
        AND given.first_day IS NULL
),
changed AS (
    UPDATE user_leave
    SET first_day = given.first_day, last_day = given.last_day, reason = given.reason
    FROM given
    WHERE user_leave.user_id = given.user_id
        AND (user_leave.first_day, user_leave.last_day, user_leave.reason)
            = (given.old_first_day, given.old_last_day, given.old_reason)
        AND given.first_day IS NOT NULL
)
INSERT INTO user_leave (user_id, first_day, last_day, reason)
SELECT user_id, first_day, last_day, reason
FROM given
WHERE old_first_day IS NULL AND first_day IS NOT NULL;

-- name: add_leave
-- Days on which somebody is away.
INSERT INTO user_leave (user_id, first_day, last_day, reason, note)
VALUES (%(user_id)s, %(first_day)s, %(last_day)s, %(reason)s, %(note)s);

-- name: end_leave
-- The leave of this id ends on another day.
UPDATE user_leave
SET last_day = %(last_day)s
WHERE leave_id = %(leave_id)s;

-- name: erase_user
-- Everything that past reports say of a user who is removed already.
WITH history AS (
    DELETE FROM user_history
    WHERE user_id = %(user_id)s
),
handles AS (
    DELETE FROM user_handle
    WHERE user_id = %(user_id)s
),
counts AS (
    DELETE FROM done_by_day
    WHERE user_id = %(user_id)s
),
imports AS (
    DELETE FROM user_import_change
    WHERE user_id = %(user_id)s
),
corrections AS (
    DELETE FROM correction
    WHERE user_id = %(user_id)s
),
ids AS (
    DELETE FROM user_former_id
    WHERE user_id = %(user_id)s
)
DELETE FROM user_leave
WHERE user_id = %(user_id)s;
