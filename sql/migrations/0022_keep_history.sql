-- migrate:up

-- What a report of a past day depends on, kept with the days for which it holds (valid) and the time during which it was
-- what we knew (known). Triggers write it, so that no writer can forget it (docs/adr/0024).

-- The clock of the history; the setting is how a test or a move of old data says what time it is.
CREATE FUNCTION cicero_now() RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT COALESCE(NULLIF(current_setting('cicero.now', true), '')::timestamptz, now())
$$;

CREATE FUNCTION today_of(of_client text) RETURNS date LANGUAGE sql STABLE AS $$
    SELECT (cicero_now() AT TIME ZONE timezone)::date
    FROM clients
    WHERE client_id = of_client
$$;

-- A post keeps the day that it had under the zone in force when it was read.
ALTER TABLE insta_post ADD COLUMN day date;
ALTER TABLE tiktok_post ADD COLUMN day date;

UPDATE insta_post AS post
SET day = (post.published_at AT TIME ZONE clients.timezone)::date
FROM clients
WHERE clients.client_id = post.client_id;

UPDATE tiktok_post AS post
SET day = (post.published_at AT TIME ZONE clients.timezone)::date
FROM clients
WHERE clients.client_id = post.client_id;

-- what the updates owe to deferred triggers comes before the tables change
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;

ALTER TABLE insta_post ALTER COLUMN day SET NOT NULL;
ALTER TABLE tiktok_post ALTER COLUMN day SET NOT NULL;

CREATE INDEX insta_post_by_client_and_day ON insta_post (client_id, day);
CREATE INDEX tiktok_post_by_client_and_day ON tiktok_post (client_id, day);

COMMENT ON COLUMN insta_post.day IS 'the client''s local day of publication, by the zone that it had when the post was read';

CREATE FUNCTION set_day_of_post() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.day := (NEW.published_at AT TIME ZONE (SELECT timezone FROM clients WHERE client_id = NEW.client_id))::date;
    RETURN NEW;
END
$$;

CREATE TRIGGER insta_post_added
    BEFORE INSERT ON insta_post
    FOR EACH ROW EXECUTE FUNCTION set_day_of_post();

CREATE TRIGGER insta_post_dated_anew
    BEFORE UPDATE OF published_at ON insta_post
    FOR EACH ROW WHEN (OLD.published_at <> NEW.published_at) EXECUTE FUNCTION set_day_of_post();

CREATE TRIGGER tiktok_post_added
    BEFORE INSERT ON tiktok_post
    FOR EACH ROW EXECUTE FUNCTION set_day_of_post();

CREATE TRIGGER tiktok_post_dated_anew
    BEFORE UPDATE OF published_at ON tiktok_post
    FOR EACH ROW WHEN (OLD.published_at <> NEW.published_at) EXECUTE FUNCTION set_day_of_post();

CREATE OR REPLACE VIEW post AS
SELECT 'insta' AS platform, post_id, client_id, post_key, published_at, caption, kind, thumbnail_url, like_count,
    comment_count, share_count, view_count, like_count AS shown_count, listed, total, fetched_at, fetched_count,
    first_seen_at, deleted_at, day
FROM insta_post
UNION ALL
SELECT 'tiktok', post_id, client_id, post_key, published_at, caption, kind, thumbnail_url, like_count,
    comment_count, share_count, view_count, comment_count, listed, total, fetched_at, fetched_count,
    first_seen_at, deleted_at, day
FROM tiktok_post;

-- With the day on the post, no zone is asked and no client is locked to mark it.
CREATE OR REPLACE FUNCTION mark_days_of_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO stale_day (client_id, platform, day)
    SELECT DISTINCT post.client_id, post.platform, post.day
    FROM (SELECT DISTINCT post_id FROM added) AS touched
    JOIN post USING (post_id)
    WHERE post.platform = TG_ARGV[0]
    ON CONFLICT (client_id, platform, day) DO UPDATE SET marked_at = now();
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION mark_days_of_post() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO stale_day (client_id, platform, day)
    SELECT DISTINCT NEW.client_id, TG_ARGV[0], moved.day
    FROM (VALUES (OLD.day), (NEW.day)) AS moved (day)
    ON CONFLICT (client_id, platform, day) DO UPDATE SET marked_at = now();
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION mark_all_days(of_clients text[]) RETURNS void LANGUAGE sql AS $$
    INSERT INTO stale_day (client_id, platform, day)
    SELECT client_id, 'insta', day
    FROM insta_post
    WHERE client_id = ANY (of_clients)
    UNION
    SELECT client_id, 'tiktok', day
    FROM tiktok_post
    WHERE client_id = ANY (of_clients)
    ON CONFLICT (client_id, platform, day) DO UPDATE SET marked_at = now()
