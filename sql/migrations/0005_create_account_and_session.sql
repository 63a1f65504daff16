-- migrate:up

CREATE TABLE accounts (
    account_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    username text NOT NULL UNIQUE CHECK (username <> '' AND username = lower(username)),
    role text NOT NULL CHECK (role IN ('admin', 'operator', 'viewer')),
    active boolean NOT NULL,
    password_hash text NOT NULL,
    access_key text UNIQUE,
    access_code_hash text,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CHECK ((access_key IS NULL) = (access_code_hash IS NULL))
);

COMMENT ON TABLE accounts IS 'logins to the API; one that registered itself is not active until an admin says so';
COMMENT ON COLUMN accounts.password_hash IS 'argon2id';
COMMENT ON COLUMN accounts.access_key IS 'the part of the access code that finds the account; not a secret';
COMMENT ON COLUMN accounts.access_code_hash IS 'argon2id of the whole access code; null when it was revoked';

CREATE TABLE account_client (
    account_id bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    client_id text NOT NULL REFERENCES clients ON UPDATE CASCADE ON DELETE CASCADE,
    PRIMARY KEY (account_id, client_id)
);

COMMENT ON TABLE account_client IS 'which clients an account may see; an admin sees all and needs none here';

CREATE INDEX account_client_by_client ON account_client (client_id);

CREATE TABLE sessions (
    jti text PRIMARY KEY,
    account_id bigint REFERENCES accounts ON DELETE CASCADE,
    client_id text REFERENCES clients ON UPDATE CASCADE ON DELETE CASCADE,
    operator text,
    address text NOT NULL,
    issued_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    CHECK (account_id IS NOT NULL OR (client_id IS NOT NULL AND operator IS NOT NULL))
);

COMMENT ON TABLE sessions IS 'one row per token; a token without a living row here is worthless, whatever its signature says';
COMMENT ON COLUMN sessions.client_id IS 'the client that the token names; null for an admin of an installation without clients';
COMMENT ON COLUMN sessions.operator IS 'CICERO_LEGACY_PHONE_LOGIN: the number that logged in, in place of an account';

CREATE INDEX sessions_by_account ON sessions (account_id, issued_at);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

CREATE TABLE login_failures (
    subject text PRIMARY KEY,
    failures integer NOT NULL,
    last_at timestamptz NOT NULL,
    blocked_until timestamptz NOT NULL
);

COMMENT ON TABLE login_failures IS 'what slows guessing: failed log-ins in a row, per name and per address';

CREATE TABLE recent_writes (
    write_key text PRIMARY KEY,
    body_hash text NOT NULL,
    written_at timestamptz NOT NULL
);

COMMENT ON TABLE recent_writes IS 'writes of the last minutes, so that the same one sent twice is done once';

CREATE TABLE audit_log (
    audit_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    actor text NOT NULL,
    action text NOT NULL,
    subject text,
    client_id text,
    address text,
    details jsonb NOT NULL DEFAULT '{}'
);

COMMENT ON TABLE audit_log IS 'who logged in and who changed what; only ever added to. Names, not keys: it outlives what it tells of';
COMMENT ON COLUMN audit_log.actor IS 'a username, or `cli` with the name of the machine''s user';

CREATE INDEX audit_log_by_subject ON audit_log (subject, audit_id);
CREATE INDEX audit_log_by_actor ON audit_log (actor, audit_id);

CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is only ever added to';
END
$$;

CREATE TRIGGER audit_log_is_append_only
    BEFORE UPDATE OR TRUNCATE ON audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();

-- Old entries may go (cicero db prune), recent ones may not.
CREATE FUNCTION refuse_audit_removal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.at > now() - interval '180 days' THEN
        RAISE EXCEPTION 'the audit log is kept for 180 days';
    END IF;
    RETURN OLD;
END
$$;

CREATE TRIGGER audit_log_keeps_its_days
    BEFORE DELETE ON audit_log
    FOR EACH ROW EXECUTE FUNCTION refuse_audit_removal();

-- migrate:down
-- Forwards only: a mistake is mended by the next migration.
