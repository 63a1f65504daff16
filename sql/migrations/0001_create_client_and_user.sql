-- migrate:up

CREATE TABLE clients (
    client_id text PRIMARY KEY CHECK (client_id <> '' AND client_id = upper(client_id)),
    nama text NOT NULL CHECK (nama <> ''),
    client_type text NOT NULL DEFAULT 'ORG',
    client_status boolean NOT NULL DEFAULT true,
    client_insta text CHECK (client_insta = lower(client_insta)),
    client_insta_status boolean NOT NULL DEFAULT true,
    client_tiktok text CHECK (client_tiktok = lower(client_tiktok)),
    client_tiktok_status boolean NOT NULL DEFAULT true,
    tiktok_secuid text,
    client_operator text,
    client_super text,
    client_group text,
    timezone text NOT NULL DEFAULT 'Asia/Jakarta'
        CHECK (timezone IN ('Asia/Jakarta', 'Asia/Makassar', 'Asia/Jayapura')),
    threshold double precision NOT NULL DEFAULT 0.5 CHECK (threshold > 0 AND threshold <= 1),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

COMMENT ON COLUMN clients.threshold IS 'sudah = done >= ceil(threshold * posts of the day)';
COMMENT ON COLUMN clients.tiktok_secuid IS 'what TikTok asks for instead of the handle; goes stale, then it is asked anew';

CREATE TABLE "user" (
    user_id text PRIMARY KEY CHECK (user_id <> ''),
    client_id text NOT NULL REFERENCES clients ON UPDATE CASCADE ON DELETE CASCADE,
    nama text NOT NULL CHECK (nama <> ''),
    title text,
    divisi text,
    jabatan text,
    insta text CHECK (insta = lower(insta)),
    tiktok text CHECK (tiktok = lower(tiktok)),
    whatsapp text CHECK (whatsapp ~ '^[1-9][0-9]{7,14}$'),
    email text,
    exception boolean NOT NULL DEFAULT false,
    status boolean NOT NULL DEFAULT true,
    wa_opt_in boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    -- deferrable, so that one import may let two users swap their handles
    CONSTRAINT user_insta_is_one_persons EXCLUDE USING btree (client_id WITH =, insta WITH =)
        WHERE (status) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT user_tiktok_is_one_persons EXCLUDE USING btree (client_id WITH =, tiktok WITH =)
        WHERE (status) DEFERRABLE INITIALLY DEFERRED
);

COMMENT ON COLUMN "user".exception IS 'counted as having done everything, listed apart';
COMMENT ON COLUMN "user".wa_opt_in IS 'false: this person asked for no reminders; survives every import';

CREATE INDEX user_by_client ON "user" (client_id);

CREATE TABLE user_former_handle (
    user_id text NOT NULL REFERENCES "user" ON UPDATE CASCADE ON DELETE CASCADE,
    platform text NOT NULL CHECK (platform IN ('insta', 'tiktok')),
    username text NOT NULL,
    replaced_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, platform, username)
);

COMMENT ON TABLE user_former_handle IS 'handles that a user had before: `absensi explain` looks for them among the likers';

CREATE FUNCTION remember_former_handle() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO user_former_handle (user_id, platform, username)
    SELECT OLD.user_id, former.platform, former.username
    FROM (
        VALUES ('insta', OLD.insta, NEW.insta), ('tiktok', OLD.tiktok, NEW.tiktok)
    ) AS former (platform, username, present)
    WHERE former.username IS NOT NULL AND former.username IS DISTINCT FROM former.present
    ON CONFLICT (user_id, platform, username) DO UPDATE SET replaced_at = EXCLUDED.replaced_at;
    RETURN NULL;
END
$$;

CREATE TRIGGER user_handle_changed
    AFTER UPDATE OF insta, tiktok ON "user"
    FOR EACH ROW
    WHEN (OLD.insta IS DISTINCT FROM NEW.insta OR OLD.tiktok IS DISTINCT FROM NEW.tiktok)
    EXECUTE FUNCTION remember_former_handle();

-- migrate:down
-- Forwards only: a mistake is mended by the next migration.
