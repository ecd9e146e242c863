-- How texts are compared: one rule for search, filters and lists. In any case, composed or
-- decomposed (NFC, NFD), without accents and without what nobody sees (soft hyphens, zero
-- widths); special letters as people type them without their keyboard: ø o, æ ae, ß ss, ł l.
-- skranke.core.text_fold says the same in Python.
--
-- Letters of all scripts have cases, whatever locale the database was made with; which
-- collations there are depends on how PostgreSQL was built.
DO $do$
DECLARE
    chosen text;
BEGIN
    SELECT quote_ident(collname) INTO chosen FROM pg_collation
    WHERE collname IN ('pg_unicode_fast', 'pg_c_utf8', 'und-x-icu')
        AND collencoding IN (-1, pg_char_to_encoding('UTF8'))
    ORDER BY array_position(ARRAY['pg_unicode_fast', 'pg_c_utf8', 'und-x-icu'], collname::text)
    LIMIT 1;
    EXECUTE format(
        'CREATE FUNCTION text_lower(said text) RETURNS text LANGUAGE sql IMMUTABLE '
        'PARALLEL SAFE AS %L',
        format('SELECT lower(said COLLATE %s)', coalesce(chosen, '"default"')));
END $do$;

CREATE FUNCTION text_fold(said text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN octet_length(said) = length(said) THEN lower(said) ELSE
        normalize(
            replace(replace(replace(replace(
                translate(
                    public.text_lower(regexp_replace(
                        normalize(said, NFKD),
                        '[\u0300-\u036f\u00ad\u200b-\u200f\u2060\ufeff]', '', 'g')),
                    'øđðłħıŧς', 'oddlhitσ'),
                'æ', 'ae'), 'œ', 'oe'), 'ß', 'ss'), 'þ', 'th'),
            NFC)
        END
$$;

-- What a text is sorted by: as a language sorts its letters behind z, else by text_fold.
-- Norwegian and Danish end with æ (ä), ø (ö), å (aa); Swedish and Finnish with å, ä (æ), ö (ø).
CREATE FUNCTION text_sort_key(said text, language text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN language IN ('nb', 'da') THEN public.text_fold(
            regexp_replace(regexp_replace(regexp_replace(
                public.text_lower(normalize(said, NFC)), '[æä]', 'z~1', 'g'), '[øö]', 'z~2', 'g'),
                'å|aa', 'z~3', 'g'))
        WHEN language IN ('sv', 'fi') THEN public.text_fold(
            regexp_replace(regexp_replace(regexp_replace(
                public.text_lower(normalize(said, NFC)), 'å', 'z~1', 'g'), '[äæ]', 'z~2', 'g'),
                '[öø]', 'z~3', 'g'))
        ELSE public.text_fold(said) END
$$;

-- What stands within the words of machines, beside the whole: ORA-01555 has 01555, a host its
-- domains, 2.13.4 its version, an address its names and its domain. Of scripts without blanks
-- every two characters that follow one another.
CREATE FUNCTION search_parts(said text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    WITH folded AS (SELECT text_fold(said) AS text),
    machine AS (
        SELECT m[1] AS word FROM folded,
            regexp_matches(text, '[0-9a-z]+(?:[-_./:;+@#][0-9a-z]+)+', 'g') AS m
        LIMIT 5000
    ),
    pieces AS (
        -- by each kind of separator: srv-web01.corp.example → srv-web01, corp, web01
        SELECT regexp_split_to_table(word, '[^0-9a-z]+') AS piece FROM machine
        UNION SELECT regexp_split_to_table(word, '[^-0-9a-z]+') FROM machine
        UNION SELECT regexp_split_to_table(word, '[^.0-9a-z]+') FROM machine
        UNION SELECT regexp_replace(p, '^[a-z]+(?=[0-9])', '')
            FROM machine, regexp_split_to_table(word, '[^.0-9a-z]+') AS p
        UNION SELECT regexp_replace(p, '^[^.]*\.', '')
            FROM machine, regexp_split_to_table(word, '[^-.0-9a-z]+') AS p
        UNION SELECT regexp_split_to_table(word, '[^-.0-9a-z]+') FROM machine
    ),
    pairs AS (
        SELECT substr(m[1], place, 2) AS piece FROM folded,
            regexp_matches(text, '[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2,200}', 'g') AS m,
            generate_series(1, length(m[1]) - 1) AS place
        LIMIT 20000
    ),
    words AS (
        SELECT lexeme AS piece FROM folded, unnest(to_tsvector('simple', translate(text, '<>', '  ')))
    )
    SELECT coalesce(array_to_tsvector(array_agg(DISTINCT left(piece, 200))
                        FILTER (WHERE piece <> '')), '')
    FROM (SELECT piece FROM pieces UNION SELECT piece FROM pairs UNION SELECT piece FROM words)
        AS every
$$;

-- What a picture within a text is called there, said before the file hangs on a message.
ALTER TABLE attachment
    ADD COLUMN inline_image boolean NOT NULL DEFAULT false,
    ADD COLUMN content_id text NOT NULL DEFAULT '';

-- documents are written anew with the parts of their words
UPDATE search_progress SET ticket_id = 0;
UPDATE search_document SET version = -1;
