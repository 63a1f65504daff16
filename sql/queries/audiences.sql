-- name: list_units_of_day
-- The units of a client's audience on a day, with the names that they had then, as known at a moment (infinity: now).
WITH known AS MATERIALIZED (
    SELECT roster_known_at(%(client_id)s, %(as_of)s::timestamptz) AS at_moment
)
SELECT unit.unit_id, COALESCE(named.nama, clients.nama)
FROM known
CROSS JOIN LATERAL audience_at(%(client_id)s, COALESCE(known.at_moment, %(as_of)s::timestamptz)) AS unit
JOIN clients ON clients.client_id = unit.unit_id
LEFT JOIN LATERAL (
    SELECT nama
    FROM client_history
    WHERE client_history.client_id = unit.unit_id
        AND client_history.valid_from <= %(day)s
        AND client_history.valid_until > %(day)s
        AND client_history.known_from <= %(as_of)s::timestamptz
    ORDER BY known_from DESC
    LIMIT 1
) AS named ON true
WHERE unit.valid_from <= %(day)s AND unit.valid_until > %(day)s
ORDER BY unit.unit_id;

-- name: list_expected
-- Everybody who is expected on a client's posts of a day, as known at a moment (infinity: now).
SELECT person.user_id, person.unit_id, person.nama, person.title, person.divisi, person.username, person.exception
FROM expected_at(
    %(client_id)s, %(platform)s, %(day)s,
    COALESCE(roster_known_at(%(client_id)s, %(as_of)s::timestamptz), %(as_of)s::timestamptz)
) AS person
ORDER BY person.unit_id, person.user_id;

-- name: list_clients_above
-- On whose posts people of these clients are expected on a day: their own clients, those above, and those they are assigned to.
SELECT client_id
FROM (
    SELECT client_id
    FROM audience
    WHERE unit_id = ANY (%(client_ids)s::text[]) AND valid_from <= %(day)s AND valid_until > %(day)s
    UNION
    SELECT given.client_id
    FROM "user"
    JOIN user_assignment AS given USING (user_id)
    WHERE "user".client_id = ANY (%(client_ids)s::text[])
        AND given.known_until = 'infinity'
        AND given.valid_from <= %(day)s
        AND given.valid_until > %(day)s
) AS posting
ORDER BY client_id;

-- name: count_audience
-- How many units besides itself a client's audience has on a day, and how many people.
SELECT
    (
        SELECT count(DISTINCT unit_id)
        FROM audience
        WHERE client_id = %(client_id)s AND unit_id <> %(client_id)s AND valid_from <= %(day)s AND valid_until > %(day)s
    ) AS units,
    (
        SELECT count(*)
        FROM user_of_day
        WHERE client_id = %(client_id)s AND platform = 'insta' AND valid_from <= %(day)s AND valid_until > %(day)s
    ) AS people;

-- name: was_ever_expected
-- Whether somebody is or was ever expected on a client's posts.
SELECT EXISTS (
    SELECT
    FROM user_of_day
    WHERE client_id = %(client_id)s AND user_id = %(user_id)s AND platform = 'insta'
);

-- name: list_assignments
-- To which audiences somebody was or is assigned, the newest first; from ever and until further notice are null.
SELECT client_id, NULLIF(valid_from, '-infinity') AS first_day, NULLIF(valid_until, 'infinity') - 1 AS last_day
FROM user_assignment
WHERE user_id = %(user_id)s AND known_until = 'infinity'
ORDER BY valid_from DESC, client_id;

-- name: add_assignment
-- Of a client's audience from a day on, today if none is given, or from ever where nobody was expected before.
SELECT assign_user(
    %(user_id)s, %(client_id)s,
    COALESCE(
        %(first_day)s::date,
        CASE WHEN has_begun_before_today(%(client_id)s) THEN today_of(%(client_id)s) ELSE '-infinity' END
    ),
    COALESCE(%(last_day)s::date + 1, 'infinity'), true
);

-- name: end_assignment
-- Not of a client's audience after a day.
SELECT assign_user(%(user_id)s, %(client_id)s, %(last_day)s::date + 1, 'infinity', false);
