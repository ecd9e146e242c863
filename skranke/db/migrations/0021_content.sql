-- What a text says that contains another: its words, of which the last may go on, and
-- the same in their order. The first is what an index can tell.
CREATE FUNCTION search_all_of(said text) RETURNS tsquery
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (nullif(plainto_tsquery('simple', said)::text, '') || ':*')::tsquery
$$;
CREATE FUNCTION search_in_order(said text) RETURNS tsquery
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (nullif(phraseto_tsquery('simple', said)::text, '') || ':*')::tsquery
$$;
