-- migrate:up

-- How large each table was, with its indexes, at each night's backup: how fast the database grows.
CREATE TABLE table_size (
    day date NOT NULL,
    table_name text NOT NULL,
    bytes bigint NOT NULL,
    CONSTRAINT table_size_pkey PRIMARY KEY (table_name, day)
);
COMMENT ON TABLE table_size IS 'the size of each table at each day''s backup, for 400 days';

-- migrate:down
-- Forwards only: a mistake is mended by the next migration.
