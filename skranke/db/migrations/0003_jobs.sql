-- What falls due by itself is found by its date, among those alone that can fall due, so
-- that a round costs what is due and not what the desk holds.
CREATE INDEX ticket_to_wake ON ticket (activate, id)
    WHERE status = 3 AND activate IS NOT NULL;
CREATE INDEX ticket_to_escalate ON ticket (alert_timeout, id)
    WHERE status = 1 AND alert_timeout IS NOT NULL;
CREATE INDEX ticket_to_purge ON ticket (last_changed, id) WHERE status IN (4, 6);
CREATE INDEX login_last_active ON login (last_active);
CREATE INDEX credentials_valid_until ON credentials (valid_until)
    WHERE type <> 'password' AND valid_until IS NOT NULL;

-- An item that a job could not do, until it is done or no longer due; it rests until
-- retry_at. Item 0 is the job itself, when what is due could not even be read.
CREATE TABLE job_failure (
    job text NOT NULL,
    item integer NOT NULL,
    attempts integer NOT NULL DEFAULT 1,
    error text NOT NULL,
    failed_at timestamptz NOT NULL,
    retry_at timestamptz NOT NULL,
    PRIMARY KEY (job, item)
);
