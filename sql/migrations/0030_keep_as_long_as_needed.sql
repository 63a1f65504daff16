-- migrate:up

CREATE TABLE pruning (
    pruned_at timestamptz PRIMARY KEY,
    held_from timestamptz NOT NULL
);

COMMENT ON TABLE pruning IS
    'each time that the past was pruned (db prune): from when on everything is held; before it strangers'' likes and comments are gone';

-- migrate:down
-- Forwards only: a mistake is mended by the next migration.
