-- a Message-Id may have 850 characters, which are more bytes than a btree takes; it is
-- only ever looked for as a whole
DROP INDEX ej_message_message_id;
CREATE INDEX ej_message_message_id ON ej_message USING hash (message_id)
    WHERE message_id <> '';
