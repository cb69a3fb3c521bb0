-- Every address has a key, and every contact is found by all of its addresses: those beside the source and the
-- destination have a table of their own.
ALTER TABLE contacts ADD COLUMN to_addresses text[] NOT NULL DEFAULT '{}'; -- all recipients of what went to several

CREATE TYPE address_role AS ENUM ('FROM', 'TO', 'CC', 'BCC');

-- A contact has one row for a key, of the first of its roles in their order, and none for the key of its source or of
-- its destination: what is found here is not found by those.
CREATE TABLE contact_addresses (
  contact_started_at timestamptz NOT NULL,
  contact_id bigint NOT NULL,
  role address_role NOT NULL,
  key text NOT NULL,
  CONSTRAINT contact_addresses_pkey PRIMARY KEY (contact_started_at, contact_id, key)
) PARTITION BY RANGE (contact_started_at);
CREATE INDEX contact_addresses_key ON contact_addresses (key, contact_started_at, contact_id, role);

-- Contacts without an address are found without a look at those that have one.
CREATE INDEX contacts_without_source ON contacts (source_address, started_at, id, type, status) WHERE source_address IS NULL;
CREATE INDEX contacts_without_destination ON contacts (destination_address, started_at, id, type, status) WHERE destination_address IS NULL;

-- Makes the monthly partitions (UTC months) that hold the given instants, where they are missing, beside their parents.
CREATE OR REPLACE FUNCTION ensure_contact_partitions(first_start timestamptz, last_start timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  month timestamp;
  parent text;
  child text;
BEGIN
  month := date_trunc('month', first_start AT TIME ZONE 'UTC');
  WHILE month <= last_start AT TIME ZONE 'UTC' LOOP
    FOREACH parent IN ARRAY ARRAY['contacts', 'ivr_steps', 'contact_details', 'contact_addresses'] LOOP
      child := parent || '_' || to_char(month, 'YYYYMM');
      IF to_regclass(child) IS NULL THEN
        PERFORM pg_advisory_xact_lock(hashtext('ensure_contact_partitions'));
        IF to_regclass(child) IS NULL THEN
          EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING GENERATED)', child, parent);
          EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', parent, child,
            month AT TIME ZONE 'UTC', (month + interval '1 month') AT TIME ZONE 'UTC');
        END IF;
      END IF;
    END LOOP;
    month := month + interval '1 month';
  END LOOP;
END $$;
DO $$
DECLARE
  partition text;
BEGIN
  FOR partition IN SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'contacts'::regclass LOOP
    PERFORM ensure_contact_partitions(month, month)
    FROM (SELECT to_date(right(partition, 6) || '01', 'YYYYMMDD')::timestamp AT TIME ZONE 'UTC' AS month) m;
  END LOOP;
END $$;

-- How far the keys of what was stored before are filled (see the package ingest); no row once they all are.
CREATE TABLE address_fill (
  one bool PRIMARY KEY DEFAULT true CHECK (one), -- there is one row
  contact_started_at timestamptz NOT NULL, -- of the last contact that has its keys
  contact_id bigint NOT NULL,
  contacts_done bigint NOT NULL DEFAULT 0
);
INSERT INTO address_fill (contact_started_at, contact_id) SELECT '1900-01-01Z', 0 WHERE EXISTS (SELECT FROM contacts);
