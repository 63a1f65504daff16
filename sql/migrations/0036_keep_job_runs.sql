-- migrate:up

-- What cron did besides the fetches, which have `runs`; both are numbered together.
CREATE TABLE job_run (
    run_id bigint NOT NULL DEFAULT nextval('runs_run_id_seq'),
    job text NOT NULL,
    status text NOT NULL,
    started_at timestamptz NOT NULL,
    finished_at timestamptz NOT NULL,
    exit_code smallint NOT NULL,
    -- of the first thing that failed: {text, params}
    error jsonb,
    CONSTRAINT job_run_pkey PRIMARY KEY (run_id),
    CONSTRAINT job_run_status_check CHECK (status IN ('done', 'partial', 'failed'))
);
COMMENT ON TABLE job_run IS 'one execution of a job that cron woke and that did something or failed; fetches are in runs';
CREATE INDEX job_run_by_job ON job_run (job, run_id DESC);

-- migrate:down
-- Forwards only: a mistake is mended by the next migration.
