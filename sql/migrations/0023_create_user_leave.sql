-- migrate:up

-- Leave is a fact of the history: triggers write the reason into its days, where every report finds it.
CREATE TABLE user_leave (
    leave_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id text NOT NULL,
    first_day date NOT NULL,
    last_day date NOT NULL,
    reason text NOT NULL CHECK (reason <> ''),
    note text,
    created_at timestamptz NOT NULL DEFAULT now(),
    CHECK (first_day <= last_day)
);

CREATE INDEX user_leave_by_user ON user_leave (user_id, first_day);

COMMENT ON TABLE user_leave IS 'days on which somebody counts as an exception, the last one included';

-- The days get the reason of the leave that covers them, or none.
CREATE FUNCTION apply_leave(of_user text, from_day date, to_day date) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM patch_user_history(of_user, client_id, from_day, to_day + 1, '{"leave": null}')
    FROM (SELECT DISTINCT client_id FROM user_history WHERE user_id = of_user) AS place;
    PERFORM patch_user_history(
        of_user, place.client_id, GREATEST(away.first_day, from_day), LEAST(away.last_day, to_day) + 1,
        jsonb_build_object('leave', away.reason)
    )
    FROM (
        SELECT first_day, last_day, reason
        FROM user_leave
        WHERE user_id = of_user AND first_day <= to_day AND last_day >= from_day
        ORDER BY leave_id
    ) AS away
    CROSS JOIN (SELECT DISTINCT client_id FROM user_history WHERE user_id = of_user) AS place;
END
$$;

CREATE FUNCTION keep_leave_in_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM apply_leave(OLD.user_id, OLD.first_day, OLD.last_day);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM apply_leave(NEW.user_id, NEW.first_day, NEW.last_day);
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER user_leave_changed
    AFTER INSERT OR UPDATE OF first_day, last_day, reason OR DELETE ON user_leave
    FOR EACH ROW EXECUTE FUNCTION keep_leave_in_history();

-- Whoever comes to a client or gets another id takes the leave along. By name these fire after what writes the history.
CREATE FUNCTION take_leave_along() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.user_id <> OLD.user_id THEN
        UPDATE user_leave SET user_id = NEW.user_id WHERE user_id = OLD.user_id;
    END IF;
    PERFORM patch_user_history(
        NEW.user_id, NEW.client_id, first_day, last_day + 1, jsonb_build_object('leave', reason)
    )
    FROM user_leave
    WHERE user_id = NEW.user_id;
    RETURN NULL;
END
$$;

CREATE TRIGGER user_takes_leave_along
    AFTER INSERT OR UPDATE OF client_id, user_id ON "user"
    FOR EACH ROW EXECUTE FUNCTION take_leave_along();

-- migrate:down
-- Forwards only: a mistake is mended by the next migration.
