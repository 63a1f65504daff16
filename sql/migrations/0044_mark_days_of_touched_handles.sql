-- migrate:up

-- As before, but a statement that touched nobody marks nothing: every user who goes or changes runs one.
CREATE OR REPLACE FUNCTION mark_days_of_extra_handles() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM touched) THEN
        RETURN NULL;
    END IF;
    PERFORM mark_all_days(ARRAY(SELECT DISTINCT held.client_id FROM touched JOIN user_handle AS held USING (user_id)));
    IF pg_trigger_depth() = 1 THEN
        -- what is on file of the user has changed: other answers, another version; else it was the user that changed
        UPDATE "user" SET updated_at = now() WHERE user_id IN (SELECT user_id FROM touched);
    END IF;
    RETURN NULL;
END
$$;

-- migrate:down
-- Forwards only: a mistake is mended by the next migration.
