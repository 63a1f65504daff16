-- migrate:up

CREATE TABLE recipient (
    client_id text NOT NULL REFERENCES clients ON UPDATE CASCADE ON DELETE CASCADE,
    recipient text NOT NULL CHECK (recipient ~ '^[1-9][0-9]{7,14}$' OR recipient ~ '^[0-9][0-9-]{9,40}@g[.]us$'),
    name text CHECK (name <> ''),
    divisi text[] NOT NULL DEFAULT '{}',
    what text[] NOT NULL CHECK (what <> '{}' AND what <@ ARRAY['laphar', 'rekap', 'tugas', 'peringkat']),
    mode text CHECK (mode IN ('belum', 'sudah', 'semua', 'akumulasi')),
    at text,
    since timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (client_id, recipient)
);
COMMENT ON TABLE recipient IS 'who gets a client''s reports beside its group, operator, super admin and ADMIN_WHATSAPP';
COMMENT ON COLUMN recipient.recipient IS 'a number or a group';
COMMENT ON COLUMN recipient.divisi IS 'only the part of these divisions; none: the whole report';
COMMENT ON COLUMN recipient.what IS 'which reports';
COMMENT ON COLUMN recipient.mode IS 'which lists of the laphar; null: those that the others get';
COMMENT ON COLUMN recipient.at IS 'its own times of the laphar as 15:00,18:00; null: the client''s';
COMMENT ON COLUMN recipient.since IS 'no slot of its own times that began before is started';
CREATE UNIQUE INDEX recipient_by_name ON recipient (client_id, lower(name)) WHERE name IS NOT NULL;

CREATE FUNCTION remove_recipients() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM recipient WHERE client_id = NEW.client_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER client_ends_without_recipients
    AFTER UPDATE OF removed_at ON clients
    FOR EACH ROW WHEN (OLD.removed_at IS NULL AND NEW.removed_at IS NOT NULL)
    EXECUTE FUNCTION remove_recipients();

-- migrate:down
-- Forwards only: a mistake is mended by the next migration.
