-- Messages that are to be understood. A lease puts next_try off; who has had three
-- attempts, whatever they ended in, is not tried again.
CREATE TABLE ai_queue (
    message_id integer PRIMARY KEY REFERENCES ej_message ON DELETE CASCADE,
    next_try timestamptz NOT NULL,
    attempts smallint NOT NULL DEFAULT 0
);
CREATE INDEX ai_queue_due ON ai_queue (next_try);

-- What guesses categories: the newest is asked, the one before it is told of.
CREATE TABLE ai_model (
    id integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    key uuid NOT NULL DEFAULT gen_random_uuid(),
    built timestamptz NOT NULL,
    accuracy double precision NOT NULL, -- of a fifth that was held out
    tickets integer NOT NULL,
    data bytea NOT NULL
);

-- One row: when the model may be trained anew, and the choices of people since it was.
CREATE TABLE ai_training (
    id integer PRIMARY KEY CHECK (id = 1),
    next_try timestamptz NOT NULL DEFAULT '-infinity',
    began timestamptz,
    asked boolean NOT NULL DEFAULT false,
    lessons integer NOT NULL DEFAULT 0,
    most_tickets integer NOT NULL DEFAULT 0, -- 0: as many as there may be
    most_characters integer NOT NULL DEFAULT 0
);
INSERT INTO ai_training (id) VALUES (1);

-- What each ticket taught the category model, so that it is read once: the places of its
-- words (two bytes each) and then their weights (halves); empty where it says nothing.
-- It is read anew when the ticket was saved since, or when words are made otherwise.
CREATE TABLE ai_lesson (
    ticket_id integer PRIMARY KEY REFERENCES ticket ON DELETE CASCADE,
    version integer NOT NULL, -- row_version of the ticket that was read
    category_id integer NOT NULL, -- the one that people chose
    rules smallint NOT NULL, -- by which texts became words
    characters smallint NOT NULL, -- of a text, that were read at most
    words bytea NOT NULL
);
