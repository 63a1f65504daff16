-- name: list_users
-- Users of these clients, or of all; the active, the inactive, or both.
SELECT user_id, client_id, nama, title, divisi, jabatan, insta, tiktok, whatsapp, email, exception, status, wa_opt_in
FROM "user"
WHERE client_id = ANY (COALESCE(%(client_ids)s::text[], ARRAY(SELECT client_id FROM clients)))
    AND (%(active)s::boolean IS NULL OR status = %(active)s)
ORDER BY client_id, user_id;

-- name: lock_users_of_client
-- Everybody of one client, held until the transaction ends, so that an import writes over nobody's change.
SELECT user_id, client_id, nama, title, divisi, jabatan, insta, tiktok, whatsapp, email, exception, status, wa_opt_in
FROM "user"
WHERE client_id = %(client_id)s
ORDER BY user_id
FOR NO KEY UPDATE;

-- name: get_user
-- One user by id.
SELECT user_id, client_id, nama, title, divisi, jabatan, insta, tiktok, whatsapp, email, exception, status, wa_opt_in
FROM "user"
WHERE user_id = %(user_id)s;

-- name: list_users_with_number
-- The active people who are reached at this number, which some share.
SELECT user_id, client_id, nama, title, divisi, jabatan, insta, tiktok, whatsapp, email, exception, status, wa_opt_in
FROM "user"
WHERE whatsapp = %(number)s AND status
ORDER BY client_id, user_id;

-- name: list_reminder_choices
-- Whose reminders of a client's people were turned off or on in a span of time, the last choice of each, by time.
SELECT user_id, nama, wants_reminders, chosen_at
FROM (
    SELECT DISTINCT ON (user_id) user_id, nama, wants_reminders, chosen_at
    FROM reminder_choice
    JOIN "user" USING (user_id)
    WHERE client_id = %(client_id)s AND chosen_at >= %(start)s AND chosen_at < %(end)s
    ORDER BY user_id, chosen_at DESC
) AS chosen
ORDER BY chosen_at, user_id;

-- name: find_users_called
-- Who has this handle; if nobody active who had it; if nobody this very name; if nobody these words in the name.
SELECT "user".user_id, "user".client_id, nama, title, divisi, jabatan, insta, tiktok, whatsapp, email, exception, "user".status, wa_opt_in
FROM (
    SELECT user_id, min(CASE WHEN status THEN 0 ELSE 1 END) AS rank
    FROM handle_on_file
    WHERE username = %(handle)s
    GROUP BY user_id
    UNION ALL
    SELECT user_id, CASE WHEN lower(nama) = lower(%(words)s) THEN 2 ELSE 3 END
    FROM "user"
    WHERE strpos(lower(nama), lower(%(words)s)) > 0
) AS found
JOIN "user" USING (user_id)
ORDER BY found.rank
FETCH FIRST ROW WITH TIES;

-- name: find_removed_users
-- As find_users_called, of those who were removed, by the id before all: with what was on file of them last.
SELECT user_id, client_id, nama, title, divisi, jabatan, insta, tiktok, NULL AS whatsapp, NULL AS email, exception,
    false AS status, false AS wa_opt_in
FROM (
    SELECT DISTINCT ON (user_id) user_id, client_id, nama, title, divisi, jabatan, insta, tiktok, exception,
        CASE
            WHEN user_id = %(words)s THEN 0
            WHEN EXISTS (
                SELECT FROM user_handle WHERE user_handle.user_id = user_history.user_id AND username = %(handle)s
            ) THEN 1
            WHEN lower(nama) = lower(%(words)s) THEN 2
            ELSE 3
        END AS rank
    FROM user_history
    WHERE known_until = 'infinity'
        AND NOT EXISTS (SELECT FROM "user" WHERE "user".user_id = user_history.user_id)
    ORDER BY user_id, valid_from DESC, status DESC
) AS removed
WHERE rank < 3 OR strpos(lower(nama), lower(%(words)s)) > 0
ORDER BY rank
FETCH FIRST ROW WITH TIES;

