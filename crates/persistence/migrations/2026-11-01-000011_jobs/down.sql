DROP TABLE worker_heartbeats;
DROP FUNCTION queue_health(timestamptz);
DROP FUNCTION claim_jobs(text, integer, interval, timestamptz);
DROP TABLE jobs;
DROP FUNCTION announce_job();
