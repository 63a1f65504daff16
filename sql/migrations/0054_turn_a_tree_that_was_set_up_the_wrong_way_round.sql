-- migrate:up

CREATE OR REPLACE FUNCTION keep_client_history() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    place jsonb := jsonb_build_object(
        'status', NEW.client_status, 'under', NEW.under, 'audience', NEW.audience, 'audience_divisi', NEW.audience_divisi
    );
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO client_history (
            client_id, nama, timezone, threshold, status, audience, audience_divisi, valid_from, known_from
        )
        VALUES (
            NEW.client_id, NEW.nama, NEW.timezone, NEW.threshold, NEW.client_status, NEW.audience, NEW.audience_divisi,
            '-infinity', cicero_now()
        );
        PERFORM build_audiences(NEW.client_id);
        PERFORM patch_client_history(
            NEW.client_id, CASE WHEN makes_past(NEW.under) THEN '-infinity' ELSE today_of(NEW.client_id) END, 'infinity', place
        )
        WHERE NEW.under IS NOT NULL;
        RETURN NULL;
    END IF;
    PERFORM patch_client_history(
        NEW.client_id,
        LEAST((cicero_now() AT TIME ZONE OLD.timezone)::date, (cicero_now() AT TIME ZONE NEW.timezone)::date),
        'infinity',
        jsonb_build_object('nama', NEW.nama, 'timezone', NEW.timezone, 'threshold', NEW.threshold) || place
    );
    -- the beginning: what is set up before anybody was asked holds for all days
    IF (NEW.audience, NEW.audience_divisi) IS DISTINCT FROM (OLD.audience, OLD.audience_divisi)
        AND NOT has_begun_before_today(NEW.client_id)
    THEN
        PERFORM patch_client_history(NEW.client_id, '-infinity', 'infinity', place - 'status' - 'under');
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

-- migrate:down
-- Forwards only: a mistake is mended by the next migration.
