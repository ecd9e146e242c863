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
