-- migrate:up

CREATE TABLE heading_choice (
    client_id text NOT NULL REFERENCES clients ON DELETE CASCADE ON UPDATE CASCADE,
    heading text NOT NULL,
    field text NOT NULL,
    PRIMARY KEY (client_id, heading)
);

COMMENT ON TABLE heading_choice IS 'what a column of a client''s sheets means (user import --map); the heading lower-case, letters and digits only';

-- migrate:down
-- Forwards only: a mistake is mended by the next migration.
