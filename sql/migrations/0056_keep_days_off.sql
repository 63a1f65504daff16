-- migrate:up

ALTER TABLE clients ADD COLUMN days_off text;
ALTER TABLE client_history ADD COLUMN days_off text;
COMMENT ON COLUMN clients.days_off IS 'days of the week without reminders as sat,sun and holidays for those of the table; null: none';

CREATE TABLE holiday (
    holiday_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    client_id text REFERENCES clients ON UPDATE CASCADE ON DELETE CASCADE,
    day date NOT NULL,
    name text NOT NULL CHECK (name <> ''),
    known_from timestamptz NOT NULL DEFAULT cicero_now(),
    known_until timestamptz NOT NULL DEFAULT 'infinity',
    CHECK (known_from <= known_until)
);

CREATE UNIQUE INDEX holiday_in_force ON holiday (day, COALESCE(client_id, '')) WHERE known_until = 'infinity';

COMMENT ON TABLE holiday IS 'days off of those clients whose days_off names holidays; ended, never removed, for reports as of an earlier moment';
COMMENT ON COLUMN holiday.client_id IS 'of this client alone; null: of all';
COMMENT ON COLUMN holiday.known_until IS 'infinity: it holds; else it was taken back then';

-- What the history of a client keeps, by the names of its columns: the one place to name another fact.
CREATE FUNCTION client_facts(of_client clients) RETURNS jsonb
    LANGUAGE sql IMMUTABLE
    AS $$
    SELECT jsonb_build_object(
        'nama', of_client.nama, 'timezone', of_client.timezone, 'threshold', of_client.threshold,
        'status', of_client.client_status, 'under', of_client.under, 'audience', of_client.audience,
        'audience_divisi', of_client.audience_divisi, 'days_off', of_client.days_off
    )
$$;

CREATE OR REPLACE FUNCTION patch_client_history(of_client text, from_day date, until_day date, patch jsonb) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    at_now timestamptz := cicero_now();
    old client_history;
    new client_history;
    is_moved boolean := false;
BEGIN
    FOR old IN
        SELECT *
        FROM client_history
        WHERE client_id = of_client AND known_until = 'infinity' AND valid_from < until_day AND valid_until > from_day
        ORDER BY valid_from
        FOR UPDATE
    LOOP
        new := jsonb_populate_record(old, patch);
        CONTINUE WHEN new IS NOT DISTINCT FROM old;
        is_moved := is_moved OR (old.status, old.under, old.audience, old.audience_divisi)
            IS DISTINCT FROM (new.status, new.under, new.audience, new.audience_divisi);
        DELETE FROM client_history
        WHERE client_id = of_client AND valid_from = old.valid_from AND known_from = old.known_from AND known_from >= at_now;
        UPDATE client_history
        SET known_until = at_now
        WHERE client_id = of_client AND valid_from = old.valid_from AND known_from = old.known_from;
        INSERT INTO client_history
        SELECT (
            jsonb_populate_record(
                part.facts,
                jsonb_build_object('valid_from', part.valid_from, 'valid_until', part.valid_until, 'known_from', at_now)
            )
        ).*
        FROM (
            VALUES
                (old, old.valid_from, LEAST(old.valid_until, from_day)),
                (new, GREATEST(old.valid_from, from_day), LEAST(old.valid_until, until_day)),
                (old, GREATEST(old.valid_from, until_day), old.valid_until)
        ) AS part (facts, valid_from, valid_until)
        WHERE part.valid_from < part.valid_until;
    END LOOP;
    IF is_moved THEN
        PERFORM build_audiences(of_client);
    END IF;
END
$$;

CREATE OR REPLACE FUNCTION keep_client_history() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    facts jsonb := client_facts(NEW);
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO client_history
        SELECT (
            jsonb_populate_record(
                NULL::client_history,
                facts || jsonb_build_object(
                    'client_id', NEW.client_id, 'under', NULL, 'valid_from', '-infinity', 'valid_until', 'infinity',
                    'known_from', cicero_now(), 'known_until', 'infinity'
                )
            )
        ).*;
        PERFORM build_audiences(NEW.client_id);
        PERFORM patch_client_history(
            NEW.client_id, CASE WHEN makes_past(NEW.under) THEN '-infinity' ELSE today_of(NEW.client_id) END, 'infinity',
            jsonb_build_object('under', NEW.under)
        )
        WHERE NEW.under IS NOT NULL;
        RETURN NULL;
    END IF;
    PERFORM patch_client_history(
        NEW.client_id,
        LEAST((cicero_now() AT TIME ZONE OLD.timezone)::date, (cicero_now() AT TIME ZONE NEW.timezone)::date),
        'infinity',
        facts
    );
    -- the beginning: what is set up before anybody was asked holds for all days
    IF (NEW.audience, NEW.audience_divisi) IS DISTINCT FROM (OLD.audience, OLD.audience_divisi)
        AND NOT has_begun_before_today(NEW.client_id)
    THEN
        PERFORM patch_client_history(
            NEW.client_id, '-infinity', 'infinity',
            jsonb_build_object('audience', NEW.audience, 'audience_divisi', NEW.audience_divisi)
        );
    END IF;
    IF NEW.under IS DISTINCT FROM OLD.under AND makes_past(NEW.under)
        AND NOT EXISTS (
            SELECT
            FROM client_history
            WHERE client_id = NEW.client_id AND known_until = 'infinity' AND under <> NEW.under
        )
        AND NEW.under IS NOT NULL
        -- whoever was set up the wrong way round and is turned is below the other from today on
        AND NOT EXISTS (
            WITH RECURSIVE up AS (
                SELECT under
                FROM client_history
                WHERE client_id = NEW.under AND known_until = 'infinity' AND under IS NOT NULL
                UNION
                SELECT above.under
                FROM up
                JOIN client_history AS above
                    ON above.client_id = up.under AND above.known_until = 'infinity' AND above.under IS NOT NULL
            )
            SELECT FROM up WHERE under = NEW.client_id
        )
    THEN
        PERFORM patch_client_history(NEW.client_id, '-infinity', 'infinity', jsonb_build_object('under', NEW.under));
    END IF;
    RETURN NULL;
END
$$;

DROP TRIGGER client_changed_in_history ON clients;
CREATE TRIGGER client_changed_in_history
    AFTER UPDATE ON clients
    FOR EACH ROW
    WHEN (client_facts(OLD) IS DISTINCT FROM client_facts(NEW))
    EXECUTE FUNCTION keep_client_history();

-- migrate:down
-- Forwards only: a mistake is mended by the next migration.