$$;

DROP TRIGGER client_timezone_changed ON clients;
DROP FUNCTION mark_days_of_client();

-- Clients.

CREATE TABLE client_history (
    client_id text NOT NULL REFERENCES clients ON UPDATE CASCADE ON DELETE CASCADE,
    nama text NOT NULL,
    timezone text NOT NULL,
    threshold double precision NOT NULL,
    valid_from date NOT NULL,
    valid_until date NOT NULL DEFAULT 'infinity',
    known_from timestamptz NOT NULL,
    known_until timestamptz NOT NULL DEFAULT 'infinity',
    PRIMARY KEY (client_id, valid_from, known_from),
    CHECK (valid_from < valid_until),
    CHECK (known_from < known_until)
);

COMMENT ON TABLE client_history IS 'what a client was on the days from valid_from up to, and without, valid_until';
COMMENT ON COLUMN client_history.known_until IS 'infinity: this is what we know today; else what --as-of saw up to then';

CREATE FUNCTION patch_client_history(of_client text, from_day date, until_day date, patch jsonb)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    at_now timestamptz := cicero_now();
    old client_history;
    new client_history;
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
        DELETE FROM client_history
        WHERE client_id = of_client AND valid_from = old.valid_from AND known_from = old.known_from AND known_from >= at_now;
        UPDATE client_history
        SET known_until = at_now
        WHERE client_id = of_client AND valid_from = old.valid_from AND known_from = old.known_from;
        INSERT INTO client_history (client_id, nama, timezone, threshold, valid_from, valid_until, known_from)
        SELECT of_client, part.nama, part.timezone, part.threshold, part.valid_from, part.valid_until, at_now
        FROM (
            VALUES
                (old.nama, old.timezone, old.threshold, old.valid_from, LEAST(old.valid_until, from_day)),
                (new.nama, new.timezone, new.threshold, GREATEST(old.valid_from, from_day),
                    LEAST(old.valid_until, until_day)),
                (old.nama, old.timezone, old.threshold, GREATEST(old.valid_from, until_day), old.valid_until)
        ) AS part (nama, timezone, threshold, valid_from, valid_until)
        WHERE part.valid_from < part.valid_until;
    END LOOP;
END
$$;

COMMENT ON FUNCTION patch_client_history IS 'the days from_day up to, and without, until_day, get these values; the rest stays';

CREATE FUNCTION keep_client_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO client_history (client_id, nama, timezone, threshold, valid_from, known_from)
        VALUES (NEW.client_id, NEW.nama, NEW.timezone, NEW.threshold, '-infinity', cicero_now());
    ELSE
        PERFORM patch_client_history(
            NEW.client_id,
            LEAST((cicero_now() AT TIME ZONE OLD.timezone)::date, (cicero_now() AT TIME ZONE NEW.timezone)::date),
            'infinity',
            jsonb_build_object('nama', NEW.nama, 'timezone', NEW.timezone, 'threshold', NEW.threshold)
        );
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER client_added_to_history
    AFTER INSERT ON clients
    FOR EACH ROW EXECUTE FUNCTION keep_client_history();

CREATE TRIGGER client_changed_in_history
    AFTER UPDATE ON clients
    FOR EACH ROW
    WHEN ((OLD.nama, OLD.timezone, OLD.threshold) IS DISTINCT FROM (NEW.nama, NEW.timezone, NEW.threshold))
    EXECUTE FUNCTION keep_client_history();

INSERT INTO client_history (client_id, nama, timezone, threshold, valid_from, known_from)
SELECT client_id, nama, timezone, threshold, '-infinity', created_at
FROM clients;

-- Users. No foreign key to "user": who is removed stays on the roster of past days.

CREATE TABLE user_history (
    user_id text NOT NULL,
    client_id text NOT NULL REFERENCES clients ON UPDATE CASCADE ON DELETE CASCADE,
    nama text NOT NULL,
    title text,
    divisi text,
    jabatan text,
    insta text,
    tiktok text,
    exception boolean NOT NULL,
    status boolean NOT NULL,
    leave text,
    valid_from date NOT NULL,
    valid_until date NOT NULL DEFAULT 'infinity',
    known_from timestamptz NOT NULL,
    known_until timestamptz NOT NULL DEFAULT 'infinity',
    PRIMARY KEY (user_id, client_id, valid_from, known_from),
    CHECK (valid_from < valid_until),
    CHECK (known_from < known_until)
);

