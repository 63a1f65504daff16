-- migrate:up

-- Clients that there are at the upgrade count as new: no slot that began before it is started.
ALTER TABLE clients ADD COLUMN scheduled_since timestamptz NOT NULL DEFAULT now();

COMMENT ON COLUMN clients.scheduled_since IS 'no slot of a job (--due) that began before is started';

CREATE TABLE job_slot (
    client_id text NOT NULL REFERENCES clients ON UPDATE CASCADE ON DELETE CASCADE,
    job text NOT NULL,
    times text NOT NULL,
    since timestamptz NOT NULL,
    done_slot_at timestamptz,
    PRIMARY KEY (client_id, job)
);

COMMENT ON TABLE job_slot IS 'for each client and job that cron wakes (--due): its times, since when they hold, and the last slot that was done';

-- migrate:down
-- Forwards only: a mistake is mended by the next migration.