-- name: list_former_ids
-- Which id those had at a moment who have another since.
SELECT DISTINCT ON (user_id) user_id, former_id
FROM user_former_id
WHERE until > %(moment)s
ORDER BY user_id, until;

-- name: find_words_begun
-- What of an id or a handle that somebody active has begins with these letters, for a shell to offer.
SELECT begun.word, begun.nama
FROM (
    SELECT user_id AS word, nama
    FROM "user"
    WHERE status AND starts_with(user_id, %(letters)s)
    UNION
    SELECT username, nama
    FROM handle_on_file
    JOIN "user" USING (user_id)
    WHERE handle_on_file.status AND starts_with(username, lower(%(letters)s))
) AS begun
ORDER BY begun.word, begun.nama
LIMIT 100;

-- name: lock_user
-- One user by id, if of this client or whichever it is, held until the transaction ends.
SELECT user_id, client_id, nama, title, divisi, jabatan, insta, tiktok, whatsapp, email, exception, status, wa_opt_in
FROM "user"
WHERE user_id = %(user_id)s
    AND (%(client_id)s::text IS NULL OR client_id = %(client_id)s)
FOR NO KEY UPDATE;

-- name: lock_users
-- These users of other clients, held until the transaction ends.
SELECT user_id, client_id, nama, title, divisi, jabatan, insta, tiktok, whatsapp, email, exception, status, wa_opt_in
FROM "user"
WHERE user_id = ANY (%(user_ids)s::text[]) AND client_id <> %(client_id)s
ORDER BY user_id
FOR NO KEY UPDATE;

-- name: find_clients_of_users
-- Which other client has which of these ids.
SELECT user_id, client_id
FROM "user"
WHERE user_id = ANY (%(user_ids)s::text[]) AND client_id <> %(client_id)s
ORDER BY user_id;

-- name: find_handle_holders
-- Other active users of the client who have one of these handles, as the main one or beside it.
SELECT handle.platform, handle.username, handle.user_id, "user".nama
FROM unnest(%(platforms)s::text[], %(usernames)s::text[]) WITH ORDINALITY AS asked (platform, username, place)
JOIN handle_on_file AS handle USING (platform, username)
JOIN "user" USING (user_id)
WHERE handle.client_id = %(client_id)s AND handle.status AND handle.user_id <> %(user_id)s
ORDER BY asked.place, handle.user_id;

-- name: list_extra_handles
-- The handles that people of one client, or one person, use beside the main one.
SELECT extra_handle.user_id, extra_handle.platform, extra_handle.username
FROM extra_handle
JOIN "user" USING (user_id)
WHERE (%(client_id)s::text IS NULL OR "user".client_id = %(client_id)s)
    AND (%(user_id)s::text IS NULL OR extra_handle.user_id = %(user_id)s)
ORDER BY extra_handle.user_id, extra_handle.platform, extra_handle.username;

-- name: set_extra_handles
-- These and no others of one platform are used beside the main one.
WITH gone AS (
    DELETE FROM extra_handle
    WHERE user_id = %(user_id)s
        AND platform = %(platform)s
        AND username <> ALL (%(usernames)s::text[])
)
INSERT INTO extra_handle (user_id, platform, username)
SELECT "user".user_id, %(platform)s, username
FROM "user"
CROSS JOIN unnest(%(usernames)s::text[]) AS given (username)
WHERE user_id = %(user_id)s
    AND username <> CASE %(platform)s WHEN 'insta' THEN insta ELSE tiktok END
ON CONFLICT DO NOTHING;

-- name: list_titles_and_divisions
-- What the users of one client have as rank and division, for a form to suggest.
SELECT DISTINCT title, divisi
FROM "user"
WHERE client_id = %(client_id)s
ORDER BY title, divisi;

-- name: list_former_handles
-- What somebody was called before on one platform, by what was known at a moment.
SELECT username
FROM user_handle
WHERE user_handle.user_id = %(user_id)s
    AND platform = %(platform)s
    AND COALESCE(known_from, since) <= %(as_of)s
    AND (taken_back_at IS NULL OR taken_back_at > %(as_of)s)
    AND username NOT IN (
        SELECT handle.username
        FROM handle_on_file AS handle
        WHERE handle.user_id = %(user_id)s AND handle.platform = %(platform)s
    )