CREATE INDEX user_history_by_client ON user_history (client_id, known_until);
CREATE INDEX user_history_by_client_and_beginning ON user_history (client_id, known_from);

COMMENT ON TABLE user_history IS 'what a user was to a client on the days from valid_from up to, and without, valid_until';
COMMENT ON COLUMN user_history.status IS 'whether the user was expected there: false also after a transfer or a removal';
COMMENT ON COLUMN user_history.leave IS 'the reason of a leave on these days; the user counts as an exception then';
COMMENT ON COLUMN user_history.known_until IS 'infinity: this is what we know today; else what --as-of saw up to then';

CREATE FUNCTION patch_user_history(of_user text, of_client text, from_day date, until_day date, patch jsonb)
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
        old.known_from := at_now;
        new.known_from := at_now;
        INSERT INTO user_history
        SELECT (part.facts).user_id, (part.facts).client_id, (part.facts).nama, (part.facts).title, (part.facts).divisi,
            (part.facts).jabatan, (part.facts).insta, (part.facts).tiktok, (part.facts).exception, (part.facts).status,
            (part.facts).leave, part.valid_from, part.valid_until, at_now, 'infinity'
        FROM (
            VALUES
                (old, old.valid_from, LEAST(old.valid_until, from_day)),
                (new, GREATEST(old.valid_from, from_day), LEAST(old.valid_until, until_day)),
                (old, GREATEST(old.valid_from, until_day), old.valid_until)
        ) AS part (facts, valid_from, valid_until)
        WHERE part.valid_from < part.valid_until;
    END LOOP;
END
$$;

COMMENT ON FUNCTION patch_user_history IS 'the days from_day up to, and without, until_day, get these values; the rest stays';

-- From this day on the user is to the client what the row says.
CREATE FUNCTION put_on_roster(person "user", from_day date) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM patch_user_history(
        person.user_id, person.client_id, from_day, 'infinity',
        jsonb_build_object(
            'nama', person.nama, 'title', person.title, 'divisi', person.divisi, 'jabatan', person.jabatan,
            'insta', person.insta, 'tiktok', person.tiktok, 'exception', person.exception, 'status', person.status
        )
    );
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
END
$$;

-- Who is added on a client's first roster day counts on all its days, who is added later from that day on.
CREATE FUNCTION first_day_of_new_user(of_client text) RETURNS date LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN (
            SELECT min(user_history.known_from) FROM user_history WHERE user_history.client_id = of_client
        ) < (today_of(of_client)::timestamp AT TIME ZONE clients.timezone)
        THEN today_of(of_client)
        ELSE '-infinity'
    END
    FROM clients
    WHERE clients.client_id = of_client
$$;

CREATE FUNCTION keep_user_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM put_on_roster(NEW, first_day_of_new_user(NEW.client_id));
    ELSIF TG_OP = 'DELETE' THEN
        -- with its client gone, the history goes too
        PERFORM patch_user_history(
            OLD.user_id, OLD.client_id, today_of(OLD.client_id), 'infinity', '{"status": false}'
        )
        FROM clients
        WHERE client_id = OLD.client_id;
    ELSE
        IF NEW.user_id <> OLD.user_id THEN
            UPDATE user_history SET user_id = NEW.user_id WHERE user_id = OLD.user_id;
            UPDATE user_handle SET user_id = NEW.user_id WHERE user_id = OLD.user_id;
        END IF;
        IF NEW.client_id = OLD.client_id THEN
            PERFORM put_on_roster(NEW, today_of(NEW.client_id));
        ELSIF EXISTS (SELECT FROM clients WHERE client_id = OLD.client_id) THEN
            PERFORM patch_user_history(
                NEW.user_id, OLD.client_id, today_of(OLD.client_id), 'infinity', '{"status": false}'
            );
            PERFORM put_on_roster(NEW, first_day_of_new_user(NEW.client_id));
        END IF;
    END IF;
    RETURN NULL;
END
$$;

-- Handles. One belongs to who took it last; before the first holder to the first (view handle_owner).

CREATE TABLE user_handle (
    client_id text NOT NULL REFERENCES clients ON UPDATE CASCADE ON DELETE CASCADE,
    platform text NOT NULL CHECK (platform IN ('insta', 'tiktok')),
    username text NOT NULL,
    since timestamptz NOT NULL,
    user_id text NOT NULL,
    taken_back_at timestamptz,
    PRIMARY KEY (client_id, platform, username, since)
);

