-- migrate:up

ALTER TABLE accounts ADD COLUMN version integer NOT NULL DEFAULT 0;

COMMENT ON COLUMN accounts.version IS 'counts the changes: a session begins only if there was none since its secret was checked';

-- A client that goes leaves the sessions of accounts, which may see others. A log-in by phone is dead without its client.
ALTER TABLE sessions
    DROP CONSTRAINT sessions_client_id_fkey,
    DROP CONSTRAINT sessions_check,
    ADD FOREIGN KEY (client_id) REFERENCES clients ON UPDATE CASCADE ON DELETE SET NULL,
    ADD CHECK (account_id IS NOT NULL OR operator IS NOT NULL);

COMMENT ON COLUMN sessions.client_id IS 'the client that the token names; null when it was removed, or for an admin of an installation without clients';

-- migrate:down
-- Forwards only: a mistake is mended by the next migration.
