-- migrate:up

-- Who is expected on a client's posts: its own people, those of the units below it, and single ones (docs/adr/0026).

CREATE FUNCTION division_key(divisi text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT upper(regexp_replace(divisi, '[\W_]+', '', 'g'))
$$;

COMMENT ON FUNCTION division_key IS 'the same for every spelling of one division, as in domain/roster/ranks.py';

ALTER TABLE clients
    ADD COLUMN under text REFERENCES clients ON UPDATE CASCADE ON DELETE SET NULL,
    ADD COLUMN audience text NOT NULL DEFAULT 'own' CHECK (audience IN ('own', 'below', 'own+below')),
    ADD COLUMN audience_divisi text[] NOT NULL DEFAULT '{}',
    ADD COLUMN report_units boolean NOT NULL DEFAULT false,
    ADD CONSTRAINT clients_are_a_tree CHECK (under <> client_id);

COMMENT ON COLUMN clients.under IS 'the client next above in the tree of units';
COMMENT ON COLUMN clients.audience IS 'whose people are expected on its posts: its own, those of all units below, or both';
COMMENT ON COLUMN clients.audience_divisi IS 'of the units'' people only those of these divisions; none: all';
COMMENT ON COLUMN clients.report_units IS 'whether each unit below gets its own part of the laphar';

CREATE INDEX clients_by_upper ON clients (under) WHERE under IS NOT NULL;

ALTER TABLE client_history
    ADD COLUMN status boolean NOT NULL DEFAULT true,
    ADD COLUMN under text REFERENCES clients ON UPDATE CASCADE ON DELETE SET NULL,
    ADD COLUMN audience text NOT NULL DEFAULT 'own',
    ADD COLUMN audience_divisi text[] NOT NULL DEFAULT '{}';

UPDATE client_history
SET status = clients.client_status
FROM clients
WHERE clients.client_id = client_history.client_id AND NOT clients.client_status;

SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;

CREATE INDEX client_history_by_upper ON client_history (under) WHERE under IS NOT NULL;

ALTER TABLE user_history
    ADD COLUMN is_elsewhere boolean NOT NULL DEFAULT false,
    ADD COLUMN is_backdated boolean NOT NULL DEFAULT false,
    ADD COLUMN divisi_key text GENERATED ALWAYS AS (division_key(divisi)) STORED;

COMMENT ON COLUMN user_history.is_elsewhere IS
    'another client has the person on these days: an audience above counts everybody once';
COMMENT ON COLUMN user_history.is_backdated IS
    'days before the first people of this client came, while an audience above had others already: it keeps its past';

-- Single people. Rows are closed, never changed, as in user_history.
CREATE TABLE user_assignment (
    user_id text NOT NULL,
    client_id text NOT NULL REFERENCES clients ON UPDATE CASCADE ON DELETE CASCADE,
    valid_from date NOT NULL,
    valid_until date NOT NULL DEFAULT 'infinity',
    known_from timestamptz NOT NULL,
    known_until timestamptz NOT NULL DEFAULT 'infinity',
    PRIMARY KEY (client_id, user_id, valid_from, known_from),
    CHECK (valid_from < valid_until),
    CHECK (known_from < known_until)
);

CREATE INDEX user_assignment_by_user ON user_assignment (user_id);

COMMENT ON TABLE user_assignment IS
    'days on which somebody belongs to another client''s audience, up to and without valid_until; written by assign_user';
COMMENT ON COLUMN user_assignment.known_until IS 'infinity: this is what we know today; else what --as-of saw up to then';

-- What client_history says of the tree now, put together: the units of each audience with their days.
CREATE TABLE audience (
    client_id text NOT NULL REFERENCES clients ON UPDATE CASCADE ON DELETE CASCADE,
    unit_id text NOT NULL REFERENCES clients ON UPDATE CASCADE ON DELETE CASCADE,
    divisi_keys text[],
    is_alone boolean NOT NULL,
    valid_from date NOT NULL,
    valid_until date NOT NULL,
    PRIMARY KEY (client_id, unit_id, valid_from)
);

CREATE INDEX audience_by_unit ON audience (unit_id);

COMMENT ON TABLE audience IS
    'derived from client_history: whose people are expected on the posts of a client, up to and without valid_until';
COMMENT ON COLUMN audience.divisi_keys IS 'null: all of the unit';
COMMENT ON COLUMN audience.is_alone IS 'the client''s own people and no unit''s: those are its roster as it stands';

CREATE TABLE audience_beginning (
    client_id text PRIMARY KEY REFERENCES clients ON UPDATE CASCADE ON DELETE CASCADE,
    began_at timestamptz NOT NULL
);

COMMENT ON TABLE audience_beginning IS
    'when anybody was expected on a client''s posts for the first time; what is set up on that day holds for all days before';

CREATE FUNCTION audience_at(of_client text, at_moment timestamptz)
RETURNS TABLE (unit_id text, divisi_keys text[], is_alone boolean, valid_from date, valid_until date)
LANGUAGE sql STABLE ROWS 10 AS $$
    WITH RECURSIVE known AS (
        SELECT client_id, under, audience, audience_divisi, status, valid_from, valid_until
        FROM client_history
        WHERE known_from <= at_moment AND (known_until > at_moment OR known_until = 'infinity')
    ),
    posting AS (
        SELECT audience, audience_divisi, valid_from, valid_until
        FROM client_history
        WHERE client_id = of_client
            -- before anything was known of it, it was what was known first
            AND known_from <= GREATEST(
                at_moment, (SELECT min(known_from) FROM client_history WHERE client_id = of_client)
            )
            AND (known_until > at_moment OR known_until = 'infinity')
    ),
    below AS (
        SELECT unit.client_id, unit.status, posting.audience_divisi,
            GREATEST(unit.valid_from, posting.valid_from) AS valid_from,
            LEAST(unit.valid_until, posting.valid_until) AS valid_until
        FROM posting
        JOIN known AS unit
            ON unit.under = of_client
            AND unit.valid_from < posting.valid_until
            AND unit.valid_until > posting.valid_from
        WHERE posting.audience <> 'own'
        UNION ALL
        SELECT unit.client_id, unit.status, below.audience_divisi, GREATEST(unit.valid_from, below.valid_from),
            LEAST(unit.valid_until, below.valid_until)
        FROM below
        JOIN known AS unit
            ON unit.under = below.client_id
            AND unit.valid_from < below.valid_until
            AND unit.valid_until > below.valid_from
    ),
    part AS (
        SELECT of_client AS unit_id, NULL::text[] AS divisi_keys, audience = 'own' AS is_alone, valid_from, valid_until
        FROM posting
        WHERE audience <> 'below'
        UNION ALL
        SELECT client_id,
            CASE
                WHEN audience_divisi <> '{}'
                THEN ARRAY(SELECT DISTINCT division_key(divisi) FROM unnest(audience_divisi) AS divisi ORDER BY 1)
            END,
            false, valid_from, valid_until
        FROM below
        WHERE status
    )
    SELECT unit_id, divisi_keys, is_alone, lower(days), upper(days)
    FROM (
        SELECT unit_id, divisi_keys, is_alone, unnest(range_agg(daterange(valid_from, valid_until))) AS days
        FROM part
        GROUP BY unit_id, divisi_keys, is_alone
    ) AS merged
$$;

COMMENT ON FUNCTION audience_at IS
    'the units of a client''s audience with their days, as known at a moment; infinity: as known now';

-- The tree's keeper. All that was ever above a changed client is put together anew, the changed alone marked.
CREATE FUNCTION build_audiences(of_client text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    circle text;
    changed text;
BEGIN
    -- two changes at once could make a circle that neither sees
    PERFORM pg_advisory_xact_lock(hashtext('cicero: tree of clients'));
    WITH RECURSIVE up AS (
        SELECT under, valid_from, valid_until
        FROM client_history
        WHERE client_id = of_client AND known_until = 'infinity' AND under IS NOT NULL
        UNION ALL
        SELECT above.under, GREATEST(above.valid_from, up.valid_from), LEAST(above.valid_until, up.valid_until)
        FROM up
        JOIN client_history AS above
            ON above.client_id = up.under
            AND above.known_until = 'infinity'
            AND above.under IS NOT NULL
            AND above.valid_from < up.valid_until
            AND above.valid_until > up.valid_from
        WHERE up.under <> of_client
    )
    SELECT under INTO circle FROM up WHERE under = of_client LIMIT 1;
    IF circle IS NOT NULL THEN
        RAISE EXCEPTION 'client % would be below itself', of_client
            USING ERRCODE = 'check_violation', CONSTRAINT = 'clients_are_a_tree';
    END IF;
    FOR changed IN
        WITH RECURSIVE up AS (
            SELECT of_client AS client_id
            UNION
            SELECT client_history.under
            FROM up
            JOIN client_history USING (client_id)
            WHERE client_history.under IS NOT NULL
        )
        SELECT client_id FROM up JOIN clients USING (client_id) ORDER BY client_id
    LOOP
        CONTINUE WHEN NOT EXISTS (
            (
                SELECT unit_id, divisi_keys, is_alone, valid_from, valid_until FROM audience WHERE client_id = changed
                EXCEPT
                SELECT * FROM audience_at(changed, 'infinity')
            )
            UNION ALL
            (
                SELECT * FROM audience_at(changed, 'infinity')
                EXCEPT
                SELECT unit_id, divisi_keys, is_alone, valid_from, valid_until FROM audience WHERE client_id = changed
            )
        );
        DELETE FROM audience WHERE client_id = changed;
        INSERT INTO audience (client_id, unit_id, divisi_keys, is_alone, valid_from, valid_until)
        SELECT changed, unit_id, divisi_keys, is_alone, valid_from, valid_until
        FROM audience_at(changed, 'infinity');
        PERFORM note_beginning(changed);
        PERFORM mark_all_days(ARRAY[changed]);
    END LOOP;
END
$$;

-- Somebody is expected there: if for the first time, this is the beginning.
CREATE FUNCTION note_beginning(of_client text) RETURNS void LANGUAGE sql AS $$
    INSERT INTO audience_beginning AS known (client_id, began_at)
    SELECT of_client, cicero_now()
    WHERE EXISTS (
            SELECT
            FROM audience
            JOIN user_history ON user_history.client_id = audience.unit_id
            WHERE audience.client_id = of_client AND user_history.status
        )
        OR EXISTS (SELECT FROM user_assignment WHERE user_assignment.client_id = of_client)
    ON CONFLICT (client_id) DO UPDATE SET began_at = EXCLUDED.began_at WHERE known.began_at > EXCLUDED.began_at
$$;

CREATE FUNCTION has_begun_before_today(of_client text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT
        FROM audience_beginning
        JOIN clients USING (client_id)
        WHERE client_id = of_client AND began_at < (today_of(of_client)::timestamp AT TIME ZONE timezone)
    )
$$;

-- What a client's place in the tree is on a day is a fact like its name and threshold.
CREATE OR REPLACE FUNCTION patch_client_history(of_client text, from_day date, until_day date, patch jsonb)
RETURNS void LANGUAGE plpgsql AS $$
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
        INSERT INTO client_history (
            client_id, nama, timezone, threshold, status, under, audience, audience_divisi, valid_from, valid_until, known_from
        )
        SELECT of_client, (part.facts).nama, (part.facts).timezone, (part.facts).threshold, (part.facts).status,
            (part.facts).under, (part.facts).audience, (part.facts).audience_divisi, part.valid_from, part.valid_until, at_now
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

-- Whether a place under this client makes anybody's past: an audience above that had people before today keeps its past.
CREATE FUNCTION makes_past(upper_client text) RETURNS boolean LANGUAGE sql STABLE AS $$
    WITH RECURSIVE up AS (
        SELECT upper_client AS client_id
        UNION
        SELECT above.under
        FROM up
        JOIN client_history AS above USING (client_id)
        WHERE above.under IS NOT NULL AND above.known_until = 'infinity'
    )
    SELECT NOT EXISTS (
        SELECT
        FROM up
        JOIN client_history AS above USING (client_id)
        WHERE above.audience <> 'own' AND above.known_until = 'infinity' AND has_begun_before_today(client_id)
    )
$$;

CREATE OR REPLACE FUNCTION keep_client_history() RETURNS trigger LANGUAGE plpgsql AS $$
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
    WHEN (
        (OLD.nama, OLD.timezone, OLD.threshold, OLD.client_status, OLD.under, OLD.audience, OLD.audience_divisi)
        IS DISTINCT FROM
        (NEW.nama, NEW.timezone, NEW.threshold, NEW.client_status, NEW.under, NEW.audience, NEW.audience_divisi)
    )
    EXECUTE FUNCTION keep_client_history();

-- Of several clients that have somebody on one day, the one that had the person first counts above.
CREATE FUNCTION settle_places(of_user text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    place text;
    taken datemultirange := '{}';
    own datemultirange;
BEGIN
    FOR place IN
        SELECT client_id
        FROM user_history
        WHERE user_id = of_user
        GROUP BY client_id
        ORDER BY min(known_from), client_id
    LOOP
        SELECT COALESCE(range_agg(daterange(valid_from, valid_until)), '{}')
        INTO own
        FROM user_history
        WHERE user_id = of_user AND client_id = place AND known_until = 'infinity' AND status;
        PERFORM patch_user_history(of_user, place, lower(days), upper(days), '{"is_elsewhere": true}')
        FROM unnest(own * taken) AS days;
        PERFORM patch_user_history(of_user, place, lower(days), upper(days), '{"is_elsewhere": false}')
        FROM unnest(own - taken) AS days;
        taken := taken + own;
    END LOOP;
END
$$;

CREATE OR REPLACE FUNCTION patch_user_history(of_user text, of_client text, from_day date, until_day date, patch jsonb)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    at_now timestamptz := cicero_now();
    old user_history;
    new user_history;
BEGIN
    FOR old IN
        SELECT *
        FROM user_history
        WHERE user_id = of_user AND client_id = of_client AND known_until = 'infinity'
            AND valid_from < until_day AND valid_until > from_day
        ORDER BY valid_from
        FOR UPDATE
    LOOP
        new := jsonb_populate_record(old, patch);
        CONTINUE WHEN new IS NOT DISTINCT FROM old;
        DELETE FROM user_history
        WHERE user_id = of_user AND client_id = of_client AND valid_from = old.valid_from
            AND known_from = old.known_from AND known_from >= at_now;
        UPDATE user_history
        SET known_until = at_now
        WHERE user_id = of_user AND client_id = of_client AND valid_from = old.valid_from
            AND known_from = old.known_from;
        INSERT INTO user_history (
            user_id, client_id, nama, title, divisi, jabatan, insta, tiktok, exception, status, leave, never, is_elsewhere,
            is_backdated, valid_from, valid_until, known_from
        )
        SELECT of_user, of_client, (part.facts).nama, (part.facts).title, (part.facts).divisi,
            (part.facts).jabatan, (part.facts).insta, (part.facts).tiktok, (part.facts).exception, (part.facts).status,
            (part.facts).leave, (part.facts).never, (part.facts).is_elsewhere, (part.facts).is_backdated, part.valid_from, part.valid_until, at_now
        FROM (
            VALUES
                (old, old.valid_from, LEAST(old.valid_until, from_day)),
                (new, GREATEST(old.valid_from, from_day), LEAST(old.valid_until, until_day)),
                (old, GREATEST(old.valid_from, until_day), old.valid_until)
        ) AS part (facts, valid_from, valid_until)
        WHERE part.valid_from < part.valid_until;
    END LOOP;
    IF patch ? 'status' AND EXISTS (
        SELECT FROM user_history WHERE user_id = of_user AND client_id <> of_client
    ) THEN
        PERFORM settle_places(of_user);
    END IF;
END
$$;

CREATE OR REPLACE FUNCTION put_on_roster(person "user", from_day date) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO user_history (
        user_id, client_id, nama, title, divisi, jabatan, insta, tiktok, exception, status, valid_from, known_from
    )
    SELECT person.user_id, person.client_id, person.nama, person.title, person.divisi, person.jabatan, person.insta,
        person.tiktok, person.exception, person.status, from_day, cicero_now()
    WHERE NOT EXISTS (
        SELECT
        FROM user_history
        WHERE user_id = person.user_id AND client_id = person.client_id AND known_until = 'infinity'
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

-- On these days somebody is, or is not, of this client's audience, wherever else the person belongs.
CREATE FUNCTION assign_user(of_user text, to_client text, from_day date, until_day date, is_assigned boolean)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    at_now timestamptz := cicero_now();
    old user_assignment;
BEGIN
    FOR old IN
        SELECT *
        FROM user_assignment
        WHERE user_id = of_user AND client_id = to_client AND known_until = 'infinity'
            AND valid_from < until_day AND valid_until > from_day
        ORDER BY valid_from
        FOR UPDATE
    LOOP
        DELETE FROM user_assignment
        WHERE user_id = of_user AND client_id = to_client AND valid_from = old.valid_from
            AND known_from = old.known_from AND known_from >= at_now;
        UPDATE user_assignment
        SET known_until = at_now
        WHERE user_id = of_user AND client_id = to_client AND valid_from = old.valid_from
            AND known_from = old.known_from;
        INSERT INTO user_assignment (user_id, client_id, valid_from, valid_until, known_from)
        SELECT of_user, to_client, part.valid_from, part.valid_until, at_now
        FROM (
            VALUES
                (old.valid_from, LEAST(old.valid_until, from_day)),
                (GREATEST(old.valid_from, until_day), old.valid_until)
        ) AS part (valid_from, valid_until)
        WHERE part.valid_from < part.valid_until;
    END LOOP;
    INSERT INTO user_assignment (user_id, client_id, valid_from, valid_until, known_from)
    SELECT of_user, to_client, from_day, until_day, at_now
    WHERE is_assigned;
    PERFORM note_beginning(to_client);
    PERFORM mark_all_days(ARRAY[to_client]);
END
$$;

CREATE CONSTRAINT TRIGGER user_assignment_changes_data_version
    AFTER INSERT OR UPDATE OR DELETE ON user_assignment DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION note_change();

-- A unit that leaves changes the answers of what was above it too.
CREATE CONSTRAINT TRIGGER audience_changes_data_version
    AFTER INSERT OR UPDATE OR DELETE ON audience DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION note_change();

CREATE FUNCTION take_assignments_along() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE user_assignment SET user_id = NEW.user_id WHERE user_id = OLD.user_id;
    RETURN NULL;
END
$$;

CREATE TRIGGER user_takes_assignments_along
    AFTER UPDATE OF user_id ON "user"
    FOR EACH ROW WHEN (OLD.user_id <> NEW.user_id) EXECUTE FUNCTION take_assignments_along();

-- What changes for a unit's people changes for all above it, and for those who have single ones of them.
CREATE OR REPLACE FUNCTION mark_all_days(of_clients text[]) RETURNS void LANGUAGE sql AS $$
    WITH posting AS (
        SELECT unnest(of_clients) AS client_id
        UNION
        SELECT client_id FROM audience WHERE unit_id = ANY (of_clients)
        UNION
        SELECT user_assignment.client_id
        FROM user_assignment
        JOIN user_handle USING (user_id)
        WHERE user_handle.client_id = ANY (of_clients)
    )
    INSERT INTO stale_day (client_id, platform, day)
    SELECT client_id, platform, day
    FROM (
        SELECT client_id, 'insta' AS platform, day FROM insta_post JOIN posting USING (client_id)
        UNION
        SELECT client_id, 'tiktok', day FROM tiktok_post JOIN posting USING (client_id)
    ) AS marked
    ORDER BY client_id, platform, day
    ON CONFLICT (client_id, platform, day) DO UPDATE SET marked_at = now()
$$;

CREATE OR REPLACE FUNCTION note_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO data_version AS known (client_id, changed_by)
    SELECT client_id, pg_current_xact_id()
    FROM clients
    WHERE client_id IN (OLD.client_id, NEW.client_id)
        OR client_id IN (SELECT audience.client_id FROM audience WHERE unit_id IN (OLD.client_id, NEW.client_id))
    ORDER BY client_id
    ON CONFLICT (client_id) DO UPDATE SET changed_by = EXCLUDED.changed_by
    WHERE known.changed_by <> EXCLUDED.changed_by;
    RETURN NULL;
END
$$;

-- Handles.

CREATE FUNCTION handle_owners(of_clients text[], known_at timestamptz)
RETURNS TABLE (
    client_id text, platform text, username text, user_id text, owned_from timestamptz, owned_until timestamptz
)
LANGUAGE sql STABLE AS $$
    SELECT held.client_id, held.platform, held.username, held.user_id,
        CASE WHEN row_number() OVER by_time = 1 THEN '-infinity' ELSE held.since END,
        lead(held.since, 1, 'infinity') OVER by_time
    FROM user_handle AS held
    WHERE held.client_id = ANY (of_clients)
        AND held.since <= known_at AND (held.taken_back_at IS NULL OR held.taken_back_at > known_at)
    WINDOW by_time AS (PARTITION BY held.client_id, held.platform, held.username ORDER BY held.since)
$$;

COMMENT ON FUNCTION handle_owners(text[], timestamptz) IS 'as handle_owners(timestamptz), among the people of these clients';

CREATE FUNCTION audience_owners(of_client text, on_platform text, known_at timestamptz)
RETURNS TABLE (username text, user_id text, owned_from timestamptz, owned_until timestamptz)
LANGUAGE sql STABLE AS $$
    WITH unit AS (
        SELECT array_agg(DISTINCT unit_id) AS ids FROM audience_at(of_client, known_at)
    ),
    assigned AS (
        SELECT array_agg(DISTINCT user_handle.user_id) AS ids, array_agg(DISTINCT user_handle.client_id) AS at_clients
        FROM user_assignment
        JOIN user_handle USING (user_id)
        WHERE user_assignment.client_id = of_client AND user_assignment.known_from <= known_at
    )
    SELECT owner.username, owner.user_id, owner.owned_from, owner.owned_until
    FROM unit
    CROSS JOIN LATERAL handle_owners(unit.ids, known_at) AS owner
    WHERE owner.platform = on_platform
    UNION ALL
    SELECT owner.username, owner.user_id, owner.owned_from, owner.owned_until
    FROM unit
    CROSS JOIN assigned
    CROSS JOIN LATERAL handle_owners(assigned.at_clients, known_at) AS owner
    WHERE owner.platform = on_platform
        AND owner.user_id = ANY (assigned.ids)
        AND NOT owner.client_id = ANY (COALESCE(unit.ids, '{}'))
$$;

COMMENT ON FUNCTION audience_owners IS
    'whose handles count on the posts of a client: those of all who are or ever were of its audience, as known at a moment';

-- Who is expected.

DROP VIEW user_of_day;

CREATE VIEW user_of_day AS
SELECT known.platform, CASE known.platform WHEN 'insta' THEN person.insta ELSE person.tiktok END AS username,
    person.user_id, audience.client_id, person.nama, person.title, person.divisi,
    person.exception OR person.leave IS NOT NULL AS exception,
    GREATEST(person.valid_from, audience.valid_from) AS valid_from,
    LEAST(person.valid_until, audience.valid_until) AS valid_until,
    person.known_until, person.client_id AS unit_id
FROM audience
JOIN user_history AS person
    ON person.client_id = audience.unit_id
    AND person.valid_from < audience.valid_until
    AND person.valid_until > audience.valid_from
    AND (audience.is_alone OR NOT (person.is_elsewhere OR person.is_backdated))
    AND (audience.divisi_keys IS NULL OR person.divisi_key = ANY (audience.divisi_keys))
CROSS JOIN (VALUES ('insta'), ('tiktok')) AS known (platform)
WHERE person.status AND person.known_until = 'infinity'
UNION ALL
SELECT known.platform, CASE known.platform WHEN 'insta' THEN person.insta ELSE person.tiktok END,
    person.user_id, person.to_client, person.nama, person.title, person.divisi,
    person.exception OR person.leave IS NOT NULL, lower(person.days), upper(person.days), person.known_until, person.client_id
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

COMMENT ON VIEW user_of_day IS
    'who is expected on the posts of client_id on which days, as known now, once for each platform, with the handle on file there; unit_id: the person''s own client';

CREATE FUNCTION expected_at(of_client text, on_platform text, on_day date, at_moment timestamptz)
RETURNS TABLE (
    user_id text, unit_id text, nama text, title text, divisi text, username text, exception boolean
)
LANGUAGE sql STABLE AS $$
    WITH known AS MATERIALIZED (
        SELECT person.*
        FROM (
            SELECT unit_id FROM audience_at(of_client, at_moment) WHERE valid_from <= on_day AND valid_until > on_day
            UNION
            SELECT home.client_id
            FROM user_assignment
            JOIN user_history AS home USING (user_id)
            WHERE user_assignment.client_id = of_client
        ) AS place
        JOIN user_history AS person
            ON person.client_id = place.unit_id
            AND person.known_from <= at_moment
            AND (person.known_until > at_moment OR person.known_until = 'infinity')
            AND person.valid_from <= on_day
            AND person.valid_until > on_day
            AND person.status
    ),
    of_unit AS MATERIALIZED (
        SELECT known.*
        FROM audience_at(of_client, at_moment) AS audience
        JOIN known
            ON known.client_id = audience.unit_id
            AND (audience.is_alone OR NOT (known.is_elsewhere OR known.is_backdated))
            AND (audience.divisi_keys IS NULL OR known.divisi_key = ANY (audience.divisi_keys))
        WHERE audience.valid_from <= on_day AND audience.valid_until > on_day
    )
    SELECT person.user_id, person.client_id, person.nama, person.title, person.divisi,
        CASE on_platform WHEN 'insta' THEN person.insta ELSE person.tiktok END,
        person.exception OR person.leave IS NOT NULL
    FROM (
        SELECT * FROM of_unit
        UNION ALL
        SELECT known.*
        FROM user_assignment AS given
        JOIN known ON known.user_id = given.user_id AND NOT known.is_elsewhere
        WHERE given.client_id = of_client
            AND given.known_from <= at_moment
            AND (given.known_until > at_moment OR given.known_until = 'infinity')
            AND given.valid_from <= on_day
            AND given.valid_until > on_day
            AND NOT EXISTS (SELECT FROM of_unit WHERE of_unit.user_id = given.user_id)
    ) AS person
$$;

COMMENT ON FUNCTION expected_at IS
    'who is expected on a client''s posts of one day, as known at a moment (infinity: now); user_of_day is the same for all days, as known now';

-- What was known first counts as known before: nobody was asked then (docs/adr/0024).
CREATE OR REPLACE FUNCTION roster_known_at(of_client text, at_moment timestamptz) RETURNS timestamptz
LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN at_moment >= beginning.known_from THEN at_moment
        ELSE (((beginning.known_from AT TIME ZONE clients.timezone)::date + 1)::timestamp AT TIME ZONE clients.timezone)
            - interval '1 microsecond'
    END
    FROM clients
    CROSS JOIN LATERAL (
        SELECT LEAST(
            (SELECT min(user_history.known_from) FROM user_history WHERE user_history.client_id = clients.client_id),
            (SELECT began_at FROM audience_beginning WHERE audience_beginning.client_id = clients.client_id)
        ) AS known_from
    ) AS beginning
    WHERE clients.client_id = of_client
$$;

-- What there is: everybody their own.
INSERT INTO audience (client_id, unit_id, is_alone, valid_from, valid_until)
SELECT client_id, client_id, true, '-infinity', 'infinity'
FROM clients;

INSERT INTO audience_beginning (client_id, began_at)
SELECT client_id, min(known_from)
FROM user_history
GROUP BY client_id;

-- migrate:down
-- Forwards only: a mistake is mended by the next migration.
