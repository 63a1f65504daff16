-- migrate:up

CREATE TABLE refusals (
    hour timestamptz NOT NULL,
    kind text NOT NULL,
    refused bigint NOT NULL,
    PRIMARY KEY (hour, kind)
);

COMMENT ON TABLE refusals IS 'how often somebody was turned away at the door, per hour; the audit log names the first ones of each hour';
COMMENT ON COLUMN refusals.kind IS 'as the audit log calls it (login.failed), or what it leaves out (login.slowed)';

-- What slows guessing is forgotten after an hour: found by its age, so that senders with ever new names do not fill the table.
CREATE INDEX login_failures_by_age ON login_failures (last_at);

-- migrate:down
-- Forwards only: a mistake is mended by the next migration.
