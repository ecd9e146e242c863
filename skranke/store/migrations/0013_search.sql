-- Lists are ordered by when a ticket changed last, newest first, tickets that never
-- changed at the end: one comparison of rows then finds any page.
DROP INDEX ticket_owner;
DROP INDEX ticket_category;
CREATE INDEX ticket_owner ON ticket
    (owned_by, status, coalesce(last_changed, '-infinity') DESC, id DESC);
CREATE INDEX ticket_category ON ticket
    (category, status, coalesce(last_changed, '-infinity') DESC, id DESC);
CREATE INDEX ticket_base_status ON ticket
    (status, coalesce(last_changed, '-infinity') DESC, id DESC);
CREATE INDEX ticket_changed ON ticket
    (coalesce(last_changed, '-infinity') DESC, id DESC);
CREATE INDEX ticket_title ON ticket (lower(title) text_pattern_ops);
CREATE INDEX ticket_own_status ON ticket (ticket_status);
CREATE INDEX ticket_tags ON ticket USING gin (tags);
CREATE INDEX ticket_sale ON ticket (sale_id) WHERE sale_id IS NOT NULL;
CREATE INDEX ticket_project ON ticket (project_id) WHERE project_id IS NOT NULL;
CREATE INDEX ej_message_created ON ej_message (created_at DESC, id DESC);

-- which columns and kinds of rows somebody wants to see in a list, and how wide
CREATE TABLE archive_choice (
    associate_id integer NOT NULL REFERENCES associate ON DELETE CASCADE,
    gui_name text NOT NULL,
    provider_name text NOT NULL,
    context text NOT NULL DEFAULT '',
    columns text[],
    entities text[],
    widths jsonb NOT NULL DEFAULT '{}',
    PRIMARY KEY (associate_id, gui_name, provider_name, context)
);
