-- migrate:up

-- What changes for somebody changes the answers of the clients to whose audience the person is assigned.
CREATE FUNCTION note_change_of_assigned() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO data_version AS known (client_id, changed_by)
    SELECT DISTINCT client_id, pg_current_xact_id()
    FROM user_assignment
    JOIN clients USING (client_id)
    WHERE user_id IN (OLD.user_id, NEW.user_id)
    ORDER BY client_id
    ON CONFLICT (client_id) DO UPDATE SET changed_by = EXCLUDED.changed_by
    WHERE known.changed_by <> EXCLUDED.changed_by;
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER user_changes_data_version_above
    AFTER UPDATE OR DELETE ON "user" DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION note_change_of_assigned();

CREATE CONSTRAINT TRIGGER user_history_changes_data_version_above
    AFTER INSERT OR UPDATE OR DELETE ON user_history DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION note_change_of_assigned();

-- migrate:down
-- Forwards only: a mistake is mended by the next migration.
