-- The whole schema. Made from sql/migrations by `make schema`; a change of it is a new migration.

CREATE TABLE clients (
    client_id text NOT NULL,
    nama text NOT NULL,
    client_type text DEFAULT 'ORG'::text NOT NULL,
    client_status boolean DEFAULT true NOT NULL,
    client_insta text,
    client_insta_status boolean DEFAULT true NOT NULL,
    client_tiktok text,
    client_tiktok_status boolean DEFAULT true NOT NULL,
    -- what TikTok asks for instead of the handle; goes stale, then it is asked anew
    tiktok_secuid text,
    client_operator text,
    client_super text,
    client_group text,
    timezone text DEFAULT 'Asia/Jakarta'::text NOT NULL,
    -- sudah = done >= ceil(threshold * posts of the day)
    threshold double precision DEFAULT 0.5 NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    -- which region the client belongs to: what a directorate's dashboard narrows by
    regional_id text,
    -- switches menu entries of the dashboard, as do the premium columns; cicero reads none of them
    client_amplify_status boolean DEFAULT false NOT NULL,
    premium_tier text,
    premium_status boolean DEFAULT false NOT NULL,
    premium_expires_at timestamptz,
    -- no slot of a job (--due) that began before is started
    scheduled_since timestamptz DEFAULT now() NOT NULL,
    fetch_at text,
    -- its own times of the day as 15:00,18:00; empty: never; null: those of CICERO_LAPHAR_AT
    laphar_at text,
    remind_at text,
    -- since when the client has ended: past days alone are shown of it; null: it has not
    removed_at timestamptz,
    -- the client next above in the tree of units
    under text,
    -- whose people are expected on its posts: its own, those of all units below, or both
    audience text DEFAULT 'own'::text NOT NULL,
    -- of the units' people only those of these divisions; none: all
    audience_divisi text[] DEFAULT '{}'::text[] NOT NULL,
    -- whether each unit below gets its own part of the laphar
    report_units boolean DEFAULT false NOT NULL,
    -- its own days and times of recaps as mon 07:00,1. 07:00; empty: never; null: those of CICERO_REKAP_AT
    rekap_at text,
    -- days of the week without reminders as sat,sun and holidays for those of the table; null: none
    days_off text,
    -- until when its task lists go out, as 17:15; empty: never; null: as CICERO_TUGAS_UNTIL says
    tugas_until text,
    -- what is published after this minute of the local day belongs to the next one (docs/adr/0032); null: none does
    posts_until text,
    -- who sends what is of this client; null: whoever wrote last, the pool or default
    sender text,
    -- whether rankings name those of its people who have done least
    name_bottom boolean DEFAULT true NOT NULL,
    -- how the names of a laphar of a hundred people and more are sent: as numbered parts or as a workbook
    long_lists text DEFAULT 'parts'::text NOT NULL,
    CONSTRAINT clients_are_a_tree CHECK ((under <> client_id)),
    CONSTRAINT clients_audience_check CHECK ((audience = ANY (ARRAY['own'::text, 'below'::text, 'own+below'::text]))),
    CONSTRAINT clients_client_id_check CHECK (((client_id <> ''::text) AND (client_id = upper(client_id)))),
    CONSTRAINT clients_client_insta_check CHECK ((client_insta = lower(client_insta))),
    CONSTRAINT clients_client_tiktok_check CHECK ((client_tiktok = lower(client_tiktok))),
    CONSTRAINT clients_long_lists_check CHECK ((long_lists = ANY (ARRAY['parts'::text, 'attachment'::text]))),
    CONSTRAINT clients_nama_check CHECK ((nama <> ''::text)),
    CONSTRAINT clients_posts_until_check CHECK ((posts_until ~ '^(1[2-9]|2[0-3]):[0-5][0-9]$'::text)),
    CONSTRAINT clients_regional_id_check CHECK (((regional_id <> ''::text) AND (regional_id = upper(regional_id)))),
    CONSTRAINT clients_threshold_check CHECK (((threshold > (0)::double precision) AND (threshold <= (1)::double precision))),
    CONSTRAINT clients_timezone_check CHECK ((timezone = ANY (ARRAY['Asia/Jakarta'::text, 'Asia/Makassar'::text, 'Asia/Jayapura'::text]))),
    CONSTRAINT clients_pkey PRIMARY KEY (client_id),
    CONSTRAINT clients_sender_fkey FOREIGN KEY (sender) REFERENCES sender(name) ON UPDATE CASCADE,
    CONSTRAINT clients_under_fkey FOREIGN KEY (under) REFERENCES clients(client_id) ON UPDATE CASCADE ON DELETE SET NULL
);
CREATE INDEX clients_by_upper ON clients (under) WHERE (under IS NOT NULL);
CREATE TRIGGER client_added_to_history AFTER INSERT ON clients FOR EACH ROW EXECUTE FUNCTION keep_client_history();
CREATE TRIGGER client_changed_in_history AFTER UPDATE ON clients FOR EACH ROW WHEN ((client_facts(old.*) IS DISTINCT FROM client_facts(new.*))) EXECUTE FUNCTION keep_client_history();
CREATE CONSTRAINT TRIGGER client_changes_data_version AFTER INSERT OR UPDATE ON clients DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note_change();
CREATE TRIGGER client_ends BEFORE DELETE ON clients FOR EACH ROW EXECUTE FUNCTION end_client();
CREATE TRIGGER client_ends_without_recipients AFTER UPDATE OF removed_at ON clients FOR EACH ROW WHEN (((old.removed_at IS NULL) AND (new.removed_at IS NOT NULL))) EXECUTE FUNCTION remove_recipients();

