-- Lists by deadline and by the day of closing, in the order and with the conditions that
-- archives have them: a moment that a ticket lacks is before all others.
DROP INDEX ticket_overdue;
DROP INDEX ticket_closed;
CREATE INDEX ticket_overdue ON ticket (coalesce(deadline, '-infinity'), id)
    WHERE status = 1;
CREATE INDEX ticket_closed ON ticket (coalesce(closed_at, '-infinity'), id)
    WHERE status = 2;

-- a hundred samples can't tell a beginning of one title in a thousand from one in a
-- hundred, which decides whether the titles or the order are walked through
ALTER INDEX ticket_title ALTER COLUMN 1 SET STATISTICS 1000;
