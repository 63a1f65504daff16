-- migrate:up

-- Once in a transaction is enough: an import of 20,000 people looked for all who are above their client 20,000 times. Who is above is
-- noted with the client, and whoever comes to be above it later in the transaction by the trigger of `audience`.
CREATE OR REPLACE FUNCTION note_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT
        FROM unnest(ARRAY[OLD.client_id, NEW.client_id]) AS touched (client_id)
        WHERE client_id IS NOT NULL
            AND NOT EXISTS (
                SELECT
                FROM data_version
                WHERE data_version.client_id = touched.client_id AND changed_by = pg_current_xact_id()
            )
    ) THEN
        RETURN NULL;
    END IF;
    INSERT INTO data_version AS known (client_id, changed_by)
    SELECT client_id, pg_current_xact_id()
    FROM clients
    WHERE client_id IN (
        SELECT unnest(ARRAY[OLD.client_id, NEW.client_id])
        UNION
        SELECT audience.client_id FROM audience WHERE unit_id IN (OLD.client_id, NEW.client_id)
    )
    ORDER BY client_id
    ON CONFLICT (client_id) DO UPDATE SET changed_by = EXCLUDED.changed_by
    WHERE known.changed_by <> EXCLUDED.changed_by;
    RETURN NULL;
END
$$;

-- As before; but whoever is there already is found by the person's own index. A session that planned this when there was nobody yet, as in
-- a first import, keeps its plan, and with the client's index it would read all who came since for each of them.
CREATE OR REPLACE FUNCTION put_on_roster(person "user", from_day date) RETURNS void LANGUAGE plpgsql
SET enable_seqscan = off AS $$
BEGIN
    INSERT INTO user_history (
        user_id, client_id, nama, title, divisi, jabatan, insta, tiktok, exception, status, valid_from, known_from
    )
    SELECT person.user_id, person.client_id, person.nama, person.title, person.divisi, person.jabatan, person.insta,
        person.tiktok, person.exception, person.status, from_day, cicero_now()
    WHERE NOT EXISTS (
        SELECT
        FROM user_history
        WHERE user_id = person.user_id AND client_id IS NOT DISTINCT FROM person.client_id AND NOT isfinite(known_until)
    );
    IF from_day = '-infinity' AND FOUND AND EXISTS (
        SELECT
        FROM audience
        WHERE unit_id = person.client_id AND client_id <> person.client_id AND has_begun_before_today(client_id)
    ) THEN
        PERFORM patch_user_history(
            person.user_id, person.client_id, '-infinity', today_of(person.client_id), '{"is_backdated": true}'
        );
    END IF;
    PERFORM patch_user_history(
        person.user_id, person.client_id, from_day, 'infinity',
        jsonb_build_object(
            'nama', person.nama, 'title', person.title, 'divisi', person.divisi, 'jabatan', person.jabatan,
            'insta', person.insta, 'tiktok', person.tiktok, 'exception', person.exception, 'status', person.status
        )
    );
    IF person.status THEN
        INSERT INTO audience_beginning AS known (client_id, began_at)
        SELECT DISTINCT client_id, cicero_now()
        FROM audience
        WHERE unit_id = person.client_id
            AND NOT EXISTS (
                SELECT
                FROM audience_beginning AS begun
                WHERE begun.client_id = audience.client_id AND begun.began_at <= cicero_now()
            )
        ORDER BY client_id
        ON CONFLICT (client_id) DO UPDATE SET began_at = EXCLUDED.began_at WHERE known.began_at > EXCLUDED.began_at;
    END IF;
END
$$;

-- migrate:down
-- Forwards only: a mistake is mended by the next migration.
