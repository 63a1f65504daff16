-- migrate:up

CREATE TABLE account_usage (
    username text NOT NULL,
    hour timestamptz NOT NULL,
    requests integer NOT NULL,
    PRIMARY KEY (username, hour)
);

COMMENT ON TABLE account_usage IS 'upstream requests that a log-in of the dashboards has caused, by hour (CICERO_RAPID_BUDGET)';

CREATE INDEX recent_writes_by_age ON recent_writes (written_at);

-- migrate:down
-- Forwards only: a mistake is mended by the next migration.
