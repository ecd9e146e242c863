-- Recovery: what lets two versions of the program run on one schema, and requests be repeated.

-- The oldest migration that a program must know to run on this schema. A migration that
-- takes something away, or gives it another meaning, raises this to its own name.
CREATE TABLE schema_requirement (
    is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
    least_migration text NOT NULL
);
INSERT INTO schema_requirement (least_migration) VALUES ('0040_recovery.sql');

-- A ticket as this version of the program writes it. A column that a later version adds
-- to the table is not in here, so this one goes on writing; the later version has a type
-- of its own, and this one is dropped when no program uses it any more.
CREATE TYPE ticket_row AS (
    id integer,
    title character varying(255),
    created_at timestamp with time zone,
    last_changed timestamp with time zone,
    read_by_owner timestamp with time zone,
    read_by_customer timestamp with time zone,
    first_read_by_owner timestamp with time zone,
    first_read_by_user timestamp with time zone,
    activate timestamp with time zone,
    closed_at timestamp with time zone,
    replied_at timestamp with time zone,
    alert_timeout timestamp with time zone,
    deadline timestamp with time zone,
    created_by integer,
    author character varying(255),
    owned_by integer,
    category integer,
    orig_category integer,
    slevel smallint,
    priority integer,
    orig_priority integer,
    status smallint,
    ticket_status integer,
    origin smallint,
    cust_id integer,
    contact_id integer,
    alert_level smallint,
    alert_stop integer,
    connect_id integer,
    read_status smallint,
    time_to_reply integer,
    real_time_to_reply integer,
    time_to_close integer,
    real_time_to_close integer,
    time_spent_internally integer,
    time_spent_externally integer,
    time_spent_queue integer,
    real_time_spent_internally integer,
    real_time_spent_externally integer,
    real_time_spent_queue integer,
    time_spent_calculated timestamp with time zone,
    time_spent integer,
    has_attachment boolean,
    num_replies integer,
    num_messages integer,
    from_address character varying(4000),
    filter_id integer,
    filter_address text,
    tags integer[],
    language character varying(10),
    sentiment smallint,
    sentiment_confidence smallint,
    suggested_category_id integer,
    orig_human_category_id integer,
    sale_id integer,
    project_id integer,
    form_submission_id integer,
    ticket_type integer,
    extra_fields jsonb,
    row_version integer
);

-- What requests with an Idempotency-Key were answered, for a day.
CREATE TABLE idempotency_key (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    associate_id integer NOT NULL,
    key text NOT NULL,
    request_hash bytea NOT NULL,
    status integer NOT NULL DEFAULT 0,
    headers jsonb NOT NULL DEFAULT '[]',
    body bytea NOT NULL DEFAULT '',
    created timestamptz NOT NULL,
    UNIQUE (associate_id, key)
);
CREATE INDEX idempotency_key_created ON idempotency_key (created);
