-- Whether a document's messages say something in this order. A function of its own, lest
-- the planner takes one in fifty for granted and reads all that the index finds.
CREATE FUNCTION search_says(words tsvector, said tsquery) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    RETURN ts_filter(words, '{d}') @@ said;
END $$;
