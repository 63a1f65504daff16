-- migrate:up

-- A client that is removed ends: it is in no list any more, its past stays (docs/adr/0024). Whoever means all of it says so.
ALTER TABLE clients ADD COLUMN removed_at timestamptz;

COMMENT ON COLUMN clients.removed_at IS 'since when the client has ended: past days alone are shown of it; null: it has not';

CREATE FUNCTION end_client() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('cicero.erase', true) = OLD.client_id THEN
        RETURN OLD;
    END IF;
    DELETE FROM "user" WHERE client_id = OLD.client_id;
    DELETE FROM account_client WHERE client_id = OLD.client_id;
    DELETE FROM heading_choice WHERE client_id = OLD.client_id;
    DELETE FROM job_slot WHERE client_id = OLD.client_id;
    UPDATE sessions SET client_id = NULL WHERE client_id = OLD.client_id;
    UPDATE outbox
    SET status = 'cancelled', error_code = 'by_hand'
    WHERE client_id = OLD.client_id AND status = 'queued';
    UPDATE clients
    SET removed_at = cicero_now(), client_status = false
    WHERE client_id = OLD.client_id AND removed_at IS NULL;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION end_client IS 'keeps the past of a client that is deleted, unless the setting cicero.erase names it';

CREATE TRIGGER client_ends
    BEFORE DELETE ON clients
    FOR EACH ROW EXECUTE FUNCTION end_client();

-- migrate:down
-- Forwards only: a mistake is mended by the next migration.