GROUP BY username
ORDER BY max(since) DESC, username;

-- name: add_user
-- One new user; nothing when the id is taken.
INSERT INTO "user" (
    user_id, client_id, nama, title, divisi, jabatan, insta, tiktok, whatsapp, email, exception, status, wa_opt_in
)
VALUES (
    %(user_id)s, %(client_id)s, %(nama)s, %(title)s, %(divisi)s, %(jabatan)s, %(insta)s, %(tiktok)s, %(whatsapp)s,
    %(email)s, %(exception)s, %(status)s, %(wa_opt_in)s
)
ON CONFLICT (user_id) DO NOTHING
RETURNING user_id;

-- name: update_user
-- The whole row, as it shall be.
UPDATE "user"
SET client_id = %(client_id)s,
    nama = %(nama)s,
    title = %(title)s,
    divisi = %(divisi)s,
    jabatan = %(jabatan)s,
    insta = %(insta)s,
    tiktok = %(tiktok)s,
    whatsapp = %(whatsapp)s,
    email = %(email)s,
    exception = %(exception)s,
    status = %(status)s,
    wa_opt_in = %(wa_opt_in)s,
    updated_at = now()
WHERE user_id = %(user_id)s;

-- name: rename_user
-- Another id for the same person; what refers to it follows.
UPDATE "user"
SET user_id = %(new_id)s, updated_at = now()
WHERE user_id = %(user_id)s
    -- one who was removed keeps the id on past days
    AND NOT EXISTS (SELECT FROM user_history AS taken WHERE taken.user_id = %(new_id)s);

-- name: save_users
-- New users and changed ones of one client at once; a user of another client is left alone, but for those who come from it, and a
-- refusal stays.
INSERT INTO "user" (
    user_id, client_id, nama, title, divisi, jabatan, insta, tiktok, whatsapp, email, exception, status, wa_opt_in
)
SELECT user_id, client_id, nama, title, divisi, jabatan, insta, tiktok, whatsapp, email, exception, status, wa_opt_in
FROM unnest(
    %(user_id)s::text[], %(client_id)s::text[], %(nama)s::text[], %(title)s::text[], %(divisi)s::text[],
    %(jabatan)s::text[], %(insta)s::text[], %(tiktok)s::text[], %(whatsapp)s::text[], %(email)s::text[],
    %(exception)s::boolean[], %(status)s::boolean[], %(wa_opt_in)s::boolean[]
) AS given (
    user_id, client_id, nama, title, divisi, jabatan, insta, tiktok, whatsapp, email, exception, status, wa_opt_in
)
ON CONFLICT (user_id) DO UPDATE
SET client_id = EXCLUDED.client_id,
    nama = EXCLUDED.nama,
    title = EXCLUDED.title,
    divisi = EXCLUDED.divisi,
    jabatan = EXCLUDED.jabatan,
    insta = EXCLUDED.insta,
    tiktok = EXCLUDED.tiktok,
    whatsapp = EXCLUDED.whatsapp,
    email = EXCLUDED.email,
    exception = EXCLUDED.exception,
    status = EXCLUDED.status,
    wa_opt_in = "user".wa_opt_in AND EXCLUDED.wa_opt_in,
    updated_at = now()
WHERE "user".client_id = EXCLUDED.client_id
    OR "user".user_id = ANY (%(coming)s::text[]);

-- name: check_handles
-- Looks at the handles now rather than at the commit, where nobody could say any more what was being done.
SET CONSTRAINTS user_insta_is_one_persons, user_tiktok_is_one_persons, user_extra_handles_are_one_persons,
    extra_handle_is_one_persons IMMEDIATE;

-- name: count_without_number
-- How many people of each of these clients would be reminded if their number were on file.
SELECT client_id, count(*)
FROM "user"
WHERE client_id = ANY (%(client_ids)s::text[])
    AND status
    AND NOT exception
    AND wa_opt_in
    AND whatsapp IS NULL
GROUP BY client_id
ORDER BY client_id;

-- name: remove_user
-- One user, with all former handles.
DELETE FROM "user"
WHERE user_id = %(user_id)s;
