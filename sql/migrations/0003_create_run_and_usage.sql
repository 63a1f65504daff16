-- migrate:up

CREATE TABLE runs (
    run_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    client_id text NOT NULL REFERENCES clients ON UPDATE CASCADE ON DELETE CASCADE,
    platform text NOT NULL CHECK (platform IN ('insta', 'tiktok')),
    status text NOT NULL CHECK (status IN ('running', 'done', 'partial', 'failed', 'interrupted')),
    started_at timestamptz NOT NULL,
    finished_at timestamptz,
    posts integer NOT NULL DEFAULT 0,
    new integer NOT NULL DEFAULT 0,
    listed bigint NOT NULL DEFAULT 0,
    total bigint,
    requests integer NOT NULL DEFAULT 0,
    bytes bigint NOT NULL DEFAULT 0,
    seconds double precision,
    error text
);

COMMENT ON TABLE runs IS 'one execution of a fetch for one client; a killed one stays `running` until the next starts';

CREATE INDEX runs_by_client ON runs (client_id, platform, run_id DESC);

CREATE TABLE upstream_usage (
    host text NOT NULL,
    day date NOT NULL,
    requests bigint NOT NULL DEFAULT 0,
    bytes bigint NOT NULL DEFAULT 0,
    quota_limit bigint,
    quota_remaining bigint,
    quota_resets_at timestamptz,
    exhausted_until timestamptz,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (host, day)
);

COMMENT ON COLUMN upstream_usage.day IS 'in UTC, as the upstream bills';
COMMENT ON COLUMN upstream_usage.exhausted_until IS 'the upstream refused for quota: nothing is asked before this';

-- migrate:down
-- Forwards only: a mistake is mended by the next migration.
