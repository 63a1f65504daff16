-- migrate:up

CREATE TABLE outbox (
    message_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    dedupe_key text NOT NULL UNIQUE,
    kind text NOT NULL CHECK (kind IN ('laphar', 'reminder', 'test')),
    client_id text REFERENCES clients ON UPDATE CASCADE ON DELETE CASCADE,
    user_id text REFERENCES "user" ON UPDATE CASCADE ON DELETE CASCADE,
    day date,
    recipient text NOT NULL,
    body text NOT NULL,
    attachment bytea,
    attachment_name text,
    attachment_type text,
    status text NOT NULL DEFAULT 'queued' CHECK (
        status IN (
            'queued', 'sending', 'accepted', 'delivered', 'read', 'failed', 'unknown', 'cancelled', 'expired'
        )
    ),
    attempts integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    gateway text,
    gateway_message_id text,
    verdict text,
    error_code text,
    ack integer,
    ack_checked_at timestamptz,
    queued_at timestamptz NOT NULL,
    claimed_at timestamptz,
    accepted_at timestamptz,
    delivered_at timestamptz,
    read_at timestamptz
);

COMMENT ON TABLE outbox IS 'one row per message and recipient, whatever became of it';
COMMENT ON COLUMN outbox.dedupe_key IS 'the same key is queued once, however often it is asked for';
COMMENT ON COLUMN outbox.gateway_message_id IS 'where the gateway lets us choose: stored and committed before the call';
COMMENT ON COLUMN outbox.next_attempt_at IS 'when to try; while sending: when to look what became of it';

CREATE INDEX outbox_queue ON outbox ((kind = 'reminder'), message_id) WHERE status = 'queued';
CREATE INDEX outbox_open ON outbox (recipient, message_id) WHERE status IN ('queued', 'sending', 'unknown');
CREATE INDEX outbox_by_recipient ON outbox (recipient) WHERE status IN ('accepted', 'delivered', 'read');
CREATE INDEX outbox_by_gateway_message ON outbox (gateway_message_id) WHERE gateway_message_id IS NOT NULL;
CREATE INDEX outbox_by_acceptance ON outbox (gateway, accepted_at);
CREATE INDEX outbox_by_queueing ON outbox (queued_at);

CREATE TABLE gateway_state (
    gateway text PRIMARY KEY,
    last_sent_at timestamptz,
    paused_since timestamptz,
    pause_code text,
    pause_hint text,
    first_contacts_paused_until timestamptz
);

COMMENT ON TABLE gateway_state IS 'what every delivering process must know of an account: its pace and what holds it up';

-- migrate:down
-- Forwards only: a mistake is mended by the next migration.
