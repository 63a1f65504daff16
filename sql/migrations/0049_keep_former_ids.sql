-- migrate:up
CREATE TABLE user_former_id (
    user_id text NOT NULL,
    until timestamptz NOT NULL DEFAULT cicero_now(),
    former_id text NOT NULL,
    PRIMARY KEY (user_id, until)
);

COMMENT ON TABLE user_former_id IS 'the ids that people had: what is shown as of a moment before `until` has the former one';

-- A person's new id is the person's in all of the past; what was said before had another.
CREATE FUNCTION keep_former_id() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE user_former_id SET user_id = NEW.user_id WHERE user_id = OLD.user_id;
    INSERT INTO user_former_id (user_id, former_id)
    VALUES (NEW.user_id, OLD.user_id)
    ON CONFLICT DO NOTHING; -- twice at one moment: the first is what was known before
    RETURN NULL;
END
$$;

CREATE TRIGGER user_keeps_former_id
    AFTER UPDATE OF user_id ON "user"
    FOR EACH ROW WHEN (OLD.user_id <> NEW.user_id) EXECUTE FUNCTION keep_former_id();

-- migrate:down
-- Forwards only: a mistake is mended by the next migration.
