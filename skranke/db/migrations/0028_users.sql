-- Users are made and changed over the API: stamps for events, nicknames, presence, and
-- what a second factor needs. Pictures of persons; members of projects.
ALTER TABLE associate
    ADD COLUMN registered timestamptz,
    ADD COLUMN registered_associate_id integer NOT NULL DEFAULT 0,
    ADD COLUMN updated timestamptz,
    ADD COLUMN updated_associate_id integer NOT NULL DEFAULT 0;
ALTER TABLE ejuser
    ADD COLUMN nick_name text NOT NULL DEFAULT '',
    ADD COLUMN not_present text NOT NULL DEFAULT '';
CREATE UNIQUE INDEX ejuser_nick_name ON ejuser (lower(nick_name)) WHERE nick_name <> '';

-- A second factor: `secret` is encrypted by nobody, so it is as secret as the database;
-- `last_step` is the last time step that was used, as no code counts twice (RFC 6238).
-- A row that isn't confirmed asks nothing of a sign-in yet.
CREATE TABLE totp (
    associate_id integer PRIMARY KEY REFERENCES associate ON DELETE CASCADE,
    secret bytea NOT NULL,
    confirmed boolean NOT NULL DEFAULT false,
    last_step bigint NOT NULL DEFAULT 0
);
CREATE TABLE totp_recovery (
    associate_id integer NOT NULL REFERENCES associate ON DELETE CASCADE,
    code_hash text NOT NULL,
    PRIMARY KEY (associate_id, code_hash)
);
CREATE TRIGGER catalogue AFTER INSERT OR UPDATE OF confirmed OR DELETE ON totp
    FOR EACH ROW EXECUTE FUNCTION raise_catalogue_version();

-- roles can be made; those of a fresh desk have the ids 1 to 3
ALTER TABLE role
    ADD COLUMN permissions text[] NOT NULL DEFAULT '{}',
    ADD COLUMN rank smallint NOT NULL DEFAULT 0,
    ADD COLUMN deleted boolean NOT NULL DEFAULT false;
UPDATE role SET rank = role_id, permissions = CASE role_id
    WHEN 1 THEN '{READ,WRITE,DELETE,ADMINISTER}'::text[]
    WHEN 2 THEN '{READ,WRITE}'::text[] ELSE '{READ}'::text[] END;

CREATE TABLE person_image (
    person_id integer PRIMARY KEY REFERENCES person ON DELETE CASCADE,
    image bytea NOT NULL
);
CREATE TABLE project_member (
    project_id integer NOT NULL REFERENCES project ON DELETE CASCADE,
    person_id integer NOT NULL REFERENCES person ON DELETE CASCADE,
    PRIMARY KEY (project_id, person_id)
);
CREATE INDEX project_member_person ON project_member (person_id);
