-- Telephone systems: their raw rows, and which contacts those made.

CREATE TABLE telephony_sources (
  id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL UNIQUE,
  kind text NOT NULL,
  file text NOT NULL,                      -- the source file that it was opened by last
  keep_rows interval NOT NULL,
  origins jsonb NOT NULL DEFAULT '{}',     -- where rows of a kind come from: {"cel": "table" | "files"}
  row_count bigint NOT NULL DEFAULT 0,
  bad_rows bigint NOT NULL DEFAULT 0,
  errors bigint NOT NULL DEFAULT 0,
  last_error_at timestamptz,
  last_row_at timestamptz,                 -- the latest instant among the rows
  read_at timestamptz                      -- when rows were read last
);

-- How far a table or a file was read.
CREATE TABLE telephony_positions (
  source_id int NOT NULL REFERENCES telephony_sources,
  place text NOT NULL,
  position jsonb NOT NULL,
  PRIMARY KEY (source_id, place)
);

-- Raw rows, as the system wrote them: personal data. They are dropped by the month, some weeks after they were needed.
CREATE TABLE telephony_rows (
  source_id int NOT NULL,
  kind smallint NOT NULL,
  key text NOT NULL,                       -- the row's own id, else a hash of its text
  at timestamptz NOT NULL,
  ordinal bigint NOT NULL,                 -- the id in its table, or minus the line's number in its file
  channel_id text NOT NULL,
  linked_id text,
  endpoint text NOT NULL,
  content text NOT NULL,                   -- its values, with U+001F between them
  CONSTRAINT telephony_rows_pkey PRIMARY KEY (source_id, kind, key, at)
) PARTITION BY RANGE (at);
CREATE INDEX telephony_rows_channel ON telephony_rows (source_id, channel_id);

CREATE SEQUENCE telephony_call_ids;
CREATE SEQUENCE telephony_runs;

CREATE TABLE telephony_calls (
  id bigint PRIMARY KEY,
  source_id int NOT NULL,
  key text NOT NULL,
  first_at timestamptz NOT NULL,
  last_at timestamptz NOT NULL,
  row_count int NOT NULL,
  open boolean NOT NULL,
  reason text,                             -- why it is no contact
  unfinished boolean NOT NULL,
  unknown text[] NOT NULL,                 -- what the configuration does not name: "DID 48221000109"
  contacts text[] NOT NULL,                -- their external ids
  run bigint NOT NULL                      -- the latest run that touched it
);
CREATE INDEX telephony_calls_open ON telephony_calls (source_id, last_at) WHERE open;
CREATE INDEX telephony_calls_first ON telephony_calls (source_id, first_at);
CREATE INDEX telephony_calls_reason ON telephony_calls (source_id, first_at) WHERE reason IS NOT NULL;

-- Which call a channel belongs to.
CREATE TABLE telephony_channels (
  source_id int NOT NULL,
  channel_id text NOT NULL,
  call_id bigint NOT NULL,
  PRIMARY KEY (source_id, channel_id)
);
CREATE INDEX telephony_channels_call ON telephony_channels (call_id);

-- What agents' telephones did in a call, for the other calls of those agents. Seconds since 1970.
CREATE TABLE telephony_lines (
  source_id int NOT NULL,
  endpoint text NOT NULL,
  channel_id text NOT NULL,
  call_id bigint NOT NULL,
  began bigint NOT NULL,
  ended bigint NOT NULL,
  own boolean NOT NULL,
  talks jsonb NOT NULL,
  PRIMARY KEY (source_id, channel_id)
);
CREATE INDEX telephony_lines_endpoint ON telephony_lines (source_id, endpoint, began);
CREATE INDEX telephony_lines_call ON telephony_lines (call_id);

-- Makes the partitions (UTC months) that hold the given instants, where they are missing, as ensure_contact_partitions does.
CREATE FUNCTION ensure_telephony_partitions(first_at timestamptz, last_at timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  month timestamp := date_trunc('month', first_at AT TIME ZONE 'UTC');
  child text;
BEGIN
  WHILE month <= last_at AT TIME ZONE 'UTC' LOOP
    child := 'telephony_rows_' || to_char(month, 'YYYYMM');
    IF to_regclass(child) IS NULL THEN
      PERFORM pg_advisory_xact_lock(hashtext('ensure_telephony_partitions'));
      IF to_regclass(child) IS NULL THEN
        EXECUTE format('CREATE TABLE %I (LIKE telephony_rows INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', child);
        EXECUTE format('ALTER TABLE telephony_rows ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', child,
          month AT TIME ZONE 'UTC', (month + interval '1 month') AT TIME ZONE 'UTC');
      END IF;
    END IF;
    month := month + interval '1 month';
  END LOOP;
END $$;

-- Drops the partitions whose rows no source keeps any more, and forgets what was known of their calls.
CREATE FUNCTION drop_telephony_rows(now timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  child record;
  oldest timestamptz := now - (SELECT coalesce(max(keep_rows), interval '35 days') FROM telephony_sources);
BEGIN
  FOR child IN SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'telephony_rows'::regclass
      AND make_timestamptz(substr(c.relname, 16, 4)::int, substr(c.relname, 20, 2)::int, 1, 0, 0, 0, 'UTC') + interval '1 month' <= oldest
  LOOP
    EXECUTE format('DROP TABLE %I', child.relname);
  END LOOP;
  DELETE FROM telephony_lines l USING telephony_calls c WHERE c.id = l.call_id AND c.last_at < oldest;
  DELETE FROM telephony_channels h USING telephony_calls c WHERE c.id = h.call_id AND c.last_at < oldest;
  DELETE FROM telephony_calls WHERE last_at < oldest;
END $$;
