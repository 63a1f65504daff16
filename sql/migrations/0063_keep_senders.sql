-- migrate:up

-- Several WhatsApp accounts (docs/adr/0037). What CICERO_WHATSAPP names is the sender `default`; it has a row only once
-- something was said of it here: that it is paused, in the pool, or slower than the settings.
CREATE TABLE sender (
    name text PRIMARY KEY CHECK (name ~ '^[a-z0-9][a-z0-9-]{0,30}$'),
    gateway text CHECK (gateway IN ('waha', 'gowa', 'cloud', 'file')),
    url text,
    session text,
    login text,
    key_file text,
    webhook_secret_file text,
    gap text,
    gap_user text,
    daily_cap integer CHECK (daily_cap > 0),
    in_pool boolean NOT NULL DEFAULT false,
    paused_at timestamptz,
    paused_by text,
    pause_reason text,
    CONSTRAINT sender_default_has_settings CHECK ((name = 'default') = (gateway IS NULL))
);

COMMENT ON TABLE sender IS 'WhatsApp accounts beside that of the settings, and what was said of any of them; keys stay in files';
COMMENT ON COLUMN sender.gateway IS 'null: that of CICERO_WHATSAPP';
COMMENT ON COLUMN sender.url IS 'of the gateway; of a file the path that messages are written to';
COMMENT ON COLUMN sender.session IS 'WAHA''s session, gowa''s device or the Cloud API''s phone number id';
COMMENT ON COLUMN sender.login IS 'gowa''s user';
COMMENT ON COLUMN sender.key_file IS 'where the key, password or token is; never the key itself';
COMMENT ON COLUMN sender.gap IS 'seconds between messages, as CICERO_WA_GAP; null: as the settings say. So gap_user and daily_cap';
COMMENT ON COLUMN sender.in_pool IS 'whether people who have no chat yet are spread over it';
COMMENT ON COLUMN sender.paused_at IS 'since when a person has stopped it; null: it sends';

ALTER TABLE clients ADD COLUMN sender text REFERENCES sender ON UPDATE CASCADE;
COMMENT ON COLUMN clients.sender IS 'who sends what is of this client; null: whoever wrote last, the pool or default';

ALTER TABLE outbox ADD COLUMN sender text NOT NULL DEFAULT 'default';
COMMENT ON COLUMN outbox.sender IS 'who sends it: chosen when it is queued, and kept';

-- What each account owes, and what it has sent.
DROP INDEX outbox_queue;
CREATE INDEX outbox_queue ON outbox (sender, (kind = 'reminder'), message_id) WHERE status = 'queued';
DROP INDEX outbox_by_acceptance;
CREATE INDEX outbox_by_acceptance ON outbox (sender, accepted_at);
DROP INDEX outbox_by_recipient;
CREATE INDEX outbox_by_recipient ON outbox (recipient, message_id) WHERE status IN ('accepted', 'delivered', 'read');

ALTER TABLE gateway_state ADD COLUMN sender text NOT NULL DEFAULT 'default';
ALTER TABLE gateway_state DROP CONSTRAINT gateway_state_pkey;
ALTER TABLE gateway_state ADD PRIMARY KEY (sender, gateway);

-- People over the pool, in their order: each to whoever has least to send and has sent least in the last day.
CREATE FUNCTION spread_over_pool(recipients text[], at timestamptz, but_not text)
RETURNS TABLE (recipient text, sender text) LANGUAGE sql STABLE AS $$
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
COMMENT ON FUNCTION spread_over_pool IS 'who of the pool each of these people gets, evenly; none when nobody is in it';

-- Who sends each of these messages: whom it names, else its client's, else who wrote to its recipient last and still is there,
-- else the pool, which no group gets, else default.
CREATE FUNCTION choose_senders(recipients text[], client_ids text[], wanted text[], at timestamptz)
RETURNS TABLE (place bigint, sender text) LANGUAGE sql STABLE AS $$
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
COMMENT ON FUNCTION choose_senders IS 'who sends each of these messages, by its place among them';

-- migrate:down
-- Forwards only: a mistake is mended by the next migration.
