-- name: list_job_slots
-- What is known of one job's slots for every active client; null where it was never woken.
SELECT clients.client_id, clients.scheduled_since, job_slot.times, job_slot.since, job_slot.done_slot_at
FROM clients
LEFT JOIN job_slot ON job_slot.client_id = clients.client_id AND job_slot.job = %(job)s
WHERE clients.client_status
ORDER BY clients.client_id;

-- name: save_job_times
-- The times of a job as they are now, and since when each of these clients has them.
INSERT INTO job_slot (client_id, job, times, since)
SELECT client_id, %(job)s, times, since
FROM unnest(%(client_ids)s::text[], %(times)s::text[], %(sinces)s::timestamptz[]) AS seen (client_id, times, since)
WHERE EXISTS (SELECT FROM clients WHERE clients.client_id = seen.client_id)
ON CONFLICT (client_id, job) DO UPDATE
SET times = EXCLUDED.times,
    since = EXCLUDED.since;

-- name: mark_slots_done
-- The last slot that was done for each of these clients.
UPDATE job_slot
SET done_slot_at = done.slot_at
FROM unnest(%(client_ids)s::text[], %(slots)s::timestamptz[]) AS done (client_id, slot_at)
WHERE job_slot.client_id = done.client_id
    AND job_slot.job = %(job)s;
