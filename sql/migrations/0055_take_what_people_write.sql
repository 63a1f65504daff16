-- migrate:up

-- What people write to the account, as far as it was acted upon; their words are not kept.
CREATE TABLE inbound (
    gateway text NOT NULL,
    message_id text NOT NULL,
    sender text NOT NULL,
    request text NOT NULL,
    came_at timestamptz NOT NULL,
    answered boolean NOT NULL,
    CONSTRAINT inbound_pkey PRIMARY KEY (gateway, message_id)
);
CREATE INDEX inbound_by_age ON inbound (came_at);
CREATE INDEX inbound_by_sender ON inbound (sender, came_at);
COMMENT ON TABLE inbound IS 'messages of known numbers, each handled once; thirty days, and never what was written';
COMMENT ON COLUMN inbound.sender IS 'the number that wrote';
COMMENT ON COLUMN inbound.request IS 'what it was understood as: cek, stop, mulai, …; other for anything else';
COMMENT ON COLUMN inbound.answered IS 'whether a message went into the outbox for it';

CREATE INDEX user_by_whatsapp ON "user" (whatsapp) WHERE whatsapp IS NOT NULL;

CREATE TABLE reminder_choice (
    user_id text NOT NULL REFERENCES "user" ON UPDATE CASCADE ON DELETE CASCADE,
    chosen_at timestamptz NOT NULL,
    wants_reminders boolean NOT NULL,
    CONSTRAINT reminder_choice_pkey PRIMARY KEY (user_id, chosen_at)
);
CREATE INDEX reminder_choice_by_time ON reminder_choice (chosen_at);
COMMENT ON TABLE reminder_choice IS 'when somebody''s reminders were turned off and on (user.wa_opt_in), whoever did it';

CREATE FUNCTION keep_reminder_choice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO reminder_choice (user_id, chosen_at, wants_reminders)
    VALUES (NEW.user_id, cicero_now(), NEW.wa_opt_in)
    ON CONFLICT (user_id, chosen_at) DO UPDATE SET wants_reminders = EXCLUDED.wants_reminders;
    RETURN NULL;
END
$$;

CREATE TRIGGER user_chose_reminders
    AFTER UPDATE OF wa_opt_in ON "user"
    FOR EACH ROW
    WHEN (OLD.wa_opt_in IS DISTINCT FROM NEW.wa_opt_in)
    EXECUTE FUNCTION keep_reminder_choice();

ALTER TABLE outbox DROP CONSTRAINT outbox_kind_check;
ALTER TABLE outbox ADD CONSTRAINT outbox_kind_check
    CHECK (kind IN ('laphar', 'reminder', 'rekap', 'sync', 'reset', 'test', 'answer'));

-- migrate:down
-- Forwards only: a mistake is mended by the next migration.