CREATE INDEX user_handle_by_user ON user_handle (user_id);

COMMENT ON TABLE user_handle IS 'every handle that was ever a user''s counts for the user, among the people of one client';
COMMENT ON COLUMN user_handle.taken_back_at IS 'since when we know that it never was this user''s (--was-wrong)';

CREATE FUNCTION handle_owners(known_at timestamptz)
RETURNS TABLE (
    client_id text, platform text, username text, user_id text, owned_from timestamptz, owned_until timestamptz
)
LANGUAGE sql STABLE AS $$
    SELECT held.client_id, held.platform, held.username, held.user_id,
        CASE WHEN row_number() OVER by_time = 1 THEN '-infinity' ELSE held.since END,
        lead(held.since, 1, 'infinity') OVER by_time
    FROM user_handle AS held
    WHERE held.since <= known_at AND (held.taken_back_at IS NULL OR held.taken_back_at > known_at)
    WINDOW by_time AS (PARTITION BY held.client_id, held.platform, held.username ORDER BY held.since)
$$;

COMMENT ON FUNCTION handle_owners IS
    'whose a handle was from when up to, and without, when, by what was known at a moment; infinity: by what we know now';

CREATE FUNCTION take_handle(of_client text, on_platform text, handle text, by_user text) RETURNS void
LANGUAGE sql AS $$
    INSERT INTO user_handle (client_id, platform, username, since, user_id)
    SELECT of_client, on_platform, handle, cicero_now(), by_user
    WHERE by_user IS DISTINCT FROM (
        SELECT user_id
        FROM user_handle
        WHERE client_id = of_client AND platform = on_platform AND username = handle AND taken_back_at IS NULL
        ORDER BY since DESC
        LIMIT 1
    )
    ON CONFLICT (client_id, platform, username, since) DO UPDATE
    SET user_id = EXCLUDED.user_id, taken_back_at = NULL
$$;

-- Somebody else of the client may have it on file still, such as one who was retired with it.
CREATE FUNCTION give_handle_back(of_client text, on_platform text, handle text, by_user text) RETURNS void
LANGUAGE sql AS $$
    SELECT take_handle(of_client, on_platform, handle, user_id)
    FROM (
        SELECT user_id
        FROM "user"
        WHERE client_id = of_client AND user_id <> by_user
            AND CASE on_platform WHEN 'insta' THEN insta ELSE tiktok END = handle
        ORDER BY status DESC, user_id
        LIMIT 1
    ) AS holder
$$;

CREATE FUNCTION keep_user_handles() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    of_platform text;
    old_handle text;
    new_handle text;
    is_moved boolean := TG_OP = 'INSERT' OR NEW.client_id <> OLD.client_id;
BEGIN
    IF TG_OP = 'UPDATE' AND is_moved AND NOT EXISTS (SELECT FROM clients WHERE client_id = OLD.client_id) THEN
        RETURN NULL;  -- the client has another id, and the rows follow by foreign key
    END IF;
    FOREACH of_platform IN ARRAY ARRAY['insta', 'tiktok'] LOOP
        new_handle := CASE of_platform WHEN 'insta' THEN NEW.insta ELSE NEW.tiktok END;
        old_handle := CASE WHEN TG_OP = 'UPDATE' THEN CASE of_platform WHEN 'insta' THEN OLD.insta ELSE OLD.tiktok END END;
        IF new_handle IS NOT NULL
            AND (is_moved OR new_handle IS DISTINCT FROM old_handle OR (NEW.status AND NOT OLD.status))
        THEN
            IF NEW.status OR NOT EXISTS (
                SELECT
                FROM "user"
                WHERE client_id = NEW.client_id AND user_id <> NEW.user_id AND status
                    AND CASE of_platform WHEN 'insta' THEN insta ELSE tiktok END = new_handle
            ) THEN
                PERFORM take_handle(NEW.client_id, of_platform, new_handle, NEW.user_id);
            END IF;
            -- it counts for the user's days at other clients too, unless somebody there ever had it
            INSERT INTO user_handle (client_id, platform, username, since, user_id)
            SELECT DISTINCT before.client_id, of_platform, new_handle, cicero_now(), NEW.user_id
            FROM user_history AS before
            WHERE before.user_id = NEW.user_id AND before.client_id <> NEW.client_id
                AND NOT EXISTS (
                    SELECT
                    FROM user_handle AS held
                    WHERE held.client_id = before.client_id AND held.platform = of_platform
                        AND held.username = new_handle AND held.taken_back_at IS NULL
                )
            ON CONFLICT DO NOTHING;
        END IF;
        IF old_handle IS NOT NULL AND (is_moved OR new_handle IS DISTINCT FROM old_handle) THEN
            PERFORM give_handle_back(OLD.client_id, of_platform, old_handle, OLD.user_id);
        END IF;
    END LOOP;
    IF is_moved THEN
        INSERT INTO user_handle (client_id, platform, username, since, user_id)
        SELECT DISTINCT NEW.client_id, former.platform, former.username, cicero_now(), NEW.user_id
        FROM user_handle AS former
        WHERE former.user_id = NEW.user_id AND former.client_id <> NEW.client_id AND former.taken_back_at IS NULL
            AND NOT EXISTS (
                SELECT
                FROM user_handle AS held
                WHERE held.client_id = NEW.client_id AND held.platform = former.platform
                    AND held.username = former.username AND held.taken_back_at IS NULL
            )
        ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION give_back_handles_of_removed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM give_handle_back(clients.client_id, held.platform, held.username, OLD.user_id)
    FROM (VALUES ('insta', OLD.insta), ('tiktok', OLD.tiktok)) AS held (platform, username)
    JOIN clients ON clients.client_id = OLD.client_id
    WHERE held.username IS NOT NULL;
    RETURN NULL;
