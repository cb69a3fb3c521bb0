-- Files to download: what was ordered, and how far each is. The work itself is a job of River; everything that says
-- who may finish a file lies on this row.

CREATE TYPE download_state AS ENUM ('QUEUED', 'RUNNING', 'READY', 'FAILED', 'CANCELLED', 'EXPIRED');
CREATE TYPE download_kind AS ENUM ('SIMPLE', 'DETAILED');
CREATE TYPE download_locale AS ENUM ('PL', 'EN');

CREATE TABLE downloads (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  state download_state NOT NULL DEFAULT 'QUEUED',

  -- The order.
  kind download_kind NOT NULL,
  locale download_locale NOT NULL,
  filter jsonb NOT NULL,                 -- frozen: its preset has become dates, its time zone is named
  resolved_period jsonb NOT NULL,        -- {"from", "to", "timeZone"}
  filter_in_words text NOT NULL,         -- for people, in the language of the file
  ordered_by text NOT NULL,
  ordered_at timestamptz NOT NULL,
  client_mutation_id text,

  -- The work. Whoever claims the row raises attempt and holds it until lease_until; every later write names the
  -- attempt, so a worker that slept past its lease changes nothing. Leases are compared with the database's clock.
  job_id bigint,                         -- the latest job of River, which forgets its jobs in time
  attempt int NOT NULL DEFAULT 0,
  handovers int NOT NULL DEFAULT 0,      -- attempts given back by an orderly stop: they do not count as tries
  lease_until timestamptz,
  started_at timestamptz,
  contacts_done bigint NOT NULL DEFAULT 0,
  contacts_total bigint,
  lines_written bigint NOT NULL DEFAULT 0,
  finished_at timestamptz,

  -- The file.
  file_name text,
  blob_key text,
  size_bytes bigint,
  sha256 text CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  cells_cut bigint,
  expires_at timestamptz,

  -- Why there is none: the code, and the sentence in both languages.
  error_code text,
  error_en text,
  error_pl text,

  CONSTRAINT downloads_running_has_a_lease CHECK ((state = 'RUNNING') = (lease_until IS NOT NULL)),
  CONSTRAINT downloads_ready_has_a_file CHECK (state <> 'READY' OR (blob_key IS NOT NULL AND file_name IS NOT NULL
    AND size_bytes IS NOT NULL AND sha256 IS NOT NULL AND finished_at IS NOT NULL)),
  CONSTRAINT downloads_failed_has_a_reason CHECK (state <> 'FAILED' OR (error_code IS NOT NULL AND error_en IS NOT NULL
    AND error_pl IS NOT NULL AND finished_at IS NOT NULL))
);
-- The unfinished are few and looked at every few seconds; the list of all files goes by the primary key.
CREATE INDEX downloads_unfinished ON downloads (state, id) WHERE state IN ('QUEUED', 'RUNNING');
CREATE INDEX downloads_expiry ON downloads (expires_at) WHERE state = 'READY' AND expires_at IS NOT NULL;
