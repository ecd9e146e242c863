-- Extra fields of categories, as on tickets: the values by x_… name.
ALTER TABLE ej_category ADD COLUMN extra_fields jsonb NOT NULL DEFAULT '{}';

-- Where a ticket came in is history: the category may be gone by now.
ALTER TABLE ticket DROP CONSTRAINT ticket_orig_category_fkey;

-- A priority as it was before an edit that moves times, until every open ticket of it
-- has been counted anew; `spread` once they are in the queue below.
CREATE TABLE priority_edit (
    id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    priority_id integer NOT NULL REFERENCES ticket_priority ON DELETE CASCADE,
    before jsonb NOT NULL,
    deadlines boolean NOT NULL,
    spread boolean NOT NULL DEFAULT false
);
CREATE INDEX priority_edit_new ON priority_edit (id) WHERE NOT spread;

-- Tickets to be counted anew, each with the first edit that it hasn't seen.
CREATE TABLE ticket_recalculation (
    ticket_id integer PRIMARY KEY REFERENCES ticket ON DELETE CASCADE,
    edit_id bigint NOT NULL
);
