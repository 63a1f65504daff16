-- migrate:up

-- `client import --map` is remembered as that of people is: of no client, for such a sheet holds all of them.
ALTER TABLE heading_choice DROP CONSTRAINT heading_choice_pkey;
ALTER TABLE heading_choice ALTER COLUMN client_id DROP NOT NULL;
ALTER TABLE heading_choice ADD CONSTRAINT heading_choice_is_one UNIQUE NULLS NOT DISTINCT (client_id, heading);

COMMENT ON TABLE heading_choice IS
    'what a column of a client''s sheets of people means (user import --map), or without client_id of a sheet of clients (client import --map); the heading lower-case, letters and digits only';

-- migrate:down
-- Forwards only: a mistake is mended by the next migration.
