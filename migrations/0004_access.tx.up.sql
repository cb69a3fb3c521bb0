-- Who may come in, and what they did.

-- The key itself is shown once, when it is made. 256 random bits need no slow hash: there is nothing to guess from.
CREATE TABLE api_keys (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  key_id text NOT NULL UNIQUE CHECK (key_id ~ '^[a-z2-7]{10}$'),   -- the part of the key that is no secret
  secret_sha256 bytea NOT NULL CHECK (octet_length(secret_sha256) = 32),
  name text NOT NULL CHECK (name <> ''),
  scopes text[] NOT NULL,
  grants jsonb NOT NULL,                 -- which contacts: {"unrestricted", "campaigns", "agentGroups", "agent"}
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz,                -- null: until revoked
  last_used_at timestamptz,              -- to the minute
  revoked_by text,
  revoked_at timestamptz,
  CONSTRAINT api_keys_revoked_by_somebody CHECK ((revoked_at IS NULL) = (revoked_by IS NULL))
);

-- People who sign in elsewhere, with the rights that their latest token gave them: a file is made, and may be
-- fetched, when its owner's token is no longer at hand.
CREATE TABLE oidc_subjects (
  principal text PRIMARY KEY,
  name text NOT NULL,
  scopes text[] NOT NULL,
  grants jsonb NOT NULL,
  issued_at timestamptz NOT NULL         -- of that token; an older token never replaces what a newer one said
);

CREATE TYPE audit_action AS ENUM (
  'OPENED_RECORDING', 'OPENED_CONTENT', 'OPENED_ADDRESSES', 'ORDERED_FILE', 'FETCHED_FILE', 'MADE_KEY', 'REVOKED_KEY');
CREATE TYPE audit_subject AS ENUM ('CONTACT', 'DOWNLOAD', 'API_KEY');

-- Who did what, never what they saw. No foreign keys: the log outlives what it speaks of.
CREATE TABLE audit_events (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL,
  principal text NOT NULL CHECK (principal <> ''),
  address text,                          -- where the request came from; null: not over the network
  action audit_action NOT NULL,
  subject_kind audit_subject NOT NULL,
  subject_id bigint NOT NULL
);
CREATE INDEX audit_events_principal ON audit_events (principal, id);
CREATE INDEX audit_events_subject ON audit_events (subject_kind, subject_id, id);

CREATE FUNCTION refuse_to_rewrite_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'audit_events only grows: % is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_events
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_rewrite_history();