END
$$;

-- Today's facts hold from the time at which the user was added; a first roster day is the beginning.
INSERT INTO user_history (
    user_id, client_id, nama, title, divisi, jabatan, insta, tiktok, exception, status, valid_from, known_from
)
SELECT "user".user_id, client_id, "user".nama, title, divisi, jabatan, insta, tiktok, exception, status,
    CASE WHEN added.day = min(added.day) OVER (PARTITION BY client_id) THEN '-infinity' ELSE added.day END,
    "user".created_at
FROM "user"
JOIN clients USING (client_id)
CROSS JOIN LATERAL (SELECT ("user".created_at AT TIME ZONE clients.timezone)::date AS day) AS added;

-- When a former handle was taken is not known, only when it went: whoever has it now took it after that.
INSERT INTO user_handle (client_id, platform, username, since, user_id)
SELECT "user".client_id, held.platform, held.username,
    GREATEST(
        "user".created_at,
        (
            SELECT max(former.replaced_at)
            FROM user_former_handle AS former
            JOIN "user" AS other USING (user_id)
            WHERE other.client_id = "user".client_id AND former.platform = held.platform
                AND former.username = held.username AND other.user_id <> "user".user_id
                AND former.replaced_at < held.replaced_at
        )
    ),
    "user".user_id
FROM "user"
JOIN (
    SELECT user_id, platform, username, replaced_at
    FROM user_former_handle
    UNION ALL
    SELECT user_id, 'insta', insta, 'infinity'
    FROM "user"
    WHERE insta IS NOT NULL
    UNION ALL
    SELECT user_id, 'tiktok', tiktok, 'infinity'
    FROM "user"
    WHERE tiktok IS NOT NULL
) AS held USING (user_id)
-- one that was somebody's before and is again stands there twice; two who were added in one import: the active one
ORDER BY "user".status DESC, held.replaced_at DESC
ON CONFLICT DO NOTHING;

DROP TRIGGER user_handle_changed ON "user";
DROP FUNCTION remember_former_handle();
DROP TABLE user_former_handle;

CREATE TRIGGER user_added_to_history
    AFTER INSERT OR DELETE ON "user"
    FOR EACH ROW EXECUTE FUNCTION keep_user_history();

CREATE TRIGGER user_changed_in_history
    AFTER UPDATE ON "user"
    FOR EACH ROW
    WHEN (
        (OLD.user_id, OLD.client_id, OLD.nama, OLD.title, OLD.divisi, OLD.jabatan, OLD.insta, OLD.tiktok, OLD.exception,
            OLD.status)
        IS DISTINCT FROM
        (NEW.user_id, NEW.client_id, NEW.nama, NEW.title, NEW.divisi, NEW.jabatan, NEW.insta, NEW.tiktok, NEW.exception,
            NEW.status)
    )
    EXECUTE FUNCTION keep_user_history();

CREATE TRIGGER user_handles_added
    AFTER INSERT ON "user"
    FOR EACH ROW EXECUTE FUNCTION keep_user_handles();

