-- migrate:up

-- Whoever uses several accounts at once has one main handle ("user".insta, tiktok) and others here. All of them count.
CREATE TABLE extra_handle (
    user_id text NOT NULL REFERENCES "user" ON UPDATE CASCADE ON DELETE CASCADE,
    platform text NOT NULL CHECK (platform IN ('insta', 'tiktok')),
    username text NOT NULL CHECK (username <> '' AND username = lower(username)),
    PRIMARY KEY (user_id, platform, username)
);

CREATE INDEX extra_handle_by_name ON extra_handle (username, platform);

COMMENT ON TABLE extra_handle IS 'handles that somebody uses beside the main one; user_handle keeps which counted when';

CREATE VIEW handle_on_file AS
SELECT user_id, client_id, status, 'insta' AS platform, insta AS username, true AS is_main
FROM "user"
WHERE insta IS NOT NULL
UNION ALL
SELECT user_id, client_id, status, 'tiktok', tiktok, true
FROM "user"
WHERE tiktok IS NOT NULL
UNION ALL
SELECT "user".user_id, "user".client_id, "user".status, extra_handle.platform, extra_handle.username, false
FROM extra_handle
JOIN "user" USING (user_id);

COMMENT ON VIEW handle_on_file IS 'every handle that is somebody''s today';

CREATE OR REPLACE FUNCTION give_handle_back(of_client text, on_platform text, handle text, by_user text) RETURNS void
LANGUAGE sql AS $$
    SELECT take_handle(of_client, on_platform, handle, user_id)
    FROM (
        SELECT user_id
        FROM handle_on_file
        WHERE client_id = of_client AND platform = on_platform AND username = handle AND user_id <> by_user
        ORDER BY status DESC, user_id
        LIMIT 1
    ) AS holder
$$;

-- The person has the handle from now on, unless this one is retired and somebody active has it.
CREATE FUNCTION hold_handle(person "user", on_platform text, handle text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF person.status OR NOT EXISTS (
        SELECT
        FROM handle_on_file
        WHERE client_id = person.client_id AND user_id <> person.user_id AND status AND platform = on_platform
            AND username = handle
    ) THEN
        PERFORM take_handle(person.client_id, on_platform, handle, person.user_id);
    END IF;
    -- it counts for the user's days at other clients too, unless somebody there ever had it
    INSERT INTO user_handle (client_id, platform, username, since, user_id)
    SELECT DISTINCT before.client_id, on_platform, handle, cicero_now(), person.user_id
    FROM user_history AS before
    WHERE before.user_id = person.user_id AND before.client_id <> person.client_id
        AND NOT EXISTS (
            SELECT
            FROM user_handle AS held
            WHERE held.client_id = before.client_id AND held.platform = on_platform
                AND held.username = handle AND held.taken_back_at IS NULL
        )
    ON CONFLICT DO NOTHING;
END
$$;

CREATE OR REPLACE FUNCTION keep_user_handles() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    of_platform text;
    old_handle text;
    new_handle text;
    is_moved boolean := TG_OP = 'INSERT' OR NEW.client_id <> OLD.client_id;
BEGIN
    IF TG_OP = 'UPDATE' AND is_moved AND NOT EXISTS (SELECT FROM clients WHERE client_id = OLD.client_id) THEN
        RETURN NULL;  -- the client has another id, and the rows follow by foreign key
    END IF;
    IF TG_OP = 'UPDATE' THEN
        DELETE FROM extra_handle  -- the main one now; beside none there is no other
        WHERE user_id = NEW.user_id
            AND username = COALESCE(CASE platform WHEN 'insta' THEN NEW.insta ELSE NEW.tiktok END, username);
    END IF;
    FOR of_platform, new_handle, old_handle IN
        SELECT 'insta', NEW.insta, CASE WHEN TG_OP = 'UPDATE' THEN OLD.insta END
        UNION ALL
        SELECT 'tiktok', NEW.tiktok, CASE WHEN TG_OP = 'UPDATE' THEN OLD.tiktok END
        UNION ALL
        SELECT platform, username, username
        FROM extra_handle
        WHERE user_id = NEW.user_id
    LOOP
        IF new_handle IS NOT NULL
            AND (is_moved OR new_handle IS DISTINCT FROM old_handle OR (NEW.status AND NOT OLD.status))
        THEN
            PERFORM hold_handle(NEW, of_platform, new_handle);
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

CREATE FUNCTION keep_extra_handle() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM hold_handle("user", NEW.platform, NEW.username) FROM "user" WHERE user_id = NEW.user_id;
    ELSE
        PERFORM give_handle_back(client_id, OLD.platform, OLD.username, OLD.user_id)
        FROM "user"
        WHERE user_id = OLD.user_id;
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER extra_handle_kept
    AFTER INSERT OR DELETE ON extra_handle
    FOR EACH ROW EXECUTE FUNCTION keep_extra_handle();

-- While the user is there still, who has the client that they are given back to.
CREATE FUNCTION remove_extra_handles() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM extra_handle WHERE user_id = OLD.user_id;
    RETURN OLD;
END
$$;

CREATE TRIGGER user_extra_handles_removed
    BEFORE DELETE ON "user"
    FOR EACH ROW EXECUTE FUNCTION remove_extra_handles();

CREATE FUNCTION mark_days_of_extra_handles() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM mark_all_days(ARRAY(SELECT DISTINCT held.client_id FROM touched JOIN user_handle AS held USING (user_id)));
    IF pg_trigger_depth() = 1 THEN
        -- what is on file of the user has changed: other answers, another version; else it was the user that changed
        UPDATE "user" SET updated_at = now() WHERE user_id IN (SELECT user_id FROM touched);
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER extra_handle_added
    AFTER INSERT ON extra_handle REFERENCING NEW TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION mark_days_of_extra_handles();

CREATE TRIGGER extra_handle_removed
    AFTER DELETE ON extra_handle REFERENCING OLD TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION mark_days_of_extra_handles();

-- Two main handles are kept apart by the constraints of "user".
CREATE FUNCTION refuse_shared_extra_handle() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    shared record;
BEGIN
    IF NOT EXISTS (SELECT FROM extra_handle) THEN
        RETURN NULL;
    END IF;
    SELECT mine.username, mine.user_id, other.user_id AS other_id
    INTO shared
    FROM handle_on_file AS mine
    JOIN handle_on_file AS other USING (client_id, platform, username)
    WHERE mine.user_id = NEW.user_id AND mine.status AND other.status AND other.user_id <> mine.user_id
        AND NOT (mine.is_main AND other.is_main)
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'handle % is of both % and %', shared.username, shared.user_id, shared.other_id
            USING ERRCODE = 'exclusion_violation';
    END IF;
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER extra_handle_is_one_persons
    AFTER INSERT OR UPDATE ON extra_handle DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION refuse_shared_extra_handle();

CREATE CONSTRAINT TRIGGER user_extra_handles_are_one_persons
    AFTER INSERT OR UPDATE OF client_id, insta, tiktok, status ON "user" DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.status) EXECUTE FUNCTION refuse_shared_extra_handle();

-- migrate:down
-- Forwards only: a mistake is mended by the next migration.
