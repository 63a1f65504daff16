-- name: keep_report
-- The figures of a report that is sent; nothing is added where this slot's report said the same already.
WITH kept AS (
    SELECT report_id
    FROM report
    WHERE client_id = %(client_id)s
        AND day = %(day)s
        AND scope = %(scope)s
        AND slot = %(slot)s
        AND unit_id IS NOT DISTINCT FROM %(unit_id)s
        AND data = %(data)s::jsonb
    ORDER BY report_id DESC
    LIMIT 1
),
added AS (
    INSERT INTO report (client_id, unit_id, day, scope, slot, made_at, data)
    SELECT %(client_id)s, %(unit_id)s, %(day)s, %(scope)s, %(slot)s, %(now)s, %(data)s::jsonb
    WHERE NOT EXISTS (SELECT FROM kept)
    RETURNING report_id
)
SELECT report_id FROM kept
UNION ALL
SELECT report_id FROM added
ORDER BY report_id;

-- name: set_report_of_messages
-- These messages say what the report says.
UPDATE outbox
SET report_id = %(report_id)s
WHERE message_id = ANY (%(message_ids)s);

-- name: find_report
-- By its number.
SELECT report_id, client_id, unit_id, day, scope, slot, made_at, data::text AS data
FROM report
WHERE report_id = %(report_id)s;

-- name: find_last_report
-- The last one of a client's day that has this platform, of the whole client.
SELECT report_id, client_id, unit_id, day, scope, slot, made_at, data::text AS data
FROM report
WHERE client_id = %(client_id)s
    AND day = %(day)s
    AND scope IN (%(platform)s, 'semua')
    AND unit_id IS NULL
ORDER BY made_at DESC, report_id DESC
LIMIT 1;

-- name: count_reports_naming
-- In how many sent reports a user stands, by the present id or a former one.
SELECT count(*)
FROM report
WHERE client_id IN (
        SELECT audience.client_id
        FROM user_history
        JOIN audience ON audience.unit_id = user_history.client_id
        WHERE user_id = %(user_id)s
        UNION
        SELECT client_id
        FROM user_assignment
        WHERE user_id = %(user_id)s
    )
    AND jsonb_path_exists(data, '$[*].users[*] ? (@[0] == $ids[*])', jsonb_build_object('ids', (
        SELECT jsonb_agg(id)
        FROM (
            SELECT %(user_id)s::text AS id
            UNION
            SELECT former_id
            FROM user_former_id
            WHERE user_id = %(user_id)s
        ) AS had
    )));

-- name: list_facts
-- What was on file of these users for a day: by what was known at a moment, and by what is known now.
SELECT user_id, client_id, status, exception, leave, known_from <= %(as_of)s AND known_until > %(as_of)s AS was_so,
    known_until = 'infinity' AS is_so
FROM user_history
WHERE user_id = ANY (%(user_ids)s)
    AND valid_from <= %(day)s
    AND valid_until > %(day)s
    AND (known_until = 'infinity' OR (known_from <= %(as_of)s AND known_until > %(as_of)s))
ORDER BY user_id, known_from, client_id;

-- name: list_sightings
-- On which of these posts which handle of these users was first seen, by whose it is now.
SELECT owner.user_id, seen.post_id, min(seen.first_seen_at) AS first_seen_at, min(seen.username) AS username
FROM audience_owners(%(client_id)s, %(platform)s, 'infinity') AS owner
JOIN engagement_at AS seen
    ON seen.username = owner.username
    AND owner.owned_from <= seen.engaged_at
    AND owner.owned_until > seen.engaged_at
WHERE seen.client_id = %(client_id)s
    AND seen.platform = %(platform)s
    AND seen.post_id = ANY (%(post_ids)s)
    AND owner.user_id = ANY (%(user_ids)s)
GROUP BY owner.user_id, seen.post_id
ORDER BY owner.user_id, seen.post_id;