CREATE TRIGGER user_handles_changed
    AFTER UPDATE ON "user"
    FOR EACH ROW
    WHEN (
        (OLD.client_id, OLD.insta, OLD.tiktok, OLD.status)
        IS DISTINCT FROM (NEW.client_id, NEW.insta, NEW.tiktok, NEW.status)
    )
    EXECUTE FUNCTION keep_user_handles();

CREATE TRIGGER user_handles_removed
    AFTER DELETE ON "user"
    FOR EACH ROW EXECUTE FUNCTION give_back_handles_of_removed();

-- Counts are of everybody who ever had a handle, whoever is expected: only a handle makes them wrong. A handle counts at
-- every client where the user was.
CREATE OR REPLACE FUNCTION mark_days_of_new_users() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM mark_all_days(
        ARRAY(
            SELECT client_id FROM present
            UNION
            SELECT held.client_id FROM present JOIN user_handle AS held USING (user_id)
        )
    );
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION mark_days_of_changed_users() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM mark_all_days(
        ARRAY(
            SELECT DISTINCT client.client_id
            FROM present
            JOIN past USING (user_id)
            CROSS JOIN LATERAL (
                SELECT present.client_id
                UNION
                SELECT held.client_id FROM user_handle AS held WHERE held.user_id = present.user_id
            ) AS client
            WHERE (present.client_id, present.insta, present.tiktok, present.status)
                IS DISTINCT FROM (past.client_id, past.insta, past.tiktok, past.status)
        )
    );
    RETURN NULL;
END
$$;

CREATE FUNCTION mark_days_of_handles() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM mark_all_days(ARRAY(SELECT DISTINCT client_id FROM past));
    RETURN NULL;
END
$$;

CREATE TRIGGER handle_changed
    AFTER UPDATE ON user_handle REFERENCING OLD TABLE AS past
    FOR EACH STATEMENT EXECUTE FUNCTION mark_days_of_handles();

CREATE TRIGGER handle_removed
    AFTER DELETE ON user_handle REFERENCING OLD TABLE AS past
    FOR EACH STATEMENT EXECUTE FUNCTION mark_days_of_handles();

ALTER TABLE done_by_day DROP CONSTRAINT done_by_day_user_id_fkey;
DROP INDEX done_by_day_by_user;

COMMENT ON TABLE done_by_day IS
    'derived: how many of the client''s posts of its local day the handles that were ever this user''s have liked or commented on; none: no row';

-- What was known first counts as known before: nobody was asked then (docs/adr/0024).
CREATE FUNCTION roster_known_at(of_client text, at_moment timestamptz) RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN at_moment >= beginning.known_from THEN at_moment
        ELSE (((beginning.known_from AT TIME ZONE clients.timezone)::date + 1)::timestamp AT TIME ZONE clients.timezone)
            - interval '1 microsecond'
    END
    FROM clients
    CROSS JOIN LATERAL (
        SELECT min(user_history.known_from) AS known_from
        FROM user_history
        WHERE user_history.client_id = clients.client_id
    ) AS beginning
    WHERE clients.client_id = of_client
$$;

DROP VIEW user_on_platform;

CREATE VIEW user_of_day AS
SELECT platform, CASE platform WHEN 'insta' THEN insta ELSE tiktok END AS username, user_id, client_id, nama, title,
    divisi, exception OR leave IS NOT NULL AS exception, valid_from, valid_until, known_from, known_until
FROM user_history
CROSS JOIN (VALUES ('insta'), ('tiktok')) AS known (platform)
WHERE status;

COMMENT ON VIEW user_of_day IS 'who was expected on which days, once for each platform, with the handle on file there';

-- What is mended in the past changes answers too.
CREATE CONSTRAINT TRIGGER user_history_changes_data_version
    AFTER INSERT OR UPDATE OR DELETE ON user_history DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION note_change();

CREATE CONSTRAINT TRIGGER client_history_changes_data_version
    AFTER INSERT OR UPDATE ON client_history DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION note_change();

CREATE VIEW engagement_at AS
SELECT 'insta' AS platform, post_id, username, first_seen_at AS engaged_at, first_seen_at
FROM insta_like
UNION ALL
SELECT 'tiktok', post_id, username, created_at, first_seen_at
FROM tiktok_comment;

COMMENT ON VIEW engagement_at IS 'every like, and every comment at its own time: whose handle it was then decides for whom it counts';

-- migrate:down
-- Forwards only: a mistake is mended by the next migration.
