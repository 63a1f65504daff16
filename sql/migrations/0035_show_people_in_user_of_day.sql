-- migrate:up

-- What anev shows of a person, at the end of the columns.
CREATE OR REPLACE VIEW user_of_day AS
SELECT known.platform, CASE known.platform WHEN 'insta' THEN person.insta ELSE person.tiktok END AS username,
    person.user_id, audience.client_id, person.nama, person.title, person.divisi,
    person.exception OR person.leave IS NOT NULL AS exception,
    GREATEST(person.valid_from, audience.valid_from) AS valid_from,
    LEAST(person.valid_until, audience.valid_until) AS valid_until,
    person.known_until, person.client_id AS unit_id, person.jabatan, person.insta, person.tiktok
FROM audience
CROSS JOIN LATERAL (
    SELECT user_id, client_id, nama, title, divisi, jabatan, insta, tiktok, exception, leave, valid_from, valid_until, known_until
    FROM user_history
    WHERE client_id = audience.unit_id
        AND known_until = 'infinity'
        AND status
        AND valid_from < audience.valid_until
        AND valid_until > audience.valid_from
        AND (audience.is_alone OR NOT (is_elsewhere OR is_backdated))
        AND (audience.divisi_keys IS NULL OR divisi_key = ANY (audience.divisi_keys))
    -- keeps the planner from reading the people of all clients and then those of a few
    OFFSET 0
) AS person
CROSS JOIN (VALUES ('insta'), ('tiktok')) AS known (platform)
UNION ALL
SELECT known.platform, CASE known.platform WHEN 'insta' THEN person.insta ELSE person.tiktok END,
    person.user_id, person.to_client, person.nama, person.title, person.divisi,
    person.exception OR person.leave IS NOT NULL, lower(person.days), upper(person.days), person.known_until, person.client_id,
    person.jabatan, person.insta, person.tiktok
FROM (
    SELECT user_history.*, given.client_id AS to_client,
        -- but for the days on which the audience has the person anyway
        unnest(
            datemultirange(
                daterange(GREATEST(given.valid_from, user_history.valid_from), LEAST(given.valid_until, user_history.valid_until))
            )
            - COALESCE(
                (
                    SELECT range_agg(
                        daterange(GREATEST(audience.valid_from, unit.valid_from), LEAST(audience.valid_until, unit.valid_until))
                    )
                    FROM user_history AS unit
                    JOIN audience
                        ON audience.client_id = given.client_id
                        AND audience.unit_id = unit.client_id
                        AND (audience.is_alone OR NOT (unit.is_elsewhere OR unit.is_backdated))
                        AND (audience.divisi_keys IS NULL OR unit.divisi_key = ANY (audience.divisi_keys))
                        AND unit.valid_from < audience.valid_until
                        AND unit.valid_until > audience.valid_from
                    WHERE unit.user_id = given.user_id AND unit.status AND unit.known_until = 'infinity'
                ),
                '{}'
            )
        ) AS days
    FROM user_assignment AS given
    JOIN user_history
        ON user_history.user_id = given.user_id
        AND user_history.status
        AND NOT user_history.is_elsewhere
        AND user_history.known_until = 'infinity'
        AND user_history.valid_from < given.valid_until
        AND user_history.valid_until > given.valid_from
    WHERE given.known_until = 'infinity'
) AS person
CROSS JOIN (VALUES ('insta'), ('tiktok')) AS known (platform);

-- migrate:down
-- Forwards only: a mistake is mended by the next migration.
