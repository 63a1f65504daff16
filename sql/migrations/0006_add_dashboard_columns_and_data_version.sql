-- migrate:up

ALTER TABLE clients
    ADD COLUMN regional_id text CHECK (regional_id <> '' AND regional_id = upper(regional_id)),
    ADD COLUMN client_amplify_status boolean NOT NULL DEFAULT false,
    ADD COLUMN premium_tier text,
    ADD COLUMN premium_status boolean NOT NULL DEFAULT false,
    ADD COLUMN premium_expires_at timestamptz;

COMMENT ON COLUMN clients.regional_id IS 'which region the client belongs to: what a directorate''s dashboard narrows by';
COMMENT ON COLUMN clients.client_amplify_status IS 'switches menu entries of the dashboard, as do the premium columns; cicero reads none of them';

-- What cached answers are keyed by: another value as soon as anything that an answer tells of this client has changed.
CREATE TABLE data_version (
    client_id text PRIMARY KEY REFERENCES clients ON UPDATE CASCADE ON DELETE CASCADE,
    changed_by xid8 NOT NULL
);

COMMENT ON COLUMN data_version.changed_by IS 'the transaction that changed the client, its users, posts or counts last';

INSERT INTO data_version (client_id, changed_by)
SELECT client_id, pg_current_xact_id()
FROM clients;

-- Runs when a transaction commits (the triggers are deferred): the row is its last lock and held for no time, so that
-- whatever order writers take their other locks in, none waits for another in a circle.
CREATE FUNCTION note_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO data_version AS known (client_id, changed_by)
    SELECT client_id, pg_current_xact_id()
    FROM clients
    WHERE client_id IN (OLD.client_id, NEW.client_id)
    ORDER BY client_id
    ON CONFLICT (client_id) DO UPDATE SET changed_by = EXCLUDED.changed_by
    WHERE known.changed_by <> EXCLUDED.changed_by;
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER client_changes_data_version
    AFTER INSERT OR UPDATE ON clients DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION note_change();

CREATE CONSTRAINT TRIGGER user_changes_data_version
    AFTER INSERT OR UPDATE OR DELETE ON "user" DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION note_change();

CREATE CONSTRAINT TRIGGER insta_post_changes_data_version
    AFTER INSERT OR UPDATE OR DELETE ON insta_post DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION note_change();

CREATE CONSTRAINT TRIGGER tiktok_post_changes_data_version
    AFTER INSERT OR UPDATE OR DELETE ON tiktok_post DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION note_change();

-- Likes and comments: their own triggers mark the day (0002). A day that was counted anew says nothing new.
CREATE CONSTRAINT TRIGGER stale_day_changes_data_version
    AFTER INSERT OR UPDATE ON stale_day DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION note_change();

-- migrate:down
-- Forwards only: a mistake is mended by the next migration.
