-- Most tickets have no tags, and every save of one wrote that into the index anew.
DROP INDEX ticket_tags;
CREATE INDEX ticket_tags ON ticket USING gin (tags) WHERE tags <> '{}'::integer[];
