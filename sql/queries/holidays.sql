-- name: list_holidays
-- The holidays that hold, by day: of everybody and of single clients.
SELECT day, name, client_id
FROM holiday
WHERE known_until = 'infinity'
    AND day >= COALESCE(%(first_day)s::date, '-infinity')
    AND (%(client_id)s::text IS NULL OR client_id IS NULL OR client_id = %(client_id)s)
ORDER BY day, client_id NULLS FIRST;

-- name: end_holiday
-- It held up to now.
UPDATE holiday
SET known_until = GREATEST(known_from, cicero_now())
WHERE day = %(day)s
    AND client_id IS NOT DISTINCT FROM %(client_id)s
    AND known_until = 'infinity';

-- name: add_holiday
-- One day; nothing where it is one already.
INSERT INTO holiday (client_id, day, name)
VALUES (%(client_id)s, %(day)s, %(name)s)
ON CONFLICT (day, COALESCE(client_id, '')) WHERE known_until = 'infinity' DO NOTHING;

-- name: list_days_off
-- A client's days off in a span by the rule of each day, as known at a moment; the holiday's name is null where the day of the
-- week is off. A client's own holiday goes before everybody's.
SELECT asked.day::date AS day, holiday.name
FROM generate_series(%(first_day)s::date, %(last_day)s::date, interval '1 day') AS asked (day)
CROSS JOIN LATERAL (
    SELECT string_to_array(client_history.days_off, ',') AS words
    FROM client_history
    WHERE client_history.client_id = %(client_id)s
        AND valid_from <= asked.day::date
        AND valid_until > asked.day::date
        AND known_from <= GREATEST(
            %(as_of)s::timestamptz,
            (SELECT min(first.known_from) FROM client_history AS first WHERE first.client_id = %(client_id)s)
        )
    ORDER BY known_from DESC
    LIMIT 1
) AS rule
LEFT JOIN LATERAL (
    SELECT holiday.name
    FROM holiday
    WHERE 'holidays' = ANY (rule.words)
        AND holiday.day = asked.day::date
        AND (holiday.client_id IS NULL OR holiday.client_id = %(client_id)s)
        AND holiday.known_from <= %(as_of)s::timestamptz
        AND (holiday.known_until = 'infinity' OR holiday.known_until > %(as_of)s::timestamptz)
    ORDER BY holiday.client_id NULLS LAST, holiday.known_from DESC
    LIMIT 1
) AS holiday ON true
WHERE holiday.name IS NOT NULL
    OR to_char(asked.day, 'dy') = ANY (rule.words)
ORDER BY day;
