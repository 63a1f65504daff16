-- migrate:up

CREATE TABLE user_role (
    user_id text NOT NULL REFERENCES "user" ON UPDATE CASCADE ON DELETE CASCADE,
    role text NOT NULL CHECK (role <> '' AND role = lower(role)),
    PRIMARY KEY (user_id, role)
);

COMMENT ON TABLE user_role IS 'roles such as ditbinmas that a person had in Cicero_V2, kept until they become audiences; nothing reads them yet';

COMMENT ON COLUMN accounts.password_hash IS 'argon2id; bcrypt for one that came from Cicero_V2, until its next log-in';

-- migrate:down
-- Forwards only: a mistake is mended by the next migration.
