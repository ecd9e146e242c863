-- what agents look at every day: what is overdue, and what was closed of late
CREATE INDEX ticket_overdue ON ticket (deadline, id)
    WHERE status = 1 AND deadline IS NOT NULL;
CREATE INDEX ticket_closed ON ticket (closed_at DESC, id DESC)
    WHERE status = 2 AND closed_at IS NOT NULL;
