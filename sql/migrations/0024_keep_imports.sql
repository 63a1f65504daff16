-- migrate:up

-- Each import of people is kept with what it changed, so that it can be taken back whole (docs/adr/0025).

CREATE TABLE user_import (
    import_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    client_id text NOT NULL REFERENCES clients ON UPDATE CASCADE ON DELETE CASCADE,
    at timestamptz NOT NULL DEFAULT cicero_now(),
    day date NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    source text NOT NULL,
    actor text NOT NULL,
    new_users integer NOT NULL,
    changed_users integer NOT NULL,
    deactivated_users integer NOT NULL,
    refused_rows integer NOT NULL,
    undone_at timestamptz,
    undone_by text
);

CREATE INDEX user_import_by_client ON user_import (client_id, import_id);

COMMENT ON TABLE user_import IS 'one import of people for one client that changed something';
COMMENT ON COLUMN user_import.at IS 'as the history says it: what the import made known is known from then';
COMMENT ON COLUMN user_import.day IS 'the client''s local day: changes hold from then on';

CREATE TABLE user_import_change (
    import_id bigint NOT NULL REFERENCES user_import ON DELETE CASCADE,
    user_id text NOT NULL,
    before jsonb,
    after jsonb NOT NULL,
    gone_on date,
    PRIMARY KEY (import_id, user_id)
);

CREATE INDEX user_import_change_by_user ON user_import_change (user_id);

COMMENT ON TABLE user_import_change IS 'which fields an import changed of whom; of a new user (before is null) all that were given';

COMMENT ON COLUMN user_import_change.gone_on IS
    'the day on which the user was removed or transferred since, which the history of one who is inactive does not tell';

-- A person's new id is the person's everywhere.
CREATE FUNCTION rename_in_imports() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE user_import_change SET user_id = NEW.user_id WHERE user_id = OLD.user_id;
    RETURN NULL;
END
$$;

CREATE TRIGGER user_renamed_in_imports
    AFTER UPDATE OF user_id ON "user"
    FOR EACH ROW WHEN (OLD.user_id <> NEW.user_id) EXECUTE FUNCTION rename_in_imports();

CREATE FUNCTION note_gone_in_imports() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE user_import_change AS change
    SET gone_on = today_of(OLD.client_id)
    FROM user_import
    WHERE user_import.import_id = change.import_id
        AND user_import.client_id = OLD.client_id
        AND change.user_id = OLD.user_id
        AND change.gone_on IS NULL;
    RETURN NULL;
END
$$;

CREATE TRIGGER user_removed_from_imports
    AFTER DELETE ON "user"
    FOR EACH ROW EXECUTE FUNCTION note_gone_in_imports();

CREATE TRIGGER user_transferred_in_imports
    AFTER UPDATE OF client_id ON "user"
    FOR EACH ROW WHEN (OLD.client_id <> NEW.client_id) EXECUTE FUNCTION note_gone_in_imports();

-- Who was new in an import that was taken back never was: no day of theirs is the client's first roster day.
ALTER TABLE user_history ADD COLUMN never boolean NOT NULL DEFAULT false;

COMMENT ON COLUMN user_history.never IS 'came by an import that was taken back, so that this does not begin the client''s roster';

CREATE INDEX user_history_by_beginning ON user_history (client_id, known_from) WHERE NOT never;

CREATE OR REPLACE FUNCTION first_day_of_new_user(of_client text) RETURNS date LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN (
            SELECT min(user_history.known_from)
            FROM user_history
            WHERE user_history.client_id = of_client AND NOT never
        ) < (today_of(of_client)::timestamp AT TIME ZONE clients.timezone)
        THEN today_of(of_client)
        ELSE '-infinity'
    END
    FROM clients
    WHERE clients.client_id = of_client
$$;

-- migrate:down
-- Forwards only: a mistake is mended by the next migration.
