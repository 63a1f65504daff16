-- migrate:up

-- Each import of clients is kept with what it changed, as those of people are (docs/adr/0025).
CREATE TABLE client_import (
    import_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT cicero_now(),
    source text NOT NULL,
    actor text NOT NULL,
    added integer NOT NULL,
    changed integer NOT NULL,
    deactivated integer NOT NULL,
    refused integer NOT NULL,
    undone_at timestamptz,
    undone_by text
);

COMMENT ON TABLE client_import IS 'one import of clients that changed something';
COMMENT ON COLUMN client_import.at IS 'as the history says it: what the import made known is known from then';

CREATE TABLE client_import_change (
    import_id bigint NOT NULL REFERENCES client_import ON DELETE CASCADE,
    client_id text NOT NULL REFERENCES clients ON UPDATE CASCADE ON DELETE CASCADE,
    day date NOT NULL,
    before jsonb,
    after jsonb NOT NULL,
    PRIMARY KEY (import_id, client_id)
);

CREATE INDEX client_import_change_by_client ON client_import_change (client_id);

COMMENT ON TABLE client_import_change IS 'which fields an import changed of which client; of a new one (before is null) all';
COMMENT ON COLUMN client_import_change.day IS 'the client''s local day: the change holds from then on';

-- migrate:down
-- Forwards only: a mistake is mended by the next migration.