CREATE TABLE "user" (
    user_id text NOT NULL,
    client_id text NOT NULL,
    nama text NOT NULL,
    title text,
    divisi text,
    jabatan text,
    insta text,
    tiktok text,
    whatsapp text,
    email text,
    -- counted as having done everything, listed apart
    exception boolean DEFAULT false NOT NULL,
    status boolean DEFAULT true NOT NULL,
    -- false: this person asked for no reminders; survives every import
    wa_opt_in boolean DEFAULT true NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT user_insta_check CHECK ((insta = lower(insta))),
    CONSTRAINT user_nama_check CHECK ((nama <> ''::text)),
    CONSTRAINT user_tiktok_check CHECK ((tiktok = lower(tiktok))),
    CONSTRAINT user_user_id_check CHECK ((user_id <> ''::text)),
    CONSTRAINT user_whatsapp_check CHECK ((whatsapp ~ '^[1-9][0-9]{7,14}$'::text)),
    CONSTRAINT user_insta_is_one_persons EXCLUDE (client_id WITH =, insta WITH =) WHERE (status) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT user_pkey PRIMARY KEY (user_id),
    CONSTRAINT user_tiktok_is_one_persons EXCLUDE (client_id WITH =, tiktok WITH =) WHERE (status) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT user_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(client_id) ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE INDEX user_by_client ON "user" (client_id);
CREATE INDEX user_by_insta ON "user" (insta);
CREATE INDEX user_by_tiktok ON "user" (tiktok);
CREATE INDEX user_by_whatsapp ON "user" (whatsapp) WHERE (whatsapp IS NOT NULL);
CREATE TRIGGER user_added AFTER INSERT ON "user" REFERENCING NEW TABLE AS present FOR EACH STATEMENT EXECUTE FUNCTION mark_days_of_new_users();
CREATE TRIGGER user_added_to_history AFTER INSERT OR DELETE ON "user" FOR EACH ROW EXECUTE FUNCTION keep_user_history();
CREATE TRIGGER user_changed AFTER UPDATE ON "user" REFERENCING OLD TABLE AS past NEW TABLE AS present FOR EACH STATEMENT EXECUTE FUNCTION mark_days_of_changed_users();
CREATE TRIGGER user_changed_in_history AFTER UPDATE ON "user" FOR EACH ROW WHEN (((((((((((old.user_id IS DISTINCT FROM new.user_id) OR (old.client_id IS DISTINCT FROM new.client_id)) OR (old.nama IS DISTINCT FROM new.nama)) OR (old.title IS DISTINCT FROM new.title)) OR (old.divisi IS DISTINCT FROM new.divisi)) OR (old.jabatan IS DISTINCT FROM new.jabatan)) OR (old.insta IS DISTINCT FROM new.insta)) OR (old.tiktok IS DISTINCT FROM new.tiktok)) OR (old.exception IS DISTINCT FROM new.exception)) OR (old.status IS DISTINCT FROM new.status))) EXECUTE FUNCTION keep_user_history();
CREATE CONSTRAINT TRIGGER user_changes_data_version AFTER INSERT OR DELETE OR UPDATE ON "user" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note_change();
CREATE CONSTRAINT TRIGGER user_changes_data_version_above AFTER DELETE OR UPDATE ON "user" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note_change_of_assigned();
CREATE TRIGGER user_chose_reminders AFTER UPDATE OF wa_opt_in ON "user" FOR EACH ROW WHEN ((old.wa_opt_in IS DISTINCT FROM new.wa_opt_in)) EXECUTE FUNCTION keep_reminder_choice();
CREATE CONSTRAINT TRIGGER user_extra_handles_are_one_persons AFTER INSERT OR UPDATE OF client_id, insta, tiktok, status ON "user" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (new.status) EXECUTE FUNCTION refuse_shared_extra_handle();
CREATE TRIGGER user_extra_handles_removed BEFORE DELETE ON "user" FOR EACH ROW EXECUTE FUNCTION remove_extra_handles();
CREATE TRIGGER user_handles_added AFTER INSERT ON "user" FOR EACH ROW EXECUTE FUNCTION keep_user_handles();
CREATE TRIGGER user_handles_changed AFTER UPDATE ON "user" FOR EACH ROW WHEN (((((old.client_id IS DISTINCT FROM new.client_id) OR (old.insta IS DISTINCT FROM new.insta)) OR (old.tiktok IS DISTINCT FROM new.tiktok)) OR (old.status IS DISTINCT FROM new.status))) EXECUTE FUNCTION keep_user_handles();
CREATE TRIGGER user_handles_removed AFTER DELETE ON "user" FOR EACH ROW EXECUTE FUNCTION give_back_handles_of_removed();
CREATE TRIGGER user_keeps_former_id AFTER UPDATE OF user_id ON "user" FOR EACH ROW WHEN ((old.user_id <> new.user_id)) EXECUTE FUNCTION keep_former_id();
CREATE TRIGGER user_removed_from_imports AFTER DELETE ON "user" FOR EACH ROW EXECUTE FUNCTION note_gone_in_imports();
CREATE TRIGGER user_renamed_in_imports AFTER UPDATE OF user_id ON "user" FOR EACH ROW WHEN ((old.user_id <> new.user_id)) EXECUTE FUNCTION rename_in_imports();
CREATE TRIGGER user_takes_assignments_along AFTER UPDATE OF user_id ON "user" FOR EACH ROW WHEN ((old.user_id <> new.user_id)) EXECUTE FUNCTION take_assignments_along();
CREATE TRIGGER user_takes_corrections_along AFTER UPDATE OF user_id ON "user" FOR EACH ROW WHEN ((old.user_id <> new.user_id)) EXECUTE FUNCTION take_corrections_along();
CREATE TRIGGER user_takes_leave_along AFTER INSERT OR UPDATE OF client_id, user_id ON "user" FOR EACH ROW EXECUTE FUNCTION take_leave_along();
CREATE TRIGGER user_transferred_in_imports AFTER UPDATE OF client_id ON "user" FOR EACH ROW WHEN ((old.client_id <> new.client_id)) EXECUTE FUNCTION note_gone_in_imports();

CREATE TABLE insta_post (
    post_id bigint GENERATED ALWAYS AS IDENTITY,
    client_id text NOT NULL,
    -- the shortcode
    post_key text NOT NULL,
    published_at timestamptz NOT NULL,
    caption text DEFAULT ''::text NOT NULL,
    kind text DEFAULT 'image'::text NOT NULL,
    thumbnail_url text,
    collaborators text[] DEFAULT '{}'::text[] NOT NULL,
    like_count bigint,
    comment_count bigint,
    share_count bigint,
    view_count bigint,
    -- how many likers the upstream named when they were last fetched
    listed integer DEFAULT 0 NOT NULL,
    -- how many likes the upstream counts; null when the account hides it
    total bigint,
    fetched_at timestamptz,
    -- the count that the listing showed at that fetch: unchanged means nothing to fetch
    fetched_count bigint,
    first_seen_at timestamptz NOT NULL,
    deleted_at timestamptz,
    -- when a complete listing first lacked it; null as soon as one has it again
    missing_since timestamptz,
    -- the client's local day of publication or the next, by the zone and the posts_until in force when the post was read
    day date NOT NULL,
    -- since when it is out by a correction, whose trigger writes it; null: it is not
    excluded_at timestamptz,
    -- whether reports ask for it now: not deleted, not excluded
    is_counted boolean GENERATED ALWAYS AS (((deleted_at IS NULL) AND (excluded_at IS NULL))) STORED NOT NULL,
    -- when it counted as deleted, before a listing showed it again
    absent tstzmultirange,
    -- when everybody whom the upstream lists was last on file: after a reading of all, or of all who came since
    whole_at timestamptz,
    CONSTRAINT insta_post_client_id_post_key_key UNIQUE (client_id, post_key),
    CONSTRAINT insta_post_pkey PRIMARY KEY (post_id),
    CONSTRAINT insta_post_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(client_id) ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE INDEX insta_post_by_client_and_day ON insta_post (client_id, day);
CREATE INDEX insta_post_by_client_and_time ON insta_post (client_id, published_at);
CREATE TRIGGER insta_post_added BEFORE INSERT ON insta_post FOR EACH ROW EXECUTE FUNCTION set_day_of_post();
CREATE CONSTRAINT TRIGGER insta_post_changes_data_version AFTER INSERT OR DELETE OR UPDATE ON insta_post DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note_change();
CREATE TRIGGER insta_post_dated_anew BEFORE UPDATE OF published_at ON insta_post FOR EACH ROW WHEN ((old.published_at <> new.published_at)) EXECUTE FUNCTION set_day_of_post();
CREATE TRIGGER insta_post_is_back BEFORE UPDATE OF deleted_at ON insta_post FOR EACH ROW WHEN (((old.deleted_at IS NOT NULL) AND (new.deleted_at IS NULL))) EXECUTE FUNCTION keep_absence_of_post();
CREATE TRIGGER insta_post_moved AFTER UPDATE OF deleted_at, excluded_at, published_at, day ON insta_post FOR EACH ROW WHEN (((((old.deleted_at IS DISTINCT FROM new.deleted_at) OR (old.excluded_at IS DISTINCT FROM new.excluded_at)) OR (old.published_at IS DISTINCT FROM new.published_at)) OR (old.day IS DISTINCT FROM new.day))) EXECUTE FUNCTION mark_days_of_post('insta');

CREATE TABLE insta_like (
    client_id text NOT NULL,
    post_id bigint CONSTRAINT insta_like_post_id_not_null1 NOT NULL,
    first_seen_at timestamptz CONSTRAINT insta_like_first_seen_at_not_null1 NOT NULL,
    usernames text[] NOT NULL,
    CONSTRAINT insta_like_usernames_check CHECK ((usernames <> '{}'::text[])),
    CONSTRAINT insta_like_pkey PRIMARY KEY (client_id, post_id, first_seen_at),
    CONSTRAINT insta_like_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(client_id) ON UPDATE CASCADE ON DELETE CASCADE
);
COMMENT ON TABLE insta_like IS 'who liked a post, by the reading that showed them first; nobody stands in two of one post';
CREATE TRIGGER insta_like_added AFTER INSERT ON insta_like REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION mark_days_of_added('insta');
CREATE TRIGGER insta_like_changed AFTER UPDATE ON insta_like REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION mark_days_of_added('insta');

CREATE TABLE tiktok_post (
    post_id bigint GENERATED ALWAYS AS IDENTITY,
    client_id text NOT NULL,
    -- the video id
    post_key text NOT NULL,
    published_at timestamptz NOT NULL,
    caption text DEFAULT ''::text NOT NULL,
    kind text DEFAULT 'image'::text NOT NULL,
    thumbnail_url text,
    collaborators text[] DEFAULT '{}'::text[] NOT NULL,
    like_count bigint,
    comment_count bigint,
    share_count bigint,
    view_count bigint,
    -- how many comments the upstream listed when they were last fetched
    listed integer DEFAULT 0 NOT NULL,
    -- how many comments the upstream counts, replies among them
    total bigint,
    fetched_at timestamptz,
    fetched_count bigint,
    first_seen_at timestamptz NOT NULL,
    deleted_at timestamptz,
    -- when a complete listing first lacked it; null as soon as one has it again
    missing_since timestamptz,
    day date NOT NULL,
    excluded_at timestamptz,
    is_counted boolean GENERATED ALWAYS AS (((deleted_at IS NULL) AND (excluded_at IS NULL))) STORED NOT NULL,
    -- when it counted as deleted, before a listing showed it again
    absent tstzmultirange,
    -- the client's when the post was first read: part of its address
    account text,
    whole_at timestamptz,
    -- how many comments the last reading from the beginning listed, of whole_total: replies and filtered ones never come
    whole_listed integer,
    whole_total bigint,
    -- where the page began that ended the last reading
    last_cursor bigint,
    CONSTRAINT tiktok_post_client_id_post_key_key UNIQUE (client_id, post_key),
    CONSTRAINT tiktok_post_pkey PRIMARY KEY (post_id),
    CONSTRAINT tiktok_post_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(client_id) ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE INDEX tiktok_post_by_client_and_day ON tiktok_post (client_id, day);
CREATE INDEX tiktok_post_client_id_published_at_idx ON tiktok_post (client_id, published_at);
CREATE TRIGGER tiktok_post_added BEFORE INSERT ON tiktok_post FOR EACH ROW EXECUTE FUNCTION set_day_of_post();
CREATE CONSTRAINT TRIGGER tiktok_post_changes_data_version AFTER INSERT OR DELETE OR UPDATE ON tiktok_post DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note_change();
CREATE TRIGGER tiktok_post_dated_anew BEFORE UPDATE OF published_at ON tiktok_post FOR EACH ROW WHEN ((old.published_at <> new.published_at)) EXECUTE FUNCTION set_day_of_post();
CREATE TRIGGER tiktok_post_gets_account BEFORE INSERT ON tiktok_post FOR EACH ROW EXECUTE FUNCTION set_account_of_post();
CREATE TRIGGER tiktok_post_is_back BEFORE UPDATE OF deleted_at ON tiktok_post FOR EACH ROW WHEN (((old.deleted_at IS NOT NULL) AND (new.deleted_at IS NULL))) EXECUTE FUNCTION keep_absence_of_post();
CREATE TRIGGER tiktok_post_moved AFTER UPDATE OF deleted_at, excluded_at, published_at, day ON tiktok_post FOR EACH ROW WHEN (((((old.deleted_at IS DISTINCT FROM new.deleted_at) OR (old.excluded_at IS DISTINCT FROM new.excluded_at)) OR (old.published_at IS DISTINCT FROM new.published_at)) OR (old.day IS DISTINCT FROM new.day))) EXECUTE FUNCTION mark_days_of_post('tiktok');

CREATE TABLE tiktok_comment (
    client_id text NOT NULL,
    post_id bigint CONSTRAINT tiktok_comment_post_id_not_null1 NOT NULL,
    first_seen_at timestamptz CONSTRAINT tiktok_comment_first_seen_at_not_null1 NOT NULL,
    usernames text[] NOT NULL,
    created_ats timestamptz[] NOT NULL,
    comment_ids text[] NOT NULL,
    CONSTRAINT tiktok_comment_check CHECK (((cardinality(created_ats) = cardinality(usernames)) AND (cardinality(comment_ids) = cardinality(usernames)))),
    CONSTRAINT tiktok_comment_usernames_check CHECK ((usernames <> '{}'::text[])),
    CONSTRAINT tiktok_comment_pkey PRIMARY KEY (client_id, post_id, first_seen_at),
    CONSTRAINT tiktok_comment_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(client_id) ON UPDATE CASCADE ON DELETE CASCADE
);
COMMENT ON TABLE tiktok_comment IS 'comments on a post, by the reading that showed them first: the three arrays go together; no id stands in two readings of one post';
CREATE TRIGGER tiktok_comment_added AFTER INSERT ON tiktok_comment REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION mark_days_of_added('tiktok');
CREATE TRIGGER tiktok_comment_changed AFTER UPDATE ON tiktok_comment REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION mark_days_of_added('tiktok');

CREATE TABLE reading (
    platform text NOT NULL,
    post_id bigint NOT NULL,
    fetched_at timestamptz NOT NULL,
    listed integer NOT NULL,
    total bigint,
    CONSTRAINT reading_platform_check CHECK ((platform = ANY (ARRAY['insta'::text, 'tiktok'::text]))),
    CONSTRAINT reading_pkey PRIMARY KEY (platform, post_id, fetched_at)
);

CREATE TABLE listed_day (
    client_id text NOT NULL,
    platform text NOT NULL,
    day date NOT NULL,
    first_listed_at timestamptz NOT NULL,
    CONSTRAINT listed_day_platform_check CHECK ((platform = ANY (ARRAY['insta'::text, 'tiktok'::text]))),
    CONSTRAINT listed_day_pkey PRIMARY KEY (client_id, platform, day),
    CONSTRAINT listed_day_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(client_id) ON UPDATE CASCADE ON DELETE CASCADE
);

CREATE TABLE done_by_day (
    client_id text NOT NULL,
    platform text NOT NULL,
    day date NOT NULL,
    user_id text NOT NULL,
    posts integer NOT NULL,
    CONSTRAINT done_by_day_platform_check CHECK ((platform = ANY (ARRAY['insta'::text, 'tiktok'::text]))),
    CONSTRAINT done_by_day_pkey PRIMARY KEY (client_id, platform, day, user_id),
    CONSTRAINT done_by_day_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(client_id) ON UPDATE CASCADE ON DELETE CASCADE
);
COMMENT ON TABLE done_by_day IS 'derived: how many of the client''s posts of its local day the handles that were ever this user''s have liked or commented on; none: no row';

CREATE TABLE stale_day (
    client_id text NOT NULL,
    platform text NOT NULL,
    day date NOT NULL,
    marked_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT stale_day_platform_check CHECK ((platform = ANY (ARRAY['insta'::text, 'tiktok'::text]))),
    CONSTRAINT stale_day_pkey PRIMARY KEY (client_id, platform, day),
    CONSTRAINT stale_day_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(client_id) ON UPDATE CASCADE ON DELETE CASCADE
);
COMMENT ON TABLE stale_day IS 'days whose rows in done_by_day no longer tell the truth';
CREATE CONSTRAINT TRIGGER stale_day_changes_data_version AFTER INSERT OR UPDATE ON stale_day DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note_change();

CREATE TABLE runs (
    run_id bigint GENERATED ALWAYS AS IDENTITY,
    client_id text NOT NULL,
    platform text NOT NULL,
    status text NOT NULL,
    started_at timestamptz NOT NULL,
    finished_at timestamptz,
    posts integer DEFAULT 0 NOT NULL,
    new integer DEFAULT 0 NOT NULL,
    listed bigint DEFAULT 0 NOT NULL,
    total bigint,
    requests integer DEFAULT 0 NOT NULL,
    bytes bigint DEFAULT 0 NOT NULL,
    seconds double precision,
    -- of the first thing that failed: {text, params}; a plain text of cicero before 0013
    error jsonb,
    -- its stable word, for scripts and the page
    error_code text,
    -- posts that were not read, as everybody expected had been seen
    finished integer DEFAULT 0 NOT NULL,
    -- likewise, as their count had not moved
    unmoved integer DEFAULT 0 NOT NULL,
    -- likewise, as another fetch comes in time
    later integer DEFAULT 0 NOT NULL,
    -- posts that were not read, as the budget was spent on others
    unaffordable integer DEFAULT 0 NOT NULL,
    CONSTRAINT runs_platform_check CHECK ((platform = ANY (ARRAY['insta'::text, 'tiktok'::text]))),
    CONSTRAINT runs_status_check CHECK ((status = ANY (ARRAY['running'::text, 'done'::text, 'partial'::text, 'failed'::text, 'interrupted'::text]))),
    CONSTRAINT runs_pkey PRIMARY KEY (run_id),
    CONSTRAINT runs_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(client_id) ON UPDATE CASCADE ON DELETE CASCADE
);
COMMENT ON TABLE runs IS 'one execution of a fetch for one client; a killed one stays `running` until the next starts';
CREATE INDEX runs_by_client ON runs (client_id, platform, run_id DESC);

CREATE TABLE upstream_usage (
    host text NOT NULL,
    -- in UTC, as the upstream bills
    day date NOT NULL,
    requests bigint DEFAULT 0 NOT NULL,
    bytes bigint DEFAULT 0 NOT NULL,
    quota_limit bigint,
    quota_remaining bigint,
    quota_resets_at timestamptz,
    -- the upstream refused for quota: nothing is asked before this
    exhausted_until timestamptz,
    updated_at timestamptz NOT NULL,
    CONSTRAINT upstream_usage_pkey PRIMARY KEY (host, day)
);

CREATE TABLE outbox (
    message_id bigint GENERATED ALWAYS AS IDENTITY,
    -- the same key is queued once, however often it is asked for
    dedupe_key text NOT NULL,
    kind text NOT NULL,
    client_id text,
    user_id text,
    day date,
    recipient text NOT NULL,
    body text NOT NULL,
    -- the file's; the body is its caption then
    attachment_name text,
    attachment_type text,
    status text DEFAULT 'queued'::text NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    -- when to try; while sending: when to look what became of it
    next_attempt_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    gateway text,
    -- where the gateway lets us choose: stored and committed before the call
    gateway_message_id text,
    verdict text,
    error_code text,
    ack integer,
    ack_checked_at timestamptz,
    queued_at timestamptz NOT NULL,
    claimed_at timestamptz,
    accepted_at timestamptz,
    delivered_at timestamptz,
    read_at timestamptz,
    -- when the gateway was called in the newest try; null: not yet, so that nothing can have been sent
    called_at timestamptz,
    -- the figures that this message reports
    report_id bigint,
    -- null beside a name: pruned
    attachment_sha256 text,
    -- who sends it: chosen when it is queued, and kept
    sender text DEFAULT 'default'::text NOT NULL,
    CONSTRAINT outbox_kind_check CHECK ((kind = ANY (ARRAY['laphar'::text, 'reminder'::text, 'rekap'::text, 'tugas'::text, 'peringkat'::text, 'sync'::text, 'reset'::text, 'test'::text, 'answer'::text, 'explanation'::text, 'check'::text, 'notice'::text]))),
    CONSTRAINT outbox_status_check CHECK ((status = ANY (ARRAY['queued'::text, 'sending'::text, 'accepted'::text, 'delivered'::text, 'read'::text, 'failed'::text, 'unknown'::text, 'cancelled'::text, 'expired'::text]))),
    CONSTRAINT outbox_dedupe_key_key UNIQUE (dedupe_key),
    CONSTRAINT outbox_pkey PRIMARY KEY (message_id),
    CONSTRAINT outbox_attachment_sha256_fkey FOREIGN KEY (attachment_sha256) REFERENCES attachment(sha256) ON DELETE SET NULL,
    CONSTRAINT outbox_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(client_id) ON UPDATE CASCADE ON DELETE CASCADE,
    CONSTRAINT outbox_report_id_fkey FOREIGN KEY (report_id) REFERENCES report(report_id) ON DELETE SET NULL,
    CONSTRAINT outbox_user_id_fkey FOREIGN KEY (user_id) REFERENCES "user"(user_id) ON UPDATE CASCADE ON DELETE CASCADE
);
COMMENT ON TABLE outbox IS 'one row per message and recipient, whatever became of it';
CREATE INDEX outbox_by_acceptance ON outbox (sender, accepted_at);
CREATE INDEX outbox_by_attachment ON outbox (attachment_sha256) WHERE (attachment_sha256 IS NOT NULL);
CREATE INDEX outbox_by_client ON outbox (client_id, queued_at, message_id);
CREATE INDEX outbox_by_gateway_message ON outbox (gateway_message_id) WHERE (gateway_message_id IS NOT NULL);
CREATE INDEX outbox_by_queueing ON outbox (queued_at, message_id);
CREATE INDEX outbox_by_recipient ON outbox (recipient, message_id) WHERE (status = ANY (ARRAY['accepted'::text, 'delivered'::text, 'read'::text]));
CREATE INDEX outbox_by_report ON outbox (report_id) WHERE (report_id IS NOT NULL);
CREATE INDEX outbox_by_status ON outbox (status, queued_at, message_id);
CREATE INDEX outbox_open ON outbox (recipient, message_id) WHERE (status = ANY (ARRAY['queued'::text, 'sending'::text, 'unknown'::text]));
CREATE INDEX outbox_queue ON outbox (sender, ((kind = 'reminder'::text)), message_id) WHERE (status = 'queued'::text);
CREATE INDEX outbox_tests ON outbox (queued_at, message_id) WHERE (kind = 'test'::text);

CREATE TABLE gateway_state (
    gateway text NOT NULL,
    last_sent_at timestamptz,
    paused_since timestamptz,
    pause_code text,
    pause_hint jsonb,
    first_contacts_paused_until timestamptz,
    sender text DEFAULT 'default'::text NOT NULL,
    CONSTRAINT gateway_state_pkey PRIMARY KEY (sender, gateway)
);
COMMENT ON TABLE gateway_state IS 'what every delivering process must know of an account: its pace and what holds it up';

CREATE TABLE accounts (
    account_id bigint GENERATED ALWAYS AS IDENTITY,
    username text NOT NULL,
    role text NOT NULL,
    active boolean NOT NULL,
    -- argon2id; bcrypt for one that came from Cicero_V2, until its next log-in
    password_hash text NOT NULL,
    -- the part of the access code that finds the account; not a secret
    access_key text,
    -- argon2id of the whole access code; null when it was revoked
    access_code_hash text,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    -- counts the changes: a session begins only if there was none since its secret was checked
    version integer DEFAULT 0 NOT NULL,
    -- the role that dashboards are told, such as ditbinmas; grants nothing
    dashboard_role text,
    -- the owner's number, where codes to reset the password go
    whatsapp text,
    CONSTRAINT accounts_check CHECK (((access_key IS NULL) = (access_code_hash IS NULL))),
    CONSTRAINT accounts_dashboard_role_check CHECK (((dashboard_role <> ''::text) AND (dashboard_role = lower(dashboard_role)))),
    CONSTRAINT accounts_role_check CHECK ((role = ANY (ARRAY['admin'::text, 'operator'::text, 'viewer'::text]))),
    CONSTRAINT accounts_username_check CHECK (((username <> ''::text) AND (username = lower(username)))),
    CONSTRAINT accounts_access_key_key UNIQUE (access_key),
    CONSTRAINT accounts_pkey PRIMARY KEY (account_id),
    CONSTRAINT accounts_username_key UNIQUE (username)
);
COMMENT ON TABLE accounts IS 'logins to the API; one that registered itself is not active until an admin says so';

CREATE TABLE account_client (
    account_id bigint NOT NULL,
    client_id text NOT NULL,
    CONSTRAINT account_client_pkey PRIMARY KEY (account_id, client_id),
    CONSTRAINT account_client_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(account_id) ON DELETE CASCADE,
    CONSTRAINT account_client_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(client_id) ON UPDATE CASCADE ON DELETE CASCADE
);
COMMENT ON TABLE account_client IS 'which clients an account may see; an admin sees all and needs none here';
CREATE INDEX account_client_by_client ON account_client (client_id);

CREATE TABLE sessions (
    jti text NOT NULL,
    account_id bigint,
    -- the client that the token names; null when it was removed, or for an admin of an installation without clients
    client_id text,
    -- CICERO_LEGACY_PHONE_LOGIN: the number that logged in, in place of an account
    operator text,
    address text NOT NULL,
    issued_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    -- when its token was last used, to within some minutes; one that nobody uses ends
    used_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT sessions_check CHECK (((account_id IS NOT NULL) OR (operator IS NOT NULL))),
    CONSTRAINT sessions_pkey PRIMARY KEY (jti),
    CONSTRAINT sessions_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(account_id) ON DELETE CASCADE,
    CONSTRAINT sessions_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(client_id) ON UPDATE CASCADE ON DELETE SET NULL
);
COMMENT ON TABLE sessions IS 'one row per token; a token without a living row here is worthless, whatever its signature says';
CREATE INDEX sessions_by_account ON sessions (account_id, issued_at);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

CREATE TABLE login_failures (
    subject text NOT NULL,
    failures integer NOT NULL,
    last_at timestamptz NOT NULL,
    blocked_until timestamptz NOT NULL,
    CONSTRAINT login_failures_pkey PRIMARY KEY (subject)
);
COMMENT ON TABLE login_failures IS 'what slows guessing: failed log-ins in a row, per name and per address';
CREATE INDEX login_failures_by_age ON login_failures (last_at);

CREATE TABLE recent_writes (
    write_key text NOT NULL,
    body_hash text NOT NULL,
    -- until then the same is refused: briefly while it is being done, for minutes once it is done
    refused_until timestamptz NOT NULL,
    CONSTRAINT recent_writes_pkey PRIMARY KEY (write_key)
);
COMMENT ON TABLE recent_writes IS 'writes of the last minutes, so that the same one sent twice is done once';
CREATE INDEX recent_writes_by_age ON recent_writes (refused_until);

CREATE TABLE audit_log (
    audit_id bigint GENERATED ALWAYS AS IDENTITY,
    at timestamptz NOT NULL,
    -- a username, or `cli` with the name of the machine's user
    actor text NOT NULL,
    action text NOT NULL,
    subject text,
    client_id text,
    address text,
    details jsonb DEFAULT '{}'::jsonb NOT NULL,
    CONSTRAINT audit_log_pkey PRIMARY KEY (audit_id)
);
COMMENT ON TABLE audit_log IS 'who logged in and who changed what; only ever added to. Names, not keys: it outlives what it tells of';
CREATE INDEX audit_log_by_actor ON audit_log (actor, audit_id);
CREATE INDEX audit_log_by_subject ON audit_log (subject, audit_id);
CREATE TRIGGER audit_log_is_append_only BEFORE UPDATE OR TRUNCATE ON audit_log FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER audit_log_keeps_its_days BEFORE DELETE ON audit_log FOR EACH ROW EXECUTE FUNCTION refuse_audit_removal();

CREATE TABLE data_version (
    client_id text NOT NULL,
    -- the transaction that changed the client, its users, posts or counts last
    changed_by xid8 NOT NULL,
    CONSTRAINT data_version_pkey PRIMARY KEY (client_id),
    CONSTRAINT data_version_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(client_id) ON UPDATE CASCADE ON DELETE CASCADE
);

CREATE TABLE insta_profile (
    username text NOT NULL,
    instagram_user_id text NOT NULL,
    full_name text NOT NULL,
    biography text NOT NULL,
    follower_count bigint NOT NULL,
    following_count bigint NOT NULL,
    post_count bigint NOT NULL,
    profile_pic_url text,
    is_private boolean NOT NULL,
    is_verified boolean NOT NULL,
    fetched_at timestamptz NOT NULL,
    CONSTRAINT insta_profile_username_check CHECK ((username = lower(username))),
    CONSTRAINT insta_profile_pkey PRIMARY KEY (username)
);
COMMENT ON TABLE insta_profile IS 'the basic profile of any account, under the name it had when it was last read';

CREATE TABLE instagram_user (
    instagram_user_id text NOT NULL,
    username text NOT NULL,
    full_name text NOT NULL,
    biography text NOT NULL,
    is_private boolean NOT NULL,
    is_verified boolean NOT NULL,
    is_business boolean NOT NULL,
    account_type integer,
    category text,
    category_id text,
    external_url text,
    public_email text,
    public_phone_country_code text,
    public_phone_number text,
    contact_phone_number text,
    business_contact_method text,
    fbid text,
    profile_pic_url text,
    latest_reel_at timestamptz,
    first_seen_at timestamptz NOT NULL,
    fetched_at timestamptz NOT NULL,
    CONSTRAINT instagram_user_username_check CHECK ((username = lower(username))),
    CONSTRAINT instagram_user_pkey PRIMARY KEY (instagram_user_id)
);
COMMENT ON TABLE instagram_user IS 'an account by the id that it keeps under every name';
CREATE INDEX instagram_user_by_username ON instagram_user (username, fetched_at DESC);

CREATE TABLE instagram_user_about (
    instagram_user_id text NOT NULL,
    country text,
    -- month and year in words, as the upstream says it
    date_joined text,
    joined_at timestamptz,
    former_usernames text,
    CONSTRAINT instagram_user_about_pkey PRIMARY KEY (instagram_user_id),
    CONSTRAINT instagram_user_about_instagram_user_id_fkey FOREIGN KEY (instagram_user_id) REFERENCES instagram_user(instagram_user_id) ON DELETE CASCADE
);

CREATE TABLE instagram_bio_link (
    instagram_user_id text NOT NULL,
    "position" integer NOT NULL,
    link_id text,
    title text NOT NULL,
    url text NOT NULL,
    lynx_url text,
    link_type text,
    is_pinned boolean NOT NULL,
    CONSTRAINT instagram_bio_link_pkey PRIMARY KEY (instagram_user_id, "position"),
    CONSTRAINT instagram_bio_link_instagram_user_id_fkey FOREIGN KEY (instagram_user_id) REFERENCES instagram_user(instagram_user_id) ON DELETE CASCADE
);

CREATE TABLE instagram_profile_pic_version (
    instagram_user_id text NOT NULL,
    picture_id text NOT NULL,
    width integer NOT NULL,
    height integer NOT NULL,
    -- the newest address; it is signed and lives for days only
    url text NOT NULL,
    first_seen_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    CONSTRAINT instagram_profile_pic_version_pkey PRIMARY KEY (instagram_user_id, picture_id, width, height),
    CONSTRAINT instagram_profile_pic_version_instagram_user_id_fkey FOREIGN KEY (instagram_user_id) REFERENCES instagram_user(instagram_user_id) ON DELETE CASCADE
);
COMMENT ON TABLE instagram_profile_pic_version IS 'history: every picture that an account showed, in each size';

CREATE TABLE instagram_user_metrics (
    instagram_user_id text NOT NULL,
    day date NOT NULL,
    follower_count bigint NOT NULL,
    following_count bigint NOT NULL,
    post_count bigint NOT NULL,
    total_igtv_videos bigint,
    fetched_at timestamptz NOT NULL,
    CONSTRAINT instagram_user_metrics_pkey PRIMARY KEY (instagram_user_id, day),
    CONSTRAINT instagram_user_metrics_instagram_user_id_fkey FOREIGN KEY (instagram_user_id) REFERENCES instagram_user(instagram_user_id) ON DELETE CASCADE
);
COMMENT ON TABLE instagram_user_metrics IS 'history: the last reading of each local day';

CREATE TABLE instagram_user_location (
    instagram_user_id text NOT NULL,
    address_street text,
    city_name text,
    city_id text,
    instagram_location_id text,
    latitude double precision,
    longitude double precision,
    zip text,
    CONSTRAINT instagram_user_location_pkey PRIMARY KEY (instagram_user_id),
    CONSTRAINT instagram_user_location_instagram_user_id_fkey FOREIGN KEY (instagram_user_id) REFERENCES instagram_user(instagram_user_id) ON DELETE CASCADE
);

CREATE TABLE tiktok_user (
    tiktok_user_id text NOT NULL,
    username text NOT NULL,
    secuid text NOT NULL,
    full_name text NOT NULL,
    biography text NOT NULL,
    is_private boolean NOT NULL,
    is_verified boolean NOT NULL,
    category text,
    external_url text,
    avatar_url text,
    first_seen_at timestamptz NOT NULL,
    fetched_at timestamptz NOT NULL,
    CONSTRAINT tiktok_user_username_check CHECK ((username = lower(username))),
    CONSTRAINT tiktok_user_pkey PRIMARY KEY (tiktok_user_id)
);
CREATE INDEX tiktok_user_by_username ON tiktok_user (username, fetched_at DESC);

CREATE TABLE tiktok_user_metrics (
    tiktok_user_id text NOT NULL,
    day date NOT NULL,
    follower_count bigint NOT NULL,
    following_count bigint NOT NULL,
    video_count bigint NOT NULL,
    heart_count bigint NOT NULL,
    friend_count bigint,
    fetched_at timestamptz NOT NULL,
    CONSTRAINT tiktok_user_metrics_pkey PRIMARY KEY (tiktok_user_id, day),
    CONSTRAINT tiktok_user_metrics_tiktok_user_id_fkey FOREIGN KEY (tiktok_user_id) REFERENCES tiktok_user(tiktok_user_id) ON DELETE CASCADE
);
COMMENT ON TABLE tiktok_user_metrics IS 'history: the last reading of each local day';

CREATE TABLE account_listing (
    platform text NOT NULL,
    username text NOT NULL,
    posts jsonb NOT NULL,
    -- nothing that the account published since then is missing
    reaches_back_to timestamptz NOT NULL,
    fetched_at timestamptz NOT NULL,
    CONSTRAINT account_listing_platform_check CHECK ((platform = ANY (ARRAY['insta'::text, 'tiktok'::text]))),
    CONSTRAINT account_listing_username_check CHECK ((username = lower(username))),
    CONSTRAINT account_listing_pkey PRIMARY KEY (platform, username)
);

CREATE TABLE account_usage (
    username text NOT NULL,
    hour timestamptz NOT NULL,
    requests integer NOT NULL,
    CONSTRAINT account_usage_pkey PRIMARY KEY (username, hour)
);
COMMENT ON TABLE account_usage IS 'upstream requests that a log-in of the dashboards has caused, by hour (CICERO_RAPID_BUDGET)';

CREATE TABLE unreadable_posts (
    client_id text NOT NULL,
    platform text NOT NULL,
    day date NOT NULL,
    posts integer NOT NULL,
    told_at timestamptz NOT NULL,
    until timestamptz DEFAULT 'infinity'::timestamptz NOT NULL,
    CONSTRAINT unreadable_posts_platform_check CHECK ((platform = ANY (ARRAY['insta'::text, 'tiktok'::text]))),
    CONSTRAINT unreadable_posts_pkey PRIMARY KEY (client_id, platform, day, told_at),
    CONSTRAINT unreadable_posts_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(client_id) ON UPDATE CASCADE ON DELETE CASCADE
);
COMMENT ON TABLE unreadable_posts IS 'how many posts the listings of a day held that could not be read, from told_at up to until';

CREATE TABLE refusals (
    hour timestamptz NOT NULL,
    -- as the audit log calls it (login.failed), or what it leaves out (login.slowed)
    kind text NOT NULL,
    refused bigint NOT NULL,
    CONSTRAINT refusals_pkey PRIMARY KEY (hour, kind)
);
COMMENT ON TABLE refusals IS 'how often somebody was turned away at the door, per hour; the audit log names the first ones of each hour';

CREATE TABLE job_slot (
    client_id text NOT NULL,
    job text NOT NULL,
    times text NOT NULL,
    since timestamptz NOT NULL,
    done_slot_at timestamptz,
    CONSTRAINT job_slot_pkey PRIMARY KEY (client_id, job),
    CONSTRAINT job_slot_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(client_id) ON UPDATE CASCADE ON DELETE CASCADE
);
COMMENT ON TABLE job_slot IS 'for each client and job that cron wakes (--due): its times, since when they hold, and the last slot that was done';

CREATE TABLE early_ack (
    gateway_message_id text NOT NULL,
    ack integer NOT NULL,
    came_at timestamptz NOT NULL,
    CONSTRAINT early_ack_pkey PRIMARY KEY (gateway_message_id)
);
COMMENT ON TABLE early_ack IS 'acks of ids that no message has yet; one day';
CREATE INDEX early_ack_by_age ON early_ack (came_at);

CREATE TABLE heading_choice (
    client_id text,
    heading text NOT NULL,
    field text NOT NULL,
    CONSTRAINT heading_choice_is_one UNIQUE NULLS NOT DISTINCT (client_id, heading),
    CONSTRAINT heading_choice_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(client_id) ON UPDATE CASCADE ON DELETE CASCADE
);
COMMENT ON TABLE heading_choice IS 'what a column of a client''s sheets of people means (user import --map), or without client_id of a sheet of clients (client import --map); the heading lower-case, letters and digits only';

CREATE TABLE user_role (
    user_id text NOT NULL,
    role text NOT NULL,
    CONSTRAINT user_role_role_check CHECK (((role <> ''::text) AND (role = lower(role)))),
    CONSTRAINT user_role_pkey PRIMARY KEY (user_id, role),
    CONSTRAINT user_role_user_id_fkey FOREIGN KEY (user_id) REFERENCES "user"(user_id) ON UPDATE CASCADE ON DELETE CASCADE
);
COMMENT ON TABLE user_role IS 'roles such as ditbinmas that a person had in Cicero_V2, kept until they become audiences; nothing reads them yet';

CREATE TABLE client_history (
    client_id text NOT NULL,
    nama text NOT NULL,
    timezone text NOT NULL,
    threshold double precision NOT NULL,
    valid_from date NOT NULL,
    valid_until date DEFAULT 'infinity'::date NOT NULL,
    known_from timestamptz NOT NULL,
    -- infinity: this is what we know today; else what --as-of saw up to then
    known_until timestamptz DEFAULT 'infinity'::timestamptz NOT NULL,
    status boolean DEFAULT true NOT NULL,
    under text,
    audience text DEFAULT 'own'::text NOT NULL,
    audience_divisi text[] DEFAULT '{}'::text[] NOT NULL,
    days_off text,
    posts_until text,
    CONSTRAINT client_history_check CHECK ((valid_from < valid_until)),
    CONSTRAINT client_history_check1 CHECK ((known_from < known_until)),
    CONSTRAINT client_history_pkey PRIMARY KEY (client_id, valid_from, known_from),
    CONSTRAINT client_history_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(client_id) ON UPDATE CASCADE ON DELETE CASCADE,
    CONSTRAINT client_history_under_fkey FOREIGN KEY (under) REFERENCES clients(client_id) ON UPDATE CASCADE ON DELETE SET NULL
);
COMMENT ON TABLE client_history IS 'what a client was on the days from valid_from up to, and without, valid_until';
CREATE INDEX client_history_by_upper ON client_history (under) WHERE (under IS NOT NULL);
CREATE CONSTRAINT TRIGGER client_history_changes_data_version AFTER INSERT OR UPDATE ON client_history DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note_change();

CREATE TABLE user_history (
    user_id text NOT NULL,
    client_id text NOT NULL,
    nama text NOT NULL,
    title text,
    divisi text,
    jabatan text,
    insta text,
    tiktok text,
    exception boolean NOT NULL,
    -- whether the user was expected there: false also after a transfer or a removal
    status boolean NOT NULL,
    -- the reason of a leave on these days; the user counts as an exception then
    leave text,
    valid_from date NOT NULL,
    valid_until date DEFAULT 'infinity'::date NOT NULL,
    known_from timestamptz NOT NULL,
    -- infinity: this is what we know today; else what --as-of saw up to then
    known_until timestamptz DEFAULT 'infinity'::timestamptz NOT NULL,
    -- came by an import that was taken back, so that this does not begin the client's roster
    never boolean DEFAULT false NOT NULL,
    -- another client has the person on these days: an audience above counts everybody once
    is_elsewhere boolean DEFAULT false NOT NULL,
    -- days before the first people of this client came, while an audience above had others already: it keeps its past
    is_backdated boolean DEFAULT false NOT NULL,
    divisi_key text GENERATED ALWAYS AS (division_key(divisi)) STORED,
    CONSTRAINT user_history_check CHECK ((valid_from < valid_until)),
    CONSTRAINT user_history_check1 CHECK ((known_from < known_until)),
    CONSTRAINT user_history_pkey PRIMARY KEY (user_id, client_id, valid_from, known_from),
    CONSTRAINT user_history_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(client_id) ON UPDATE CASCADE ON DELETE CASCADE
);
COMMENT ON TABLE user_history IS 'what a user was to a client on the days from valid_from up to, and without, valid_until';
CREATE INDEX user_history_by_beginning ON user_history (client_id, known_from) WHERE (NOT never);
CREATE INDEX user_history_by_client ON user_history (client_id, known_until);
CREATE INDEX user_history_by_client_and_beginning ON user_history (client_id, known_from);
CREATE CONSTRAINT TRIGGER user_history_changes_data_version AFTER INSERT OR DELETE OR UPDATE ON user_history DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note_change();
CREATE CONSTRAINT TRIGGER user_history_changes_data_version_above AFTER INSERT OR DELETE OR UPDATE ON user_history DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note_change_of_assigned();

CREATE TABLE user_handle (
    client_id text NOT NULL,
    platform text NOT NULL,
    username text NOT NULL,
    since timestamptz NOT NULL,
    user_id text NOT NULL,
    -- since when we know that it never was this user's (--was-wrong)
    taken_back_at timestamptz,
    -- since when we know it, where that was not when it was taken: by a merge
    known_from timestamptz,
    CONSTRAINT user_handle_platform_check CHECK ((platform = ANY (ARRAY['insta'::text, 'tiktok'::text]))),
    CONSTRAINT user_handle_pkey PRIMARY KEY (client_id, platform, username, since),
    CONSTRAINT user_handle_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(client_id) ON UPDATE CASCADE ON DELETE CASCADE
);
COMMENT ON TABLE user_handle IS 'every handle that was ever a user''s counts for the user, among the people of one client';
CREATE INDEX user_handle_by_user ON user_handle (user_id);
CREATE TRIGGER handle_changed AFTER UPDATE ON user_handle REFERENCING OLD TABLE AS past FOR EACH STATEMENT EXECUTE FUNCTION mark_days_of_handles();
CREATE TRIGGER handle_removed AFTER DELETE ON user_handle REFERENCING OLD TABLE AS past FOR EACH STATEMENT EXECUTE FUNCTION mark_days_of_handles();

CREATE TABLE user_leave (
    leave_id bigint GENERATED ALWAYS AS IDENTITY,
    user_id text NOT NULL,
    first_day date NOT NULL,
    last_day date NOT NULL,
    reason text NOT NULL,
    note text,
    created_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT user_leave_check CHECK ((first_day <= last_day)),
    CONSTRAINT user_leave_reason_check CHECK ((reason <> ''::text)),
    CONSTRAINT user_leave_pkey PRIMARY KEY (leave_id)
);
COMMENT ON TABLE user_leave IS 'days on which somebody counts as an exception, the last one included';
CREATE INDEX user_leave_by_user ON user_leave (user_id, first_day);
CREATE TRIGGER user_leave_changed AFTER INSERT OR DELETE OR UPDATE OF first_day, last_day, reason ON user_leave FOR EACH ROW EXECUTE FUNCTION keep_leave_in_history();

CREATE TABLE user_import (
    import_id bigint GENERATED ALWAYS AS IDENTITY,
    client_id text NOT NULL,
    -- as the history says it: what the import made known is known from then
    at timestamptz DEFAULT cicero_now() NOT NULL,
    -- the client's local day: changes hold from then on
    day date NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    source text NOT NULL,
    actor text NOT NULL,
    new_users integer NOT NULL,
    changed_users integer NOT NULL,
    deactivated_users integer NOT NULL,
    refused_rows integer NOT NULL,
    undone_at timestamptz,
    undone_by text,
    CONSTRAINT user_import_pkey PRIMARY KEY (import_id),
    CONSTRAINT user_import_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(client_id) ON UPDATE CASCADE ON DELETE CASCADE
);
COMMENT ON TABLE user_import IS 'one import of people for one client that changed something';
CREATE INDEX user_import_by_client ON user_import (client_id, import_id);

CREATE TABLE user_import_change (
    import_id bigint NOT NULL,
    user_id text NOT NULL,
    before jsonb,
    after jsonb NOT NULL,
    -- the day on which the user was removed or transferred since, which the history of one who is inactive does not tell
    gone_on date,
    CONSTRAINT user_import_change_pkey PRIMARY KEY (import_id, user_id),
    CONSTRAINT user_import_change_import_id_fkey FOREIGN KEY (import_id) REFERENCES user_import(import_id) ON DELETE CASCADE
);
COMMENT ON TABLE user_import_change IS 'which fields an import changed of whom; of a new user (before is null) all that were given';
CREATE INDEX user_import_change_by_user ON user_import_change (user_id);

CREATE TABLE followed_sheet (
    client_id text NOT NULL,
    link text NOT NULL,
    tab text,
    -- no night before is caught up
    since timestamptz NOT NULL,
    CONSTRAINT followed_sheet_pkey PRIMARY KEY (client_id),
    CONSTRAINT followed_sheet_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(client_id) ON UPDATE CASCADE ON DELETE CASCADE
);
COMMENT ON TABLE followed_sheet IS 'the Google Sheet that a client''s people are kept in; read every night (user sync)';

CREATE TABLE user_assignment (
    user_id text NOT NULL,
    client_id text NOT NULL,
    valid_from date NOT NULL,
    valid_until date DEFAULT 'infinity'::date NOT NULL,
    known_from timestamptz NOT NULL,
    -- infinity: this is what we know today; else what --as-of saw up to then
    known_until timestamptz DEFAULT 'infinity'::timestamptz NOT NULL,
    CONSTRAINT user_assignment_check CHECK ((valid_from < valid_until)),
    CONSTRAINT user_assignment_check1 CHECK ((known_from < known_until)),
    CONSTRAINT user_assignment_pkey PRIMARY KEY (client_id, user_id, valid_from, known_from),
    CONSTRAINT user_assignment_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(client_id) ON UPDATE CASCADE ON DELETE CASCADE
);
COMMENT ON TABLE user_assignment IS 'days on which somebody belongs to another client''s audience, up to and without valid_until; written by assign_user';
CREATE INDEX user_assignment_by_user ON user_assignment (user_id);
CREATE CONSTRAINT TRIGGER user_assignment_changes_data_version AFTER INSERT OR DELETE OR UPDATE ON user_assignment DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note_change();

CREATE TABLE audience (
    client_id text NOT NULL,
    unit_id text NOT NULL,
    -- null: all of the unit
    divisi_keys text[],
    -- the client's own people and no unit's: those are its roster as it stands
    is_alone boolean NOT NULL,
    valid_from date NOT NULL,
    valid_until date NOT NULL,
    CONSTRAINT audience_pkey PRIMARY KEY (client_id, unit_id, valid_from),
    CONSTRAINT audience_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(client_id) ON UPDATE CASCADE ON DELETE CASCADE,
    CONSTRAINT audience_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES clients(client_id) ON UPDATE CASCADE ON DELETE CASCADE
);
COMMENT ON TABLE audience IS 'derived from client_history: whose people are expected on the posts of a client, up to and without valid_until';
CREATE INDEX audience_by_unit ON audience (unit_id);
CREATE CONSTRAINT TRIGGER audience_changes_data_version AFTER INSERT OR DELETE OR UPDATE ON audience DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note_change();

CREATE TABLE audience_beginning (
    client_id text NOT NULL,
    began_at timestamptz NOT NULL,
    CONSTRAINT audience_beginning_pkey PRIMARY KEY (client_id),
    CONSTRAINT audience_beginning_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(client_id) ON UPDATE CASCADE ON DELETE CASCADE
);
COMMENT ON TABLE audience_beginning IS 'when anybody was expected on a client''s posts for the first time; what is set up on that day holds for all days before';

CREATE TABLE tiktok_comment_text (
    client_id text NOT NULL,
    post_id bigint NOT NULL,
    first_seen_at timestamptz NOT NULL,
    texts text[] NOT NULL,
    CONSTRAINT tiktok_comment_text_pkey PRIMARY KEY (client_id, post_id, first_seen_at),
    CONSTRAINT tiktok_comment_text_client_id_post_id_first_seen_at_fkey FOREIGN KEY (client_id, post_id, first_seen_at) REFERENCES tiktok_comment(client_id, post_id, first_seen_at) ON UPDATE CASCADE ON DELETE CASCADE
);
COMMENT ON TABLE tiktok_comment_text IS 'what was written in them, in the same order: apart, for no report reads it';

CREATE TABLE pruning (
    pruned_at timestamptz NOT NULL,
    held_from timestamptz NOT NULL,
    CONSTRAINT pruning_pkey PRIMARY KEY (pruned_at)
);
COMMENT ON TABLE pruning IS 'each time that the past was pruned (db prune): from when on everything is held; before it strangers'' likes and comments are gone';

CREATE TABLE extra_handle (
    user_id text NOT NULL,
    platform text NOT NULL,
    username text NOT NULL,
    CONSTRAINT extra_handle_platform_check CHECK ((platform = ANY (ARRAY['insta'::text, 'tiktok'::text]))),
    CONSTRAINT extra_handle_username_check CHECK (((username <> ''::text) AND (username = lower(username)))),
    CONSTRAINT extra_handle_pkey PRIMARY KEY (user_id, platform, username),
    CONSTRAINT extra_handle_user_id_fkey FOREIGN KEY (user_id) REFERENCES "user"(user_id) ON UPDATE CASCADE ON DELETE CASCADE
);
COMMENT ON TABLE extra_handle IS 'handles that somebody uses beside the main one; user_handle keeps which counted when';
CREATE INDEX extra_handle_by_name ON extra_handle (username, platform);
CREATE TRIGGER extra_handle_added AFTER INSERT ON extra_handle REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION mark_days_of_extra_handles();
CREATE CONSTRAINT TRIGGER extra_handle_is_one_persons AFTER INSERT OR UPDATE ON extra_handle DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_shared_extra_handle();
CREATE TRIGGER extra_handle_kept AFTER INSERT OR DELETE ON extra_handle FOR EACH ROW EXECUTE FUNCTION keep_extra_handle();
CREATE TRIGGER extra_handle_removed AFTER DELETE ON extra_handle REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION mark_days_of_extra_handles();

CREATE TABLE job_run (
    run_id bigint DEFAULT nextval('runs_run_id_seq'::regclass) NOT NULL,
    job text NOT NULL,
    status text NOT NULL,
    started_at timestamptz NOT NULL,
    finished_at timestamptz NOT NULL,
    exit_code smallint NOT NULL,
    error jsonb,
    CONSTRAINT job_run_status_check CHECK ((status = ANY (ARRAY['done'::text, 'partial'::text, 'failed'::text]))),
    CONSTRAINT job_run_pkey PRIMARY KEY (run_id)
);
COMMENT ON TABLE job_run IS 'one execution of a job that cron woke and that did something or failed; fetches are in runs';
CREATE INDEX job_run_by_job ON job_run (job, run_id DESC);

CREATE TABLE complaint (
    complaint_id bigint GENERATED ALWAYS AS IDENTITY,
    -- the client whose posts it is about; for a directorate's not the person's own
    client_id text NOT NULL,
    user_id text NOT NULL,
    -- null: both
    platform text,
    -- the handle that the person told
    username text,
    issue text NOT NULL,
    -- the account, as in the audit log
    filed_by text NOT NULL,
    filed_at timestamptz NOT NULL,
    closed_at timestamptz,
    -- the day whose list it is about
    day date NOT NULL,
    -- how it came
    via text NOT NULL,
    -- the platforms' part of the JSON of `absensi explain` as it was then; empty of complaints older than this column
    figures jsonb DEFAULT '{}'::jsonb NOT NULL,
    -- when a reading was found to show what the figures lack
    proved_at timestamptz,
    -- the posts that it shows: platform, id, seen_at, seen_as
    proof jsonb,
    -- the account, as in the audit log
    closed_by text,
    -- what whoever closed it says
    answer text,
    -- open, proved by a later reading, or closed by a person
    status text GENERATED ALWAYS AS (
CASE
    WHEN (closed_at IS NOT NULL) THEN 'closed'::text
    WHEN (proved_at IS NOT NULL) THEN 'proved'::text
    ELSE 'open'::text
END) STORED NOT NULL,
    CONSTRAINT complaint_check CHECK (((proved_at IS NULL) = (proof IS NULL))),
    CONSTRAINT complaint_platform_check CHECK ((platform = ANY (ARRAY['insta'::text, 'tiktok'::text]))),
    CONSTRAINT complaint_via_check CHECK ((via = ANY (ARRAY['command'::text, 'page'::text, 'dashboard'::text, 'whatsapp'::text]))),
    CONSTRAINT complaint_pkey PRIMARY KEY (complaint_id),
    CONSTRAINT complaint_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(client_id) ON UPDATE CASCADE ON DELETE CASCADE,
    CONSTRAINT complaint_user_id_fkey FOREIGN KEY (user_id) REFERENCES "user"(user_id) ON UPDATE CASCADE ON DELETE CASCADE
);
COMMENT ON TABLE complaint IS 'what people say about the list of a client''s posts: that they have done what it does not show';
CREATE INDEX complaint_by_client ON complaint (client_id, filed_at);
CREATE UNIQUE INDEX complaint_once ON complaint (user_id, client_id, platform, day, md5(issue)) NULLS NOT DISTINCT WHERE (closed_at IS NULL);
CREATE INDEX complaint_open ON complaint (client_id) WHERE (status = 'open'::text);

CREATE TABLE password_reset (
    account_id bigint NOT NULL,
    -- as it was then: a code is worthless once the account has changed
    account_version integer NOT NULL,
    -- sha256 of 100 bits that nobody guesses
    code_hash bytea NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT password_reset_code_hash_key UNIQUE (code_hash),
    CONSTRAINT password_reset_pkey PRIMARY KEY (account_id),
    CONSTRAINT password_reset_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(account_id) ON DELETE CASCADE
);
COMMENT ON TABLE password_reset IS 'codes that were asked for with "Lupa password?"; each is good once';

CREATE TABLE table_size (
    day date NOT NULL,
    table_name text NOT NULL,
    bytes bigint NOT NULL,
    CONSTRAINT table_size_pkey PRIMARY KEY (table_name, day)
);
COMMENT ON TABLE table_size IS 'the size of each table at each day''s backup, for 400 days';

CREATE TABLE correction (
    correction_id bigint GENERATED ALWAYS AS IDENTITY,
    client_id text NOT NULL,
    platform text NOT NULL,
    post_id bigint NOT NULL,
    -- for whom the post counts as done; null: the post is out, for everybody
    user_id text,
    reason text NOT NULL,
    made_at timestamptz DEFAULT cicero_now() NOT NULL,
    made_by text NOT NULL,
    ended_at timestamptz,
    ended_by text,
    CONSTRAINT correction_check CHECK ((ended_at >= made_at)),
    CONSTRAINT correction_platform_check CHECK ((platform = ANY (ARRAY['insta'::text, 'tiktok'::text]))),
    CONSTRAINT correction_reason_check CHECK ((reason <> ''::text)),
    CONSTRAINT correction_pkey PRIMARY KEY (correction_id),
    CONSTRAINT correction_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(client_id) ON UPDATE CASCADE ON DELETE CASCADE
);
COMMENT ON TABLE correction IS 'decided by a person, from made_at up to ended_at: the post counts as done for this user, or is out';
CREATE INDEX correction_by_post ON correction (client_id, platform, post_id);
CREATE INDEX correction_by_user ON correction (user_id) WHERE (user_id IS NOT NULL);
CREATE UNIQUE INDEX correction_in_force ON correction (client_id, platform, post_id, COALESCE(user_id, ''::text)) WHERE (ended_at IS NULL);
CREATE TRIGGER correction_applies AFTER INSERT OR DELETE OR UPDATE ON correction FOR EACH ROW EXECUTE FUNCTION apply_correction();
CREATE CONSTRAINT TRIGGER correction_changes_data_version AFTER INSERT OR DELETE OR UPDATE ON correction DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note_change();

CREATE TABLE report (
    report_id bigint GENERATED ALWAYS AS IDENTITY,
    client_id text NOT NULL,
    -- a directorate's part about this unit's people; null: the whole
    unit_id text,
    -- of a recap the last one
    day date NOT NULL,
    scope text NOT NULL,
    -- when the report was due; of a recap its days; of a task list the how-manieth of the day; of a ranking what is ranked and the days
    slot text NOT NULL,
    made_at timestamptz NOT NULL,
    -- each platform's attendance (domain/attendance/absensi.py), users as arrays; of a recap, a task list and a ranking the JSON of their `show`
    data jsonb NOT NULL,
    kind text DEFAULT 'laphar'::text NOT NULL,
    CONSTRAINT report_kind_check CHECK ((kind = ANY (ARRAY['laphar'::text, 'rekap'::text, 'tugas'::text, 'peringkat'::text]))),
    CONSTRAINT report_pkey PRIMARY KEY (report_id),
    CONSTRAINT report_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(client_id) ON UPDATE CASCADE ON DELETE CASCADE
);
COMMENT ON TABLE report IS 'what a laphar, recap, task list or ranking said that was sent, once per client, day, scope and slot, and again where it had changed';
CREATE INDEX report_by_client_and_day ON report (client_id, day, made_at);

CREATE TABLE client_import (
    import_id bigint GENERATED ALWAYS AS IDENTITY,
    -- as the history says it: what the import made known is known from then
    at timestamptz DEFAULT cicero_now() NOT NULL,
    source text NOT NULL,
    actor text NOT NULL,
    added integer NOT NULL,
    changed integer NOT NULL,
    deactivated integer NOT NULL,
    refused integer NOT NULL,
    undone_at timestamptz,
    undone_by text,
    CONSTRAINT client_import_pkey PRIMARY KEY (import_id)
);
COMMENT ON TABLE client_import IS 'one import of clients that changed something';

CREATE TABLE client_import_change (
    import_id bigint NOT NULL,
    client_id text NOT NULL,
    -- the client's local day: the change holds from then on
    day date NOT NULL,
    before jsonb,
    after jsonb NOT NULL,
    CONSTRAINT client_import_change_pkey PRIMARY KEY (import_id, client_id),
    CONSTRAINT client_import_change_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(client_id) ON UPDATE CASCADE ON DELETE CASCADE,
    CONSTRAINT client_import_change_import_id_fkey FOREIGN KEY (import_id) REFERENCES client_import(import_id) ON DELETE CASCADE
);
COMMENT ON TABLE client_import_change IS 'which fields an import changed of which client; of a new one (before is null) all';
CREATE INDEX client_import_change_by_client ON client_import_change (client_id);

CREATE TABLE user_former_id (
    user_id text NOT NULL,
    until timestamptz DEFAULT cicero_now() NOT NULL,
    former_id text NOT NULL,
    CONSTRAINT user_former_id_pkey PRIMARY KEY (user_id, until)
);
COMMENT ON TABLE user_former_id IS 'the ids that people had: what is shown as of a moment before `until` has the former one';

CREATE TABLE inbound (
    gateway text NOT NULL,
    message_id text NOT NULL,
    -- the number that wrote
    sender text NOT NULL,
    -- what it was understood as: cek, stop, mulai, …; other for anything else
    request text NOT NULL,
    came_at timestamptz NOT NULL,
    -- whether a message went into the outbox for it
    answered boolean NOT NULL,
    CONSTRAINT inbound_pkey PRIMARY KEY (gateway, message_id)
);
COMMENT ON TABLE inbound IS 'messages of known numbers, each handled once; thirty days, and never what was written';
CREATE INDEX inbound_by_age ON inbound (came_at);
CREATE INDEX inbound_by_sender ON inbound (sender, came_at);

CREATE TABLE reminder_choice (
    user_id text NOT NULL,
    chosen_at timestamptz NOT NULL,
    wants_reminders boolean NOT NULL,
    CONSTRAINT reminder_choice_pkey PRIMARY KEY (user_id, chosen_at),
    CONSTRAINT reminder_choice_user_id_fkey FOREIGN KEY (user_id) REFERENCES "user"(user_id) ON UPDATE CASCADE ON DELETE CASCADE
);
COMMENT ON TABLE reminder_choice IS 'when somebody''s reminders were turned off and on (user.wa_opt_in), whoever did it';
CREATE INDEX reminder_choice_by_time ON reminder_choice (chosen_at);

CREATE TABLE holiday (
    holiday_id bigint GENERATED ALWAYS AS IDENTITY,
    -- of this client alone; null: of all
    client_id text,
    day date NOT NULL,
    name text NOT NULL,
    known_from timestamptz DEFAULT cicero_now() NOT NULL,
    -- infinity: it holds; else it was taken back then
    known_until timestamptz DEFAULT 'infinity'::timestamptz NOT NULL,
    CONSTRAINT holiday_check CHECK ((known_from <= known_until)),
    CONSTRAINT holiday_name_check CHECK ((name <> ''::text)),
    CONSTRAINT holiday_pkey PRIMARY KEY (holiday_id),
    CONSTRAINT holiday_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(client_id) ON UPDATE CASCADE ON DELETE CASCADE
);
COMMENT ON TABLE holiday IS 'days off of those clients whose days_off names holidays; ended, never removed, for reports as of an earlier moment';
CREATE UNIQUE INDEX holiday_in_force ON holiday (day, COALESCE(client_id, ''::text)) WHERE (known_until = 'infinity'::timestamptz);

CREATE TABLE attachment (
    sha256 text NOT NULL,
    content bytea NOT NULL,
    -- when a message with it was queued last
    kept_at timestamptz NOT NULL,
    CONSTRAINT attachment_pkey PRIMARY KEY (sha256)
);
COMMENT ON TABLE attachment IS 'files of messages, each content once; a week after all of its messages went out it is pruned';

CREATE TABLE comment_habit (
    host text NOT NULL,
    comment_order text,
    page_size integer,
    learnt_at timestamptz NOT NULL,
    CONSTRAINT comment_habit_comment_order_check CHECK ((comment_order = ANY (ARRAY['newest_first'::text, 'oldest_first'::text, 'ranked'::text, 'none'::text]))),
    CONSTRAINT comment_habit_page_size_check CHECK ((page_size > 0)),
    CONSTRAINT comment_habit_pkey PRIMARY KEY (host)
);
COMMENT ON TABLE comment_habit IS 'what was learnt of a provider''s comments: in which order they come, and how many on a page';

CREATE TABLE handle_check (
    platform text NOT NULL,
    username text NOT NULL,
    checked_at timestamptz NOT NULL,
    -- open: there, with posts; refused: the upstream shows nothing and does not say why
    state text NOT NULL,
    -- the account's name now
    called text,
    CONSTRAINT handle_check_check CHECK (((state = 'renamed'::text) = (called IS NOT NULL))),
    CONSTRAINT handle_check_platform_check CHECK ((platform = ANY (ARRAY['insta'::text, 'tiktok'::text]))),
    CONSTRAINT handle_check_state_check CHECK ((state = ANY (ARRAY['open'::text, 'private'::text, 'no_posts'::text, 'renamed'::text, 'gone'::text, 'refused'::text]))),
    CONSTRAINT handle_check_pkey PRIMARY KEY (platform, username)
);
COMMENT ON TABLE handle_check IS 'handles on file that no reading has shown, as the upstream knew them when it was asked (user check --handles)';

CREATE TABLE former_post_day (
    client_id text NOT NULL,
    platform text NOT NULL,
    post_id bigint NOT NULL,
    day date NOT NULL,
    until timestamptz NOT NULL,
    CONSTRAINT former_post_day_platform_check CHECK ((platform = ANY (ARRAY['insta'::text, 'tiktok'::text]))),
    CONSTRAINT former_post_day_pkey PRIMARY KEY (client_id, platform, post_id, until),
    CONSTRAINT former_post_day_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(client_id) ON UPDATE CASCADE ON DELETE CASCADE
);
COMMENT ON TABLE former_post_day IS 'the day that a post had up to a moment at which somebody changed posts_until for past days: for --as-of';

CREATE TABLE sender (
    name text NOT NULL,
    -- null: that of CICERO_WHATSAPP
    gateway text,
    -- of the gateway; of a file the path that messages are written to
    url text,
    -- WAHA's session, gowa's device or the Cloud API's phone number id
    session text,
    -- gowa's user
    login text,
    -- where the key, password or token is; never the key itself
    key_file text,
    webhook_secret_file text,
    -- seconds between messages, as CICERO_WA_GAP; null: as the settings say. So gap_user and daily_cap
    gap text,
    gap_user text,
    daily_cap integer,
    -- whether people who have no chat yet are spread over it
    in_pool boolean DEFAULT false NOT NULL,
    -- since when a person has stopped it; null: it sends
    paused_at timestamptz,
    paused_by text,
    pause_reason text,
    CONSTRAINT sender_daily_cap_check CHECK ((daily_cap > 0)),
    CONSTRAINT sender_default_has_settings CHECK (((name = 'default'::text) = (gateway IS NULL))),
    CONSTRAINT sender_gateway_check CHECK ((gateway = ANY (ARRAY['waha'::text, 'gowa'::text, 'cloud'::text, 'file'::text]))),
    CONSTRAINT sender_name_check CHECK ((name ~ '^[a-z0-9][a-z0-9-]{0,30}$'::text)),
    CONSTRAINT sender_pkey PRIMARY KEY (name)
);
COMMENT ON TABLE sender IS 'WhatsApp accounts beside that of the settings, and what was said of any of them; keys stay in files';

CREATE TABLE handle_proposal (
    proposal_id bigint GENERATED ALWAYS AS IDENTITY,
    user_id text NOT NULL,
    platform text NOT NULL,
    username text NOT NULL,
    proposed_at timestamptz NOT NULL,
    -- null while it is open; replaced by a later one of the same person
    outcome text,
    settled_at timestamptz,
    -- the account, as in the audit log
    settled_by text,
    CONSTRAINT handle_proposal_check CHECK (((outcome IS NULL) = (settled_at IS NULL))),
    CONSTRAINT handle_proposal_outcome_check CHECK ((outcome = ANY (ARRAY['accepted'::text, 'refused'::text, 'replaced'::text]))),
    CONSTRAINT handle_proposal_platform_check CHECK ((platform = ANY (ARRAY['insta'::text, 'tiktok'::text]))),
    CONSTRAINT handle_proposal_username_check CHECK ((username = lower(username))),
    CONSTRAINT handle_proposal_pkey PRIMARY KEY (proposal_id),
    CONSTRAINT handle_proposal_user_id_fkey FOREIGN KEY (user_id) REFERENCES "user"(user_id) ON UPDATE CASCADE ON DELETE CASCADE
);
COMMENT ON TABLE handle_proposal IS 'handles that people wrote to the account (IG @…, TT @…), for an operator to accept or refuse';
CREATE UNIQUE INDEX handle_proposal_open ON handle_proposal (user_id, platform) WHERE (outcome IS NULL);

CREATE TABLE recipient (
    client_id text NOT NULL,
    -- a number or a group
    recipient text NOT NULL,
    name text,
    -- only the part of these divisions; none: the whole report
    divisi text[] DEFAULT '{}'::text[] NOT NULL,
    -- which reports
    what text[] NOT NULL,
    -- which lists of the laphar; null: those that the others get
    mode text,
    -- its own times of the laphar as 15:00,18:00; null: the client's
    at text,
    -- no slot of its own times that began before is started
    since timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT recipient_mode_check CHECK ((mode = ANY (ARRAY['belum'::text, 'sudah'::text, 'semua'::text, 'akumulasi'::text]))),
    CONSTRAINT recipient_name_check CHECK ((name <> ''::text)),
    CONSTRAINT recipient_recipient_check CHECK (((recipient ~ '^[1-9][0-9]{7,14}$'::text) OR (recipient ~ '^[0-9][0-9-]{9,40}@g[.]us$'::text))),
    CONSTRAINT recipient_what_check CHECK (((what <> '{}'::text[]) AND (what <@ ARRAY['laphar'::text, 'rekap'::text, 'tugas'::text, 'peringkat'::text]))),
    CONSTRAINT recipient_pkey PRIMARY KEY (client_id, recipient),
    CONSTRAINT recipient_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(client_id) ON UPDATE CASCADE ON DELETE CASCADE
);
COMMENT ON TABLE recipient IS 'who gets a client''s reports beside its group, operator, super admin and ADMIN_WHATSAPP';
CREATE UNIQUE INDEX recipient_by_name ON recipient (client_id, lower(name)) WHERE (name IS NOT NULL);

CREATE FUNCTION apply_correction() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    made correction := COALESCE(NEW, OLD);
    since timestamptz;
BEGIN
    IF made.user_id IS NULL THEN
        SELECT made_at INTO since
        FROM correction
        WHERE client_id = made.client_id AND platform = made.platform AND post_id = made.post_id
            AND user_id IS NULL AND ended_at IS NULL;
        UPDATE insta_post SET excluded_at = since WHERE made.platform = 'insta' AND post_id = made.post_id;
        UPDATE tiktok_post SET excluded_at = since WHERE made.platform = 'tiktok' AND post_id = made.post_id;
    ELSE
        INSERT INTO stale_day (client_id, platform, day)
        SELECT client_id, platform, day
        FROM post
        WHERE platform = made.platform AND post_id = made.post_id
        ON CONFLICT (client_id, platform, day) DO UPDATE SET marked_at = now();
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION apply_leave(of_user text, from_day date, to_day date) RETURNS void
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION assign_user(of_user text, to_client text, from_day date, until_day date, is_assigned boolean) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    at_now timestamptz := cicero_now();
    old user_assignment;
BEGIN
    FOR old IN
        SELECT *
        FROM user_assignment
        WHERE user_id = of_user AND client_id = to_client AND known_until = 'infinity'
            AND valid_from < until_day AND valid_until > from_day
        ORDER BY valid_from
        FOR UPDATE
    LOOP
        DELETE FROM user_assignment
        WHERE user_id = of_user AND client_id = to_client AND valid_from = old.valid_from
            AND known_from = old.known_from AND known_from >= at_now;
        UPDATE user_assignment
        SET known_until = at_now
        WHERE user_id = of_user AND client_id = to_client AND valid_from = old.valid_from
            AND known_from = old.known_from;
        INSERT INTO user_assignment (user_id, client_id, valid_from, valid_until, known_from)
        SELECT of_user, to_client, part.valid_from, part.valid_until, at_now
        FROM (
            VALUES
                (old.valid_from, LEAST(old.valid_until, from_day)),
                (GREATEST(old.valid_from, until_day), old.valid_until)
        ) AS part (valid_from, valid_until)
        WHERE part.valid_from < part.valid_until;
    END LOOP;
    INSERT INTO user_assignment (user_id, client_id, valid_from, valid_until, known_from)
    SELECT of_user, to_client, from_day, until_day, at_now
    WHERE is_assigned;
    PERFORM note_beginning(to_client);
    PERFORM mark_all_days(ARRAY[to_client]);
END
$$;

CREATE FUNCTION audience_at(of_client text, at_moment timestamptz) RETURNS TABLE(unit_id text, divisi_keys text[], is_alone boolean, valid_from date, valid_until date)
    LANGUAGE sql STABLE ROWS 10
    AS $$
    WITH RECURSIVE known AS (
        SELECT client_id, under, audience, audience_divisi, status, valid_from, valid_until
        FROM client_history
        WHERE known_from <= at_moment AND (known_until > at_moment OR known_until = 'infinity')
    ),
    posting AS (
        SELECT audience, audience_divisi, valid_from, valid_until
        FROM client_history
        WHERE client_id = of_client
            -- before anything was known of it, it was what was known first
            AND known_from <= GREATEST(
                at_moment, (SELECT min(known_from) FROM client_history WHERE client_id = of_client)
            )
            AND (known_until > at_moment OR known_until = 'infinity')
    ),
    below AS (
        SELECT unit.client_id, unit.status, posting.audience_divisi,
            GREATEST(unit.valid_from, posting.valid_from) AS valid_from,
            LEAST(unit.valid_until, posting.valid_until) AS valid_until
        FROM posting
        JOIN known AS unit
            ON unit.under = of_client
            AND unit.valid_from < posting.valid_until
            AND unit.valid_until > posting.valid_from
        WHERE posting.audience <> 'own'
        UNION ALL
        SELECT unit.client_id, unit.status, below.audience_divisi, GREATEST(unit.valid_from, below.valid_from),
            LEAST(unit.valid_until, below.valid_until)
        FROM below
        JOIN known AS unit
            ON unit.under = below.client_id
            AND unit.valid_from < below.valid_until
            AND unit.valid_until > below.valid_from
    ),
    part AS (
        SELECT of_client AS unit_id, NULL::text[] AS divisi_keys, audience = 'own' AS is_alone, valid_from, valid_until
        FROM posting
        WHERE audience <> 'below'
        UNION ALL
        SELECT client_id,
            CASE
                WHEN audience_divisi <> '{}'
                THEN ARRAY(SELECT DISTINCT division_key(divisi) FROM unnest(audience_divisi) AS divisi ORDER BY 1)
            END,
            false, valid_from, valid_until
        FROM below
        WHERE status
    )
    SELECT unit_id, divisi_keys, is_alone, lower(days), upper(days)
    FROM (
        SELECT unit_id, divisi_keys, is_alone, unnest(range_agg(daterange(valid_from, valid_until))) AS days
        FROM part
        GROUP BY unit_id, divisi_keys, is_alone
    ) AS merged
$$;

COMMENT ON FUNCTION audience_at(of_client text, at_moment timestamptz) IS 'the units of a client''s audience with their days, as known at a moment; infinity: as known now';

CREATE FUNCTION audience_owners(of_client text, on_platform text, known_at timestamptz) RETURNS TABLE(username text, user_id text, owned_from timestamptz, owned_until timestamptz)
    LANGUAGE sql STABLE
    AS $$
    WITH unit AS (
        SELECT array_agg(DISTINCT unit_id) AS ids FROM audience_at(of_client, known_at)
    ),
    assigned AS (
        SELECT array_agg(DISTINCT user_handle.user_id) AS ids, array_agg(DISTINCT user_handle.client_id) AS at_clients
        FROM user_assignment
        JOIN user_handle USING (user_id)
        WHERE user_assignment.client_id = of_client AND user_assignment.known_from <= known_at
    )
    SELECT owner.username, owner.user_id, owner.owned_from, owner.owned_until
    FROM unit
    CROSS JOIN LATERAL handle_owners(unit.ids, known_at) AS owner
    WHERE owner.platform = on_platform
    UNION ALL
    SELECT owner.username, owner.user_id, owner.owned_from, owner.owned_until
    FROM unit
    CROSS JOIN assigned
    CROSS JOIN LATERAL handle_owners(assigned.at_clients, known_at) AS owner
    WHERE owner.platform = on_platform
        AND owner.user_id = ANY (assigned.ids)
        AND NOT owner.client_id = ANY (COALESCE(unit.ids, '{}'))
$$;

COMMENT ON FUNCTION audience_owners(of_client text, on_platform text, known_at timestamptz) IS 'whose handles count on the posts of a client: those of all who are or ever were of its audience, as known at a moment';

CREATE FUNCTION build_audiences(of_client text) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    circle text;
    changed text;
BEGIN
    -- two changes at once could make a circle that neither sees
    PERFORM pg_advisory_xact_lock(hashtext('cicero: tree of clients'));
    WITH RECURSIVE up AS (
        SELECT under, valid_from, valid_until
        FROM client_history
        WHERE client_id = of_client AND known_until = 'infinity' AND under IS NOT NULL
        UNION ALL
        SELECT above.under, GREATEST(above.valid_from, up.valid_from), LEAST(above.valid_until, up.valid_until)
        FROM up
        JOIN client_history AS above
            ON above.client_id = up.under
            AND above.known_until = 'infinity'
            AND above.under IS NOT NULL
            AND above.valid_from < up.valid_until
            AND above.valid_until > up.valid_from
        WHERE up.under <> of_client
    )
    SELECT under INTO circle FROM up WHERE under = of_client LIMIT 1;
    IF circle IS NOT NULL THEN
        RAISE EXCEPTION 'client % would be below itself', of_client
            USING ERRCODE = 'check_violation', CONSTRAINT = 'clients_are_a_tree';
    END IF;
    FOR changed IN
        WITH RECURSIVE up AS (
            SELECT of_client AS client_id
            UNION
            SELECT client_history.under
            FROM up
            JOIN client_history USING (client_id)
            WHERE client_history.under IS NOT NULL
        )
        SELECT client_id FROM up JOIN clients USING (client_id) ORDER BY client_id
    LOOP
        CONTINUE WHEN NOT EXISTS (
            (
                SELECT unit_id, divisi_keys, is_alone, valid_from, valid_until FROM audience WHERE client_id = changed
                EXCEPT
                SELECT * FROM audience_at(changed, 'infinity')
            )
            UNION ALL
            (
                SELECT * FROM audience_at(changed, 'infinity')
                EXCEPT
                SELECT unit_id, divisi_keys, is_alone, valid_from, valid_until FROM audience WHERE client_id = changed
            )
        );
        DELETE FROM audience WHERE client_id = changed;
        INSERT INTO audience (client_id, unit_id, divisi_keys, is_alone, valid_from, valid_until)
        SELECT changed, unit_id, divisi_keys, is_alone, valid_from, valid_until
        FROM audience_at(changed, 'infinity');
        PERFORM note_beginning(changed);
        PERFORM mark_all_days(ARRAY[changed]);
    END LOOP;
END
$$;

CREATE FUNCTION choose_senders(recipients text[], client_ids text[], wanted text[], at timestamptz) RETURNS TABLE(place bigint, sender text)
    LANGUAGE sql STABLE
    AS $$
WITH known AS (
    SELECT message.place, message.recipient, COALESCE(message.wanted, clients.sender, last.sender) AS sender
    FROM unnest(recipients, client_ids, wanted) WITH ORDINALITY AS message (recipient, client_id, wanted, place)
    LEFT JOIN clients USING (client_id)
    LEFT JOIN LATERAL (
        SELECT earlier.sender
        FROM (
            (
                SELECT outbox.message_id, outbox.sender
                FROM outbox
                WHERE outbox.recipient = message.recipient AND outbox.status IN ('queued', 'sending', 'unknown')
                ORDER BY outbox.message_id DESC
                LIMIT 1
            )
            UNION ALL
            (
                SELECT outbox.message_id, outbox.sender
                FROM outbox
                WHERE outbox.recipient = message.recipient AND outbox.status IN ('accepted', 'delivered', 'read')
                ORDER BY outbox.message_id DESC
                LIMIT 1
            )
        ) AS earlier
        WHERE earlier.sender = 'default' OR EXISTS (SELECT FROM sender WHERE sender.name = earlier.sender)
        ORDER BY earlier.message_id DESC
        LIMIT 1
    ) AS last ON true
),
one_chat AS (
    SELECT known.place, known.recipient, COALESCE(known.sender, max(known.sender) OVER (PARTITION BY known.recipient)) AS sender
    FROM known
),
spread AS (
    SELECT person.recipient, person.sender
    FROM spread_over_pool(
        ARRAY(
            SELECT one_chat.recipient
            FROM one_chat
            WHERE one_chat.sender IS NULL AND one_chat.recipient NOT LIKE '%@g.us'
            ORDER BY one_chat.place
        ),
        at,
        NULL
    ) AS person
)
SELECT one_chat.place, COALESCE(one_chat.sender, spread.sender, 'default')
FROM one_chat LEFT JOIN spread USING (recipient)
$$;

COMMENT ON FUNCTION choose_senders(recipients text[], client_ids text[], wanted text[], at timestamptz) IS 'who sends each of these messages, by its place among them';

CREATE FUNCTION cicero_now() RETURNS timestamptz
    LANGUAGE sql STABLE
    AS $$
    SELECT COALESCE(NULLIF(current_setting('cicero.now', true), '')::timestamptz, now())
$$;

CREATE FUNCTION client_facts(of_client clients) RETURNS jsonb
    LANGUAGE sql IMMUTABLE
    AS $$
    SELECT jsonb_build_object(
        'nama', of_client.nama, 'timezone', of_client.timezone, 'threshold', of_client.threshold,
        'status', of_client.client_status, 'under', of_client.under, 'audience', of_client.audience,
        'audience_divisi', of_client.audience_divisi, 'days_off', of_client.days_off, 'posts_until', of_client.posts_until
    )
$$;

CREATE FUNCTION client_spans(client_ids text[], first_days date[], last_days date[]) RETURNS TABLE(client_id text, nama text, client_tiktok text, first_day date, last_day date, starts_at timestamptz, ends_at timestamptz)
    LANGUAGE sql STABLE
    AS $$
    SELECT clients.client_id, clients.nama, clients.client_tiktok, asked.first_day, asked.last_day,
        asked.first_day::timestamp AT TIME ZONE clients.timezone,
        (asked.last_day + 1)::timestamp AT TIME ZONE clients.timezone
    FROM (
        SELECT given.client_id, given.first_day, given.last_day
        FROM unnest(client_ids, first_days, last_days) AS given (client_id, first_day, last_day)
        LIMIT cardinality(client_ids)
    ) AS asked
    JOIN clients USING (client_id)
$$;

COMMENT ON FUNCTION client_spans(client_ids text[], first_days date[], last_days date[]) IS 'each client with its own days, the last one included, as moments: from starts_at up to, and without, ends_at';

CREATE FUNCTION day_of_post(of_client text, published_at timestamptz, in_zone text) RETURNS date
    LANGUAGE sql STABLE
    AS $$
    SELECT local.at::date + COALESCE(to_char(local.at, 'HH24:MI') > rule.posts_until, false)::int
    FROM (SELECT published_at AT TIME ZONE in_zone AS at) AS local
    LEFT JOIN client_history AS rule
        ON rule.client_id = of_client
        AND rule.known_until = 'infinity'
        AND rule.valid_from <= local.at::date
        AND rule.valid_until > local.at::date
$$;

COMMENT ON FUNCTION day_of_post(of_client text, published_at timestamptz, in_zone text) IS 'the local day of publication, or the next one where the rule of that day says so';

CREATE FUNCTION division_key(divisi text) RETURNS text
    LANGUAGE sql IMMUTABLE
    AS $$
    SELECT upper(regexp_replace(divisi, '[\W_]+', '', 'g'))
$$;

COMMENT ON FUNCTION division_key(divisi text) IS 'the same for every spelling of one division, as in domain/roster/ranks.py';

CREATE FUNCTION end_client() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF current_setting('cicero.erase', true) = OLD.client_id THEN
        RETURN OLD;
    END IF;
    DELETE FROM "user" WHERE client_id = OLD.client_id;
    DELETE FROM account_client WHERE client_id = OLD.client_id;
    DELETE FROM heading_choice WHERE client_id = OLD.client_id;
    DELETE FROM job_slot WHERE client_id = OLD.client_id;
    UPDATE sessions SET client_id = NULL WHERE client_id = OLD.client_id;
    UPDATE outbox
    SET status = 'cancelled', error_code = 'by_hand'
    WHERE client_id = OLD.client_id AND status = 'queued';
    UPDATE clients
    SET removed_at = cicero_now(), client_status = false
    WHERE client_id = OLD.client_id AND removed_at IS NULL;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION end_client() IS 'keeps the past of a client that is deleted, unless the setting cicero.erase names it';

CREATE FUNCTION expected_at(of_client text, on_platform text, on_day date, at_moment timestamptz) RETURNS TABLE(user_id text, unit_id text, nama text, title text, divisi text, username text, exception boolean)
    LANGUAGE sql STABLE
    AS $$
    WITH known AS MATERIALIZED (
        SELECT person.*
        FROM (
            SELECT unit_id FROM audience_at(of_client, at_moment) WHERE valid_from <= on_day AND valid_until > on_day
            UNION
            SELECT home.client_id
            FROM user_assignment
            JOIN user_history AS home USING (user_id)
            WHERE user_assignment.client_id = of_client
        ) AS place
        JOIN user_history AS person
            ON person.client_id = place.unit_id
            AND person.known_from <= at_moment
            AND (person.known_until > at_moment OR person.known_until = 'infinity')
            AND person.valid_from <= on_day
            AND person.valid_until > on_day
            AND person.status
    ),
    of_unit AS MATERIALIZED (
        SELECT known.*
        FROM audience_at(of_client, at_moment) AS audience
        JOIN known
            ON known.client_id = audience.unit_id
            AND (audience.is_alone OR NOT (known.is_elsewhere OR known.is_backdated))
            AND (audience.divisi_keys IS NULL OR known.divisi_key = ANY (audience.divisi_keys))
        WHERE audience.valid_from <= on_day AND audience.valid_until > on_day
    )
    SELECT person.user_id, person.client_id, person.nama, person.title, person.divisi,
        CASE on_platform WHEN 'insta' THEN person.insta ELSE person.tiktok END,
        person.exception OR person.leave IS NOT NULL
    FROM (
        SELECT * FROM of_unit
        UNION ALL
        SELECT known.*
        FROM user_assignment AS given
        JOIN known ON known.user_id = given.user_id AND NOT known.is_elsewhere
        WHERE given.client_id = of_client
            AND given.known_from <= at_moment
            AND (given.known_until > at_moment OR given.known_until = 'infinity')
            AND given.valid_from <= on_day
            AND given.valid_until > on_day
            AND NOT EXISTS (SELECT FROM of_unit WHERE of_unit.user_id = given.user_id)
    ) AS person
$$;

COMMENT ON FUNCTION expected_at(of_client text, on_platform text, on_day date, at_moment timestamptz) IS 'who is expected on a client''s posts of one day, as known at a moment (infinity: now); user_of_day is the same for all days, as known now';

CREATE FUNCTION first_day_of_new_user(of_client text) RETURNS date
    LANGUAGE sql STABLE
    AS $$
    SELECT CASE
        WHEN (
            SELECT min(user_history.known_from)
            FROM user_history
            WHERE user_history.client_id = of_client AND NOT never
        ) < (today_of(of_client)::timestamp AT TIME ZONE clients.timezone)
        THEN today_of(of_client)
        ELSE '-infinity'
    END
    FROM clients
    WHERE clients.client_id = of_client
$$;

CREATE FUNCTION give_back_handles_of_removed() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    PERFORM give_handle_back(clients.client_id, held.platform, held.username, OLD.user_id)
    FROM (VALUES ('insta', OLD.insta), ('tiktok', OLD.tiktok)) AS held (platform, username)
    JOIN clients ON clients.client_id = OLD.client_id
    WHERE held.username IS NOT NULL;
    RETURN NULL;
END
$$;

CREATE FUNCTION give_handle_back(of_client text, on_platform text, handle text, by_user text) RETURNS void
    LANGUAGE plpgsql
    SET enable_seqscan TO 'off'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
BEGIN
    PERFORM take_handle(of_client, on_platform, handle, user_id)
    FROM (
        SELECT user_id
        FROM handle_on_file
        WHERE client_id IS NOT DISTINCT FROM of_client AND platform = on_platform AND username = handle AND user_id <> by_user
        ORDER BY status DESC, user_id
        LIMIT 1
    ) AS holder;
END
$$;

CREATE FUNCTION handle_owners(known_at timestamptz) RETURNS TABLE(client_id text, platform text, username text, user_id text, owned_from timestamptz, owned_until timestamptz)
    LANGUAGE sql STABLE
    AS $$
    SELECT held.client_id, held.platform, held.username, held.user_id,
        CASE WHEN row_number() OVER by_time = 1 THEN '-infinity' ELSE held.since END,
        lead(held.since, 1, 'infinity') OVER by_time
    FROM user_handle AS held
    WHERE COALESCE(held.known_from, held.since) <= known_at AND (held.taken_back_at IS NULL OR held.taken_back_at > known_at)
    WINDOW by_time AS (PARTITION BY held.client_id, held.platform, held.username ORDER BY held.since)
$$;

COMMENT ON FUNCTION handle_owners(known_at timestamptz) IS 'whose a handle was from when up to, and without, when, by what was known at a moment; infinity: by what we know now';

CREATE FUNCTION handle_owners(of_clients text[], known_at timestamptz) RETURNS TABLE(client_id text, platform text, username text, user_id text, owned_from timestamptz, owned_until timestamptz)
    LANGUAGE sql STABLE
    AS $$
    SELECT held.client_id, held.platform, held.username, held.user_id,
        CASE WHEN row_number() OVER by_time = 1 THEN '-infinity' ELSE held.since END,
        lead(held.since, 1, 'infinity') OVER by_time
    FROM user_handle AS held
    WHERE held.client_id = ANY (of_clients)
        AND COALESCE(held.known_from, held.since) <= known_at AND (held.taken_back_at IS NULL OR held.taken_back_at > known_at)
    WINDOW by_time AS (PARTITION BY held.client_id, held.platform, held.username ORDER BY held.since)
$$;

COMMENT ON FUNCTION handle_owners(of_clients text[], known_at timestamptz) IS 'as handle_owners(timestamptz), among the people of these clients';

CREATE FUNCTION has_begun_before_today(of_client text) RETURNS boolean
    LANGUAGE sql STABLE
    AS $$
    SELECT EXISTS (
        SELECT
        FROM audience_beginning
        JOIN clients USING (client_id)
        WHERE client_id = of_client AND began_at < (today_of(of_client)::timestamp AT TIME ZONE timezone)
    )
$$;

CREATE FUNCTION hold_handle(person "user", on_platform text, handle text) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF person.status OR NOT EXISTS (
        SELECT
        FROM handle_on_file
        WHERE client_id = person.client_id AND user_id <> person.user_id AND status AND platform = on_platform
            AND username = handle
    ) THEN
        PERFORM take_handle(person.client_id, on_platform, handle, person.user_id);
    END IF;
    -- it counts for the user's days at other clients too, unless somebody there ever had it
    INSERT INTO user_handle (client_id, platform, username, since, user_id)
    SELECT DISTINCT before.client_id, on_platform, handle, cicero_now(), person.user_id
    FROM user_history AS before
    WHERE before.user_id = person.user_id AND before.client_id <> person.client_id
        AND NOT EXISTS (
            SELECT
            FROM user_handle AS held
            WHERE held.client_id = before.client_id AND held.platform = on_platform
                AND held.username = handle AND held.taken_back_at IS NULL
        )
    ON CONFLICT DO NOTHING;
END
$$;

CREATE FUNCTION keep_absence_of_post() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF OLD.deleted_at < cicero_now() THEN
        NEW.absent := COALESCE(OLD.absent, '{}') + tstzmultirange(tstzrange(OLD.deleted_at, cicero_now()));
    END IF;
    RETURN NEW;
END
$$;

CREATE FUNCTION keep_client_history() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    facts jsonb := client_facts(NEW);
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO client_history
        SELECT (
            jsonb_populate_record(
                NULL::client_history,
                facts || jsonb_build_object(
                    'client_id', NEW.client_id, 'under', NULL, 'valid_from', '-infinity', 'valid_until', 'infinity',
                    'known_from', cicero_now(), 'known_until', 'infinity'
                )
            )
        ).*;
        PERFORM build_audiences(NEW.client_id);
        PERFORM patch_client_history(
            NEW.client_id, CASE WHEN makes_past(NEW.under) THEN '-infinity' ELSE today_of(NEW.client_id) END, 'infinity',
            jsonb_build_object('under', NEW.under)
        )
        WHERE NEW.under IS NOT NULL;
        RETURN NULL;
    END IF;
    PERFORM patch_client_history(
        NEW.client_id,
        LEAST((cicero_now() AT TIME ZONE OLD.timezone)::date, (cicero_now() AT TIME ZONE NEW.timezone)::date),
        'infinity',
        facts
    );
    -- the beginning: what is set up before anybody was asked holds for all days
    IF (NEW.audience, NEW.audience_divisi) IS DISTINCT FROM (OLD.audience, OLD.audience_divisi)
        AND NOT has_begun_before_today(NEW.client_id)
    THEN
        PERFORM patch_client_history(
            NEW.client_id, '-infinity', 'infinity',
            jsonb_build_object('audience', NEW.audience, 'audience_divisi', NEW.audience_divisi)
        );
    END IF;
    IF NEW.under IS DISTINCT FROM OLD.under AND makes_past(NEW.under)
        AND NOT EXISTS (
            SELECT
            FROM client_history
            WHERE client_id = NEW.client_id AND known_until = 'infinity' AND under <> NEW.under
        )
        AND NEW.under IS NOT NULL
        -- whoever was set up the wrong way round and is turned is below the other from today on
        AND NOT EXISTS (
            WITH RECURSIVE up AS (
                SELECT under
                FROM client_history
                WHERE client_id = NEW.under AND known_until = 'infinity' AND under IS NOT NULL
                UNION
                SELECT above.under
                FROM up
                JOIN client_history AS above
                    ON above.client_id = up.under AND above.known_until = 'infinity' AND above.under IS NOT NULL
            )
            SELECT FROM up WHERE under = NEW.client_id
        )
    THEN
        PERFORM patch_client_history(NEW.client_id, '-infinity', 'infinity', jsonb_build_object('under', NEW.under));
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION keep_extra_handle() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM hold_handle("user", NEW.platform, NEW.username) FROM "user" WHERE user_id = NEW.user_id;
    ELSE
        PERFORM give_handle_back(client_id, OLD.platform, OLD.username, OLD.user_id)
        FROM "user"
        WHERE user_id = OLD.user_id;
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION keep_former_id() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE user_former_id SET user_id = NEW.user_id WHERE user_id = OLD.user_id;
    INSERT INTO user_former_id (user_id, former_id)
    VALUES (NEW.user_id, OLD.user_id)
    ON CONFLICT DO NOTHING; -- twice at one moment: the first is what was known before
    RETURN NULL;
END
$$;

CREATE FUNCTION keep_leave_in_history() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION keep_reminder_choice() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO reminder_choice (user_id, chosen_at, wants_reminders)
    VALUES (NEW.user_id, cicero_now(), NEW.wa_opt_in)
    ON CONFLICT (user_id, chosen_at) DO UPDATE SET wants_reminders = EXCLUDED.wants_reminders;
    RETURN NULL;
END
$$;

CREATE FUNCTION keep_user_handles() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    of_platform text;
    old_handle text;
    new_handle text;
    is_moved boolean := TG_OP = 'INSERT' OR NEW.client_id <> OLD.client_id;
BEGIN
    IF TG_OP = 'UPDATE' AND is_moved AND NOT EXISTS (SELECT FROM clients WHERE client_id = OLD.client_id) THEN
        RETURN NULL;  -- the client has another id, and the rows follow by foreign key
    END IF;
    IF TG_OP = 'UPDATE' THEN
        DELETE FROM extra_handle  -- the main one now; beside none there is no other
        WHERE user_id = NEW.user_id
            AND username = COALESCE(CASE platform WHEN 'insta' THEN NEW.insta ELSE NEW.tiktok END, username);
    END IF;
    FOR of_platform, new_handle, old_handle IN
        SELECT 'insta', NEW.insta, CASE WHEN TG_OP = 'UPDATE' THEN OLD.insta END
        UNION ALL
        SELECT 'tiktok', NEW.tiktok, CASE WHEN TG_OP = 'UPDATE' THEN OLD.tiktok END
        UNION ALL
        SELECT platform, username, username
        FROM extra_handle
        WHERE user_id = NEW.user_id
    LOOP
        IF new_handle IS NOT NULL
            AND (is_moved OR new_handle IS DISTINCT FROM old_handle OR (NEW.status AND NOT OLD.status))
        THEN
            PERFORM hold_handle(NEW, of_platform, new_handle);
        END IF;
        IF old_handle IS NOT NULL AND (is_moved OR new_handle IS DISTINCT FROM old_handle) THEN
            PERFORM give_handle_back(OLD.client_id, of_platform, old_handle, OLD.user_id);
        END IF;
    END LOOP;
    IF is_moved THEN
        INSERT INTO user_handle (client_id, platform, username, since, user_id)
        SELECT DISTINCT NEW.client_id, former.platform, former.username, cicero_now(), NEW.user_id
        FROM user_handle AS former
        WHERE former.user_id = NEW.user_id AND former.client_id <> NEW.client_id AND former.taken_back_at IS NULL
            AND NOT EXISTS (
                SELECT
                FROM user_handle AS held
                WHERE held.client_id = NEW.client_id AND held.platform = former.platform
                    AND held.username = former.username AND held.taken_back_at IS NULL
            )
        ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION keep_user_history() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM put_on_roster(NEW, first_day_of_new_user(NEW.client_id));
    ELSIF TG_OP = 'DELETE' THEN
        -- with its client gone, the history goes too
        PERFORM patch_user_history(
            OLD.user_id, OLD.client_id, today_of(OLD.client_id), 'infinity', '{"status": false}'
        )
        FROM clients
        WHERE client_id = OLD.client_id;
    ELSE
        IF NEW.user_id <> OLD.user_id THEN
            UPDATE user_history SET user_id = NEW.user_id WHERE user_id = OLD.user_id;
            UPDATE user_handle SET user_id = NEW.user_id WHERE user_id = OLD.user_id;
        END IF;
        IF NEW.client_id = OLD.client_id THEN
            PERFORM put_on_roster(NEW, today_of(NEW.client_id));
        ELSIF EXISTS (SELECT FROM clients WHERE client_id = OLD.client_id) THEN
            PERFORM patch_user_history(
                NEW.user_id, OLD.client_id, today_of(OLD.client_id), 'infinity', '{"status": false}'
            );
            PERFORM put_on_roster(NEW, first_day_of_new_user(NEW.client_id));
        END IF;
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION local_time(moment timestamptz, zone text) RETURNS text
    LANGUAGE sql STABLE
    AS $$
    SELECT (to_json(moment AT TIME ZONE zone) #>> '{}')
        || to_char((moment AT TIME ZONE zone) - (moment AT TIME ZONE 'UTC'), '"+"HH24:MI')
$$;

COMMENT ON FUNCTION local_time(moment timestamptz, zone text) IS 'ISO 8601 with the offset of a zone east of Greenwich, such as 2026-11-25T21:00:00+07:00';

CREATE FUNCTION makes_past(upper_client text) RETURNS boolean
    LANGUAGE sql STABLE
    AS $$
    WITH RECURSIVE up AS (
        SELECT upper_client AS client_id
        UNION
        SELECT above.under
        FROM up
        JOIN client_history AS above USING (client_id)
        WHERE above.under IS NOT NULL AND above.known_until = 'infinity'
    )
    SELECT NOT EXISTS (
        SELECT
        FROM up
        JOIN client_history AS above USING (client_id)
        WHERE above.audience <> 'own' AND above.known_until = 'infinity' AND has_begun_before_today(client_id)
    )
$$;

CREATE FUNCTION mark_all_days(of_clients text[]) RETURNS void
    LANGUAGE sql
    AS $$
    WITH posting AS (
        SELECT unnest(of_clients) AS client_id
        UNION
        SELECT client_id FROM audience WHERE unit_id = ANY (of_clients)
        UNION
        SELECT user_assignment.client_id
        FROM user_assignment
        JOIN user_handle USING (user_id)
        WHERE user_handle.client_id = ANY (of_clients)
    )
    INSERT INTO stale_day (client_id, platform, day)
    SELECT client_id, platform, day
    FROM (
        SELECT client_id, 'insta' AS platform, day FROM insta_post JOIN posting USING (client_id)
        UNION
        SELECT client_id, 'tiktok', day FROM tiktok_post JOIN posting USING (client_id)
    ) AS marked
    ORDER BY client_id, platform, day
    ON CONFLICT (client_id, platform, day) DO UPDATE SET marked_at = now()
$$;

CREATE FUNCTION mark_days_of_added() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO stale_day (client_id, platform, day)
    SELECT DISTINCT post.client_id, post.platform, post.day
    FROM (SELECT DISTINCT post_id FROM added) AS touched
    JOIN post USING (post_id)
    WHERE post.platform = TG_ARGV[0]
    ON CONFLICT (client_id, platform, day) DO UPDATE SET marked_at = now();
    RETURN NULL;
END
$$;

CREATE FUNCTION mark_days_of_changed_users() RETURNS trigger
    LANGUAGE plpgsql
    AS $_$
DECLARE
    touched text[];
BEGIN
    EXECUTE $query$
        SELECT ARRAY(
            SELECT DISTINCT client.client_id
            FROM present
            JOIN past USING (user_id)
            CROSS JOIN LATERAL (
                SELECT present.client_id
                UNION
                SELECT held.client_id FROM user_handle AS held WHERE held.user_id = present.user_id
            ) AS client
            WHERE (present.client_id, present.insta, present.tiktok, present.status)
                IS DISTINCT FROM (past.client_id, past.insta, past.tiktok, past.status)
        )
    $query$ INTO touched;
    PERFORM mark_all_days(touched);
    RETURN NULL;
END
$_$;

CREATE FUNCTION mark_days_of_extra_handles() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION mark_days_of_handles() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF EXISTS (SELECT FROM past) THEN
        PERFORM mark_all_days(ARRAY(SELECT DISTINCT client_id FROM past));
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION mark_days_of_new_users() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    PERFORM mark_all_days(
        ARRAY(
            SELECT client_id FROM present
            UNION
            SELECT held.client_id FROM present JOIN user_handle AS held USING (user_id)
        )
    );
    RETURN NULL;
END
$$;

CREATE FUNCTION mark_days_of_post() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO stale_day (client_id, platform, day)
    SELECT DISTINCT NEW.client_id, TG_ARGV[0], moved.day
    FROM (VALUES (OLD.day), (NEW.day)) AS moved (day)
    ON CONFLICT (client_id, platform, day) DO UPDATE SET marked_at = now();
    RETURN NULL;
END
$$;

CREATE FUNCTION note_beginning(of_client text) RETURNS void
    LANGUAGE sql
    AS $$
    INSERT INTO audience_beginning AS known (client_id, began_at)
    SELECT of_client, cicero_now()
    WHERE EXISTS (
            SELECT
            FROM audience
            JOIN user_history ON user_history.client_id = audience.unit_id
            WHERE audience.client_id = of_client AND user_history.status
        )
        OR EXISTS (SELECT FROM user_assignment WHERE user_assignment.client_id = of_client)
    ON CONFLICT (client_id) DO UPDATE SET began_at = EXCLUDED.began_at WHERE known.began_at > EXCLUDED.began_at
$$;

CREATE FUNCTION note_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF NOT EXISTS (
        SELECT
        FROM unnest(ARRAY[OLD.client_id, NEW.client_id]) AS touched (client_id)
        WHERE client_id IS NOT NULL
            AND NOT EXISTS (
                SELECT
                FROM data_version
                WHERE data_version.client_id = touched.client_id AND changed_by = pg_current_xact_id()
            )
    ) THEN
        RETURN NULL;
    END IF;
    INSERT INTO data_version AS known (client_id, changed_by)
    SELECT client_id, pg_current_xact_id()
    FROM clients
    WHERE client_id IN (
        SELECT unnest(ARRAY[OLD.client_id, NEW.client_id])
        UNION
        SELECT audience.client_id FROM audience WHERE unit_id IN (OLD.client_id, NEW.client_id)
    )
    ORDER BY client_id
    ON CONFLICT (client_id) DO UPDATE SET changed_by = EXCLUDED.changed_by
    WHERE known.changed_by <> EXCLUDED.changed_by;
    RETURN NULL;
END
$$;

CREATE FUNCTION note_change_of_assigned() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION note_gone_in_imports() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE user_import_change AS change
    SET gone_on = today_of(OLD.client_id)
    FROM user_import
    WHERE user_import.import_id = change.import_id
        AND user_import.client_id = OLD.client_id
        AND change.user_id = OLD.user_id
        AND change.gone_on IS NULL;
    RETURN NULL;
END
$$;

CREATE FUNCTION patch_client_history(of_client text, from_day date, until_day date, patch jsonb) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    at_now timestamptz := cicero_now();
    old client_history;
    new client_history;
    is_moved boolean := false;
BEGIN
    FOR old IN
        SELECT *
        FROM client_history
        WHERE client_id = of_client AND known_until = 'infinity' AND valid_from < until_day AND valid_until > from_day
        ORDER BY valid_from
        FOR UPDATE
    LOOP
        new := jsonb_populate_record(old, patch);
        CONTINUE WHEN new IS NOT DISTINCT FROM old;
        is_moved := is_moved OR (old.status, old.under, old.audience, old.audience_divisi)
            IS DISTINCT FROM (new.status, new.under, new.audience, new.audience_divisi);
        DELETE FROM client_history
        WHERE client_id = of_client AND valid_from = old.valid_from AND known_from = old.known_from AND known_from >= at_now;
        UPDATE client_history
        SET known_until = at_now
        WHERE client_id = of_client AND valid_from = old.valid_from AND known_from = old.known_from;
        INSERT INTO client_history
        SELECT (
            jsonb_populate_record(
                part.facts,
                jsonb_build_object('valid_from', part.valid_from, 'valid_until', part.valid_until, 'known_from', at_now)
            )
        ).*
        FROM (
            VALUES
                (old, old.valid_from, LEAST(old.valid_until, from_day)),
                (new, GREATEST(old.valid_from, from_day), LEAST(old.valid_until, until_day)),
                (old, GREATEST(old.valid_from, until_day), old.valid_until)
        ) AS part (facts, valid_from, valid_until)
        WHERE part.valid_from < part.valid_until;
    END LOOP;
    IF is_moved THEN
        PERFORM build_audiences(of_client);
    END IF;
END
$$;

COMMENT ON FUNCTION patch_client_history(of_client text, from_day date, until_day date, patch jsonb) IS 'the days from_day up to, and without, until_day, get these values; the rest stays';

CREATE FUNCTION patch_user_history(of_user text, of_client text, from_day date, until_day date, patch jsonb) RETURNS void
    LANGUAGE plpgsql
    SET enable_seqscan TO 'off'
    AS $$
DECLARE
    at_now timestamptz := cicero_now();
    found record;
    old user_history;
    new user_history;
BEGIN
    FOR found IN
        SELECT user_history AS facts, ctid AS place
        FROM user_history
        WHERE user_id = of_user AND client_id IS NOT DISTINCT FROM of_client AND NOT isfinite(known_until)
            AND valid_from < until_day AND valid_until > from_day
        ORDER BY valid_from
        FOR UPDATE
    LOOP
        old := found.facts;
        new := jsonb_populate_record(old, patch);
        CONTINUE WHEN new IS NOT DISTINCT FROM old;
        DELETE FROM user_history
        WHERE ctid = found.place AND known_from >= at_now;
        UPDATE user_history
        SET known_until = at_now
        WHERE ctid = found.place;
        INSERT INTO user_history (
            user_id, client_id, nama, title, divisi, jabatan, insta, tiktok, exception, status, leave, never, is_elsewhere,
            is_backdated, valid_from, valid_until, known_from
        )
        SELECT of_user, of_client, (part.facts).nama, (part.facts).title, (part.facts).divisi,
            (part.facts).jabatan, (part.facts).insta, (part.facts).tiktok, (part.facts).exception, (part.facts).status,
            (part.facts).leave, (part.facts).never, (part.facts).is_elsewhere, (part.facts).is_backdated, part.valid_from, part.valid_until, at_now
        FROM (
            VALUES
                (old, old.valid_from, LEAST(old.valid_until, from_day)),
                (new, GREATEST(old.valid_from, from_day), LEAST(old.valid_until, until_day)),
                (old, GREATEST(old.valid_from, until_day), old.valid_until)
        ) AS part (facts, valid_from, valid_until)
        WHERE part.valid_from < part.valid_until;
    END LOOP;
    IF patch ? 'status' AND EXISTS (
        SELECT FROM user_history WHERE user_id = of_user AND client_id <> of_client
    ) THEN
        PERFORM settle_places(of_user);
    END IF;
END
$$;

COMMENT ON FUNCTION patch_user_history(of_user text, of_client text, from_day date, until_day date, patch jsonb) IS 'the days from_day up to, and without, until_day, get these values; the rest stays';

CREATE FUNCTION post_day_at(of_client text, on_platform text, of_post bigint, present date, at_moment timestamptz) RETURNS date
    LANGUAGE sql STABLE
    AS $$
    SELECT COALESCE(
        (
            SELECT day
            FROM former_post_day
            WHERE client_id = of_client AND platform = on_platform AND post_id = of_post AND until > at_moment
            ORDER BY until
            LIMIT 1
        ),
        present
    )
$$;

COMMENT ON FUNCTION post_day_at(of_client text, on_platform text, of_post bigint, present date, at_moment timestamptz) IS 'the day that a post had at a moment, which is at most one away from the one that it has now';

CREATE FUNCTION put_on_roster(person "user", from_day date) RETURNS void
    LANGUAGE plpgsql
    SET enable_seqscan TO 'off'
    AS $$
BEGIN
    INSERT INTO user_history (
        user_id, client_id, nama, title, divisi, jabatan, insta, tiktok, exception, status, valid_from, known_from
    )
    SELECT person.user_id, person.client_id, person.nama, person.title, person.divisi, person.jabatan, person.insta,
        person.tiktok, person.exception, person.status, from_day, cicero_now()
    WHERE NOT EXISTS (
        SELECT
        FROM user_history
        WHERE user_id = person.user_id AND client_id IS NOT DISTINCT FROM person.client_id AND NOT isfinite(known_until)
    );
    IF from_day = '-infinity' AND FOUND AND EXISTS (
        SELECT
        FROM audience
        WHERE unit_id = person.client_id AND client_id <> person.client_id AND has_begun_before_today(client_id)
    ) THEN
        PERFORM patch_user_history(
            person.user_id, person.client_id, '-infinity', today_of(person.client_id), '{"is_backdated": true}'
        );
    END IF;
    PERFORM patch_user_history(
        person.user_id, person.client_id, from_day, 'infinity',
        jsonb_build_object(
            'nama', person.nama, 'title', person.title, 'divisi', person.divisi, 'jabatan', person.jabatan,
            'insta', person.insta, 'tiktok', person.tiktok, 'exception', person.exception, 'status', person.status
        )
    );
    IF person.status THEN
        INSERT INTO audience_beginning AS known (client_id, began_at)
        SELECT DISTINCT client_id, cicero_now()
        FROM audience
        WHERE unit_id = person.client_id
            AND NOT EXISTS (
                SELECT
                FROM audience_beginning AS begun
                WHERE begun.client_id = audience.client_id AND begun.began_at <= cicero_now()
            )
        ORDER BY client_id
        ON CONFLICT (client_id) DO UPDATE SET began_at = EXCLUDED.began_at WHERE known.began_at > EXCLUDED.began_at;
    END IF;
END
$$;

CREATE FUNCTION redate_posts(of_client text, from_day date) RETURNS void
    LANGUAGE sql
    AS $$
    WITH moved AS MATERIALIZED (
        SELECT post.platform, post.post_id, post.day AS was, day_of_post(of_client, post.published_at, rule.timezone) AS day
        FROM post
        JOIN client_history AS rule
            ON rule.client_id = post.client_id
            AND rule.known_until = 'infinity'
            AND rule.valid_from <= post.day
            AND rule.valid_until > post.day
        WHERE post.client_id = of_client
            AND post.day >= from_day
            AND (post.published_at AT TIME ZONE rule.timezone)::date >= from_day
    ),
    kept AS (
        INSERT INTO former_post_day (client_id, platform, post_id, day, until)
        SELECT of_client, platform, post_id, was, cicero_now()
        FROM moved
        WHERE was <> day
        ON CONFLICT (client_id, platform, post_id, until) DO NOTHING
    ),
    insta AS (
        UPDATE insta_post
        SET day = moved.day
        FROM moved
        WHERE moved.platform = 'insta' AND insta_post.post_id = moved.post_id AND moved.was <> moved.day
    )
    UPDATE tiktok_post
    SET day = moved.day
    FROM moved
    WHERE moved.platform = 'tiktok' AND tiktok_post.post_id = moved.post_id AND moved.was <> moved.day
$$;

CREATE FUNCTION refuse_audit_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is only ever added to';
END
$$;

CREATE FUNCTION refuse_audit_removal() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF OLD.at > now() - interval '180 days' THEN
        RAISE EXCEPTION 'the audit log is kept for 180 days';
    END IF;
    RETURN OLD;
END
$$;

CREATE FUNCTION refuse_shared_extra_handle() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    shared record;
BEGIN
    IF NOT EXISTS (SELECT FROM extra_handle) THEN
        RETURN NULL;
    END IF;
    SELECT mine.username, mine.user_id, other.user_id AS other_id
    INTO shared
    FROM handle_on_file AS mine
    JOIN handle_on_file AS other USING (client_id, platform, username)
    WHERE mine.user_id = NEW.user_id AND mine.status AND other.status AND other.user_id <> mine.user_id
        AND NOT (mine.is_main AND other.is_main)
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'handle % is of both % and %', shared.username, shared.user_id, shared.other_id
            USING ERRCODE = 'exclusion_violation';
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION remove_extra_handles() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    DELETE FROM extra_handle WHERE user_id = OLD.user_id;
    RETURN OLD;
END
$$;

CREATE FUNCTION remove_recipients() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    DELETE FROM recipient WHERE client_id = NEW.client_id;
    RETURN NULL;
END
$$;

CREATE FUNCTION rename_in_imports() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE user_import_change SET user_id = NEW.user_id WHERE user_id = OLD.user_id;
    RETURN NULL;
END
$$;

CREATE FUNCTION roster_known_at(of_client text, at_moment timestamptz) RETURNS timestamptz
    LANGUAGE sql STABLE
    AS $$
    SELECT CASE
        WHEN at_moment >= beginning.known_from THEN at_moment
        ELSE (((beginning.known_from AT TIME ZONE clients.timezone)::date + 1)::timestamp AT TIME ZONE clients.timezone)
            - interval '1 microsecond'
    END
    FROM clients
    CROSS JOIN LATERAL (
        SELECT LEAST(
            (SELECT min(user_history.known_from) FROM user_history WHERE user_history.client_id = clients.client_id),
            (SELECT began_at FROM audience_beginning WHERE audience_beginning.client_id = clients.client_id)
        ) AS known_from
    ) AS beginning
    WHERE clients.client_id = of_client
$$;

CREATE FUNCTION set_account_of_post() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    NEW.account := COALESCE(NEW.account, (SELECT client_tiktok FROM clients WHERE client_id = NEW.client_id));
    RETURN NEW;
END
$$;

CREATE FUNCTION set_day_of_post() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    NEW.day := day_of_post(
        NEW.client_id, NEW.published_at, (SELECT timezone FROM clients WHERE client_id = NEW.client_id)
    );
    RETURN NEW;
END
$$;

CREATE FUNCTION settle_places(of_user text) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    place text;
    taken datemultirange := '{}';
    own datemultirange;
BEGIN
    FOR place IN
        SELECT client_id
        FROM user_history
        WHERE user_id = of_user
        GROUP BY client_id
        ORDER BY min(known_from), client_id
    LOOP
        SELECT COALESCE(range_agg(daterange(valid_from, valid_until)), '{}')
        INTO own
        FROM user_history
        WHERE user_id = of_user AND client_id = place AND known_until = 'infinity' AND status;
        PERFORM patch_user_history(of_user, place, lower(days), upper(days), '{"is_elsewhere": true}')
        FROM unnest(own * taken) AS days;
        PERFORM patch_user_history(of_user, place, lower(days), upper(days), '{"is_elsewhere": false}')
        FROM unnest(own - taken) AS days;
        taken := taken + own;
    END LOOP;
END
$$;

CREATE FUNCTION spread_over_pool(recipients text[], at timestamptz, but_not text) RETURNS TABLE(recipient text, sender text)
    LANGUAGE sql STABLE
    AS $$
WITH person AS (
    SELECT person.recipient, row_number() OVER (ORDER BY min(person.place)) AS turn
    FROM unnest(recipients) WITH ORDINALITY AS person (recipient, place)
    GROUP BY person.recipient
),
pool AS (
    SELECT sender.name,
        (SELECT count(*) FROM outbox WHERE outbox.sender = sender.name AND status = 'queued')
        + (SELECT count(*) FROM outbox WHERE outbox.sender = sender.name AND accepted_at BETWEEN at - interval '1 day' AND at) AS load
    FROM sender
    WHERE in_pool
        AND name IS DISTINCT FROM but_not
        AND (paused_at IS NULL OR NOT EXISTS (SELECT FROM sender WHERE in_pool AND paused_at IS NULL))
        AND EXISTS (SELECT FROM person)
),
seat AS (
    SELECT pool.name, row_number() OVER (ORDER BY pool.load + step, pool.name) AS turn
    FROM pool CROSS JOIN generate_series(1, (SELECT count(*) FROM person)) AS step
)
SELECT person.recipient, seat.name
FROM person JOIN seat USING (turn)
$$;

COMMENT ON FUNCTION spread_over_pool(recipients text[], at timestamptz, but_not text) IS 'who of the pool each of these people gets, evenly; none when nobody is in it';

CREATE FUNCTION take_assignments_along() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE user_assignment SET user_id = NEW.user_id WHERE user_id = OLD.user_id;
    RETURN NULL;
END
$$;

CREATE FUNCTION take_corrections_along() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE correction SET user_id = NEW.user_id WHERE user_id = OLD.user_id;
    RETURN NULL;
END
$$;

CREATE FUNCTION take_handle(of_client text, on_platform text, handle text, by_user text) RETURNS void
    LANGUAGE sql
    AS $$
    INSERT INTO user_handle (client_id, platform, username, since, user_id)
    SELECT of_client, on_platform, handle, cicero_now(), by_user
    WHERE by_user IS DISTINCT FROM (
        SELECT user_id
        FROM user_handle
        WHERE client_id = of_client AND platform = on_platform AND username = handle AND taken_back_at IS NULL
        ORDER BY since DESC
        LIMIT 1
    )
    ON CONFLICT (client_id, platform, username, since) DO UPDATE
    SET user_id = EXCLUDED.user_id, taken_back_at = NULL
$$;

CREATE FUNCTION take_leave_along() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION today_of(of_client text) RETURNS date
    LANGUAGE sql STABLE
    AS $$
    SELECT (cicero_now() AT TIME ZONE timezone)::date
    FROM clients
    WHERE client_id = of_client
$$;

CREATE VIEW engagement_at AS
 SELECT 'insta'::text AS platform,
    insta_like.client_id,
    insta_like.post_id,
    seen.username,
    insta_like.first_seen_at AS engaged_at,
    insta_like.first_seen_at
   FROM (insta_like
     CROSS JOIN LATERAL unnest(insta_like.usernames) seen(username))
UNION ALL
 SELECT 'tiktok'::text AS platform,
    tiktok_comment.client_id,
    tiktok_comment.post_id,
    seen.username,
    seen.created_at AS engaged_at,
    tiktok_comment.first_seen_at
   FROM (tiktok_comment
     CROSS JOIN LATERAL UNNEST(tiktok_comment.usernames, tiktok_comment.created_ats) seen(username, created_at));

COMMENT ON VIEW engagement_at IS 'every like, and every comment at its own time: whose handle it was then decides for whom it counts';

CREATE VIEW engagement AS
 SELECT platform,
    client_id,
    post_id,
    username,
    min(first_seen_at) AS first_seen_at
   FROM engagement_at
  GROUP BY platform, client_id, post_id, username;

COMMENT ON VIEW engagement IS 'who liked or commented on a post, however often, and when that was first seen';

CREATE VIEW handle_on_file AS
 SELECT "user".user_id,
    "user".client_id,
    "user".status,
    'insta'::text AS platform,
    "user".insta AS username,
    true AS is_main
   FROM "user"
  WHERE ("user".insta IS NOT NULL)
UNION ALL
 SELECT "user".user_id,
    "user".client_id,
    "user".status,
    'tiktok'::text AS platform,
    "user".tiktok AS username,
    true AS is_main
   FROM "user"
  WHERE ("user".tiktok IS NOT NULL)
UNION ALL
 SELECT "user".user_id,
    "user".client_id,
    "user".status,
    extra_handle.platform,
    extra_handle.username,
    false AS is_main
   FROM (extra_handle
     JOIN "user" USING (user_id));

COMMENT ON VIEW handle_on_file IS 'every handle that is somebody''s today';

CREATE VIEW post AS
 SELECT 'insta'::text AS platform,
    insta_post.post_id,
    insta_post.client_id,
    insta_post.post_key,
    insta_post.published_at,
    insta_post.caption,
    insta_post.kind,
    insta_post.thumbnail_url,
    insta_post.like_count,
    insta_post.comment_count,
    insta_post.share_count,
    insta_post.view_count,
    insta_post.like_count AS shown_count,
    insta_post.listed,
    insta_post.total,
    insta_post.fetched_at,
    insta_post.fetched_count,
    insta_post.first_seen_at,
    insta_post.deleted_at,
    insta_post.day,
    insta_post.excluded_at,
    insta_post.is_counted,
    insta_post.absent,
    NULL::text AS account,
    insta_post.whole_at
   FROM insta_post
UNION ALL
 SELECT 'tiktok'::text AS platform,
    tiktok_post.post_id,
    tiktok_post.client_id,
    tiktok_post.post_key,
    tiktok_post.published_at,
    tiktok_post.caption,
    tiktok_post.kind,
    tiktok_post.thumbnail_url,
    tiktok_post.like_count,
    tiktok_post.comment_count,
    tiktok_post.share_count,
    tiktok_post.view_count,
    tiktok_post.comment_count AS shown_count,
    tiktok_post.listed,
    tiktok_post.total,
    tiktok_post.fetched_at,
    tiktok_post.fetched_count,
    tiktok_post.first_seen_at,
    tiktok_post.deleted_at,
    tiktok_post.day,
    tiktok_post.excluded_at,
    tiktok_post.is_counted,
    tiktok_post.absent,
    tiktok_post.account,
    tiktok_post.whole_at
   FROM tiktok_post;

COMMENT ON VIEW post IS 'posts of both platforms; shown_count: likes or comments, whichever a user is to give there';

CREATE VIEW user_of_day AS
 SELECT known.platform,
        CASE known.platform
            WHEN 'insta'::text THEN person.insta
            ELSE person.tiktok
        END AS username,
    person.user_id,
    audience.client_id,
    person.nama,
    person.title,
    person.divisi,
    (person.exception OR (person.leave IS NOT NULL)) AS exception,
    GREATEST(person.valid_from, audience.valid_from) AS valid_from,
    LEAST(person.valid_until, audience.valid_until) AS valid_until,
    person.known_until,
    person.client_id AS unit_id,
    person.jabatan,
    person.insta,
    person.tiktok
   FROM ((audience
     CROSS JOIN LATERAL ( SELECT user_history.user_id,
            user_history.client_id,
            user_history.nama,
            user_history.title,
            user_history.divisi,
            user_history.jabatan,
            user_history.insta,
            user_history.tiktok,
            user_history.exception,
            user_history.leave,
            user_history.valid_from,
            user_history.valid_until,
            user_history.known_until
           FROM user_history
          WHERE ((user_history.client_id = audience.unit_id) AND (user_history.known_until = 'infinity'::timestamptz) AND user_history.status AND (user_history.valid_from < audience.valid_until) AND (user_history.valid_until > audience.valid_from) AND (audience.is_alone OR (NOT (user_history.is_elsewhere OR user_history.is_backdated))) AND ((audience.divisi_keys IS NULL) OR (user_history.divisi_key = ANY (audience.divisi_keys))))
         OFFSET 0) person)
     CROSS JOIN ( VALUES ('insta'::text), ('tiktok'::text)) known(platform))
UNION ALL
 SELECT known.platform,
        CASE known.platform
            WHEN 'insta'::text THEN person.insta
            ELSE person.tiktok
        END AS username,
    person.user_id,
    person.to_client AS client_id,
    person.nama,
    person.title,
    person.divisi,
    (person.exception OR (person.leave IS NOT NULL)) AS exception,
    lower(person.days) AS valid_from,
    upper(person.days) AS valid_until,
    person.known_until,
    person.client_id AS unit_id,
    person.jabatan,
    person.insta,
    person.tiktok
   FROM (( SELECT user_history.user_id,
            user_history.client_id,
            user_history.nama,
            user_history.title,
            user_history.divisi,
            user_history.jabatan,
            user_history.insta,
            user_history.tiktok,
            user_history.exception,
            user_history.status,
            user_history.leave,
            user_history.valid_from,
            user_history.valid_until,
            user_history.known_from,
            user_history.known_until,
            user_history.never,
            user_history.is_elsewhere,
            user_history.is_backdated,
            user_history.divisi_key,
            given.client_id AS to_client,
            unnest((datemultirange(daterange(GREATEST(given.valid_from, user_history.valid_from), LEAST(given.valid_until, user_history.valid_until))) - COALESCE(( SELECT range_agg(daterange(GREATEST(audience.valid_from, unit.valid_from), LEAST(audience.valid_until, unit.valid_until))) AS range_agg
                   FROM (user_history unit
                     JOIN audience ON (((audience.client_id = given.client_id) AND (audience.unit_id = unit.client_id) AND (audience.is_alone OR (NOT (unit.is_elsewhere OR unit.is_backdated))) AND ((audience.divisi_keys IS NULL) OR (unit.divisi_key = ANY (audience.divisi_keys))) AND (unit.valid_from < audience.valid_until) AND (unit.valid_until > audience.valid_from))))
                  WHERE ((unit.user_id = given.user_id) AND unit.status AND (unit.known_until = 'infinity'::timestamptz))), '{}'::datemultirange))) AS days
           FROM (user_assignment given
             JOIN user_history ON (((user_history.user_id = given.user_id) AND user_history.status AND (NOT user_history.is_elsewhere) AND (user_history.known_until = 'infinity'::timestamptz) AND (user_history.valid_from < given.valid_until) AND (user_history.valid_until > given.valid_from))))
          WHERE (given.known_until = 'infinity'::timestamptz)) person
     CROSS JOIN ( VALUES ('insta'::text), ('tiktok'::text)) known(platform));

COMMENT ON VIEW user_of_day IS 'who is expected on the posts of client_id on which days, as known now, once for each platform, with the handle on file there; unit_id: the person''s own client';
