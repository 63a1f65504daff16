-- migrate:up

ALTER TABLE accounts ADD COLUMN dashboard_role text CHECK (dashboard_role <> '' AND dashboard_role = lower(dashboard_role));
ALTER TABLE accounts ADD COLUMN whatsapp text;

COMMENT ON COLUMN accounts.dashboard_role IS 'the role that dashboards are told, such as ditbinmas; grants nothing';
COMMENT ON COLUMN accounts.whatsapp IS 'the owner''s number, where codes to reset the password go';

CREATE TABLE password_reset (
    account_id bigint PRIMARY KEY REFERENCES accounts ON DELETE CASCADE,
    account_version integer NOT NULL,
    code_hash bytea NOT NULL UNIQUE,
    expires_at timestamptz NOT NULL
);

COMMENT ON TABLE password_reset IS 'codes that were asked for with "Lupa password?"; each is good once';
COMMENT ON COLUMN password_reset.account_version IS 'as it was then: a code is worthless once the account has changed';
COMMENT ON COLUMN password_reset.code_hash IS 'sha256 of 100 bits that nobody guesses';

ALTER TABLE outbox DROP CONSTRAINT outbox_kind_check;
ALTER TABLE outbox ADD CONSTRAINT outbox_kind_check CHECK (kind IN ('laphar', 'reminder', 'sync', 'reset', 'test'));

-- migrate:down
-- Forwards only: a mistake is mended by the next migration.
