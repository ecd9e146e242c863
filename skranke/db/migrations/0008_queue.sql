-- whoever asks for the next ticket in the queue finds it by its deadline among those that
-- nobody owns
CREATE INDEX ticket_unowned ON ticket (deadline, created_at, id) WHERE owned_by = 1;
